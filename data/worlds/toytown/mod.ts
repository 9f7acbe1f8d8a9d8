/** Toytown: facades and towns that are generated from seeds. Each scene can be rendered in several ways.
 *
 * A scene is a list of parts. All renderings draw the same parts, so they match pixel for pixel. The label map fills each part
 * with the colour of its class; the photo adds materials and light; the street map and the line drawing have their own styles. As
 * with real facades, the labels do not show colours, curtains or weather, so a network has to invent them.
 * @module */
import { augmented, enlarged } from "../../../lib/data/augment.ts";
import type { ImagePair, PairData, UnpairedData } from "../../../lib/data/datasets.ts";
import type { Image } from "../../../lib/data/image_bytes.ts";
import { type NamedImage, type ReadNamed, streamPairs, streamUnpaired } from "../../../lib/data/stream.ts";
import { checkOptions, sceneSeed, scenesInSplit, type Split } from "../options.ts";
import { scene } from "./facade/compose.ts";
import { town } from "./town/compose.ts";
import { channelsOf, type Rendering, renderScene, type WorldName, worlds } from "./worlds.ts";

export { scene, sceneSeed, town };

/** Options for {@linkcode toytown}. */
export interface ToytownOptions {
  /** Number of pairs, at most 1,000,000. Default 400, as in the training split of the facades data set. */
  count?: number;
  /** Height and width in pixels. Default 128. */
  size?: number;
  /** Seed for the scenes, a non-negative integer. Default 0. */
  seed?: number;
  /** Split of the data set; no scene is in more than one split. Default "train". */
  split?: Split;
  /** World to draw: facades on a street, or towns seen from above. Default "facade". */
  scene?: WorldName;
  /** Rendering that the generator receives as input. Default: "labels" for facades, "map" for towns. */
  input?: Rendering;
  /** Rendering that the generator should produce. Default: "photo" for facades, "aerial" for towns. */
  target?: Rendering;
  /** "AtoB" swaps input and target. As in the facades and maps data sets, A is the photo, in the left half of a side-by-side
   * image, and B is the label map or street map. Default "BtoA". */
  direction?: "AtoB" | "BtoA";
  /** Whether to cache drawn scenes in memory, so that later epochs do not draw them again. The cache takes 6 bytes per pixel
   * for each pair: about 50 MB for 400 pairs of 143 x 143 images (128 x 128 after cropping). Default false. */
  keep?: boolean;
}

/** Creates a paired data set that contains two renderings of each scene, drawn on demand. Augmentation draws scenes at a larger
 * size and crops them, instead of enlarging images, so that label maps keep their exact colours.
 * @throws {RangeError} If an option is out of range. */
export function toytown(options: ToytownOptions = {}): PairData {
  const { count = 400, size = 128, seed = 0, split = "train", scene: world = "facade", direction = "BtoA", keep = false } =
    options;
  checkOptions({ count, size, seed, split }, scenesInSplit, "draw toytown");
  if (direction !== "AtoB" && direction !== "BtoA") {
    throw new RangeError(`Cannot draw toytown: direction must be "AtoB" or "BtoA", got "${direction}"; change direction`);
  }
  const defaults = worlds[world]?.pair;
  const { input = defaults?.input ?? "labels", target = defaults?.target ?? "photo" } = options;
  const [from, to] = direction === "BtoA" ? [input, target] : [target, input];
  const [inputChannels, targetChannels] = [channelsOf(world, from), channelsOf(world, to)];
  const first = sceneSeed(seed, split, 0);
  const draw = pairRenderer(world, [from, to], keep);
  const isDefault = world === "facade" && input === "labels" && target === "photo";
  return streamPairs({
    name: isDefault ? `toytown (${split})` : `toytown (${world}, ${from} to ${to}, ${split})`,
    ...{ count, height: size, width: size, inputChannels, targetChannels, direction },
    async read(index, augmentation): Promise<ImagePair> {
      const pair = await draw(first + index, augmentation ? enlarged(size) : size);
      const crop = (image: Image) => augmentation ? augmented(image, augmentation, size, size) : image;
      return { input: crop(pair[0]), target: crop(pair[1]), name: `scene ${first + index}` };
    },
  });
}

type RenderedPair = readonly [Image, Image];

/** Returns a function that draws two renderings of a scene and caches them if `keep` is set. */
function pairRenderer(
  world: WorldName,
  [from, to]: [Rendering, Rendering],
  keep: boolean,
): (seed: number, size: number) => Promise<RenderedPair> {
  const cache = new Map<string, Promise<RenderedPair>>();
  return (seed, size) => {
    const key = `${seed} ${size}`;
    const pair = cache.get(key) ?? Promise.all([renderScene(world, seed, from, size), renderScene(world, seed, to, size)]);
    if (keep) cache.set(key, pair);
    return pair;
  };
}

/** Options for {@linkcode toytownUnpaired}. */
export interface ToytownUnpairedOptions {
  /** Number of images in each domain, at most 500,000. Default 400. */
  count?: number;
  /** Height and width in pixels. Default 128. */
  size?: number;
  /** Seed for the scenes, a non-negative integer. Default 0. */
  seed?: number;
  /** Split of the data set; no scene is in more than one split. Default "train". */
  split?: Split;
  /** World to draw. Default "facade". */
  scene?: WorldName;
  /** Rendering used for domain A. Default: "brick" for facades, "aerial" (in summer) for towns. */
  a?: Rendering;
  /** Rendering used for domain B. Default: "plaster" for facades, "winter" for towns. */
  b?: Rendering;
}

/** Creates an unpaired data set for CycleGAN, in which the two domains are renderings of different scenes. For evaluation only,
 * `truth` pairs each image in domain A with the domain B rendering of the same scene.
 * @throws {RangeError} If an option is out of range. */
export function toytownUnpaired(options: ToytownUnpairedOptions = {}): UnpairedData {
  const { count = 400, size = 128, seed = 0, split = "train", scene = "facade" } = options;
  const maximum = scenesInSplit / 2; // each domain uses half of the split's seeds
  checkOptions({ count, size, seed, split }, maximum, "draw toytown");
  const defaults = worlds[scene]?.unpaired;
  const { a = defaults?.a ?? "brick", b = defaults?.b ?? "plaster" } = options;
  const [aChannels, bChannels] = [channelsOf(scene, a), channelsOf(scene, b)];
  const reader = (rendering: Rendering, first: number): ReadNamed => async (index, augmentation): Promise<NamedImage> => {
    const image = await renderScene(scene, first + index, rendering, augmentation ? enlarged(size) : size);
    return { picture: augmentation ? augmented(image, augmentation, size, size) : image, name: `scene ${first + index}` };
  };
  return streamUnpaired({
    name: `toytown (${scene}, ${a} and ${b}, ${split})`,
    ...{ aCount: count, bCount: count, height: size, width: size, aChannels, bChannels },
    truth: toytown({ count, size, seed, split, scene, input: a, target: b }),
    readA: reader(a, sceneSeed(seed, split, 0)),
    readB: reader(b, sceneSeed(seed, split, maximum)),
  });
}
