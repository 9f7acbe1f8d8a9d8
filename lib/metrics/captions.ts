/** Whether generated houses are as their captions say.
 * @module */
import type * as tf from "../tf.ts";
import { allCaptions, embedCaptions, type HouseFacts, readCaption, recoverHouse } from "../../data/worlds/houses/mod.ts";
import { toImages } from "../data/image_bytes.ts";

/** What to ask for. */
export interface CaptionScoreOptions {
  /** Default: all that there are. */
  captions?: readonly string[];
  /** Pictures of each caption. Default 10. */
  each?: number;
  /** Of the noise. Default 1. */
  seed?: number;
}

/** Shares of the pictures, in [0, 1]. */
export interface CaptionScores {
  /** Those whose wall has the colour that was asked for. */
  colour: number;
  /** Those with as many windows as were asked for. */
  windows: number;
  /** Those that are right in both. */
  both: number;
  /** How many pictures. */
  count: number;
}

/** Asks a generator for houses and reads by rule what they show: see {@linkcode recoverHouse}, which reads 99% of true pictures right at 64 pixels.
 * @param generate pictures `[count, size, size, 3]` in [-1, 1] of conditions, which are disposed of here, as the pictures are. */
export async function captionScores(
  generate: (conditions: tf.Tensor2D, seed: number) => Promise<tf.Tensor4D>,
  options: CaptionScoreOptions = {},
): Promise<CaptionScores> {
  const { captions = allCaptions, each = 10, seed = 1 } = options;
  const asked = captions.flatMap((caption) => new Array<string>(each).fill(caption));
  const conditions = embedCaptions(asked);
  const images = await generate(conditions, seed).finally(() => conditions.dispose());
  const seen = housesOf(images);
  const share = (right: (i: number) => boolean) => asked.filter((_, i) => right(i)).length / asked.length;
  const wanted = asked.map(readCaption);
  const colour = (i: number) => seen[i]!.colour === wanted[i]!.colour;
  const windows = (i: number) => seen[i]!.windows === wanted[i]!.windows;
  return { colour: share(colour), windows: share(windows), both: share((i) => colour(i) && windows(i)), count: asked.length };
}

/** What the pictures show; they are disposed of. */
function housesOf(images: tf.Tensor4D): HouseFacts[] {
  try {
    return toImages(images).map(recoverHouse);
  } finally {
    images.dispose();
  }
}
