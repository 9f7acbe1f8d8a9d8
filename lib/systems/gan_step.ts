/** One training step of a GAN (Goodfellow et al. 2014, arXiv:1406.2661, Algorithm 1). For a conditional GAN, the step also uses
 * the labels (Mirza and Osindero 2014, arXiv:1411.1784, Eq. 2).
 *
 * | paper | here |
 * |---|---|
 * | x, z | `samples`, `noise`; G(z) is `fake` |
 * | y, of the conditional GAN | `labels`, one-hot: D(x, y) in place of D(x), G(z, y) in place of G(z), with the same y |
 * | k | `discriminatorSteps` |
 * | V(D, G), equation 1 | the losses of both networks, from the family selected by `loss` |
 *
 * Departure from the paper: the k minibatches of m samples arrive as a single batch of k·m samples, which is split here.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.2)
 * @module */
import type { RandomStream } from "../backend/random.ts";
import { oneHot } from "../backend/one_hot.ts";
import type { AdversarialLoss, Logits } from "../losses/adversarial.ts";
import { gradientPenalty } from "../losses/gradient_penalty.ts";
import { hinge } from "../losses/hinge.ts";
import { leastSquares } from "../losses/least_squares.ts";
import { minimax } from "../losses/minimax.ts";
import { nonSaturating } from "../losses/non_saturating.ts";
import { wasserstein } from "../losses/wasserstein.ts";
import { decayAt, followWeights } from "../optimizers/average.ts";
import { clipByNorm, type Optimizer } from "../optimizers/optimizer.ts";
import type { Game } from "../plot/game.ts";
import * as tf from "../tf.ts";
import { diffAugment, type DiffAugmentation } from "./diff_augment.ts";
import { FIXED_STATISTICS, minimize, TRAINING } from "./step.ts";

/** Families of adversarial losses, keyed by their names in the settings. */
export const GAN_LOSSES = { minimax, nonSaturating, leastSquares, hinge, wasserstein } satisfies Record<string, AdversarialLoss>;

/** Name of one of {@linkcode GAN_LOSSES}. */
export type GanLoss = keyof typeof GAN_LOSSES;

/** Settings that a step needs: see `GAN_FIELDS`. */
export interface GanStepSettings {
  latent: number;
  noise: "uniform" | "normal";
  loss: GanLoss;
  discriminatorSteps: number;
  halved: boolean;
  labelSmoothing: number;
  penaltyWeight: number;
  diffAugment: readonly DiffAugmentation[];
  clipNorm: number;
  averageDecay: number;
}

/** Points `[batch, dimensions]`, or images `[batch, height, width, channels]`. */
export type Samples = tf.Tensor2D | tf.Tensor4D;

/** Networks, optimizers and settings for a step. */
export interface GanParts {
  /** Generator G: maps noise, and the one-hot labels of a conditional GAN, to samples. */
  generator: tf.LayersModel;
  /** Discriminator D: maps samples, and the one-hot labels of a conditional GAN, to logits `[batch, 1]`. */
  discriminator: tf.LayersModel;
  /** Copy of the generator that holds the moving average of the weights, if an average is kept. */
  average?: tf.LayersModel | undefined;
  /** Updates G. */
  generatorOptimizer: Optimizer;
  /** Updates D. */
  discriminatorOptimizer: Optimizer;
  /** Source of the noise and of the interpolation weights for the gradient penalty. */
  random: Pick<RandomStream, "uniform" | "normal">;
  /** Loss, noise distribution, k and the other settings. */
  settings: GanStepSettings;
}

/** Losses of a step, as scalars. */
export type GanLosses = {
  /** Loss of D in the last of its k steps, without the gradient penalty. The non-saturating and minimax losses are log 4 at
   * equilibrium, or log 2 if halved, and 0 for a perfect discriminator. */
  discriminator: tf.Scalar;
  /** Loss of G against the updated D. The non-saturating loss is log 2 at equilibrium and large for a perfect discriminator. */
  generator: tf.Scalar;
  /** Gradient penalty, mean (‖∇D‖ − 1)², not yet weighted by λ; only with the loss "wasserstein". */
  penalty?: tf.Scalar;
};

/** Samples, and their one-hot labels if there are any. */
export interface Minibatch {
  /** x: m samples. */
  samples: Samples;
  /** y, `[m, classes]`. */
  labels: tf.Tensor2D | undefined;
}

/** Draws the noise z, `[count, latent]`. */
export function noiseOf(
  { noise, latent }: Pick<GanStepSettings, "noise" | "latent">,
  random: GanParts["random"],
  count: number,
): tf.Tensor2D {
  if (noise === "normal") return random.normal([count, latent]) as tf.Tensor2D;
  return tf.tidy(() => tf.sub<tf.Tensor2D>(tf.mul(random.uniform([count, latent]), 2), 1));
}

/** Returns one-hot labels, in the form that a conditional network expects. */
export function labelsFor(network: tf.LayersModel, labels: tf.Tensor1D | undefined): tf.Tensor2D | undefined {
  return labels && oneHot(labels, network.inputs[1]!.shape[1]!);
}

function apply<T extends tf.Tensor>(network: tf.LayersModel, x: tf.Tensor, labels: tf.Tensor2D | undefined, mode: object): T {
  return network.apply(labels ? [x, labels] : x, { ...mode }) as T;
}

/** Returns the discriminator's logits for samples. If `diffAugment` names any augmentations, the samples are augmented first. */
function logitsOf({ discriminator, random, settings }: GanParts, samples: Samples, labels: tf.Tensor2D | undefined): tf.Tensor2D {
  const { diffAugment: kinds } = settings;
  const shown = kinds.length > 0 ? diffAugment(samples as tf.Tensor4D, kinds, random) : samples;
  return apply(discriminator, shown, labels, FIXED_STATISTICS);
}

/** Updates a network, after clipping its gradients if `clipNorm` is positive. */
function update(optimizer: Optimizer, loss: () => tf.Scalar, { clipNorm }: GanStepSettings): tf.Scalar {
  return minimize(optimizer, loss, (gradients) => clipNorm > 0 ? clipByNorm(gradients, clipNorm) : gradients);
}

/** Updates D once, on real samples and an equal number of generated samples, which are treated as constants. */
export function ganDiscriminatorStep(parts: GanParts, { samples, labels }: Minibatch): Omit<GanLosses, "generator"> {
  const { generator, discriminator: network, discriminatorOptimizer, random, settings } = parts;
  const { loss, halved, labelSmoothing, penaltyWeight } = settings;
  const count = samples.shape[0];
  const fake = apply<Samples>(generator, noiseOf(settings, random, count), labels, FIXED_STATISTICS);
  let losses!: Omit<GanLosses, "generator">;
  update(discriminatorOptimizer, () => {
    const [realLogits, fakeLogits] = [logitsOf(parts, samples, labels), logitsOf(parts, fake, labels)];
    const discriminator = GAN_LOSSES[loss].discriminator(realLogits, fakeLogits, { halved, labelSmoothing });
    losses = { discriminator: tf.keep(discriminator) };
    if (loss !== "wasserstein") return discriminator;
    const mixing = random.uniform([count, ...samples.shape.slice(1).map(() => 1)]) as Samples;
    const critic = (between: Samples): Logits => apply(network, between, labels, FIXED_STATISTICS);
    const penalty = gradientPenalty(critic, samples, fake, mixing);
    losses.penalty = tf.keep(penalty);
    return tf.add(discriminator, tf.mul(penalty, penaltyWeight)) as tf.Scalar;
  }, settings);
  fake.dispose();
  return losses;
}

/** Updates G once, with new noise. */
export function ganGeneratorStep(parts: GanParts, count: number, labels: tf.Tensor2D | undefined): tf.Scalar {
  const { generator, generatorOptimizer, average, random, settings } = parts;
  const noise = noiseOf(settings, random, count);
  const loss = update(generatorOptimizer, () => {
    const fake = apply<Samples>(generator, noise, labels, TRAINING);
    return GAN_LOSSES[settings.loss].generator(logitsOf(parts, fake, labels));
  }, settings);
  if (average) followWeights(average, generator, () => decayAt(settings.averageDecay, generatorOptimizer.steps));
  return loss;
}

/** Splits a batch into k minibatches, or into fewer if the last batch of an epoch is too small for k. */
function minibatches({ samples, labels }: Minibatch, k: number): Minibatch[] {
  const count = samples.shape[0];
  const size = Math.ceil(count / k);
  const cut = <T extends tf.Tensor>(x: T, from: number) => tf.slice(x, from, Math.min(size, count - from)) as T;
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    samples: cut(samples as tf.Tensor, i * size) as Samples,
    labels: labels && cut(labels, i * size),
  }));
}

/** Updates D k times, and then G once against the updated D.
 * @param samples The k·m real samples x; images have values in [-1, 1].
 * @param labels The class index y of each real sample, `[k·m]`, int32, for conditional networks. Each real sample is paired with
 * a generated sample of the same class. */
export function ganStep(parts: GanParts, samples: Samples, labels?: tf.Tensor1D): GanLosses {
  return tf.tidy(() => {
    const batches = minibatches({ samples, labels: labelsFor(parts.generator, labels) }, parts.settings.discriminatorSteps);
    let losses!: Omit<GanLosses, "generator">;
    for (const batch of batches) {
      if (losses) tf.dispose(losses as unknown as tf.TensorContainer);
      losses = ganDiscriminatorStep(parts, batch);
    }
    const [{ samples: first, labels: requested }] = batches as [Minibatch];
    const generator = tf.keep(ganGeneratorStep(parts, first.shape[0], requested));
    return { ...losses, generator };
  });
}

/** Describes {@linkcode ganStep} for `plot.game`.
 * @param settings Settings of the model, with the number of classes of a conditional GAN. */
export function ganGame(settings: GanStepSettings & { shape: number[]; classes?: number }): Game {
  const { shape, classes, loss, discriminatorSteps: times, penaltyWeight, diffAugment: kinds } = settings;
  const of = (letter: string, x: string) => classes ? `${letter}(${x}, y)` : `${letter}(${x})`;
  const judged = (x: string) => of("D", kinds.length > 0 ? `T(${x})` : x);
  const fake = of("G", "z");
  const kind = loss.replace("nonS", "non-s").replace("tS", "t s").replace("w", "W");
  const penalty = loss === "wasserstein" && { penalty: [of("D", `mix(x, ${fake})`)] };
  return {
    title: classes ? "Conditional GAN" : "GAN",
    given: { x: shape.length === 1 ? "points" : "images", ...classes && { y: "labels" }, z: "noise" },
    networks: { G: "generator", D: "discriminator" },
    updates: [
      { trains: ["D"], times, losses: { discriminator: [judged("x"), judged(fake)], ...penalty } },
      { trains: ["G"], losses: { generator: [judged(fake)] } },
    ],
    notes: { discriminator: /sat|max/.test(kind) ? "log loss" : kind, generator: kind, penalty: `× ${penaltyWeight}` },
  };
}
