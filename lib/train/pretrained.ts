/** The pretrained models that come with Forger. Each is a model folder in data/models, whose README.md is the model's card.
 * @module */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readJsonFile } from "./files.ts";
import { MODEL_FILE } from "./model_folder.ts";

/** Folder of the pretrained models; "" if Forger was not loaded from a folder. */
export const PRETRAINED: string = import.meta.url.startsWith("file:")
  ? fileURLToPath(new URL("../../data/models/", import.meta.url))
  : "";

/** Returns the names of the pretrained models, in alphabetical order.
 * @param folder Folder that contains the models. */
export async function pretrainedModels(folder: string = PRETRAINED): Promise<string[]> {
  const entries = folder === "" ? [] : await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const names = entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
  const are = await Promise.all(names.map((name) => isFile(join(folder, name, MODEL_FILE))));
  return names.filter((_, i) => are[i]);
}

/** Returns the folder of a model. A folder that exists takes precedence over a pretrained model of the same name.
 * @param model A model folder, or the name of a pretrained model, such as "facades-by-day".
 * @param path The path of the folder, if it is not relative to the working directory.
 * @throws {Error} If `model` is a name without slashes, and there is neither a folder nor a pretrained model of this name, or a
 * folder without a model hides the pretrained one. */
export async function modelFolder(model: string, path: string = model): Promise<string> {
  if (/[\\/]/.test(model) || model === "") return path;
  const names = await pretrainedModels();
  const isPretrained = names.includes(model);
  if (await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false)) {
    if (!isPretrained || await isFile(join(path, MODEL_FILE))) return path;
    throw new Error(
      `Cannot load the model: the folder ${path} contains no model, but takes precedence over the pretrained model ${model}; ` +
        `rename the folder, or pass ${join(PRETRAINED, model)}`,
    );
  }
  if (isPretrained) return join(PRETRAINED, model);
  const known = names.length > 0 ? `; pretrained models: ${names.join(", ")}` : "";
  throw new Error(
    `Cannot load the model: ${model} is neither a folder nor a pretrained model; choose a folder that was written by a ` +
      `training run or by save()${known}`,
  );
}

/** File in the folder of a pretrained model with its metrics after several epochs. */
export const HISTORY_FILE = "history.json";

/** Metrics of a model after an epoch of its training run. */
export interface HistoryPoint {
  /** Number of completed epochs; 0 before training. */
  epoch: number;
  /** Number of completed steps. */
  step: number;
  /** Training time so far in seconds: the fraction of steps completed, times the duration of the whole training run. */
  seconds: number;
  /** Metrics on held-out data, keyed as in the model's card. */
  values: Record<string, number>;
}

/** Reads how a pretrained model improved during its training: its metrics after several epochs, in ascending order.
 * @param model Name of a pretrained model, such as "digits-by-class", or its folder.
 * @throws {Error} If there is no such model, or its folder contains no history. */
export async function modelHistory(model: string): Promise<HistoryPoint[]> {
  const history = await readJsonFile<HistoryPoint[]>(join(await modelFolder(model), HISTORY_FILE), []);
  if (history.length > 0) return history;
  throw new Error(
    `Cannot read the history of ${model}: expected a file ${HISTORY_FILE} in its folder, got none; choose a pretrained model`,
  );
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}
