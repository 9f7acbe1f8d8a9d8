/** What the metrics of picture pairs share: the range of the values, and the checks.
 * @module */
import type * as tf from "../tf.ts";

/** The values that black and white have, `[low, high]`. */
export type ImageRange = readonly [low: number, high: number];

/** The range that pictures have everywhere in Forger, since generators end in a tanh. */
export const imageRange: ImageRange = [-1, 1];

/** How the pictures that are compared are to be read. */
export interface ImageOptions {
  /** Values of black and white. Default {@linkcode imageRange}, [-1, 1]. */
  range?: ImageRange;
}

/** Throws unless both are batches of pictures of one shape.
 * @param action what could not be done, for the message: "compute PSNR".
 * @throws {TypeError} if the rank is not 4.
 * @throws {RangeError} if the shapes differ, or there is no picture. */
export function checkImagePair(action: string, images: tf.Tensor4D, targets: tf.Tensor4D): void {
  for (const { rank, shape } of [images, targets] as tf.Tensor[]) {
    if (rank === 4) continue;
    throw new TypeError(
      `Cannot ${action}: wanted pictures [batch, height, width, channels], got rank ${rank}, [${shape}]; ` +
        `add a batch dimension to a single picture`,
    );
  }
  const shapes = `got [${images.shape}] and [${targets.shape}]`;
  if (images.shape.join() !== targets.shape.join()) {
    throw new RangeError(`Cannot ${action}: both must have the same shape, ${shapes}; resize or crop one of them`);
  }
  if (images.size === 0) {
    throw new RangeError(`Cannot ${action}: wanted at least one picture, ${shapes}; leave empty batches out`);
  }
}

/** High minus low.
 * @throws {RangeError} unless it is above 0. */
export function spanOf([low, high]: ImageRange): number {
  if (high - low > 0 && high - low < Infinity) return high - low;
  throw new RangeError(
    `Cannot compare pictures: range must be [low, high] with low below high, got [${low}, ${high}]; swap them`,
  );
}
