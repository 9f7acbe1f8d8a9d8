/** Reading the label map back from a photo of toytown, so that a translated picture can be scored: as the papers score theirs by a segmentation network
 * (the "FCN score" of pix2pix, Sec. 4.2), but here by a rule that needs no training.
 * @module */
import { loadSharp } from "../../../../lib/data/_sharp.ts";
import { toRaw } from "../../../../lib/data/image.ts";
import { type Colour, labelNumbers, paintLabels } from "../../../../lib/data/label_maps.ts";
import type { Image } from "../../../../lib/data/picture.ts";
import { seededRandom } from "../../../../lib/data/random.ts";
import { channelsOf, type Rendering, renderScene, type WorldName, worlds } from "../worlds.ts";
import { countRule, type Example } from "./rule.ts";

/** What the picture shows. */
export interface RecoverOptions {
  /** Default "facade". */
  scene?: WorldName;
  /** In which rendering. Default: a facade's "photo", a town's "aerial". */
  from?: Rendering;
}

/** Pixels of all scenes on which the rule's tables are counted. */
const calibrationPixels = 160 * 128 * 128;
/** The same in scenes, within these bounds. */
const calibrationScenes = { least: 60, most: 400 } as const;

type Rule = (photo: Uint8Array) => Uint8Array;
const rules = new Map<string, Promise<Rule>>();

/** The label map of a picture of toytown, true or translated. Of true photos at 128 about 96% of the pixels are read right (of towns 98%), of noisy or
 * blurred ones about 91%; at size 64 somewhat fewer, since a sill is then one pixel high. The first call for a size draws some hundred scenes, which takes a few seconds.
 * @param picture RGB, square.
 * @returns in the colours of `palette` (or of `townPalette`).
 * @throws {RangeError} if it is not square, or not RGB. */
export async function recoverLabels(picture: Image, options: RecoverOptions = {}): Promise<Image> {
  const { scene = "facade" } = options;
  const from = options.from ?? (scene === "town" ? "aerial" : "photo");
  if (channelsOf(scene, from) !== 3) {
    throw new RangeError(
      `Cannot recover labels of ${from}: wanted a rendering in three channels, got one in one; choose another`,
    );
  }
  const { height, width, channels } = picture;
  if (height !== width || channels !== 3) {
    throw new RangeError(
      `Cannot recover labels: wanted a square RGB picture, got [${height}, ${width}, ${channels}]; cut or convert it`,
    );
  }
  const key = `${scene} ${from} ${width}`;
  if (!rules.has(key)) {
    rules.set(key, calibrate(scene, from, width));
    rules.get(key)!.catch(() => rules.delete(key));
  }
  const rule = await rules.get(key)!;
  return paintLabels(rule(picture.data), colours(scene), height, width);
}

function colours(scene: WorldName): Colour[] {
  return Object.values(worlds[scene].palette);
}

async function calibrate(scene: WorldName, from: Rendering, size: number): Promise<Rule> {
  const { least, most } = calibrationScenes;
  const count = Math.max(least, Math.min(most, Math.round(calibrationPixels / size ** 2)));
  const examples: Example[] = [];
  const palette = colours(scene);
  for (let first = 0; first < count; first += 8) {
    // A few at a time, for sharp's threads. No set has a scene of a negative seed.
    const seeds = Array.from({ length: Math.min(8, count - first) }, (_, i) => -1 - first - i);
    examples.push(
      ...await Promise.all(seeds.map(async (seed) => {
        const [photo, labels] = await Promise.all([
          renderScene(scene, seed, from, size),
          renderScene(scene, seed, "labels", size),
        ]);
        return { photo: (await worn(photo, -seed)).data, labels: labelNumbers(labels, palette) };
      })),
    );
  }
  return countRule(examples, size, palette.length);
}

/** Makes every other photo worse, in one of three ways: noise in each channel by itself, jpg's blocks, or a blur and a tint. A rule that is counted on
 * clean photos alone takes a translated one for noise.
 * @param number of the photo; the same number gives the same bytes. */
export async function worn(photo: Image, number: number): Promise<Image> {
  const random = seededRandom(number, 3);
  const way = number % 6;
  if (way === 1) return { ...photo, data: changed(photo.data, () => random.between(-14, 14)) };
  if (way % 2 === 0) return photo;
  const { data, height, width } = photo;
  const sharp = await loadSharp();
  const raw = sharp(data, { raw: { height, width, channels: 3 } });
  if (way === 3) return await toRaw(sharp(await raw.jpeg({ quality: 75 }).toBuffer()), "a worn photo");
  const tint = [0, 1, 2].map(() => random.between(-10, 10));
  const soft = await toRaw(raw.blur(random.between(0.5, 0.9)), "a worn photo");
  return { ...soft, data: changed(soft.data, (i) => tint[i % 3]!) };
}

function changed(data: Uint8Array, step: (i: number) => number): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(data, (value, i) => value + step(i)).buffer);
}
