/** Models from their folders, whatever their kind.
 * @module */
import { readDescription } from "./model_folder.ts";
import { loadPix2Pix, type Pix2Pix } from "./pix2pix.ts";

/** Loads a model that was trained or saved into the folder. It needs no flags: the folder says what it is.
 * @throws {Error} if the folder is no model's, or of a kind that is not known here. */
export async function loadModel(folder: string): Promise<Pix2Pix> {
  const { kind, settings } = await readDescription(folder);
  if (kind === "pix2pix") return await loadPix2Pix(folder, settings);
  throw new RangeError(`Cannot load the model: ${folder} holds a "${kind}", and this version knows pix2pix; use a newer version`);
}
