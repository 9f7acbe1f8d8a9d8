/** One training step of either stage of StackGAN (Zhang et al. 2017, arXiv:1612.03242, Sec. 3.3 and 3.4).
 *
 * | paper | here |
 * |---|---|
 * | I₀, I; t, φ_t | `images`, of the stage's size; `conditions` |
 * | z, ε of ĉ = μ + σ ε | drawn by the stage |
 * | G₀(z, ĉ₀), G(s₀, ĉ) | {@linkcode drawSketch}, {@linkcode refineSketch}: the stage's `generate` |
 * | L_D0, L_D, equations 3 and 5 | {@linkcode stageDiscriminatorStep}; also for real images with wrong conditions (section 3.4) |
 * | L_G0, L_G, equations 4 and 6 | {@linkcode stageGeneratorStep} |
 *
 * As in the authors' code, G's loss is non-saturating. In D's loss, real images with a wrong condition and generated images with
 * the right condition each have weight ½. Departure from the paper: G's update uses new noise, as in Algorithm 1 of the GAN
 * paper.
 *
 * Taught in: notebooks/11_two_stages.ipynb, Eq. (11.3)
 * @module */
import type { RandomStream } from "../backend/random.ts";
import { activeCluster, onWholeBatch } from "../backend/tensorflow/active_cluster.ts";
import type { Mode } from "../layers/batch_norm.ts";
import { klDivergence } from "../losses/kl_divergence.ts";
import { nonSaturating } from "../losses/non_saturating.ts";
import type { StackGanNetworks } from "../models/stackgan.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Game } from "../plot/game.ts";
import * as tf from "../tf.ts";
import { FIXED_STATISTICS, minimize, TRAINING } from "./step.ts";

/** Output of a stage's generator. */
export interface StageOutput {
  /** Images, `[batch, size, size, channels]` in [-1, 1]. */
  image: tf.Tensor4D;
  /** μ, `[batch, augmented]`. */
  mean: tf.Tensor2D;
  /** log σ, `[batch, augmented]`. */
  logDeviation: tf.Tensor2D;
}

/** A stage that is being trained. */
export interface Stage {
  /** Generates an image for each condition. */
  generate(conditions: tf.Tensor2D, mode: Mode): StageOutput;
  /** Discriminator D₀ or D: maps an image and its condition to a logit. */
  discriminator: tf.LayersModel;
  /** Updates the stage's generator. */
  generatorOptimizer: Optimizer;
  /** Updates the stage's discriminator. */
  discriminatorOptimizer: Optimizer;
  /** λ, weight of the KL divergence. */
  klWeight: number;
}

/** Losses of a step, as scalars. */
export type StackGanLosses = {
  /** Discriminator loss: log 4 at equilibrium, 0 for a perfect discriminator. The loss is mean −log D(I, φ) + ½ (mean −log(1 −
   * D(I, φ′)) + mean −log(1 − D(G, φ))), where φ′ is the condition of another image. */
  discriminator: tf.Scalar;
  /** Adversarial loss of the generator, mean −log D(G, φ), against the updated D. */
  generator: tf.Scalar;
  /** KL divergence D_KL(N(μ, σ²) ‖ N(0, 1)), not yet weighted by λ. */
  kl: tf.Scalar;
};

/** Source of ε and z. */
type Random = Pick<RandomStream, "normal">;

/** Sizes of ε and z. */
interface NoiseSizes {
  augmented: number;
  latent: number;
}

function outputOf([image, mean, logDeviation]: tf.Tensor[]): StageOutput {
  return { image: image as tf.Tensor4D, mean: mean as tf.Tensor2D, logDeviation: logDeviation as tf.Tensor2D };
}

/** Generates a sketch for each condition: s₀ = G₀(z, ĉ₀). */
export function drawSketch(
  { sketcher }: Pick<StackGanNetworks, "sketcher">,
  { augmented, latent }: NoiseSizes,
  random: Random,
  conditions: tf.Tensor2D,
  mode: Mode,
): StageOutput {
  const count = conditions.shape[0];
  const inputs = [conditions, random.normal([count, augmented]), random.normal([count, latent])];
  return outputOf(sketcher.apply(inputs, { ...mode }) as tf.Tensor[]);
}

/** Generates an image from each sketch: G(s₀, ĉ). */
export function refineSketch(
  { refiner }: Pick<StackGanNetworks, "refiner">,
  { augmented }: Pick<NoiseSizes, "augmented">,
  random: Random,
  sketch: tf.Tensor4D,
  conditions: tf.Tensor2D,
  mode: Mode,
): StageOutput {
  const epsilon = random.normal([conditions.shape[0], augmented]);
  return outputOf(refiner.apply([sketch, conditions, epsilon], { ...mode }) as tf.Tensor[]);
}

function logitsOf({ discriminator }: Stage, image: tf.Tensor4D, conditions: tf.Tensor2D): tf.Tensor2D {
  return discriminator.apply([image, conditions], { ...FIXED_STATISTICS }) as tf.Tensor2D;
}

/** Returns a wrong condition for each image: the condition of the next image in the batch. */
export function wrongConditions(conditions: tf.Tensor2D): tf.Tensor2D {
  const next = (all: tf.Tensor2D) =>
    tf.concat([tf.slice(all, [1, 0], [all.shape[0] - 1, -1]), tf.slice(all, [0, 0], [1, -1])], 0);
  return tf.tidy(() => onWholeBatch(conditions, next));
}

/** Updates the stage's discriminator, which learns to accept only real images paired with their matching conditions. */
export function stageDiscriminatorStep(stage: Stage, images: tf.Tensor4D, conditions: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const fake = stage.generate(conditions, FIXED_STATISTICS).image;
    return minimize(stage.discriminatorOptimizer, () => {
      const real = logitsOf(stage, images, conditions);
      const wrong = [logitsOf(stage, fake, conditions)];
      const hasOthers = images.shape[0] > 1 || activeCluster() !== undefined; // with other captions
      if (hasOthers) wrong.push(logitsOf(stage, images, wrongConditions(conditions)));
      return nonSaturating.discriminator(real, tf.concat(wrong, 0));
    });
  });
}

/** Updates the stage's G. */
export function stageGeneratorStep(stage: Stage, conditions: tf.Tensor2D): Omit<StackGanLosses, "discriminator"> {
  return tf.tidy(() => {
    let losses!: Omit<StackGanLosses, "discriminator">;
    minimize(stage.generatorOptimizer, () => {
      const { image, mean, logDeviation } = stage.generate(conditions, TRAINING);
      const generator = tf.keep(nonSaturating.generator(logitsOf(stage, image, conditions)));
      const kl = tf.keep(klDivergence(mean, logDeviation));
      losses = { generator, kl };
      return tf.add(generator, tf.mul(kl, stage.klWeight)) as tf.Scalar;
    });
    return losses;
  });
}

/** Updates D once, and then G once against the updated D.
 * @param images Real images of the stage's size, `[batch, size, size, channels]` in [-1, 1].
 * @param conditions `[batch, conditionSize]`. */
export function stageStep(stage: Stage, images: tf.Tensor4D, conditions: tf.Tensor2D): StackGanLosses {
  const discriminator = stageDiscriminatorStep(stage, images, conditions);
  return { discriminator, ...stageGeneratorStep(stage, conditions) };
}

/** Describes {@linkcode stageStep} of both stages for `plot.game`. The conditioning augmentation (CA), which computes μ and σ of
 * ĉ, is a part of each generator. */
export function stackGanGame({ klWeight }: Pick<Stage, "klWeight">): Game {
  const updates = (phase: string, generator: string, discriminator: string, image: string, fake: string) => {
    const judged = (image: string, condition: string) => `${discriminator}(${image}, ${condition})`;
    const losses = { generator: [judged(fake, "c")], kl: [`${generator.replace("G", "CA")}(c)`] };
    const real = [judged(image, "c"), judged(image, "c′")];
    return [
      { phase, trains: [discriminator], losses: { discriminator: [...real, judged(fake, "c")] } },
      { phase, trains: [generator], losses },
    ];
  };
  return {
    title: "StackGAN",
    given: { I: "images", "I₀": "small images", c: "conditions", "c′": "wrong conditions", z: "noise", ε: "noise of CA" },
    networks: {
      ...{ "G₀": "sketcher", "CA₀": "sketcher", "D₀": "sketchDiscriminator" },
      ...{ G: "refiner", CA: "refiner", D: "discriminator" },
    },
    updates: [
      ...updates("Stage I", "G₀", "D₀", "I₀", "G₀(z, c, ε)"),
      ...updates("Stage II", "G", "D", "I", "G(G₀(z, c, ε), c, ε)"),
    ],
    notes: { discriminator: "log loss", generator: "non-saturating", kl: `× ${klWeight}` },
  };
}
