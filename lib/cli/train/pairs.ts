/** The pairs that `--data` names.
 * @module */
import { basename, join, resolve } from "node:path";
import { pairedArchives, type PairedName } from "../../data/archives.ts";
import { isFolder } from "../../data/cache.ts";
import type { PairData } from "../../data/datasets.ts";
import { greyToColour } from "../../data/image_folders.ts";
import { pairedSet } from "../../data/known_sets.ts";
import { pairsFromFolder, pairsFromFolders } from "../../data/paired_folders.ts";
import { toytown } from "../../../data/worlds/toytown/mod.ts";
import { choice, flag, integer, text, UsageError, type Values } from "../options.ts";
import { fromWhereCalled } from "../paths.ts";

/** What a training is given. */
export interface TrainPairs {
  /** For people and for the folder of results: "facades". */
  name: string;
  train: PairData;
  /** Pairs for the samples and for the scores: ones that are not trained on, where there are any. */
  test: PairData;
  /** Whether `test` is held back from the training. */
  heldBack: boolean;
}

/** Which pairs, on a command line. */
export const pairOptions = {
  data: text({
    value: "FOLDER",
    default: undefined,
    help:
      "Where the pairs are: a folder of pictures that hold A on the left and B on the right; with folders train and val (or test) in it, " +
      "train is trained on and the other one held back. Or the word toytown (facades drawn here, no network) or facades (real ones: from the " +
      "folder FORGER_DATA, else fetched, 30 MB), or another of pix2pix's sets: maps, edges2shoes, edges2handbags, night2day. Required.",
  }),
  targets: text({
    value: "FOLDER",
    default: undefined,
    help: "What is to be made of the pictures in --data, if that lies in files of its own, of the same names.",
  }),
  colourise: flag({
    help: "The folder holds photographs: they are given in grey, and colour is to be made of them. Take --unconditional " +
      "with it: a discriminator that sees the grey picture only learns to check that the brightness agrees.",
  }),
  direction: choice(["AtoB", "BtoA"], {
    default: undefined,
    help:
      "Which half is given and which is to be made: AtoB gives the left one. Without it AtoB, but BtoA for toytown and facades, whose " +
      "labels stand on the right.",
  }),
  count: integer({ default: 400, min: 1, max: 1_000_000, unit: "pairs", help: "How many facades of toytown to train on." }),
  skipBad: flag({ help: "Leave out pictures that cannot be read, and count them at the end, instead of stopping at the first." }),
};

/** Which pairs, and how to read them. */
export interface PairChoice extends Values<typeof pairOptions> {
  /** Height and width, pixels. */
  size: number;
  /** Seed of toytown. */
  seed: number;
}

/** What the page says of pairs. */
export function pairSettings({ name, count, direction }: PairData): Record<string, unknown> {
  return { data: name, pairs: count, ...(direction === undefined ? {} : { direction }) };
}

/** Folders that a data set may have besides "train", the first choice first. */
const HELD_BACK = ["val", "test"] as const;
/** Pairs of toytown that are held back. */
const TOYTOWN_TEST = 32;

/** Finds the pairs.
 * @throws {UsageError} if no data is named.
 * @throws {Error} if there is none where it was named. */
export async function trainPairs(chosen: PairChoice): Promise<TrainPairs> {
  const { data, direction, size, count, seed } = chosen;
  if (data === undefined) {
    throw new UsageError(
      "Option --data is missing: write --data FOLDER for side-by-side pictures of your own, --data toytown for facades drawn here, or " +
        "--data facades for real ones (from the folder FORGER_DATA, else fetched, 30 MB)",
    );
  }
  const named = data === "toytown" || Object.hasOwn(pairedArchives, data);
  const strange = chosen.targets !== undefined ? "targets" : chosen.colourise ? "colourise" : undefined;
  if (named && strange) {
    throw new UsageError(`Option --${strange}: ${data} has pairs already; leave it out, or give a folder of your own`);
  }
  if (data === "toytown") {
    const drawn = { size, seed, direction: direction ?? "BtoA" };
    const test = toytown({ ...drawn, count: TOYTOWN_TEST, split: "test" });
    return { name: data, train: toytown({ ...drawn, count }), test, heldBack: true };
  }
  if (named) return await known(data as PairedName, chosen);
  return await fromFolder(fromWhereCalled(data), chosen);
}

/** One of pix2pix's own sets. */
async function known(name: PairedName, { size, direction, skipBad }: PairChoice): Promise<TrainPairs> {
  const how = { size, skipBad, direction: direction ?? (name === "facades" ? "BtoA" : "AtoB") };
  const [train, test] = [await pairedSet(name, how), await pairedSet(name, { ...how, split: "val" })]; // all of them have it
  return { name, train, test, heldBack: true };
}

/** A folder with a folder "train" in it is read as one of pix2pix's sets; of another one all pictures are trained on. */
async function fromFolder(folder: string, chosen: PairChoice): Promise<TrainPairs> {
  const name = basename(resolve(folder));
  const read = reader(folder, chosen);
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

/** How the pairs of a folder, or of a split in it, are read. */
function reader(
  folder: string,
  { direction = "AtoB", size, skipBad, targets, colourise }: PairChoice,
): (split?: string) => Promise<PairData> {
  if (targets !== undefined && colourise) {
    throw new UsageError("Options --targets and --colourise are two tasks: give one of them");
  }
  const inSplit = (place: string, split?: string) => split === undefined ? place : join(place, split);
  const named = (split?: string) => basename(resolve(folder)) + (split === undefined ? "" : ` (${split})`);
  if (colourise) {
    return (split) => greyToColour(inSplit(folder, split), { size, skipBad, name: `${named(split)}, grey to colour` });
  }
  const turned = async (pairs: Promise<PairData>) => ({ ...await pairs, direction });
  if (targets === undefined) {
    return (split) => turned(pairsFromFolder(folder, { size, direction, skipBad, ...(split === undefined ? {} : { split }) }));
  }
  const other = fromWhereCalled(targets);
  const [from, to] = direction === "AtoB" ? [folder, other] : [other, folder];
  return (split) => turned(pairsFromFolders(inSplit(from, split), inSplit(to, split), { size, skipBad, name: named(split) }));
}
