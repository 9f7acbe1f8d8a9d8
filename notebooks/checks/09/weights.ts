/** The brightness of a colour, Eq. (9.1): the luma of ITU-R BT.601.
 * @module */
import { tf } from "../../../mod.ts";

/** Weights of red, green and blue. */
export const WEIGHTS = [0.299, 0.587, 0.114];

/** Returns the brightness of images, Eq. (9.1), of shape `[batch, height, width, 1]`. */
export function lumaOf(images: tf.Tensor4D): tf.Tensor4D {
  return tf.sum(tf.mul(images, tf.tensor1d(WEIGHTS)), 3, true);
}
