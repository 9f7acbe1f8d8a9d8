/** The folder that a training is to write into: what must not be lost there.
 * @module */
import { join } from "node:path";
import { readOwnJson } from "../../train/files.ts";
import { MODEL_FILE } from "../../train/model_folder.ts";
import { positionIn } from "../../train/state.ts";
import { isThere } from "../paths.ts";
import { hasCommand } from "./again.ts";

/** Files of a training that would take the place of a person's. */
const WRITTEN = ["index.html", "losses.csv", "run.json"];

/** Makes sure that a training into the folder replaces nothing but what it goes on with.
 * @throws {Error} that says what is there. */
export async function checkFolder({ out, resume, epochs }: { out: string; resume: boolean; epochs: number }): Promise<void> {
  const elsewhere = "choose another folder by --out";
  await refuseFile(out, elsewhere);
  const position = await positionIn(out);
  if (position && !resume) {
    throw new Error(`Cannot train into ${out}: it holds an earlier training; go on with it by --resume, or ${elsewhere}`);
  }
  if (position) {
    const begun = position.epoch + (position.stepInEpoch > 0 ? 1 : 0);
    if (begun <= epochs) return;
    throw new Error(`Cannot resume ${out}: asked for are ${epochs} epochs, and ${begun} have begun; ask for more by --epochs`);
  }
  if (await isThere(join(out, MODEL_FILE))) {
    throw new Error(
      `Cannot train into ${out}: it holds a model without a checkpoint to go on from (${MODEL_FILE}); ${elsewhere}`,
    );
  }
  if (await hasCommand(out)) return; // it ended before its first checkpoint, and begins anew
  for (const name of WRITTEN) {
    if (await isThere(join(out, name))) throw new Error(`Cannot train into ${out}: its ${name} would be replaced; ${elsewhere}`);
  }
}

async function refuseFile(out: string, cure: string): Promise<void> {
  const there = await Deno.stat(out).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`Cannot train into ${out}: ${error.message}; ${cure}`);
  });
  if (there && !there.isDirectory) throw new Error(`Cannot train into ${out}: it is a file; ${cure}`);
}

/** Whether a training has ended with all that belongs to it.
 * @param measured whether measures belong to it. */
export async function isComplete(out: string, measured: boolean): Promise<boolean> {
  const { status, measures } = await readOwnJson<{ status?: string; measures?: unknown }>(join(out, "run.json"), {});
  return status === "finished" && (!measured || measures !== undefined) && await isThere(join(out, MODEL_FILE));
}
