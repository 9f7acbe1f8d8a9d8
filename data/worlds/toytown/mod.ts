/** Toytown: as many facades, or towns from above, as one likes, each drawn in every rendering that one asks for, from a seed and without a file.
 *
 * A scene is a list of parts; the label map paints them flat, the photo paints them in materials and light, the map and the drawing in ink in their own
 * way, and so all of them agree to the pixel. What the labels do not show (colours, curtains, weather) a network has to make up, as with real facades.
 * @module */
import { augmented, enlarged } from "../../../lib/data/augment.ts";
import type { PairData } from "../../../lib/data/pairs.ts";
import type { Image } from "../../../lib/data/picture.ts";
import { type ImagePair, streamPairs } from "../../../lib/data/stream.ts";
import { type NamedImage, type ReadNamed, streamUnpaired } from "../../../lib/data/stream_others.ts";
import type { UnpairedData } from "../../../lib/data/unpaired.ts";
import { checkScenes, sceneSeed, scenesInSplit, type Split } from "../options.ts";
import { scene } from "./facade/compose.ts";
import { town } from "./town/compose.ts";
import { channelsOf, type Rendering, renderScene, type WorldName, worlds } from "./worlds.ts";

export { scene, sceneSeed, town };

/** Which scenes, and how. */
export interface ToytownOptions {
  /** How many pairs; at most 1,000,000. Default 400, as many as facades has to train. */
  count?: number;
  /** Height and width in pixels. Default 128. */
  size?: number;
  /** Which town: a whole number from 0. Another seed gives other scenes. Default 0. */
  seed?: number;
  /** The three never share a scene. Default "train". */
  split?: Split;
  /** A facade on a street, or a town from above. Default "facade". */
  scene?: WorldName;
  /** What the generator is given. Default: a facade's "labels", a town's "map". */
  input?: Rendering;
  /** What it should make of it. Default: a facade's "photo", a town's "aerial". */
  target?: Rendering;
  /** "AtoB" turns the pair round. A (left, where pairs are side by side) is the photo and B the label map, as in facades and maps. Default "BtoA". */
  direction?: "AtoB" | "BtoA";
  /** Keep each scene in memory once it is drawn, so that later epochs cost no drawing: 6 bytes a pixel and pair, 50 MB for 400 pairs at 128. Default false. */
  keep?: boolean;
}

/** Pairs of two renderings of a scene, drawn when their turn comes. Jitter and mirroring keep the labels' colours exact: scenes are drawn larger, not enlarged.
 * @throws {RangeError} if an option is out of its range. */
export function toytown(options: ToytownOptions = {}): PairData {
  const { count = 400, size = 128, seed = 0, split = "train", scene: world = "facade", direction = "BtoA", keep = false } =
    options;
  checkScenes({ count, size, seed, split }, scenesInSplit);
  if (direction !== "AtoB" && direction !== "BtoA") {
    throw new RangeError(`Cannot draw toytown: direction must be "AtoB" or "BtoA", got "${direction}"; change direction`);
  }
  const usual = worlds[world]?.pair;
  const { input = usual?.input ?? "labels", target = usual?.target ?? "photo" } = options;
  const [from, to] = direction === "BtoA" ? [input, target] : [target, input];
  const [inputChannels, targetChannels] = [channelsOf(world, from), channelsOf(world, to)];
  const first = sceneSeed(seed, split, 0);
  const draw = drawer(world, [from, to], keep);
  const isUsual = world === "facade" && input === "labels" && target === "photo";
  return streamPairs({
    name: isUsual ? `toytown (${split})` : `toytown (${world}, ${from} to ${to}, ${split})`,
    ...{ count, height: size, width: size, inputChannels, targetChannels, direction },
    async read(index, augmentation): Promise<ImagePair> {
      const whole = await draw(first + index, augmentation ? enlarged(size) : size);
      const part = (picture: Image) => augmentation ? augmented(picture, augmentation, size, size) : picture;
      return { input: part(whole[0]), target: part(whole[1]), name: `scene ${first + index}` };
    },
  });
}

type Drawing = readonly [Image, Image];

/** Draws scenes in two renderings, each scene and size once if they are kept. */
function drawer(
  world: WorldName,
  [from, to]: [Rendering, Rendering],
  keep: boolean,
): (seed: number, size: number) => Promise<Drawing> {
  const kept = new Map<string, Promise<Drawing>>();
  return (seed, size) => {
    const key = `${seed} ${size}`;
    const drawing = kept.get(key) ?? Promise.all([renderScene(world, seed, from, size), renderScene(world, seed, to, size)]);
    if (keep) kept.set(key, drawing);
    return drawing;
  };
}

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
