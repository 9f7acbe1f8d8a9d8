/** The pairs that `--data` names.
 * @module */
import { basename, join, resolve } from "node:path";
import { facades } from "../data/facades.ts";
import { type Direction, pairsFromFolder } from "../data/folder.ts";
import type { PairData } from "../data/pairs.ts";
import { toytown } from "../data/toytown/mod.ts";
import { UsageError } from "./options.ts";
import { fromWhereCalled } from "./paths.ts";

/** What a training is given. */
export interface TrainData {
  /** For people and for the folder of results: "facades". */
  name: string;
  train: PairData;
  /** Pairs for the samples and for the scores: ones that are not trained on, where there are any. */
  test: PairData;
  /** Whether `test` is held back from the training. */
  heldBack: boolean;
}

/** What to read, and how. */
export interface DataOptions {
  /** "toytown", "facades", or a folder. */
  data: string | undefined;
  /** Which half is the input. Without it A, the left half, is, but for toytown and facades the labels, B. */
  direction: Direction | undefined;
  /** Height and width, pixels. */
  size: number;
  /** Pairs of toytown to train on. */
  count: number;
  /** Seed of toytown. */
  seed: number;
}

/** Folders that a data set may have besides "train", the first choice first. */
const HELD_BACK = ["val", "test"] as const;
/** Pairs of toytown that are held back. */
const TOYTOWN_TEST = 32;

/** Finds the pairs.
 * @throws {UsageError} if no data is named.
 * @throws {Error} if there is none where it was named. */
export async function trainData(options: DataOptions): Promise<TrainData> {
  const { data, direction = "BtoA", size, count, seed } = options;
  if (data === undefined) {
    throw new UsageError(
      "Option --data is missing: write --data FOLDER for side-by-side pictures of your own, --data toytown for facades drawn here, or " +
        "--data facades for real ones (from the folder FORGER_DATA, else fetched, 30 MB)",
    );
  }
  if (data === "toytown") {
    const [train, test] = [
      toytown({ count, size, seed, direction }),
      toytown({ count: TOYTOWN_TEST, size, seed, direction, split: "test" }),
    ];
    return { name: "toytown", train, test, heldBack: true };
  }
  if (data === "facades") {
    const [train, test] = [await facades({ size, direction }), await facades({ size, direction, split: "val" })];
    return { name: "facades", train, test, heldBack: true };
  }
  return await fromFolder(fromWhereCalled(data), options);
}

/** A folder with a folder "train" in it is read as one of pix2pix's sets; of another one all pictures are trained on. */
async function fromFolder(folder: string, { direction = "AtoB", size }: DataOptions): Promise<TrainData> {
  const name = basename(resolve(folder));
  const read = (split?: string) => pairsFromFolder(folder, { size, direction, ...(split === undefined ? {} : { split }) });
  if (!await isFolder(join(folder, "train"))) {
    const train = await read();
    return { name, train, test: train, heldBack: false };
  }
  const train = await read("train");
  for (const split of HELD_BACK) {
    if (await isFolder(join(folder, split))) return { name, train, test: await read(split), heldBack: true };
  }
  return { name, train, test: train, heldBack: false };
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((found) => found.isDirectory, () => false);
}
