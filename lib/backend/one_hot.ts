/** One-hot encoding of labels that is correct on every backend.
 * @module */
import * as tf from "../tf.ts";

/** Encodes each label as a vector with a 1 at its index and 0 elsewhere.
 *
 * The result is cast to float32 because the `dtype` argument of `tf.oneHot` does not work on WebAssembly. On WebAssembly, tfjs
 * 4.22 writes integers into a tensor marked as float32, so the integer 1 is read as about 10⁻⁴⁵.
 * @param labels Class indices, `[batch]`, int32, from 0 to `classes - 1`. A label outside this range is encoded as all zeros.
 * @returns `[batch, classes]`, float32. */
export function oneHot(labels: tf.Tensor1D, classes: number): tf.Tensor2D {
  return tf.tidy(() => tf.cast(tf.oneHot(labels, classes), "float32") as tf.Tensor2D);
}
