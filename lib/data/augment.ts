/** Random crops and mirroring. The jitter of pix2pix (Isola et al., arXiv:1611.07004, appendix 6.2) is a special case: resize
 * from 256 to 286, crop at a random position, mirror with probability 1/2. The parameters are drawn first and then applied to
 * both images of a pair.
 * @module */
import { type AnyImage, emptyLike } from "./image_bytes.ts";
import type { Random } from "./random.ts";

/** Factor by which images are enlarged before cropping: 286 / 256, as in the paper, for images of any size. */
export const jitterScale: number = 286 / 256;
/** Probability that an image is mirrored. */
export const mirrorProbability = 0.5;

/** Parameters of one augmentation: the position of a crop in a larger image of any size, and whether to mirror the crop. */
export interface Augmentation {
  /** Vertical position of the crop: 0 at the top of the image, 1 at the bottom. */
  vertical: number;
  /** Horizontal position of the crop before mirroring: 0 at the left of the image, 1 at the right. */
  horizontal: number;
  /** Whether to swap left and right. */
  mirror: boolean;
  /** Whether to keep the whole image, regardless of its size, instead of taking a crop. Default false. */
  whole?: boolean;
}

/** The crop at the centre of an image. */
export const CENTRE: Augmentation = { vertical: 0.5, horizontal: 0.5, mirror: false };
/** The whole image, without cropping. */
export const WHOLE: Augmentation = { ...CENTRE, whole: true };
/** The crop in the bottom right corner of an image. To read this crop, the whole file is decoded. */
export const END: Augmentation = { vertical: 1, horizontal: 1, mirror: false };

/** Returns the first row or column of a crop.
 * @param position The position of the crop, from 0 to 1.
 * @param length The height or width of the image in pixels.
 * @param cropped The height or width of the crop in pixels. */
export function startOf(position: number, length: number, cropped: number): number {
  const last = length - cropped;
  return Math.min(last, Math.floor(position * (last + 1)));
}

/** Returns the height or width, in pixels, to which an image is enlarged before it is cropped to `length` pixels. */
export function enlarged(length: number): number {
  return Math.round(length * jitterScale);
}

/** Draws the parameters of an augmentation at random, with a uniformly distributed crop position. */
export function drawAugmentation(random: Random): Augmentation {
  return { vertical: random.next(), horizontal: random.next(), mirror: random.chance(mirrorProbability) };
}

/** Crops an image to `height` by `width` pixels, starting at (`top`, `left`).
 * @throws {RangeError} If the crop extends beyond the image. */
export function crop<P extends AnyImage>(image: P, top: number, left: number, height: number, width: number): P {
  if (top < 0 || left < 0 || top + height > image.height || left + width > image.width) {
    const got = `the image is [${image.height}, ${image.width}]`;
    throw new RangeError(`Cannot crop an image to [${height}, ${width}] at (${top}, ${left}): ${got}; use a smaller crop`);
  }
  const { channels } = image;
  const data = emptyLike(image.data, height * width * channels);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * image.width + left) * channels;
    data.set(image.data.subarray(start, start + width * channels), y * width * channels);
  }
  return { data, height, width, channels } as P;
}

/** Mirrors an image, swapping left and right. */
export function mirror<P extends AnyImage>(image: P): P {
  const { height, width, channels } = image;
  const data = emptyLike(image.data, image.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * channels;
      const from = (y * width + width - 1 - x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = image.data[from + c]!;
    }
  }
  return { data, height, width, channels } as P;
}

/** Applies an {@linkcode Augmentation} to an image that has already been enlarged.
 * @returns An image of `height` by `width` pixels. */
export function augmented<P extends AnyImage>(image: P, how: Augmentation, height: number, width: number): P {
  const [top, left] = [startOf(how.vertical, image.height, height), startOf(how.horizontal, image.width, width)];
  const cropped = crop(image, top, left, height, width);
  return how.mirror ? mirror(cropped) : cropped;
}
