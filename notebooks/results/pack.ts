/** Stores a trained model in little space: large weights take one or two bytes instead of four.
 *
 * The result is an ordinary model folder. The weights are quantized in the format of TensorFlow.js, which `loadModel` and plain
 * TensorFlow.js convert to float32.
 * @module */
import { join } from "node:path";
import { describePrecision, packSmallest, type Probe } from "../../lib/play/pack.ts";
import { examplesOf } from "../../lib/play/examples.ts";
import { plainFiles } from "../../lib/play/plain_tfjs.ts";
import { probeOf } from "../../lib/play/probe.ts";
import { loadModel, type SomeModel, systemOf } from "../../lib/systems/registry.ts";
import { writeFile, writeJsonFile } from "../../lib/train/files.ts";
import { MODEL_FILE, readDescription } from "../../lib/train/model_folder.ts";
import { checkOf, type Scoring } from "./scores.ts";

/** Number of images that a GAN generates to measure the cost of a precision. */
const GENERATED = 500;

/** Stores a model in the smallest precision whose cost is negligible: see lib/play/pack.ts. All networks are kept, so that the
 * model can be trained further. An earlier model in the folder is replaced.
 * @param from Folder of the trained model.
 * @param to Folder for the small model.
 * @returns Description of the precision and its cost. */
export async function storeSmall(from: string, to: string, scoring: Scoring): Promise<string> {
  const model = await loadModel(from) as SomeModel;
  try {
    const { packed, costs } = await packSmallest(model, await probeFor(model, scoring));
    const partial = `${to}.part`; // so that an interruption leaves the earlier model
    await removeFolder(partial);
    for (const [name, network] of Object.entries(model.networks)) {
      for (const [file, bytes] of Object.entries(plainFiles(name, network, packed.precision))) {
        await writeFile(join(partial, name, file), [bytes]);
      }
    }
    await writeJsonFile(join(partial, MODEL_FILE), await readDescription(from));
    await replaceFolder(partial, to);
    return describePrecision(packed, costs);
  } finally {
    model.dispose();
  }
}

/** Replaces a folder by another one. An interruption leaves at least one of them complete. */
export async function replaceFolder(by: string, folder: string): Promise<void> {
  const earlier = `${folder}.old`; // removing the folder itself would leave a part of it if interrupted
  await removeFolder(earlier);
  await Deno.rename(folder, earlier).catch(ignoreMissing);
  await Deno.rename(by, folder);
  await removeFolder(earlier);
}

async function removeFolder(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(ignoreMissing);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

async function probeFor(model: SomeModel, scoring: Scoring): Promise<Probe> {
  const { uses } = systemOf(model.kind)!;
  if (!uses.includes("generate")) return probeOf(model, await examplesOf(scoring.data, []), scoring.data);
  const probe = probeOf(model, []);
  if (!scoring.judge) return probe;
  const metric = {
    name: "mean probability of the class that the classifier chooses",
    of: async (model: SomeModel) => (await checkOf(model, scoring, GENERATED)).value,
  };
  return { ...probe, metric };
}
