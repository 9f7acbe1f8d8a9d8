/** The gradient penalty, which keeps a critic near 1-Lipschitz: Gulrajani et al. (2017), arXiv:1704.00028, Eq. 3 and Algorithm 1.
 *
 *     λ E[(‖∇_x̂ D(x̂)‖₂ − 1)²],   x̂ = ε x + (1 − ε) x̃,   ε uniform in [0, 1]        (3, second term)
 *
 * Symbols: x → `real`, x̃ = G(z) → `fake`, ε → `mixing`, one a sample; λ → {@linkcode gradientPenaltyWeight}, left to the
 * trainer.
 *
 * Its gradient by the critic's weights is a second derivative, and tfjs has not all of them right: see _second_derivatives.ts.
 * Tested against differences: conv2d, matMul, add, relu, leakyRelu, elu, tanh, sigmoid, softplus, exp. selu, prelu, maximum and
 * clipByValue throw "gradient function not found"; softmax is refused. No batch norm in the critic (Sec. 4 of the paper): it ties
 * the samples of a batch together, and the penalty is on each alone.
 *
 * Departure: the norm is √(‖∇‖² + 10⁻¹²), as the slope of √ is infinite at 0 and a critic that is flat at one x̂ would make every
 * weight NaN.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.8)
 * @module */
import * as tf from "../tf.ts";
import type { Logits } from "./adversarial.ts";
import { withSecondDerivatives } from "./_second_derivatives.ts";

/** λ, the weight of the penalty beside the Wasserstein loss: 10 in all of the paper's experiments (Sec. 4). */
export const gradientPenaltyWeight = 10;

/** What is added to ‖∇‖² before the root: nothing to a norm near 1, and a slope of 0 in place of NaN at a norm of 0. */
const leastSquaredNorm = 1e-12;

/** Mean of (‖∇D(x̂)‖ − 1)² over the batch, without the weight λ. Pure: the mixing weights come in as a tensor, so that a compiled
 * step draws them afresh at each call. Where D gives a patch map, the gradient is that of the sum of its patches.
 * @param critic D, from samples to logits; it must depend on them.
 * @param real samples of the data, `[batch, features]` or `[batch, height, width, channels]`.
 * @param fake samples of the generator, of the same shape.
 * @param mixing ε, `[batch, 1]` or `[batch, 1, 1, 1]`, uniform in [0, 1]: 1 is all real.
 * @returns scalar, ≥ 0.
 * @throws {RangeError} if the shapes do not fit. */
export function gradientPenalty<T extends tf.Tensor2D | tf.Tensor4D>(
  critic: (samples: T) => Logits,
  real: T,
  fake: T,
  mixing: T,
): tf.Scalar {
  checkShapes(real.shape, fake.shape, mixing.shape);
  return tf.tidy(() => {
    const between = tf.add(fake, tf.mul(mixing, tf.sub(real, fake))); // x̃ + ε (x − x̃) = ε x + (1 − ε) x̃
    const slopes = tf.grad((samples) => tf.sum(withSecondDerivatives(() => critic(samples as T))))(between); // of each sample
    const squaredNorms = tf.sum(tf.square(slopes), slopes.shape.map((_, axis) => axis).slice(1)); // [batch]
    const norms = tf.sqrt(tf.add(squaredNorms, leastSquaredNorm));
    return tf.mean<tf.Scalar>(tf.square(tf.sub(norms, 1)));
  });
}

/** Throws where broadcasting would quietly mix the wrong things. */
function checkShapes(real: number[], fake: number[], mixing: number[]): void {
  if (real.join() !== fake.join()) {
    throw new RangeError(
      `Cannot compute the gradient penalty: real and fake must have the same shape, got [${real}] and [${fake}]; ` +
        `generate as many samples as the batch has`,
    );
  }
  const wanted = real.map((dim, axis) => axis === 0 ? dim : 1);
  if (mixing.join() !== wanted.join()) {
    throw new RangeError(
      `Cannot compute the gradient penalty: mixing must be [${wanted}], got [${mixing}]; give one weight a sample`,
    );
  }
}
