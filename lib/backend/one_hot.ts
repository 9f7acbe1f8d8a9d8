/** One-hot encoding of labels that is correct on every backend.
 * @module */
import * as tf from "../tf.ts";

/** Encodes each label as a vector with a 1 at its index and 0 elsewhere.
 *
 * The result is cast because tfjs's `dtype` argument does not work on WebAssembly: tfjs 4.22 writes integers into a tensor marked
 * as float32, so that the bits of the integer 1 are read as about 10⁻⁴⁵.
 * @param labels `[batch]`, int32, from 0 to `classes - 1`; any other label is encoded as zeros.
 * @returns `[batch, classes]`, float32. */
export function oneHot(labels: tf.Tensor1D, classes: number): tf.Tensor2D {
  return tf.tidy(() => tf.cast(tf.oneHot(labels, classes), "float32") as tf.Tensor2D);
}
