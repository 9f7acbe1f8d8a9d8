/** What all generated sets check of their options.
 * @module */
import { checkSize } from "../../lib/data/image.ts";

/** Parts of a set that share no scene. */
export type Split = "train" | "val" | "test";

/** @param most scenes that a set can have.
 * @param action what was to be done, for the error.
 * @throws {RangeError} if an option is out of its range. */
export function checkScenes(
  options: { count: number; size: number; seed: number; split: string },
  most: number,
  action: string = "draw toytown",
): void {
  const { count, size, seed, split } = options;
  const fail = (field: string, wanted: string, got: unknown) => {
    throw new RangeError(`Cannot ${action}: ${field} must be ${wanted}, got ${got}; change ${field}`);
  };
  checkSize(action, size, size);
  if (!Number.isSafeInteger(count) || count < 1 || count > most) fail("count", `a whole number from 1 to ${most}`, count);
  if (!Number.isSafeInteger(seed) || seed < 0 || seed >= 2 ** 31) fail("seed", "a whole number from 0 and below 2^31", seed);
  if (!["train", "val", "test"].includes(split)) fail("split", '"train", "val" or "test"', `"${split}"`);
}

/** Scenes in one split of one town. */
export const scenesInSplit = 1_000_000;
const splits: Record<Split, number> = { train: 0, val: 1, test: 2 };

/** The seed of a scene of a set, for {@linkcode scene} and {@linkcode town}: no two sets share one.
 * @param index from 0 to 999,999. */
export function sceneSeed(seed: number, split: Split, index: number): number {
  return (seed * 3 + splits[split]) * scenesInSplit + index;
}
