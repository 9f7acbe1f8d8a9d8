/** The pictures without pairs that `--data` names.
 * @module */
import { basename, join, resolve } from "node:path";
import { unpairedArchives, type UnpairedName } from "../../data/archives.ts";
import { isFolder } from "../../data/cache.ts";
import { unpairedFromFolder, unpairedFromFolders } from "../../data/folders.ts";
import { unpairedSet } from "../../data/known_sets.ts";
import { toytownUnpaired } from "../../../data/worlds/toytown/mod.ts";
import type { UnpairedData } from "../../data/unpaired.ts";
import { flag, integer, text, UsageError, type Values } from "../options.ts";
import { fromWhereCalled } from "../paths.ts";

/** What a training is given. */
export interface TrainUnpaired {
  /** For people and for the folder of results: "horse2zebra". */
  name: string;
  train: UnpairedData;
  /** Pictures that are held back, if there are any. */
  test: UnpairedData | undefined;
}

/** Which pictures, on a command line. */
export const unpairedOptions = {
  data: text({
    value: "FOLDER",
    default: undefined,
    help:
      "Where the pictures are: a folder with the folders trainA and trainB, and testA and testB if some are held back. Or the word toytown " +
      `(houses of brick and of plaster, drawn here), or one of CycleGAN's sets (${
        Object.keys(unpairedArchives).join(", ")
      }): from the ` +
      "folder FORGER_DATA, else fetched. Required.",
  }),
  others: text({
    value: "FOLDER",
    default: undefined,
    help: "The second set, if the two lie in folders of their own: --data is then the first.",
  }),
  count: integer({ default: 400, min: 1, max: 500_000, unit: "pictures", help: "How many of each set of toytown to train on." }),
  skipBad: flag({ help: "Leave out pictures that cannot be read, and count them at the end, instead of stopping at the first." }),
};

/** Which pictures, and how to read them. */
export interface UnpairedChoice extends Values<typeof unpairedOptions> {
  /** Height and width, pixels. */
  size: number;
  /** Seed of toytown. */
  seed: number;
}

/** Pictures of each set of toytown that are held back. */
const TOYTOWN_TEST = 16;

/** Finds the pictures.
 * @throws {UsageError} if no data is named.
 * @throws {Error} if there is none where it was named. */
export async function trainUnpaired({ data, others, size, count, seed, skipBad }: UnpairedChoice): Promise<TrainUnpaired> {
  if (data === undefined) {
    throw new UsageError(
      "Option --data is missing: write --data FOLDER for a folder with trainA and trainB in it, --data FOLDER --others FOLDER for two " +
        "folders of pictures, --data toytown for houses drawn here, or --data horse2zebra for real pictures",
    );
  }
  const named = data === "toytown" || Object.hasOwn(unpairedArchives, data);
  if (named && others !== undefined) {
    throw new UsageError(`Option --others: ${data} has both sets already; leave it out, or give two folders of your own`);
  }
  if (data === "toytown") {
    const test = toytownUnpaired({ size, seed, count: TOYTOWN_TEST, split: "test" });
    return { name: data, train: toytownUnpaired({ size, seed, count }), test };
  }
  if (named) {
    const read = (split: string) => unpairedSet(data as UnpairedName, { size, skipBad, split });
    return { name: data, train: await read("train"), test: await read("test") };
  }
  const folder = fromWhereCalled(data);
  const name = basename(resolve(folder));
  if (others !== undefined) {
    return { name, train: await unpairedFromFolders(folder, fromWhereCalled(others), { size, skipBad }), test: undefined };
  }
  const train = await unpairedFromFolder(folder, { size, skipBad });
  const held = await isFolder(join(folder, "testA")) && await isFolder(join(folder, "testB"));
  return { name, train, test: held ? await unpairedFromFolder(folder, { size, skipBad, split: "test" }) : undefined };
}
