/** The pictures with classes that `--data` names.
 * @module */
import { basename, resolve } from "node:path";
import { digits } from "../../../data/worlds/digits/mod.ts";
import type { LabelledData } from "../../data/datasets.ts";
import { labelledFromFolder } from "../../data/image_folders.ts";
import { fashionMnist, mnist } from "../../data/mnist.ts";
import { choice, flag, integer, text, UsageError, type Values } from "../options.ts";
import { fromWhereCalled } from "../paths.ts";

/** Which pictures, on a command line. */
export const labelledOptions = {
  data: text({
    value: "FOLDER",
    default: undefined,
    help:
      "Where the pictures are: a folder with a folder of pictures for each class, or with the pictures of a single one. Or the word digits " +
      "(written here, no network), or mnist or fashion-mnist: from the folder FORGER_DATA, else fetched. Required.",
  }),
  size: integer({
    default: 64,
    min: 8,
    max: 512,
    unit: "pixels",
    help: "Height and width to which a folder's pictures are brought; what is too much is cut off. The digits and MNIST have 28.",
  }),
  channels: choice(["1", "3"], { default: "3", help: "Of a folder's pictures: 1 for grey, 3 for colour." }),
  count: integer({ default: 10_000, min: 10, max: 1_000_000, unit: "pictures", help: "How many digits to write." }),
  skipBad: flag({ help: "Leave out pictures that cannot be read, and count them at the end, instead of stopping at the first." }),
};

/** Which pictures, and how to read them. */
export interface LabelledChoice extends Values<typeof labelledOptions> {
  /** Seed of the digits. */
  seed: number;
}

/** @throws {Error} if the pictures are all of one class, and the model learns to tell classes apart. */
export function checkClasses({ name, classes }: LabelledData): void {
  if (classes >= 2) return;
  throw new Error(
    `Cannot train on ${name}: it has one class, wanted are 2 or more folders; put each class's pictures into a folder of its own, or ` +
      "train a gan, which needs none",
  );
}

/** Digits that are held back. */
const DIGITS_TEST = 2_000;

/** Finds the pictures.
 * @param split "test": those that are held back; of a folder there are none, and all are given again.
 * @returns the set, its name for the folder of results, and whether a part of such data is held back at all.
 * @throws {UsageError} if no data is named.
 * @throws {Error} if there is none where it was named. */
export async function labelledData(
  { data, size, channels, count, seed, skipBad }: LabelledChoice,
  split: "train" | "test" = "train",
): Promise<{ name: string; set: LabelledData; heldBack: boolean }> {
  if (data === undefined) {
    throw new UsageError(
      "Option --data is missing: write --data digits for digits written here, --data mnist for real ones, or --data FOLDER for pictures of " +
        "your own",
    );
  }
  if (data === "digits") {
    return { name: data, heldBack: true, set: digits({ count: split === "test" ? DIGITS_TEST : count, seed, split }) };
  }
  if (data === "mnist") return { name: data, heldBack: true, set: await mnist({ split }) };
  if (data === "fashion-mnist") return { name: data, heldBack: true, set: await fashionMnist({ split }) };
  const folder = fromWhereCalled(data);
  const how = { size, channels: channels === "1" ? 1 : 3, skipBad } as const;
  return { name: basename(resolve(folder)), heldBack: false, set: await labelledFromFolder(folder, how) };
}
