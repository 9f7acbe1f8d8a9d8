/** Models from their folders, whatever their kind.
 * @module */
import { type BicycleGan, loadBicycleGan } from "./bicyclegan.ts";
import { type Classifier, loadClassifier } from "./classifier.ts";
import { type ConditionalGan, loadConditionalGan } from "./conditional_gan.ts";
import { type CycleGan, loadCycleGan } from "./cyclegan.ts";
import { type Gan, loadGan } from "./gan.ts";
import type { Samples } from "./gan_step.ts";
import { inOneLine, readDescription } from "./model_folder.ts";
import { loadPix2Pix, type Pix2Pix } from "./pix2pix.ts";
import { bytesOfWeights, withinBudget } from "./weight_budget.ts";
import { loadStackGan, type StackGan } from "./stackgan.ts";

/** The kinds of models, by their names in `forger.json`. */
export interface Models {
  /** {@linkcode pix2pix}. */
  pix2pix: Pix2Pix;
  /** {@linkcode gan}, of pictures or of points. */
  gan: Gan<Samples>;
  /** {@linkcode conditionalGan}. */
  "conditional-gan": ConditionalGan;
  /** {@linkcode cycleGan}. */
  cyclegan: CycleGan;
  /** {@linkcode bicycleGan}. */
  bicyclegan: BicycleGan;
  /** {@linkcode stackGan}. */
  stackgan: StackGan;
  /** {@linkcode classifier}. */
  classifier: Classifier;
}

const LOADERS: { [Kind in keyof Models]: (folder: string, settings: Record<string, unknown>) => Promise<Models[Kind]> } = {
  pix2pix: loadPix2Pix,
  gan: loadGan,
  "conditional-gan": loadConditionalGan,
  cyclegan: loadCycleGan,
  bicyclegan: loadBicycleGan,
  stackgan: loadStackGan,
  classifier: loadClassifier,
};

/** Loads a model that was trained or saved into the folder. It needs no flags: the folder says what it is.
 * @param wanted the kind that it has to be, which is also how the compiler knows what it gets. Default: any, and the compiler expects a
 * pix2pix.
 * @throws {Error} if the folder is no model's, or of a kind that is not known here or not wanted. */
export async function loadModel<Kind extends keyof Models = "pix2pix">(folder: string, wanted?: Kind): Promise<Models[Kind]> {
  const { kind, settings } = await readDescription(folder);
  if (!Object.hasOwn(LOADERS, kind)) {
    const known = Object.keys(LOADERS).join(", ");
    throw new RangeError(
      `Cannot load the model: ${folder} holds a "${kind}", and this version knows ${known}; use a newer version`,
    );
  }
  if (wanted !== undefined && kind !== wanted) {
    throw new RangeError(`Cannot load the model: ${folder} holds a "${kind}", wanted is a "${wanted}"; name another folder`);
  }
  const bytes = await bytesOfWeights(folder);
  try {
    // Networks are built before the first await: what is built later is no longer bounded.
    return await withinBudget(bytes, folder, () => LOADERS[kind as Kind](folder, settings));
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("Cannot ")) throw error;
    throw new RangeError(
      `Cannot load the model: forger.json in ${folder} describes none that can be built (${
        inOneLine(error)
      }); it is damaged, save the ` +
        `model again`,
    );
  }
}
