/** Mean absolute error.
 * @module */
import * as tf from "../tf.ts";
import { checkImagePair } from "./pictures.ts";

/** Mean of |image − target| over the pixels and channels of each picture, in the units of the pictures.
 *
 * As a measure of a translation it prefers a grey mean to any sharp guess: look at the pictures too.
 * @param images `[batch, height, width, channels]`.
 * @param targets the same shape.
 * @returns `[batch]`; for pictures in [-1, 1] in [0, 2], 0 is best.
 * @throws {TypeError} if the rank is not 4.
 * @throws {RangeError} if the shapes differ, or there is no picture. */
export function l1(images: tf.Tensor4D, targets: tf.Tensor4D): tf.Tensor1D {
  checkImagePair("compute L1", images, targets);
  return tf.tidy(() => tf.mean<tf.Tensor1D>(tf.abs(tf.sub(images, targets)), [1, 2, 3]));
}
