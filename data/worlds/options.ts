/** Options shared by all generated data sets, and the seeds for the scenes of each split.
 * @module */
import { sizeOf } from "../../lib/data/image.ts";

/** Training, validation or test split of a data set; no image is in more than one split. */
export type Split = "train" | "val" | "test";

const splitNumbers: Record<Split, number> = { train: 0, val: 1, test: 2 };

/** Maximum number of scenes in one split of a data set. */
export const scenesInSplit = 1_000_000;

/** Checks the options of a generated data set.
 * @param maximum Largest allowed number of images.
 * @param action Action to name in error messages, such as "draw toytown".
 * @throws {RangeError} If an option is out of range. */
export function checkOptions(
  options: { count: number; size: number; seed: number; split: string },
  maximum: number,
  action: string,
): void {
  const { count, size, seed, split } = options;
  const fail = (field: string, wanted: string, got: unknown) => {
    throw new RangeError(`Cannot ${action}: ${field} must be ${wanted}, got ${got}; change ${field}`);
  };
  sizeOf(action, { size });
  if (!Number.isSafeInteger(count) || count < 1 || count > maximum) fail("count", `an integer from 1 to ${maximum}`, count);
  if (!Number.isSafeInteger(seed) || seed < 0 || seed >= 2 ** 31) fail("seed", "an integer from 0 to 2^31 - 1", seed);
  if (!Object.hasOwn(splitNumbers, split)) fail("split", '"train", "val" or "test"', `"${split}"`);
}

/** Returns the seed of one scene in a data set, for the functions {@linkcode scene}, {@linkcode town} and {@linkcode drawHouse}.
 * Different splits, or data sets with different seeds, have no scene seeds in common.
 * @param seed The seed of the data set.
 * @param index The position of the scene in the split, from 0 to `scenesPerSplit - 1`.
 * @param scenesPerSplit The number of seeds reserved for each split. */
export function sceneSeed(seed: number, split: Split, index: number, scenesPerSplit: number = scenesInSplit): number {
  return (seed * 3 + splitNumbers[split]) * scenesPerSplit + index;
}
