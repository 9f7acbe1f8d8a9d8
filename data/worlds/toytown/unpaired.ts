/** Two styles of one world without pairs, for CycleGAN, and the truth about them, for its evaluation.
 * @module */
import { augmented, enlarged } from "../../../lib/data/augment.ts";
import type { UnpairedData } from "../../../lib/data/datasets.ts";
import { type NamedImage, type ReadNamed, streamUnpaired } from "../../../lib/data/stream.ts";
import { sceneSeed, scenesInSplit, toytown } from "./mod.ts";
import { checkScenes, type Split } from "./options.ts";
import { channelsOf, type Rendering, renderScene, type WorldName, worlds } from "./worlds.ts";

/** Which scenes, and in which two styles. */
export interface ToytownUnpairedOptions {
  /** Pictures of each style; at most 500,000. Default 400. */
  count?: number;
  /** Height and width in pixels. Default 128. */
  size?: number;
  /** Which town: a whole number from 0. Default 0. */
  seed?: number;
  /** The three never share a scene. Default "train". */
  split?: Split;
  /** A facade on a street, or a town from above. Default "facade". */
  scene?: WorldName;
  /** The first style. Default: of facades "brick", of towns "aerial" (summer). */
  a?: Rendering;
  /** The second style. Default: of facades "plaster", of towns "winter". */
  b?: Rendering;
}

/** Two sets of pictures that show no scene in common, as two cities do. `truth` pairs each scene of the first set with its drawing in the second style,
 * which no training may see.
 * @throws {RangeError} if an option is out of its range. */
export function toytownUnpaired(options: ToytownUnpairedOptions = {}): UnpairedData {
  const { count = 400, size = 128, seed = 0, split = "train", scene = "facade" } = options;
  const most = scenesInSplit / 2;
  checkScenes({ count, size, seed, split }, most);
  const usual = worlds[scene]?.unpaired;
  const { a = usual?.a ?? "brick", b = usual?.b ?? "plaster" } = options;
  const [aChannels, bChannels] = [channelsOf(scene, a), channelsOf(scene, b)];
  const reader = (rendering: Rendering, first: number): ReadNamed => async (index, augmentation): Promise<NamedImage> => {
    const picture = await renderScene(scene, first + index, rendering, augmentation ? enlarged(size) : size);
    return { picture: augmentation ? augmented(picture, augmentation, size, size) : picture, name: `scene ${first + index}` };
  };
  return streamUnpaired({
    name: `toytown (${scene}, ${a} and ${b}, ${split})`,
    ...{ aCount: count, bCount: count, height: size, width: size, aChannels, bChannels },
    truth: toytown({ count, size, seed, split, scene, input: a, target: b }),
    readA: reader(a, sceneSeed(seed, split, 0)),
    readB: reader(b, sceneSeed(seed, split, most)),
  });
}
