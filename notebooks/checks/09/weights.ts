/** The brightness of a colour, (9.1): luma of ITU-R BT.601.
 * @module */
import { tf } from "../../../mod.ts";

/** Of red, green and blue. */
export const WEIGHTS = [0.299, 0.587, 0.114];

/** (9.1), `[batch, height, width, 1]`. */
export function lumaOf(pictures: tf.Tensor4D): tf.Tensor4D {
  return tf.sum(tf.mul(pictures, tf.tensor1d(WEIGHTS)), 3, true);
}
