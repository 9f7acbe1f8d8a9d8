/** KL divergence of a predicted Gaussian from the standard normal distribution.
 *
 * Taught in: notebooks/11_two_stages.ipynb, Eq. (11.2)
 * @module */
import * as tf from "../tf.ts";
import { checkSameShape } from "./distance.ts";

/** Computes D_KL(N(μ, σ²) ‖ N(0, 1)) = ½ (σ² + μ² − 1) − log σ, averaged over all elements (Kingma and Welling, 2014,
 * arXiv:1312.6114, appendix B). StackGAN (equation 2) and BicycleGAN (equation 5) minimize this divergence.
 * @param mean μ, `[batch, size]`.
 * @param logDeviation Log σ, `[batch, size]`.
 * @returns Scalar ≥ 0, which is 0 only if μ = 0 and σ = 1.
 * @throws {RangeError} If the shapes differ, or the batch is empty. */
export function klDivergence(mean: tf.Tensor2D, logDeviation: tf.Tensor2D): tf.Scalar {
  checkSameShape("klDivergence", mean, logDeviation);
  return tf.tidy(() => {
    const squares = tf.add(tf.exp(tf.mul(logDeviation, 2)), tf.square(mean));
    return tf.mean(tf.sub(tf.mul(tf.sub(squares, 1), 0.5), logDeviation)) as tf.Scalar;
  });
}
