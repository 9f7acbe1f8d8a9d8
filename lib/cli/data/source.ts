/** Data sources for training runs. Each source handles one kind of data: it defines the options that select the data, creates
 * samples, and evaluates the model.
 *
 * Each system specifies the kind of data on which it is trained. This folder contains the code that the commands use for each
 * kind of data.
 * @module */
import { join, resolve } from "node:path";
import { archives } from "../../data/archives.ts";
import { isFolder } from "../../data/cache.ts";
import type { BadFile } from "../../data/datasets.ts";
import { imagesBelow } from "../../data/inspect.ts";
import type { SideOptions } from "../../data/side.ts";
import type { TestImages } from "../../plot/page_tables.ts";
import { type Field, type Fields, flag, integer, number, type Size, sizeText, type Values } from "../../settings.ts";
import type { SomeModel, SomeSystem } from "../../systems/registry.ts";
import type { Named, TrainingData } from "../../train/options.ts";
import { cacheFolder, dataFolder } from "../../user_folders.ts";
import { optionName, UsageError } from "../command.ts";
import { fromWhereCalled, realPath } from "../paths.ts";

/** Values of a data source's options, and the size and the seed of the model. */
// deno-lint-ignore no-explicit-any -- each source reads the options that it declares
export type SourceValues = Record<string, any>;

export interface Samples {
  /** Value for the option `samples` of the function `train`. */
  value: unknown;
  /** Names of the sample rows, if they have names. */
  names?: string[];
  /** Note on how the samples were chosen. */
  note?: string;
}

export interface OpenedData {
  /** Name of the data, such as "facades", which becomes part of the name of the run folder. */
  name: string;
  train: TrainingData<Named> & { readonly bad?: readonly BadFile[] };
  /** Description of the training data, such as "400 pairs", for the results page. */
  counted: string;
  /** Facts about the data, which the results page lists along with the settings. */
  about: Record<string, unknown>;
  /** Settings of the model that are determined by the data. */
  settings: Record<string, unknown>;
  /** Creates the samples. The backend must be running. */
  samples(): Promise<Samples | undefined>;
  /** Evaluates the model, prints the results, and returns them keyed by name. The results are labelled with `when`, such as
   * "before training". The method is absent if there is no data to evaluate on. */
  measure?(model: SomeModel, when: string): Promise<Record<string, unknown>>;
  /** Applies the trained model to held-out images, for the results page. */
  tests?(model: SomeModel): Promise<TestImages[]>;
}

export interface DataSource {
  options(system: SomeSystem): Fields;
  /** Required options, for the usage line. */
  usage?: string;
  /** Plural noun for the elements of the data, such as "pairs". */
  unit: string;
  /** Opens the selected data.
   * @throws {UsageError} If no data is selected, or if the options conflict. */
  open(values: SourceValues, system: SomeSystem): Promise<OpenedData>;
}

/** Information about the command line that each data source receives, besides the values of its options. */
export interface OpenValues {
  /** Seed for the model and for generated data. */
  seed: number;
  /** Names of the options that were given on the command line, or whose values differ from the defaults. */
  given?: ReadonlySet<string>;
  /** Whether the training run is resumed. In a resumed run, the checks of the data only print what they would otherwise
   * reject. */
  resume?: boolean;
}

/** Returns the values of the options for checking and reading folders. If `count` is not given, all images in a folder are
 * used. */
export function chosenOf<V extends OpenValues & { count: number; asGiven: boolean }>(
  values: V,
): Omit<V, "count"> & { count: number | undefined } {
  const { given, count, asGiven, resume = false } = values;
  return { ...values, count: given?.has("count") ? count : undefined, asGiven: asGiven || resume };
}

/** Rejects options that have no effect on a data set.
 * @throws {UsageError} If such an option is given. */
export function refuseGiven(given: ReadonlySet<string> | undefined, data: string, names: readonly string[]): void {
  const unused = names.find((name) => given?.has(name));
  if (unused !== undefined) {
    throw new UsageError(`Option ${optionName(unused)} has no effect on ${data}; omit it`);
  }
}

export function isDataSet(data: string): boolean {
  return ["toytown", "digits", "houses", "fashion-mnist"].includes(data) || Object.hasOwn(archives, data);
}

/** Returns the value of --data. If the value names both a data set and a folder in the directory in which the command was called,
 * the returned value is the path of the folder, so that the folder is read. The folder in which the data set itself is stored is
 * ignored, as is a folder without images.
 * @param say Function that prints whether the data set or the folder is used, if both exist. */
export async function folderBeforeSet(data: string, say: (line: string) => void = console.log): Promise<string> {
  const folder = fromWhereCalled(data);
  if (!isDataSet(data) || data === "houses" || !await isFolder(folder)) return data; // StackGAN reads no folders
  const stored = dataFolder() ?? cacheFolder();
  if (await realPath(join(stored, data)) === await realPath(folder)) return data;
  const isImages = await imagesBelow(folder).then(() => true, () => false);
  say(
    isImages
      ? `Note: --data ${data} is the folder ${resolve(folder)}; to use the data set ${data}, rename the folder`
      : `Note: --data ${data} is the data set; the folder ${resolve(folder)} contains no images`,
  );
  return isImages ? `./${data}` : data;
}

export const augmentOption: Field<boolean> = flag(true, {
  help: "Apply random jitter and mirroring to each image, with new random values in each epoch.",
  off: {
    help: "Train without the random jitter and mirroring that are applied to each image by default. With --crop, each crop is " +
      "taken from the centre of its image.",
  },
});

export const folderOptions = {
  skipBad: flag(false, {
    help: "Skip unreadable images instead of stopping at the first one. After training, the skipped images are listed.",
  }),
  asGiven: flag(false, {
    help: "Read the folders of --data as the other options specify, even if their contents seem to need other options. For " +
      "example, read images as side-by-side pairs although they look like single images.",
  }),
};

export const cropOptions = {
  crop: flag(false, {
    help: "Train on crops of the given size, taken from the images at their own resolution. The positions of the crops are " +
      "random and change in each epoch. By default, the images are resized to the given size. Models trained on pairs are " +
      "evaluated on whole images. Images that are taller or wider than 1024 pixels are translated in parts, with temporary " +
      "files of up to 200 bytes per pixel. For the diversity of a BicycleGAN and for the results page, such images are " +
      "cropped at the centre to at most 1024x1024 pixels.",
  }),
  scale: number(undefined, {
    min: 0.01,
    max: 16,
    help:
      "With --crop: factor by which the images are resized before they are cropped. An image that is smaller than a crop after " +
      "resizing is enlarged until the crop fits. Default: 1.",
  }),
};

export interface CropChoice {
  crop?: boolean | undefined;
  scale?: number | undefined;
}

/** Values of the options that select data. Without `count`, all elements are used. */
export type Chosen<O extends Fields> = Omit<Values<O>, "count" | "asGiven" | keyof CropChoice> & CropChoice & {
  count?: number | undefined;
  /** Seed for generated data. */
  seed: number;
};

/** Values of the options that select images for translation models, along with the size of the images. */
export type ChosenSides<O extends Fields> = Chosen<O> & {
  size: Size;
  /** Options for reading inputs, targets, or the images of a domain, if their files do not contain colours. */
  sides?: Record<string, SideOptions> | undefined;
};

/** Returns the options for reading images from folders.
 * @throws {UsageError} If --scale is given without --crop. */
export function cropOf({ crop, scale }: CropChoice): { crop?: true; scale?: number } {
  if (crop) return { crop, ...scale !== undefined && { scale } };
  if (scale === undefined) return {};
  throw new UsageError("Option --scale applies only to crops; add --crop, or omit --scale");
}

/** Throws if an option for crops is given.
 * @param data Name of a data set whose images are generated or stored at a single size.
 * @throws {UsageError} If --crop or --scale is given. */
export function refuseCrop(data: string, chosen: CropChoice): void {
  const given = chosen.crop ? "--crop" : chosen.scale !== undefined ? "--scale" : undefined;
  if (given === undefined) return;
  throw new UsageError(`Option ${given}: the images of ${data} have a single size; omit ${given}, or use your own images`);
}

/** Returns facts about the crops of a data set, for the results page. */
export function aboutCrop({ scale }: { readonly scale?: number }): { crop?: true; scale?: number } {
  return scale === undefined ? {} : { crop: true, scale };
}

export function samplesOption(count: number, max: number, unit: string, help: string): Field<number> {
  return integer(count, { min: 0, max, unit, help });
}

/** Returns the side length of generated images.
 * @throws {UsageError} If the height and the width differ. */
export function squareSide(data: string, size: Size): number {
  if (typeof size === "number") return size;
  const got = `consists of square images, but the size is ${sizeText(size)}`;
  throw new UsageError(`Option --data: ${data} ${got}; use a square size, or your own images`);
}

const SOURCES = new Map<string, DataSource>();

export function registerSource(kind: string, source: DataSource): void {
  SOURCES.set(kind, source);
}

/** Returns the data source of a system.
 * @throws {RangeError} If no source is registered for the system's kind of data. */
export function sourceOf({ kind, data }: SomeSystem): DataSource {
  const source = SOURCES.get(data);
  if (!source) throw new RangeError(`Cannot train ${kind}: there is no data source "${data}"; register one with registerSource`);
  return source;
}
