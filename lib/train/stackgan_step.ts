/** One training step of either stage of StackGAN (Zhang et al. 2017, arXiv:1612.03242, Sec. 3.3 and 3.4).
 *
 * | paper | here |
 * |---|---|
 * | I₀, I; t, φ_t | `images`, of the stage's size; `conditions` |
 * | z, ε of ĉ = μ + σ ε | drawn anew by the stage |
 * | G₀(z, ĉ₀), G(s₀, ĉ) | the stage's `make` |
 * | L_D0, L_D, Eq. 3 and 5 | {@linkcode stageDiscriminatorStep}; with wrong conditions beside generated pictures (Sec. 3.4) |
 * | L_G0, L_G, Eq. 4 and 6 | {@linkcode stageGeneratorStep} |
 *
 * As in the authors' code: G's loss is the non-saturating one, and real pictures with a wrong condition weigh as much as generated ones with the right
 * one, ½ each. Departure: G's step draws noise of its own, as in Algorithm 1 of the first GAN.
 *
 * Taught in: notebooks/11_two_stages.ipynb, Eq. (11.3)
 * @module */
import * as tf from "../tf.ts";
import { klDivergence } from "../losses/kl_divergence.ts";
import { nonSaturating } from "../losses/non_saturating.ts";
import type { Mode } from "../layers/batch_norm.ts";
import { STATISTICS_STAY, TRAINING } from "./judge.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** What a stage's generator gives. */
export interface Made {
  /** `[batch, size, size, channels]` in [-1, 1]. */
  picture: tf.Tensor4D;
  /** μ, `[batch, augmented]`. */
  mean: tf.Tensor2D;
  /** log σ, `[batch, augmented]`. */
  logDeviation: tf.Tensor2D;
}

/** A stage, to be trained. */
export interface Stage {
  /** Makes a picture for each condition. */
  make(conditions: tf.Tensor2D, mode: Mode): Made;
  /** D₀ or D: picture and condition to logits. */
  discriminator: tf.LayersModel;
  /** Of the weights of what makes the pictures. */
  generatorOptimizer: Optimizer;
  /** Of the discriminator's weights. */
  discriminatorOptimizer: Optimizer;
  /** λ, the weight of the divergence. */
  klWeight: number;
}

/** The losses of a step, scalars. */
export type StackGanLosses = {
  /** mean −log D(I, φ) + ½ (mean −log(1 − D(I, φ of another)) + mean −log(1 − D(G, φ))): log 4 when D cannot tell, 0 when it always can. */
  discriminator: tf.Scalar;
  /** mean −log D(G, φ), by the D just updated. */
  generator: tf.Scalar;
  /** D_KL(N(μ, σ²) ‖ N(0, 1)), before λ. */
  kl: tf.Scalar;
};

function judge({ discriminator }: Stage, picture: tf.Tensor4D, conditions: tf.Tensor2D): tf.Tensor2D {
  return discriminator.apply([picture, conditions], { ...STATISTICS_STAY }) as tf.Tensor2D;
}

/** To each picture the condition of the next one in the batch. */
export function wrongConditions(conditions: tf.Tensor2D): tf.Tensor2D {
  const count = conditions.shape[0];
  return tf.tidy(() => tf.concat([tf.slice(conditions, [1, 0], [count - 1, -1]), tf.slice(conditions, [0, 0], [1, -1])], 0));
}

function learn(optimizer: Optimizer, loss: () => tf.Scalar): tf.Scalar {
  const { value, grads } = tf.variableGrads(loss, optimizer.variables);
  optimizer.apply(grads);
  tf.dispose(grads);
  return value;
}

/** Moves the stage's D: a picture is right only with its own condition. */
export function stageDiscriminatorStep(stage: Stage, images: tf.Tensor4D, conditions: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const fake = stage.make(conditions, STATISTICS_STAY).picture;
    return learn(stage.discriminatorOptimizer, () => {
      const real = judge(stage, images, conditions);
      const wrong = [judge(stage, fake, conditions)];
      if (images.shape[0] > 1) wrong.push(judge(stage, images, wrongConditions(conditions))); // a picture alone has no other
      return nonSaturating.discriminator(real, tf.concat(wrong, 0));
    });
  });
}

/** Moves the stage's G. */
export function stageGeneratorStep(stage: Stage, conditions: tf.Tensor2D): Omit<StackGanLosses, "discriminator"> {
  return tf.tidy(() => {
    let losses!: Omit<StackGanLosses, "discriminator">;
    learn(stage.generatorOptimizer, () => {
      const { picture, mean, logDeviation } = stage.make(conditions, TRAINING);
      const generator = tf.keep(nonSaturating.generator(judge(stage, picture, conditions)));
      const kl = tf.keep(klDivergence(mean, logDeviation));
      losses = { generator, kl };
      return tf.add(generator, tf.mul(kl, stage.klWeight)) as tf.Scalar;
    });
    return losses;
  });
}

/** One step of D, then one of G against the updated D.
 * @param images of the stage's size, `[batch, size, size, channels]` in [-1, 1].
 * @param conditions `[batch, conditionSize]`. */
export function stageStep(stage: Stage, images: tf.Tensor4D, conditions: tf.Tensor2D): StackGanLosses {
  const discriminator = stageDiscriminatorStep(stage, images, conditions);
  return { discriminator, ...stageGeneratorStep(stage, conditions) };
}
