/** Houses with captions, as many as one likes, drawn from a seed and without a file: the text-to-image task of StackGAN in a language that is small enough
 * for a rule to check.
 * @module */
import type { CaptionedBatch, CaptionedData } from "../../../lib/data/captioned.ts";
import type { BatchOptions } from "../../../lib/data/pairs.ts";
import { type Image, toTensor } from "../../../lib/data/picture.ts";
import { type BatchPlan, orderOf, streamBatches } from "../../../lib/data/stream.ts";
import { checkOptions, sceneSeed, scenesInSplit, type Split } from "../options.ts";
import { allCaptions, captionSize, embedCaptions, readCaption } from "./caption.ts";
import { drawHouse } from "./draw.ts";

export {
  allCaptions,
  captionOf,
  captionSize,
  colourNames,
  embedCaptions,
  type HouseFacts,
  numberWords,
  readCaption,
  type WallColour,
  wallColours,
} from "./caption.ts";
export { drawHouse } from "./draw.ts";
export { recoverHouse } from "./recover.ts";

/** Which houses. */
export interface HousesOptions {
  /** How many; at most 1,000,000. Default 2400. */
  count?: number;
  /** Height and width in pixels. Default 64. */
  size?: number;
  /** Which houses: a whole number from 0. Default 0. */
  seed?: number;
  /** The three never share a house. Default "train". */
  split?: Split;
  /** What the houses are like, each as often as the others: leave some out, and see whether a model can make what it never saw. Default: all 24. */
  captions?: readonly string[];
}

/** Houses with their captions. The option `augment` of batches changes nothing here: each house is another one anyway.
 * @throws {RangeError} if an option is out of its range, or a caption cannot be read. */
export function houses(options: HousesOptions = {}): CaptionedData {
  const { count = 2400, size = 64, seed = 0, split = "train", captions = allCaptions } = options;
  checkOptions({ count, size, seed, split }, scenesInSplit, "draw houses");
  if (captions.length === 0) throw new RangeError("Cannot draw houses: wanted at least one caption, got none; name some");
  const facts = captions.map(readCaption);
  const first = sceneSeed(seed, split, 0);
  const begin = (plan: BatchPlan) => {
    const at = orderOf(count, plan);
    return async (place: number) => {
      const index = at(place);
      const kind = index % captions.length;
      const picture = await drawHouse(facts[kind]!, first + index, size);
      return { picture, caption: captions[kind]!, name: `house ${first + index}` };
    };
  };
  const collate = (elements: { picture: Image; caption: string; name: string }[]): CaptionedBatch => {
    const said = elements.map(({ caption }) => caption);
    return {
      images: toTensor(elements.map(({ picture }) => picture)),
      conditions: embedCaptions(said),
      captions: said,
      names: elements.map(({ name }) => name),
    };
  };
  return {
    name: `houses (${split})`,
    ...{ count, height: size, width: size, channels: 3, conditionSize: captionSize },
    batches: (options?: BatchOptions) => streamBatches({ count, begin, collate }, options),
  };
}
