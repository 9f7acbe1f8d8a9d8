/** A data set of captioned houses for text-to-image models such as StackGAN, generated from a seed. The captions are so simple
 * that a rule can check whether an image matches its caption.
 * @module */
import type { BatchOptions, CaptionedBatch, CaptionedData } from "../../../lib/data/datasets.ts";
import { type Image, toTensor } from "../../../lib/data/image_bytes.ts";
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

/** Options for {@linkcode houses}. */
export interface HousesOptions {
  /** Number of houses, at most 1,000,000. Default 2400. */
  count?: number;
  /** Height and width in pixels. Default 64. */
  size?: number;
  /** Seed for the houses, a non-negative integer. Default 0. */
  seed?: number;
  /** Split of the data set; no house is in more than one split. Default "train". */
  split?: Split;
  /** Captions of the houses; all are used equally often. Omit some captions to test whether a model can draw houses for unseen
   * captions. Default: all 24 captions. */
  captions?: readonly string[];
}

/** Creates a data set of captioned houses, drawn on demand. The batch option `augment` has no effect: the houses are varied
 * enough without augmentation.
 * @throws {RangeError} If an option is out of range, or a caption cannot be parsed. */
export function houses(options: HousesOptions = {}): CaptionedData {
  const { count = 2400, size = 64, seed = 0, split = "train", captions = allCaptions } = options;
  checkOptions({ count, size, seed, split }, scenesInSplit, "draw houses");
  if (captions.length === 0) throw new RangeError("Cannot draw houses: expected at least one caption, got none; pass a caption");
  const facts = captions.map(readCaption);
  const first = sceneSeed(seed, split, 0);
  const begin = (plan: BatchPlan) => {
    const indexAt = orderOf(count, plan);
    return async (position: number) => {
      const index = indexAt(position);
      const kind = index % captions.length;
      const image = await drawHouse(facts[kind]!, first + index, size);
      return { image, caption: captions[kind]!, name: `house ${first + index}` };
    };
  };
  const collate = (elements: { image: Image; caption: string; name: string }[]): CaptionedBatch => {
    const captions = elements.map(({ caption }) => caption);
    return {
      images: toTensor(elements.map(({ image }) => image)),
      conditions: embedCaptions(captions),
      captions,
      names: elements.map(({ name }) => name),
    };
  };
  return {
    name: `houses (${split})`,
    ...{ count, height: size, width: size, channels: 3, conditionSize: captionSize },
    batches: (options?: BatchOptions) => streamBatches({ count, begin, collate }, options),
  };
}
