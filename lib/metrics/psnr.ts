/** Peak signal-to-noise ratio: 10 log₁₀(range² / MSE), in dB, with MSE the mean squared error over a picture's pixels and
 * channels.
 *
 * Symbols: the range, high − low, is the peak; for pictures in [-1, 1] it is 2, and the number is the one that [0, 1] would give.
 * @module */
import * as tf from "../tf.ts";
import { checkImagePair, type ImageOptions, imageRange, spanOf } from "./pictures.ts";

/** Peak signal-to-noise ratio of each picture. The mean over a set is the mean of these, not the ratio of the mean error.
 * @param images `[batch, height, width, channels]`.
 * @param targets the same shape.
 * @returns `[batch]`, in dB, more is better; Infinity where a picture equals its target.
 * @throws {TypeError} if the rank is not 4.
 * @throws {RangeError} if the shapes differ, there is no picture, or the range is empty. */
export function psnr(images: tf.Tensor4D, targets: tf.Tensor4D, options: ImageOptions = {}): tf.Tensor1D {
  checkImagePair("compute PSNR", images, targets);
  const span = spanOf(options.range ?? imageRange);
  return tf.tidy(() => {
    const errors = tf.mean<tf.Tensor1D>(tf.square(tf.div(tf.sub(images, targets), span)), [1, 2, 3]);
    return tf.mul(tf.log(errors), -10 / Math.LN10);
  });
}
