/** Writes the files of a page, for `deno task export` and `deno task game`.
 * @module */
import { writeFile } from "../train/files.ts";
import { lockOutputs } from "./outputs.ts";
import { isThere, makeFolder } from "./paths.ts";

/** Checks an output path. Call this function before long-running work.
 * @throws {Error} If the path is taken by a folder, or by a file that must not be replaced. */
export async function refuseExisting(path: string, overwrite: boolean): Promise<void> {
  if (!await isThere(path)) return;
  const { isDirectory } = await Deno.stat(path).catch(() => ({ isDirectory: false }));
  if (isDirectory) throw new Error(`Cannot write ${path}: it is an existing folder; choose another path with --out`);
  if (!overwrite) {
    throw new Error(`Cannot write ${path}: it exists; use --overwrite to replace it, or choose another path with --out`);
  }
}

/** Writes files while their folder is locked.
 * @param files Contents of the files, keyed by path.
 * @throws {Error} If another command is writing to the folder, or if a file cannot be written. */
export async function writeFiles(folder: string, files: Record<string, Uint8Array>, replace: boolean): Promise<void> {
  await makeFolder(folder, "--out");
  const lock = await lockOutputs(folder, "choose another path with --out");
  try {
    for (const [path, bytes] of Object.entries(files)) await writeFile(path, [bytes], { replace });
  } finally {
    await lock.release();
  }
}
