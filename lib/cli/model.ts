/** The option `--model` of all commands that use a model, and the cards of the pretrained models.
 * @module */
import { join } from "node:path";
import type { Rendering, WorldName } from "../../data/worlds/toytown/worlds.ts";
import { type Field, text } from "../settings.ts";
import { readJsonFile } from "../train/files.ts";
import { modelFolder } from "../train/pretrained.ts";
import type { Measure } from "./evaluate/measure.ts";
import { fromWhereCalled } from "./paths.ts";

/** Returns the option that selects a model.
 * @param example A model folder, for the help. */
export function modelOption(example: string): Field<string> {
  return text({
    value: "FOLDER",
    help: `Model folder written by deno task train, such as ${example}, or the name of a pretrained model: see deno task models.`,
  });
}

/** Returns the folder of a model that a user typed: the path of a folder, or the name of a pretrained model. A folder takes
 * precedence over a pretrained model of the same name.
 * @throws {Error} If there is neither a folder nor a pretrained model of this name. */
export async function modelPath(model: string): Promise<string> {
  return await modelFolder(model, fromWhereCalled(model));
}

/** Name of the file that holds the card of a pretrained model. The model's README.md presents the same facts to readers. */
export const CARD_FILE = "card.json";

/** Data that `deno task world` draws to files, as side-by-side images. The left half is the input. */
export interface DrawnWorld {
  scene: WorldName;
  left: Rendering;
  right: Rendering;
  /** Number of scenes for training. */
  count: number;
  size: number;
}

/** Facts about a pretrained model and its training, which notebooks/results/make.ts collects. */
export interface ModelCard {
  format: 1;
  name: string;
  /** What the model does, in one sentence. */
  about: string;
  /** What the model cannot do. */
  limits: string;
  /** Command that trained the model. */
  command: string;
  /** Training data that was drawn to files, and the command that drew it. */
  world?: DrawnWorld & { command: string };
  seed: number;
  epochs: number;
  steps: number;
  /** Duration of the training in seconds of wall-clock time. */
  seconds: number;
  /** Processor time of the training in seconds, summed over the cores, if it was measured. */
  cpuSeconds?: number;
  /** Number of cores, and model of the processor. */
  machine: string;
  backend: string;
  versions: { forger: string; tfjs: string };
  data: { name: string; count: number; licence: string };
  /** Precision of the large weights and its cost, in a sentence. */
  weights: string;
  /** SHA-256 of the weights of each network, in hexadecimal, keyed by the path in the model's folder. */
  digests: Record<string, string>;
  test: { name: string; count: number };
  /** Metrics on the test set, the most important one first. */
  metrics: Measure[];
  /** The same metrics for other images, such as the untranslated inputs, keyed by the name of these images. */
  references: Record<string, Record<string, number>>;
  /** A value that tests recompute from the first items of the test set. */
  check: { says: string; items: number; value: number };
}

/** Reads the card of a model.
 * @param folder The model's folder.
 * @returns `undefined` if the model has no card.
 * @throws {Error} If the card cannot be read. */
export async function readCard(folder: string): Promise<ModelCard | undefined> {
  const card = await readJsonFile<Partial<ModelCard>>(join(folder, CARD_FILE), {});
  return card.format === 1 ? card as ModelCard : undefined;
}
