/** Unpaired images, as selected by command-line options.
 * @module */
import { basename, join, resolve } from "node:path";
import { toytownUnpaired } from "../../../data/worlds/toytown/mod.ts";
import { unpairedArchives, type UnpairedName } from "../../data/archives.ts";
import { isFolder } from "../../data/cache.ts";
import { unpairedFromFolder, unpairedFromFolders } from "../../data/image_folders.ts";
import { unpairedSet } from "../../data/known_sets.ts";
import { firstBatch } from "../../data/stream.ts";
import { toImages } from "../../data/image_bytes.ts";
import type { UnpairedBatch, UnpairedData } from "../../data/datasets.ts";
import type { TestImages } from "../../plot/page_tables.ts";
import { integer, text, type Values } from "../../settings.ts";
import type { SomeModel, TranslatingModel } from "../../systems/registry.ts";
import type * as tf from "../../tf.ts";
import { UsageError } from "../command.ts";
import { fromWhereCalled } from "../paths.ts";
import { reportScores } from "../scores.ts";
import { lookAtUnpaired } from "./look.ts";
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

/** Number of toytown images to generate per domain if --count is not given. */
const TOYTOWN_TRAIN = 400;

export const unpairedOptions = {
  data: text({
    value: "FOLDER",
    default: undefined,
    help:
      "Training data: a folder with the subfolders trainA and trainB, or the name of a data set. Held-out images are read from " +
      "the subfolders testA and testB, if both exist. " +
      `Data sets: toytown (generated houses of brick and of plaster), ${Object.keys(unpairedArchives).join(", ")}. All but ` +
      "toytown are read from the folder specified by the environment variable FORGER_DATA, or else downloaded. Required.",
  }),
  others: text({
    value: "FOLDER",
    default: undefined,
    help: "Folder of the second domain, if each domain has its own folder; --data is then the folder of the first domain.",
  }),
  ...cropOptions,
  count: integer(TOYTOWN_TRAIN, {
    min: 1,
    max: 500_000,
    unit: "images",
    help: "Number of images per domain to train on. With --data toytown: the number of images to generate per domain. " +
      "With other data, the images are sorted by name in natural order, and the first ones are used; by default, all are used.",
  }),
  ...folderOptions,
};

const TOYTOWN_TEST = 16;
/** Number of held-out images per domain that are translated after training, for the results page. */
const SHOWN = 4;

function isKnownUnpaired(name: string): boolean {
  return name === "toytown" || Object.hasOwn(unpairedArchives, name);
}

/** Opens the selected images.
 * @returns The data, its name, and held-out images if there are any.
 * @throws {UsageError} If no data is selected, or if the options conflict.
 * @throws {Error} If the data cannot be found. */
export async function openUnpaired(
  { data, others, size, count, seed, skipBad, sides, ...chosen }: ChosenSides<typeof unpairedOptions>,
): Promise<{ name: string; train: UnpairedData; test: UnpairedData | undefined }> {
  if (data === undefined) {
    throw new UsageError(
      "Option --data is missing: use --data FOLDER for a folder with the subfolders trainA and trainB, --data FOLDER " +
        "--others FOLDER for two folders of images, --data toytown for generated houses, or --data horse2zebra for photographs",
    );
  }
  const known = isKnownUnpaired(data);
  if (known && others !== undefined) {
    throw new UsageError(`Option --others: ${data} already has both domains; omit --others, or specify two folders of your own`);
  }
  if (data === "toytown") {
    refuseCrop(data, chosen);
    const drawn = { size: squareSide(data, size), seed };
    const test = toytownUnpaired({ ...drawn, count: TOYTOWN_TEST, split: "test" });
    return { name: data, train: toytownUnpaired({ ...drawn, count: count ?? TOYTOWN_TRAIN }), test };
  }
  const how = { size, skipBad, ...cropOf(chosen), ...sides };
  if (known) {
    const train = await unpairedSet(data as UnpairedName, { ...how, count });
    return { name: data, train, test: await unpairedSet(data as UnpairedName, { ...how, split: "test" }) };
  }
  const folder = fromWhereCalled(data);
  const name = basename(resolve(folder));
  if (others !== undefined) {
    return { name, train: await unpairedFromFolders(folder, fromWhereCalled(others), { ...how, count }), test: undefined };
  }
  const train = await unpairedFromFolder(folder, { ...how, count });
  const heldOut = await isFolder(join(folder, "testA")) && await isFolder(join(folder, "testB"));
  return { name, train, test: heldOut ? await unpairedFromFolder(folder, { ...how, split: "test" }) : undefined };
}

export const UNPAIRED = {
  unit: "images of each domain",
  usage: "--data FOLDER",
  options: () => ({
    ...unpairedOptions,
    augment: augmentOption,
    samples: samplesOption(
      4,
      64,
      "images",
      "Number of samples per domain, generated from the first held-out images or, if there are none, training images.",
    ),
  }),
  async open(values: Values<typeof unpairedOptions> & OpenValues & { size: number; samples: number }): Promise<OpenedData> {
    const chosen = chosenOf(values);
    const { data } = values;
    if (data !== undefined && isKnownUnpaired(data)) {
      refuseGiven(values.given, data, ["asGiven", ...data === "toytown" ? ["skipBad"] : []]);
    } else if (data !== undefined) {
      cropOf(values); // rejects --scale without --crop
      await lookAtUnpaired(data, values.others, chosen);
    }
    const { name, train, test } = await openUnpaired(chosen);
    const shown = test ?? train;
    const truth = test?.truth;
    const part = shown.scale === undefined ? "" : ", cropped at the centre";
    return {
      name,
      train,
      counted: `${train.aCount} and ${train.bCount} unpaired images`,
      about: { data: train.name, ...aboutCrop(train) },
      settings: { xChannels: train.aChannels, yChannels: train.bChannels },
      async samples() {
        if (values.samples === 0) return undefined;
        const value = await firstBatch(shown, values.samples);
        return { value, names: rowNames(value), note: `The first images of each domain of ${shown.name}${part}.` };
      },
      ...(truth
        ? {
          measure: (model: SomeModel, when: string) =>
            reportScores(when, (input) => (model as TranslatingModel).translate(input), truth),
        }
        : {}),
      ...(test ? { tests: (model: SomeModel) => testImages(model as TranslatingModel, test, values.samples) } : {}),
    };
  },
};

/** Returns the names of the sample rows. The rows of the first domain precede those of the second domain. */
function rowNames({ names, a }: UnpairedBatch): string[] {
  const both = names.map((name) => name.split(", "));
  return [0, 1].flatMap((side) => both.map((name) => name[side] ?? "")).slice(0, 2 * a.shape[0]);
}

/** Translates images to the other domain and back, for the results page. The images used as samples are skipped. */
async function testImages(model: TranslatingModel, data: UnpairedData, skip: number): Promise<TestImages[]> {
  const tests: [TestImages[], TestImages[]] = [[], []];
  for await (const { a, b, names } of data.batches({ skip, shuffle: false, augment: false, whole: true })) {
    const [nameA = "", nameB = ""] = names[0]!.split(", ");
    for (const [i, images, name, there, back] of [[0, a, nameA, "xToY", "yToX"], [1, b, nameB, "yToX", "xToY"]] as const) {
      tests[i].push({ name, images: await thereAndBack(model, images, there, back) });
      images.dispose();
    }
    if (tests[0].length === SHOWN) break;
  }
  return tests.flat();
}

async function thereAndBack(model: TranslatingModel, images: tf.Tensor4D, there: string, back: string) {
  const translated = await model.translate(images, { direction: there });
  const again = await model.translate(translated, { direction: back });
  const [input, generated, reconstructed] = [images, translated, again].map((tensor) => toImages(tensor)[0]!);
  for (const tensor of [translated, again]) tensor.dispose();
  return { input: input!, generated: generated!, reconstructed: reconstructed! };
}
