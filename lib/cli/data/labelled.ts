/** Labelled images, as selected by command-line options.
 * @module */
import { basename, resolve } from "node:path";
import { digits } from "../../../data/worlds/digits/mod.ts";
import type { LabelledData } from "../../data/datasets.ts";
import { labelledFromFolder } from "../../data/image_folders.ts";
import { fashionMnist, hasIdxTest, idxFromFolder, mnist } from "../../data/mnist.ts";
import { choice, integer, size, sizeFrom, text, type Values } from "../../settings.ts";
import type { Models, SomeModel, SomeSystem } from "../../systems/registry.ts";
import { UsageError } from "../command.ts";
import { fromWhereCalled } from "../paths.ts";
import { lookAtClasses } from "./look.ts";
import {
  aboutCrop,
  type Chosen,
  chosenOf,
  cropOf,
  cropOptions,
  folderOptions,
  type OpenedData,
  type OpenValues,
  refuseCrop,
  refuseGiven,
  samplesOption,
} from "./source.ts";

/** Number of digits to generate if --count is not given. */
const DIGITS_TRAIN = 10_000;

const labelledOptions = {
  data: text({
    value: "FOLDER",
    default: undefined,
    help:
      "Training data: a folder with a subfolder for each class, with the images of a single class, or with idx files such as " +
      "MNIST's; or the name of a data set: digits (generated, requires no network connection), mnist or fashion-mnist (read " +
      "from the folder specified by the environment variable FORGER_DATA, or else downloaded). Required.",
  }),
  size: size(64, {
    min: 8,
    max: 1024,
    help:
      "Size to which images from a folder are resized and cropped. Does not apply to idx files, whose images keep their size, " +
      "or to the named data sets, which are always 28x28.",
  }),
  ...cropOptions,
  channels: choice("3", ["1", "3"], {
    help: "Number of channels of images from a folder: 1 for greyscale, 3 for colour. The named data sets are greyscale.",
  }),
  count: integer(DIGITS_TRAIN, {
    min: 10,
    max: 1_000_000,
    unit: "images",
    help: "Number of images to train on. With --data digits: the number of digits to generate. With other data, the " +
      "images of each class are sorted by name in natural order, and the first ones are used; by default, all are used.",
  }),
  ...folderOptions,
};

type LabelledChoice = Chosen<typeof labelledOptions>;

export const LABELLED_SETS: readonly string[] = ["digits", "mnist", "fashion-mnist"];

const DIGITS_TEST = 2_000;

/** Opens the selected images.
 * @param split "test" for held-out images. A folder of image files has no held-out images, so all of its images are returned.
 * @returns The data, its name, and whether it has held-out images.
 * @throws {UsageError} If no data is selected.
 * @throws {Error} If the data cannot be found. */
export async function openLabelled(
  { data, size, channels, count, seed, skipBad, ...chosen }: LabelledChoice,
  split: "train" | "test" = "train",
): Promise<{ name: string; set: LabelledData; heldOut: boolean }> {
  if (data === undefined) {
    throw new UsageError(
      "Option --data is missing: use --data digits for generated digits, --data mnist for handwritten digits, or --data " +
        "FOLDER for your own images",
    );
  }
  if (LABELLED_SETS.includes(data)) refuseCrop(data, chosen);
  if (data === "digits") {
    const set = digits({ count: split === "test" ? DIGITS_TEST : count ?? DIGITS_TRAIN, seed, split });
    return { name: data, heldOut: true, set };
  }
  if (LABELLED_SETS.includes(data)) {
    const set = data === "mnist" ? mnist : fashionMnist;
    return { name: data, heldOut: true, set: await set({ split, count: split === "train" ? count : undefined }) };
  }
  const folder = fromWhereCalled(data);
  const heldOut = await hasIdxTest(folder);
  const set = await idxFromFolder(folder, heldOut ? split : "train");
  if (set) return { name: basename(resolve(folder)), heldOut, set };
  const how = { size, channels: channels === "1" ? 1 : 3, skipBad, ...cropOf(chosen), count } as const;
  return { name: basename(resolve(folder)), heldOut: false, set: await labelledFromFolder(folder, how) };
}

/** Checks that the data has at least two classes, as class-conditional models and classifiers require.
 * @throws {Error} If there is only one class. */
function checkClasses({ name, classes }: LabelledData): void {
  if (classes >= 2) return;
  throw new Error(
    `Cannot train on ${name}: expected at least 2 classes, got 1; put the images of each class into a separate subfolder, ` +
      "or use deno task train gan, which needs no classes",
  );
}

/** Values of all options of the data source. */
type LabelledValues = Values<typeof labelledOptions> & OpenValues & { samples?: number };

export const LABELLED = {
  unit: "images",
  usage: "--data FOLDER",
  options: ({ uses }: SomeSystem) => ({
    ...labelledOptions,
    ...(uses.includes("generate") && {
      samples: samplesOption(8, 32, "images", "Number of samples; if there are classes, number of samples per class."),
    }),
  }),
  async open(values: LabelledValues, { uses }: SomeSystem): Promise<OpenedData> {
    const chosen = chosenOf(values);
    const { data, size, channels: asked, given } = values;
    if (data !== undefined && LABELLED_SETS.includes(data)) {
      refuseGiven(given, data, ["asGiven", "skipBad", ...size === 28 ? [] : ["size"], ...asked === "1" ? [] : ["channels"]]);
    } else {
      cropOf(values); // rejects --scale without --crop
      if (data !== undefined) await lookAtClasses(data, chosen);
    }
    const { name, set } = await openLabelled(chosen);
    const distinguishes = uses.includes("labels") || uses.includes("classify");
    if (distinguishes) checkClasses(set);
    const { height, width, channels, classes } = set;
    return {
      name,
      train: set,
      counted: `${set.count} images`,
      about: { data: set.name, images: set.count, ...aboutCrop(set) },
      settings: { shape: [height, width, channels], size: sizeFrom(set), channels, ...(distinguishes && { classes }) },
      samples: () => Promise.resolve(values.samples === undefined ? undefined : { value: values.samples }),
      ...(uses.includes("classify") ? { measure: await accuracyOf(chosen) } : {}),
    };
  },
};

/** Returns a function that measures a classifier's accuracy on held-out images or, if there are none, on the training images. */
async function accuracyOf(values: LabelledChoice): Promise<NonNullable<OpenedData["measure"]>> {
  const { set, heldOut } = await openLabelled(values, "test");
  const trainedOn = heldOut ? "" : " (the training data)";
  return async (model: SomeModel, when: string) => {
    const accuracy = await (model as unknown as Models["classifier"]).accuracy(set);
    console.log(`On the ${set.count} images of ${set.name}${trainedOn}, ${when}: accuracy ${(100 * accuracy).toFixed(2)}%`);
    return { [`accuracy on ${set.name}${trainedOn}, ${when}`]: Number(accuracy.toFixed(4)) };
  };
}
