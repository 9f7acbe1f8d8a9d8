/** Data sources of the command line: how the options name data of one kind, and how a training run on it is shown and measured.
 *
 * A system names its kind of data; everything that the commands need for that kind is here and in the files beside this one.
 * @module */
import type { BadFile } from "../../data/datasets.ts";
import type { TestImages } from "../../plot/page_tables.ts";
import { type Field, type Fields, flag, integer } from "../../settings.ts";
import type { SomeModel, SomeSystem } from "../../systems/registry.ts";
import type { Named, TrainingData } from "../../train/options.ts";

/** Values of a data source's options, with the size and the seed of the model. */
// deno-lint-ignore no-explicit-any -- each source reads the options that it declares
export type SourceValues = Record<string, any>;

/** Samples of a training run. */
export interface Samples {
  /** What `train` takes as its option `samples`. */
  value: unknown;
  /** Names of the rows, if they have names. */
  names?: string[];
  /** How the samples were chosen. */
  note?: string;
}

/** Data for a training run. */
export interface OpenedData {
  /** Name of the data, which also names the run folder: "facades". */
  name: string;
  /** The data to train on. */
  train: TrainingData<Named> & { readonly bad?: readonly BadFile[] };
  /** What is trained on, for the page: "400 pairs". */
  counted: string;
  /** What the page lists of the data, beside the settings. */
  about: Record<string, unknown>;
  /** Settings of the model that the data decides. */
  settings: Record<string, unknown>;
  /** Creates the samples; called when the backend is running. */
  samples(): Promise<Samples | undefined>;
  /** Measures the model before and after training, prints the result, and returns the numbers by name. Absent if there is nothing
   * to measure on.
   * @param when "before training", for example. */
  measure?(model: SomeModel, when: string): Promise<Record<string, unknown>>;
  /** What the trained model does with held-out images, for the page. */
  tests?(model: SomeModel): Promise<TestImages[]>;
}

/** A kind of data. */
export interface DataSource {
  /** Options that name the data, for a system. */
  options(system: SomeSystem): Fields;
  /** Required options, for the usage line. */
  usage?: string;
  /** Name of an element, in the plural: "pairs". */
  unit: string;
  /** Finds the data.
   * @throws {UsageError} if no data is named, or the options contradict each other. */
  open(values: SourceValues, system: SomeSystem): Promise<OpenedData>;
}

/** Option for unreadable files. */
export const skipBadOption: Field<boolean> = flag(false, {
  help: "Skip unreadable images instead of stopping at the first one. Training lists them at the end.",
});

/** Option for augmentation. */
export const augmentOption: Field<boolean> = flag(true, {
  help: "Apply random jitter and mirroring to each image, chosen anew in each epoch.",
  off: { help: "Train without the random jitter and mirroring that are applied to each image by default." },
});

/** Option for the number of samples. */
export function samplesOption(count: number, max: number, unit: string, help: string): Field<number> {
  return integer(count, { min: 0, max, unit, help });
}

const SOURCES = new Map<string, DataSource>();

/** Adds a kind of data, for the systems that name it. */
export function registerSource(kind: string, source: DataSource): void {
  SOURCES.set(kind, source);
}

/** The data source of a system.
 * @throws {RangeError} if there is none of this kind. */
export function sourceOf({ kind, data }: SomeSystem): DataSource {
  const source = SOURCES.get(data);
  if (!source) throw new RangeError(`Cannot train ${kind}: there is no data source "${data}"; register one with registerSource`);
  return source;
}
