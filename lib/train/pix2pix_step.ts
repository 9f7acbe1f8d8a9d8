/** One training step of pix2pix (Isola et al. 2017, arXiv:1611.07004, Sec. 3.1 and 3.3).
 *
 * | paper | here |
 * |---|---|
 * | x, y, G(x, z) | `input`, `target`, `fake`; z is the dropout inside G |
 * | L_cGAN(G, D), Eq. 1 | `nonSaturating` on the logits of D, "rather than minimizing log(1 − D(x, G(x, z)))" (Sec. 3.3) |
 * | L_L1(G), Eq. 3 | `l1` |
 * | G* = arg min max L_cGAN + λ L_L1, Eq. 4 | the two steps below, in turn |
 *
 * What the paper compares this with is in pix2pix_variants.ts.
 *
 * Taught in: notebooks/07_pix2pix.ipynb, Eq. (7.5)
 * @module */
import * as tf from "../tf.ts";
import { withoutTape } from "../backend/tape.ts";
import { l1 as distanceL1 } from "../losses/distance.ts";
import { nonSaturating } from "../losses/non_saturating.ts";
import { judge, TRAINING } from "./judge.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** What a step works on. */
export interface Pix2PixParts {
  /** G. */
  generator: tf.LayersModel;
  /** D. */
  discriminator: tf.LayersModel;
  /** Of G's weights. */
  generatorOptimizer: Optimizer;
  /** Of D's weights. */
  discriminatorOptimizer: Optimizer;
  /** λ, the weight of L1 beside the adversarial loss. */
  lambda: number;
}

/** The losses of a step, scalars. */
export type Pix2PixLosses = {
  /** ½ (mean −log D(x, y) + mean −log(1 − D(x, G(x)))): ln 2 when D cannot tell, 0 when it always can. */
  discriminator: tf.Scalar;
  /** mean −log D(x, G(x)), by the discriminator just updated: ln 2 when D cannot tell, large when it can. */
  adversarial: tf.Scalar;
  /** mean |y − G(x)|, before λ; in [0, 2]. */
  l1: tf.Scalar;
};

/** The loss of D on a real and a generated picture, which counts as given, and its gradient.
 * "We divide the objective by 2 while optimizing D, which slows down the rate at which D learns relative to G" (Sec. 3.3). */
export function discriminatorGradient(
  { discriminator, discriminatorOptimizer }: Pix2PixParts,
  input: tf.Tensor4D,
  target: tf.Tensor4D,
  fake: tf.Tensor4D,
): { value: tf.Scalar; grads: tf.NamedTensorMap } {
  return tf.variableGrads(() => {
    const realLogits = judge(discriminator, target, input);
    const fakeLogits = judge(discriminator, fake, input);
    return nonSaturating.discriminator(realLogits, fakeLogits, { halved: true });
  }, discriminatorOptimizer.variables);
}

/** Moves D by one step on a real and a generated picture. */
export function discriminatorStep(parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D, fake: tf.Tensor4D): tf.Scalar {
  const { value, grads } = discriminatorGradient(parts, input, target, fake);
  parts.discriminatorOptimizer.apply(grads);
  tf.dispose(grads);
  return value;
}

/** One step of D, then one of G against the updated D. G's forward pass is shared: D sees its picture as data, then G gets its gradient.
 * @param input x, `[batch, height, width, channels]` in [-1, 1].
 * @param target y, likewise. */
export function pix2pixStep(parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D): Pix2PixLosses {
  const { generator, discriminator, generatorOptimizer, lambda } = parts;
  return tf.tidy(() => {
    let losses!: Pix2PixLosses;
    const { value, grads } = tf.variableGrads(() => {
      const fake = generator.apply(input, { ...TRAINING }) as tf.Tensor4D;
      const discriminatorLoss = withoutTape(() => discriminatorStep(parts, input, target, fake));
      const adversarial = nonSaturating.generator(judge(discriminator, fake, input));
      const l1 = distanceL1(target, fake);
      losses = { discriminator: tf.keep(discriminatorLoss), adversarial: tf.keep(adversarial), l1: tf.keep(l1) };
      return tf.add(adversarial, tf.mul(l1, lambda)) as tf.Scalar;
    }, generatorOptimizer.variables);
    generatorOptimizer.apply(grads);
    tf.dispose([value, grads as unknown as tf.TensorContainer]);
    return losses;
  });
}
