/** The folder of a training run: which files a run writes to it, and when it may.
 * @module */
import { basename, join } from "node:path";
import { isFolder } from "../data/cache.ts";
import { readJsonFile } from "../train/files.ts";
import { MODEL_FILE, modelFiles } from "../train/model_folder.ts";
import { RunSamples } from "../train/run_samples.ts";
import { checkpointFile, positionIn } from "../train/state.ts";
import { isThere } from "./paths.ts";
import { COMMAND_FILE, hasCommand } from "./resume.ts";

/** Subfolder of the run folder for the models of --keep-epochs. */
export const KEPT = "epochs";
/** Outputs, other than the model, that could overwrite the user's own files. */
const WRITTEN = ["index.html", "losses.csv", "run.json", join("samples", "index.json")];

/** Checks that a training run overwrites only its own files.
 * @param networks The names of the model's networks, which are also the names of their folders.
 * @param keepEpochs The epochs whose models are kept.
 * @throws {Error} If the run cannot be written to the folder; the message says why. */
export async function checkFolder(
  out: string,
  resume: boolean,
  epochs: number,
  networks: readonly string[] = [],
  keepEpochs: readonly number[] = [],
): Promise<void> {
  const elsewhere = "choose another folder with --out";
  const refuseToReplace = async (names: string[]) => {
    for (const name of names) {
      if (!await isThere(join(out, name)) || await isFolder(join(out, name))) continue;
      throw new Error(`Cannot write the run to ${out}: its ${name} would be overwritten; ${elsewhere}`);
    }
  };
  await refuseFile(out, elsewhere);
  const kept = keepEpochs.map((epoch) => join(KEPT, String(epoch)));
  if (kept.length > 0) await refuseToReplace([KEPT, ...kept]);
  const position = await positionIn(out);
  if (position && !resume) {
    throw new Error(
      `Cannot write the run to ${out}: it contains an earlier training run; continue it with --resume, or ${elsewhere}`,
    );
  }
  if (position) {
    const begun = position.epoch + (position.stepInEpoch > 0 ? 1 : 0);
    if (begun <= epochs) return;
    throw new Error(
      `Cannot resume ${out}: it has reached epoch ${begun}, but --epochs is ${epochs}; increase --epochs to at least ${begun}`,
    );
  }
  if (await isThere(join(out, MODEL_FILE))) {
    throw new Error(
      `Cannot write the run to ${out}: it contains a model without a checkpoint to resume from (${MODEL_FILE}); ${elsewhere}`,
    );
  }
  if (await hasCommand(out)) return; // a run that ended before its first checkpoint starts over
  const model = [...modelFiles(networks), ...networks];
  const ofKept = kept.flatMap((folder) => model.map((name) => join(folder, name)));
  await refuseToReplace([...WRITTEN, COMMAND_FILE, "samples", ...model, ...ofKept]);
}

async function refuseFile(out: string, cure: string): Promise<void> {
  const found = await Deno.stat(out).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`Cannot write the run to ${out}: ${error.message}; ${cure}`);
  });
  if (found && !found.isDirectory) throw new Error(`Cannot write the run to ${out}: it is a file; ${cure}`);
}

/** Returns the paths of the files that a training run writes, except the sample images, relative to the run folder.
 * @param networks Names of the model's networks. */
export function runFiles(networks: readonly string[]): string[] {
  return [...WRITTEN, basename(checkpointFile(".")), ...modelFiles(networks)];
}

/** Removes the files of a training run, and keeps all other files in its folder.
 * @param networks Names of the model's networks. */
export async function removeRun(folder: string, networks: readonly string[]): Promise<void> {
  await new RunSamples(join(folder, "samples")).keepUpTo(-1);
  for (const name of [...runFiles(networks), ...networks, "samples"]) {
    await Deno.remove(join(folder, name)).catch(() => {}); // fails for a folder that contains other files
  }
}

/** Returns whether a training run has finished and has written all of its results.
 * @param measured Whether the results include measurements. */
export async function isComplete(out: string, measured: boolean): Promise<boolean> {
  const { status, measures } = await readJsonFile<{ status?: string; measures?: unknown }>(join(out, "run.json"), {});
  return status === "finished" && (!measured || measures !== undefined) && await isThere(join(out, MODEL_FILE));
}
