/** Random jitter and mirroring of pictures, from pix2pix (Isola et al., arXiv:1611.07004, appendix 6.2): enlarge 256 to 286, crop back at a random
 * place, mirror half of the time. What is drawn is kept apart from what is done with it, so that both halves of a pair get the same.
 * @module */
import type { AnyImage } from "./image_bytes.ts";
import type { Random } from "./random.ts";

/** Enlarged size over size: 286 to 256 in the paper, for any size here. */
export const jitterScale: number = 286 / 256;
/** How often a picture is mirrored. */
export const mirrorProbability = 0.5;

/** What to do with one pair: which part of the enlarged picture to keep, and whether to mirror it. */
export interface Augmentation {
  /** First row kept, in pixels of the enlarged picture. */
  top: number;
  /** First column kept, before mirroring. */
  left: number;
  /** Left becomes right. */
  mirror: boolean;
}

/** The length in pixels to which pictures are enlarged before a part of `length` is cut out. */
export function enlarged(length: number): number {
  return Math.round(length * jitterScale);
}

/** Draws a place and a direction, each as likely as any other.
 * @param height of the part kept, in pixels.
 * @param width of the part kept, in pixels. */
export function drawAugmentation(height: number, width: number, random: Random): Augmentation {
  return {
    top: random.integer(enlarged(height) - height + 1),
    left: random.integer(enlarged(width) - width + 1),
    mirror: random.chance(mirrorProbability),
  };
}

/** The part of a picture that begins at (`top`, `left`).
 * @throws {RangeError} if it does not lie within the picture. */
export function crop<P extends AnyImage>(picture: P, top: number, left: number, height: number, width: number): P {
  if (top < 0 || left < 0 || top + height > picture.height || left + width > picture.width) {
    throw new RangeError(
      `Cannot crop: the part [${height}, ${width}] at (${top}, ${left}) does not lie within [${picture.height}, ${picture.width}]; choose a smaller part`,
    );
  }
  const { channels } = picture;
  const data = emptyLike(picture, height * width * channels);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * picture.width + left) * channels;
    data.set(picture.data.subarray(start, start + width * channels), y * width * channels);
  }
  return { data, height, width, channels } as P;
}

/** The picture with left and right exchanged. */
export function mirror<P extends AnyImage>(picture: P): P {
  const { height, width, channels } = picture;
  const data = emptyLike(picture, picture.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * channels;
      const from = (y * width + width - 1 - x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = picture.data[from + c]!;
    }
  }
  return { data, height, width, channels } as P;
}

function emptyLike({ data }: AnyImage, length: number): Uint8Array | Uint16Array {
  return data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}

/** What an {@linkcode Augmentation} makes of a picture of the enlarged size.
 * @returns a picture of `height` by `width`. */
export function augmented<P extends AnyImage>(
  picture: P,
  { top, left, mirror: mirrored }: Augmentation,
  height: number,
  width: number,
): P {
  const part = crop(picture, top, left, height, width);
  return mirrored ? mirror(part) : part;
}
