/** Checks of the outputs of `deno task export`: that they replace no model, and that a page can fit into one file.
 * @module */
import { basename, dirname, join, resolve } from "node:path";
import { MODEL_FILE, readDescription } from "../../train/model_folder.ts";
import { isThere, realPath } from "../paths.ts";
import { COMMAND_FILE } from "../resume.ts";

/** Files that identify the folder of a model or of a training run. */
const OF_MODELS = [MODEL_FILE, COMMAND_FILE, "run.json"];

/** Checks that a folder belongs to no model and no training run, whose networks or results page would be replaced.
 * @throws {Error} If it belongs to one. */
export async function refuseModelFolder(folder: string): Promise<void> {
  const place = await realPath(folder);
  if (place === undefined) return;
  const found = await Promise.all(OF_MODELS.map((name) => isThere(join(place, name))));
  if (!found.includes(true) && !await isNetwork(place)) return;
  throw new Error(
    `Cannot write to ${folder}: the folder contains a trained model or the results of a training run; choose another path ` +
      "with --out",
  );
}

/** Returns whether a folder contains one of the networks of the model in its parent folder. */
async function isNetwork(folder: string): Promise<boolean> {
  const description = await readDescription(dirname(resolve(folder))).catch(() => undefined);
  return description?.networks?.includes(basename(folder)) ?? false;
}

/** Returns whether weights can fit into a page in one file. Composing the file of large weights would exceed the maximum length
 * of a string.
 * @param largest Maximum size of the page, in bytes. */
export async function canFit(weights: Uint8Array<ArrayBuffer>, largest: number): Promise<boolean> {
  if (weights.length <= largest) return true;
  let length = 0;
  for await (const piece of new Blob([weights]).stream().pipeThrough(new CompressionStream("gzip"))) {
    length += piece.length;
    if (length * 4 / 3 > largest) return false; // base64 stores 3 bytes in 4 characters
  }
  return true;
}
