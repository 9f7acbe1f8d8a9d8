/** Random jitter and mirroring, from pix2pix (Isola et al., arXiv:1611.07004, appendix 6.2): resize from 256 to 286, crop at a
 * random position, mirror with probability 1/2. Parameters are drawn separately, so that both images of a pair can share them.
 * @module */
import type { AnyImage } from "./image_bytes.ts";
import type { Random } from "./random.ts";

/** Factor by which images are enlarged before cropping: 286 / 256, as in the paper, for images of any size. */
export const jitterScale: number = 286 / 256;
/** Probability that an image is mirrored. */
export const mirrorProbability = 0.5;

/** Parameters of one augmentation: the position of the crop in the enlarged image, and whether to mirror the crop. */
export interface Augmentation {
  /** First row of the crop, in pixels of the enlarged image. */
  top: number;
  /** First column of the crop, before mirroring. */
  left: number;
  /** Whether to swap left and right. */
  mirror: boolean;
}

/** Returns the side length, in pixels, to which an image is enlarged before `length` pixels are cropped from it. */
export function enlarged(length: number): number {
  return Math.round(length * jitterScale);
}

/** Draws the parameters of an augmentation at random, with a uniformly distributed crop position.
 * @param height height of the crop in pixels.
 * @param width width of the crop in pixels. */
export function drawAugmentation(height: number, width: number, random: Random): Augmentation {
  return {
    top: random.integer(enlarged(height) - height + 1),
    left: random.integer(enlarged(width) - width + 1),
    mirror: random.chance(mirrorProbability),
  };
}

/** Crops an image to `height` by `width` pixels, starting at (`top`, `left`).
 * @throws {RangeError} if the crop extends beyond the image. */
export function crop<P extends AnyImage>(image: P, top: number, left: number, height: number, width: number): P {
  if (top < 0 || left < 0 || top + height > image.height || left + width > image.width) {
    const got = `the image is [${image.height}, ${image.width}]`;
    throw new RangeError(`Cannot crop [${height}, ${width}] at (${top}, ${left}): ${got}; use a smaller crop`);
  }
  const { channels } = image;
  const data = emptyLike(image, height * width * channels);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * image.width + left) * channels;
    data.set(image.data.subarray(start, start + width * channels), y * width * channels);
  }
  return { data, height, width, channels } as P;
}

/** Mirrors an image, swapping left and right. */
export function mirror<P extends AnyImage>(image: P): P {
  const { height, width, channels } = image;
  const data = emptyLike(image, image.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * channels;
      const from = (y * width + width - 1 - x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = image.data[from + c]!;
    }
  }
  return { data, height, width, channels } as P;
}

function emptyLike({ data }: AnyImage, length: number): Uint8Array | Uint16Array {
  return data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}

/** Applies an {@linkcode Augmentation} to an image that has already been enlarged.
 * @returns an image of `height` by `width` pixels. */
export function augmented<P extends AnyImage>(image: P, how: Augmentation, height: number, width: number): P {
  const cropped = crop(image, how.top, how.left, height, width);
  return how.mirror ? mirror(cropped) : cropped;
}
