/** The pretrained models that come with Forger. Each is a model folder in data/models, whose README.md is the model's card.
 * @module */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
 * @throws {Error} If `model` is a name without slashes, and there is neither a folder nor a pretrained model of this name. */
export async function modelFolder(model: string, path: string = model): Promise<string> {
  if (/[\\/]/.test(model) || model === "" || await Deno.stat(path).catch(() => undefined)) return path;
  const names = await pretrainedModels();
  if (names.includes(model)) return join(PRETRAINED, model);
  const known = names.length > 0 ? `; pretrained models: ${names.join(", ")}` : "";
  throw new Error(
    `Cannot load the model: ${model} is neither a folder nor a pretrained model; choose a folder that was written by a ` +
      `training run or by save()${known}`,
  );
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}
