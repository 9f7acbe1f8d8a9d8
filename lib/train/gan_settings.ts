/** What a GAN is made of (Goodfellow et al. 2014, arXiv:1406.2661), with the choices of the papers.
 * @module */
import type { AdversarialLoss } from "../losses/adversarial.ts";
import { gradientPenaltyWeight } from "../losses/gradient_penalty.ts";
import { hinge } from "../losses/hinge.ts";
import { leastSquares } from "../losses/least_squares.ts";
import { minimax } from "../losses/minimax.ts";
import { nonSaturating } from "../losses/non_saturating.ts";
import { wasserstein } from "../losses/wasserstein.ts";
import { checkWeights } from "./check_weights.ts";
import { DIFF_AUGMENTATIONS, type DiffAugmentation } from "./diff_augment.ts";
import { LATENT } from "../models/blocks.ts";

/** The families of losses, by their names in the settings. */
export const GAN_LOSSES = { minimax, nonSaturating, leastSquares, hinge, wasserstein } satisfies Record<string, AdversarialLoss>;

/** One of {@linkcode GAN_LOSSES}. */
export type GanLoss = keyof typeof GAN_LOSSES;

/** What to build, and by what it learns. */
export interface GanSettings {
  /** Of one sample: `[dimensions]` of a point, `[height, width, channels]` of a picture. */
  shape: number[];
  /** Without convolutions (arXiv:1406.2661), or with them, for square pictures (arXiv:1511.06434). */
  networks: "mlp" | "dcgan";
  /** Units of the generator's hidden layers; of "mlp". */
  hidden: number[];
  /** Units of the discriminator's hidden layers; of "mlp". */
  discriminatorHidden: number[];
  /** Share of the discriminator's hidden values dropped in training; of "mlp". */
  dropout: number;
  /** Filters of the layers next to the picture; of "dcgan". */
  filters: number;
  /** Numbers of noise in z. */
  latent: number;
  /** p_z: uniform in [-1, 1), or normal with mean 0 and deviation 1. */
  noise: "uniform" | "normal";
  /** The objectives of both networks. */
  loss: GanLoss;
  /** k, the discriminator's steps for each of the generator's, each on samples of its own. */
  discriminatorSteps: number;
  /** J(D) = −½ V(D, G) in place of −V(D, G) (arXiv:1701.00160, Sec. 3.2.1). Adam does not notice; beside a gradient
   * penalty, which stays whole, it does. */
  halved: boolean;
  /** How far below 1 the discriminator's target for real samples is (arXiv:1606.03498, Sec. 3.4); 0 is none. */
  labelSmoothing: number;
  /** λ of the gradient penalty (arXiv:1704.00028, Eq. 3); of "wasserstein". */
  penaltyWeight: number;
  /** How pictures are changed before the discriminator sees them, for small sets (arXiv:2006.10738): see {@linkcode diffAugment}. None by default. */
  diffAugment: readonly DiffAugmentation[];
  /** Longest gradient of all weights of a network taken together; a longer one is shortened to it. 0 is none. */
  clipNorm: number;
  /** How much of the moving average of the generator's weights stays at each step; samples are then made with the average. 0 is none. */
  averageDecay: number;
  /** β₁ of Adam. */
  beta1: number;
  /** β₂ of Adam. */
  beta2: number;
  /** Seed of the initial weights. */
  seed: number;
}

/** The defaults. arXiv:1406.2661: k = 1 (Sec. 4), "a stronger gradient early in learning" by the non-saturating loss (Sec. 3), MNIST. Adam
 * as in arXiv:1511.06434, Sec. 4. */
export const GAN: GanSettings = {
  shape: [28, 28, 1],
  networks: "mlp",
  hidden: [1200, 1200],
  discriminatorHidden: [1200, 1200],
  dropout: 0.5,
  filters: 64,
  latent: LATENT,
  noise: "uniform",
  loss: "nonSaturating",
  discriminatorSteps: 1,
  halved: false,
  labelSmoothing: 0,
  penaltyWeight: gradientPenaltyWeight,
  diffAugment: [],
  clipNorm: 0,
  averageDecay: 0,
  beta1: 0.5,
  beta2: 0.999,
  seed: 0,
};

/** What is other by default with the loss "wasserstein" (arXiv:1704.00028, Algorithm 1). The paper's learning rate, 0.0001, is
 * none of them: give it to `train`. */
export const WASSERSTEIN: Partial<GanSettings> = { discriminatorSteps: 5, beta1: 0, beta2: 0.9 };

/** What is other by default for points: drawn anew each time, they cannot be learnt by heart, and a discriminator of few units needs all. */
export const OF_POINTS: Partial<GanSettings> = { dropout: 0 };

/** What the discriminator's loss is when it cannot tell: with logits of 0, or for least squares ½, everywhere. A critic has no such number. */
export function undecidedOf({ loss, halved }: GanSettings): Record<string, number> {
  const whole = { minimax: Math.log(4), nonSaturating: Math.log(4), leastSquares: 0.5, hinge: 2 };
  return loss === "wasserstein" ? {} : { discriminator: whole[loss] * (halved ? 0.5 : 1) };
}

/** Fills in what is not given.
 * @throws {RangeError} if a setting cannot be. */
export function completed<S extends GanSettings>(defaults: S, given: Partial<S>): S {
  const settings: S = {
    ...defaults,
    ...given.shape?.length === 1 && OF_POINTS,
    ...given.loss === "wasserstein" && WASSERSTEIN,
    ...given,
  };
  const { shape, networks, noise, loss, discriminatorSteps, clipNorm, averageDecay, diffAugment } = settings;
  checkWeights("the GAN", { penaltyWeight: settings.penaltyWeight });
  if (!(loss in GAN_LOSSES)) throw wrong("loss", `one of ${Object.keys(GAN_LOSSES).join(", ")}`, loss);
  if (!Number.isInteger(discriminatorSteps) || discriminatorSteps < 1) {
    throw wrong("discriminatorSteps", "a whole number from 1", discriminatorSteps);
  }
  const unknown = diffAugment.find((kind) => !DIFF_AUGMENTATIONS.includes(kind));
  if (unknown !== undefined) throw wrong("diffAugment", `a list of ${DIFF_AUGMENTATIONS.join(", ")}`, unknown);
  if (diffAugment.length > 0 && shape.length !== 3) throw wrong("diffAugment", "[] for points", `[${diffAugment}]`);
  if (!(clipNorm >= 0)) throw wrong("clipNorm", "a length above 0, or 0 for none", clipNorm);
  if (!(averageDecay >= 0 && averageDecay < 1)) throw wrong("averageDecay", "in [0, 1)", averageDecay);
  if (noise !== "uniform" && noise !== "normal") throw wrong("noise", "uniform or normal", noise);
  if (networks !== "mlp" && networks !== "dcgan") throw wrong("networks", "mlp or dcgan", networks);
  if (networks === "dcgan" && (shape.length !== 3 || shape[0] !== shape[1])) {
    throw wrong("shape", "[size, size, channels] for dcgan, or networks mlp", `[${shape}]`);
  }
  return settings;
}

function wrong(name: string, wanted: string, got: unknown): RangeError {
  return new RangeError(`Cannot build the GAN: ${name} must be ${wanted}, got ${got}; change ${name}`);
}
