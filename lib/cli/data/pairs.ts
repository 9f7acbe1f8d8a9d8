/** Paired images, as selected by command-line options.
 * @module */
import { basename, join, resolve } from "node:path";
import { toytown } from "../../../data/worlds/toytown/mod.ts";
import { pairedArchives, type PairedName } from "../../data/archives.ts";
import { isFolder } from "../../data/cache.ts";
import { pairsFromFolder, pairsFromFolders } from "../../data/paired_folders.ts";
import { greyToColour } from "../../data/image_folders.ts";
import { pairedSet } from "../../data/known_sets.ts";
import { firstBatch } from "../../data/stream.ts";
import type { PairData } from "../../data/datasets.ts";
import { toImages } from "../../data/image_bytes.ts";
import type { TestImages } from "../../plot/page_tables.ts";
import { choice, flag, integer, text, type Values } from "../../settings.ts";
import type { SomeModel, SomeSystem, TranslatingModel } from "../../systems/registry.ts";
import { UsageError } from "../command.ts";
import { fromWhereCalled } from "../paths.ts";
import { inPartsBy, reportDiversity, reportScores } from "../scores.ts";
import { HELD_OUT, lookAtPairs } from "./look_pairs.ts";
import {
  aboutCrop,
  augmentOption,
  chosenOf,
  type ChosenSides,
  cropOf,
  cropOptions,
  folderOptions,
  type OpenedData,
  type OpenValues,
  refuseCrop,
  refuseGiven,
  samplesOption,
  squareSide,
} from "./source.ts";

interface OpenedPairs {
  /** Name of the data, such as "facades", which becomes part of the name of the run folder. */
  name: string;
  train: PairData;
  /** Pairs for samples and evaluation: held-out pairs or, if there are none, the training pairs. */
  test: PairData;
  heldOut: boolean;
}

/** Number of toytown pairs to generate if --count is not given. */
const TOYTOWN_TRAIN = 400;

export const pairOptions = {
  data: text({
    value: "FOLDER",
    default: undefined,
    help: "Training data: a folder of side-by-side images, A on the left and B on the right, or the name of a data set. If the " +
      "folder has a subfolder train, the model is trained on it, and the subfolder val or test is held out. Data sets: toytown " +
      "(generated facades; needs no network connection), facades (real facades, 30 MB), maps, edges2shoes, edges2handbags and " +
      "night2day. All but toytown are read from the folder specified by the environment variable FORGER_DATA, or else " +
      "downloaded. Required.",
  }),
  targets: text({
    value: "FOLDER",
    default: undefined,
    help: "Folder of the target images, if they are separate files with the same names as the input images in --data.",
  }),
  colourise: flag(false, {
    help: "Treat the images as photographs: the model receives greyscale versions and restores the colour. Use this option " +
      "with --unconditional, because a discriminator that sees the greyscale image mainly learns to check the brightness.",
  }),
  direction: choice(undefined, ["AtoB", "BtoA"], {
    help: "Which half of each image is the input: the left for AtoB, the right for BtoA. Default: BtoA for toytown and " +
      "facades, whose label maps are on the right, and AtoB for all other data.",
  }),
  ...cropOptions,
  count: integer(TOYTOWN_TRAIN, {
    min: 1,
    max: 1_000_000,
    unit: "pairs",
    help: "Number of pairs to train on. With --data toytown: the number of facades to generate. With other data, the " +
      "pairs are sorted by name in natural order, and the first ones are used; by default, all are used.",
  }),
  ...folderOptions,
};

type PairChoice = ChosenSides<typeof pairOptions>;

const TOYTOWN_TEST = 32;

function isKnownPairs(name: string): boolean {
  return name === "toytown" || Object.hasOwn(pairedArchives, name);
}

/** Opens the selected pairs.
 * @throws {UsageError} If no data is selected, or if the options conflict.
 * @throws {Error} If the data cannot be found. */
export async function openPairs(chosen: PairChoice): Promise<OpenedPairs> {
  const { data, direction, size, count = TOYTOWN_TRAIN, seed } = chosen;
  if (data === undefined) {
    throw new UsageError(
      "Option --data is missing: use --data FOLDER for your own side-by-side images, --data toytown for generated facades, " +
        "or --data facades for real ones (read from the folder specified by FORGER_DATA, or else downloaded, 30 MB)",
    );
  }
  const known = isKnownPairs(data);
  const contradicting = chosen.targets !== undefined ? "targets" : chosen.colourise ? "colourise" : undefined;
  if (known && contradicting) {
    throw new UsageError(
      `Option --${contradicting}: ${data} already consists of pairs; omit --${contradicting}, or specify your own folder ` +
        "with --data",
    );
  }
  if (data === "toytown") {
    refuseCrop(data, chosen);
    const drawn = { size: squareSide(data, size), seed, direction: direction ?? "BtoA" };
    const test = toytown({ ...drawn, count: TOYTOWN_TEST, split: "test" });
    return { name: data, train: toytown({ ...drawn, count }), test, heldOut: true };
  }
  return known ? await openKnown(data as PairedName, chosen) : await openFolder(fromWhereCalled(data), chosen);
}

/** Opens one of the pix2pix data sets, all of which have a val split. */
async function openKnown(name: PairedName, chosen: PairChoice): Promise<OpenedPairs> {
  const { size, direction = name === "facades" ? "BtoA" : "AtoB", skipBad, count, sides } = chosen;
  const how = { size, skipBad, ...cropOf(chosen), direction, ...sides };
  const [train, test] = [await pairedSet(name, { ...how, count }), await pairedSet(name, { ...how, split: "val" })];
  return { name, train, test, heldOut: true };
}

/** Opens a folder of the user's own pairs. If the folder has no subfolder "train", all of its pairs are used for training. */
async function openFolder(folder: string, chosen: PairChoice): Promise<OpenedPairs> {
  const name = basename(resolve(folder));
  const read = reader(folder, chosen);
  const hasTrain = await isFolder(join(folder, "train"));
  const train = await read(hasTrain ? "train" : undefined, chosen.count);
  for (const split of hasTrain ? HELD_OUT : []) {
    if (await isFolder(join(folder, split))) return { name, train, test: await read(split), heldOut: true };
  }
  return { name, train, test: train, heldOut: false };
}

/** Returns a function that reads the pairs in a folder, or in the folder's subfolder for a split. */
function reader(
  folder: string,
  { direction = "AtoB", size, skipBad, targets, colourise, sides, ...chosen }: PairChoice,
): (split?: string, count?: number) => Promise<PairData> {
  if (targets !== undefined && colourise) {
    throw new UsageError("Options --targets and --colourise are mutually exclusive: use only one");
  }
  const how = { size, skipBad, ...cropOf(chosen) };
  const within = (place: string, split?: string) => split === undefined ? place : join(place, split);
  const named = (split?: string) => basename(resolve(folder)) + (split === undefined ? "" : ` (${split})`);
  if (colourise) {
    return (split, count) => greyToColour(within(folder, split), { ...how, count, name: `${named(split)}, grey to colour` });
  }
  const pairs = { ...sides, direction };
  if (targets === undefined) {
    return (split, count) => pairsFromFolder(folder, { ...how, count, ...pairs, split });
  }
  const other = fromWhereCalled(targets);
  return (split, count) =>
    pairsFromFolders(within(folder, split), within(other, split), { ...how, count, ...pairs, name: named(split) });
}

/** Number of pairs on which the diversity of the outputs is measured. */
const MEASURED = 16;
/** Number of held-out pairs whose inputs are translated after training, for the results page. */
const SHOWN = 8;

type PairValues = Values<typeof pairOptions> & OpenValues & { size: number; samples: number; evaluation: boolean };

export const PAIRS = {
  unit: "pairs",
  usage: "--data FOLDER",
  options: (_system: SomeSystem) => ({
    ...pairOptions,
    augment: augmentOption,
    samples: samplesOption(
      4,
      64,
      "images",
      "Number of samples, generated from the first held-out images or, if there are none, the first training images.",
    ),
    evaluation: flag(true, {
      help: "Evaluate the model on the held-out pairs before and after training.",
      off: { help: "Skip the evaluation on the held-out pairs before and after training." },
    }),
  }),
  async open(values: PairValues, { uses }: SomeSystem): Promise<OpenedData> {
    const chosen = chosenOf(values);
    const { data } = values;
    if (data !== undefined && isKnownPairs(data)) {
      refuseGiven(values.given, data, ["asGiven", ...data === "toytown" ? ["skipBad"] : []]);
    } else if (data !== undefined) {
      cropOf(values); // rejects --scale without --crop
      await lookAtPairs(data, chosen);
    }
    if (values.colourise) refuseGiven(values.given, `${data} with --colourise`, ["direction"]);
    const { name, train, test, heldOut } = await openPairs(chosen);
    const part = test.scale === undefined ? "" : ", cropped at the centre";
    const use = heldOut ? "which are held out" : "which are also used for training";
    const note = `The first pairs of ${test.name}${part}, ${use}.`;
    let shown = 0;
    return {
      name,
      train,
      counted: `${train.count} pairs`,
      about: {
        data: train.name,
        pairs: train.count,
        ...aboutCrop(train),
        ...(train.direction === undefined ? {} : { direction: train.direction }),
      },
      settings: { inputChannels: train.inputChannels, outputChannels: train.targetChannels },
      async samples() {
        if (values.samples === 0) return undefined;
        const value = await firstBatch(test, values.samples);
        shown = value.names.length;
        return { value, names: value.names, note };
      },
      ...(heldOut && values.evaluation
        ? {
          measure: (model: SomeModel, when: string) => {
            const { translate } = model as TranslatingModel;
            if (!uses.includes("variants")) {
              return reportScores(when, (input) => translate.call(model, input), test, inPartsBy(model as TranslatingModel));
            }
            return reportDiversity(when, (input, seed) => translate.call(model, input, { seed }), test, MEASURED);
          },
        }
        : {}),
      ...(heldOut && !uses.includes("variants")
        ? { tests: (model: SomeModel) => testImages(model as TranslatingModel, test, shown) }
        : {}),
    };
  },
};

/** Translates the inputs of the pairs that come after those used as samples, for the results page. */
async function testImages(model: TranslatingModel, pairs: PairData, skip: number): Promise<TestImages[]> {
  const tests: TestImages[] = [];
  for await (const { input, target, names } of pairs.batches({ skip, shuffle: false, augment: false, whole: true })) {
    const generated = await model.translate(input);
    const images = [input, generated, target].map((tensor) => toImages(tensor)[0]!);
    for (const tensor of [input, generated, target]) tensor.dispose();
    tests.push({ name: names[0]!, images: { input: images[0]!, generated: images[1]!, target: images[2]! } });
    if (tests.length === SHOWN) break;
  }
  return tests;
}
