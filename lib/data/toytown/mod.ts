/** Toytown: as many facades as one likes, each drawn as a label map and as the photo that it stands for, from a seed and without a file.
 *
 * A scene is a list of parts; the label map paints them flat, the photo paints them in materials and light, and so the two agree to the pixel. What the
 * labels do not show (colours, curtains, weather) a network has to make up, as with real facades.
 * @module */
import { augmented, enlarged } from "../augment.ts";
import { checkSize } from "../image.ts";
import type { PairData } from "../pairs.ts";
import type { Picture } from "../picture.ts";
import { type PicturePair, streamPairs } from "../stream.ts";
import { scene } from "./compose.ts";
import { labelPicture, photoPicture } from "./raster.ts";

export { scene };

/** Which scenes, and how. */
export interface ToytownOptions {
  /** How many pairs; at most 1,000,000. Default 400, as many as facades has to train. */
  count?: number;
  /** Height and width in pixels. Default 128. */
  size?: number;
  /** Which town: a whole number from 0. Another seed gives other scenes. Default 0. */
  seed?: number;
  /** The three never share a scene. Default "train". */
  split?: "train" | "val" | "test";
  /** A (left, where pairs are side by side) is the photo and B the label map, as in facades. Default "BtoA": labels to photo. */
  direction?: "AtoB" | "BtoA";
  /** Keep each scene in memory once it is drawn, so that later epochs cost no drawing: 6 bytes a pixel and pair, 50 MB for 400 pairs at 128. Default false. */
  keep?: boolean;
}

const splits = { train: 0, val: 1, test: 2 };
/** Scenes in one split of one town. */
const scenesInSplit = 1_000_000;

/** Pairs of a label map and its photo, drawn when their turn comes. Jitter and mirroring keep the labels' colours exact: scenes are drawn larger, not enlarged.
 * @throws {RangeError} if an option is out of its range. */
export function toytown(options: ToytownOptions = {}): PairData {
  const { count = 400, size = 128, seed = 0, split = "train", direction = "BtoA", keep = false } = options;
  checkSize("draw toytown", size, size);
  checkOptions(count, seed, split, direction);
  const first = sceneSeed(seed, split, 0);
  const kept = new Map<string, Promise<Drawing>>();
  const drawn = (index: number, drawnSize: number): Promise<Drawing> => {
    const key = `${index} ${drawnSize}`;
    const drawing = kept.get(key) ?? draw(first + index, drawnSize);
    if (keep) kept.set(key, drawing);
    return drawing;
  };
  return streamPairs({
    name: `toytown (${split})`,
    ...{ count, height: size, width: size, inputChannels: 3, targetChannels: 3 },
    async read(index, augmentation): Promise<PicturePair> {
      const whole = await drawn(index, augmentation ? enlarged(size) : size);
      const part = (picture: Picture) => augmentation ? augmented(picture, augmentation, size, size) : picture;
      const photo = part(whole.photo), labels = part(whole.labels);
      const name = `scene ${first + index}`;
      return direction === "AtoB" ? { input: photo, target: labels, name } : { input: labels, target: photo, name };
    },
  });
}

/** A scene in both renderings. */
interface Drawing {
  photo: Picture;
  labels: Picture;
}

async function draw(seed: number, size: number): Promise<Drawing> {
  const drawn = scene(seed);
  const [photo, labels] = await Promise.all([photoPicture(drawn, size), labelPicture(drawn, size)]);
  return { photo, labels };
}

/** The seed of a scene of a set, for {@linkcode scene}: no two sets share one.
 * @param index from 0 to 999,999. */
export function sceneSeed(seed: number, split: "train" | "val" | "test", index: number): number {
  return (seed * 3 + splits[split]) * scenesInSplit + index;
}

function checkOptions(count: number, seed: number, split: string, direction: string): void {
  const fail = (field: string, wanted: string, got: unknown) => {
    throw new RangeError(`Cannot draw toytown: ${field} must be ${wanted}, got ${got}; change ${field}`);
  };
  if (!Number.isSafeInteger(count) || count < 1 || count > scenesInSplit) {
    fail("count", `a whole number from 1 to ${scenesInSplit}`, count);
  }
  if (!Number.isSafeInteger(seed) || seed < 0 || seed >= 2 ** 31) fail("seed", "a whole number from 0 and below 2^31", seed);
  if (!(split in splits)) fail("split", '"train", "val" or "test"', `"${split}"`);
  if (direction !== "AtoB" && direction !== "BtoA") fail("direction", '"AtoB" or "BtoA"', `"${direction}"`);
}
