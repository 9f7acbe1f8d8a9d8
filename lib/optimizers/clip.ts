/** Gradient clipping (Pascanu et al. 2013, arXiv:1211.5063, Algorithm 1).
 * @module */
import * as tf from "../tf.ts";

/** Shortens the gradients of a network, all by the same factor, so that together they are no longer than `limit`: their direction stays.
 * @param gradients by the variables' names, as `tf.variableGrads` gives them. Disposed.
 * @param limit above 0.
 * @returns the gradients under the same names. */
export function clipByNorm(gradients: tf.NamedTensorMap, limit: number): tf.NamedTensorMap {
  const clipped = tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares));
    const factor = tf.div(limit, tf.maximum(norm, limit)); // 1 where the norm is below the limit
    return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
  });
  tf.dispose(gradients);
  return clipped;
}
