/** Scores that measure how well generated houses match their captions.
 * @module */
import type * as tf from "../../../lib/tf.ts";
import { allCaptions, embedCaptions, type HouseFacts, readCaption, recoverHouse } from "./mod.ts";
import { toImages } from "../../../lib/data/image_bytes.ts";

/** Options for {@linkcode captionScores}. */
export interface CaptionScoreOptions {
  /** Captions to generate images from. Default: all captions. */
  captions?: readonly string[];
  /** Number of images per caption. Default 10. */
  each?: number;
  /** Seed for the noise. Default 1. */
  seed?: number;
}

/** Fractions, from 0 to 1, of the images that match their captions. */
export interface CaptionScores {
  /** Fraction of images whose wall has the requested colour. */
  colour: number;
  /** Fraction of images with the requested number of windows. */
  windows: number;
  /** Fraction of images in which both the colour and the number of windows are correct. */
  both: number;
  /** Number of images. */
  count: number;
}

/** Generates images from captions and uses {@linkcode recoverHouse} to check whether the images match the captions. At 64x64
 * pixels, `recoverHouse` is correct for 99% of the images in the data set.
 * @param generate Function that returns images `[count, size, size, 3]`, with values in [-1, 1], for the given conditions.
 * `captionScores` disposes of the images and the conditions. */
export async function captionScores(
  generate: (conditions: tf.Tensor2D, seed: number) => Promise<tf.Tensor4D>,
  options: CaptionScoreOptions = {},
): Promise<CaptionScores> {
  const { captions = allCaptions, each = 10, seed = 1 } = options;
  const requested = captions.flatMap((caption) => new Array<string>(each).fill(caption));
  const conditions = embedCaptions(requested);
  const images = await generate(conditions, seed).finally(() => conditions.dispose());
  const shown = housesOf(images);
  const wanted = requested.map(readCaption);
  const fraction = (right: (i: number) => boolean) => requested.filter((_, i) => right(i)).length / requested.length;
  const colour = (i: number) => shown[i]!.colour === wanted[i]!.colour;
  const windows = (i: number) => shown[i]!.windows === wanted[i]!.windows;
  const both = (i: number) => colour(i) && windows(i);
  return { colour: fraction(colour), windows: fraction(windows), both: fraction(both), count: requested.length };
}

/** Recovers the colour and the number of windows of each house, then disposes of the images. */
function housesOf(images: tf.Tensor4D): HouseFacts[] {
  try {
    return toImages(images).map(recoverHouse);
  } finally {
    images.dispose();
  }
}
