/** Labels as vectors.
 * @module */
import * as tf from "../tf.ts";

/** Each label as a vector with a 1 at its place and 0 elsewhere.
 *
 * Not by tfjs's own `dtype`: on WebAssembly tfjs 4.22 then writes whole numbers into a tensor that it calls float32, where a 1 is read
 * as 10⁻⁴⁵.
 * @param labels `[batch]`, int32, from 0 to `classes - 1`; of another one all are 0.
 * @returns `[batch, classes]`, float32. */
export function oneHot(labels: tf.Tensor1D, classes: number): tf.Tensor2D {
  return tf.tidy(() => tf.cast(tf.oneHot(labels, classes), "float32") as tf.Tensor2D);
}
