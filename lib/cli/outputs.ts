/** Output folders: files are replaced only if the user requests it, only one command writes to a folder at a time, and an
 * interrupted command keeps the files that it has written. Unfinished files of a killed command are removed by the next command.
 * @module */
import { basename, dirname, join } from "node:path";
import { removeTemporaries } from "../data/grid_file.ts";
import { workLine } from "../plot/progress.ts";
import { flag, type Values } from "../settings.ts";
import { makeFile, writeFile } from "../train/files.ts";
import { type FolderLock, lockFolder } from "../train/locks.ts";
import { EXIT_STATUS, stopSignal } from "../train/stop.ts";
import { UsageError } from "./command.ts";
import { counted } from "./data/describe.ts";
import { isThere, makeFolder } from "./paths.ts";
import type { Progress } from "./status_line.ts";

/** Options of the commands that write a set of files. */
export const outputOptions = {
  overwrite: flag(false, {
    help: "Replace output files that exist. By default, an existing output file causes an error.",
  }),
  missing: flag(false, {
    help: "Keep output files that exist, and create only those that are missing, for example after an interruption.",
  }),
};

export interface OutputPlan extends Values<typeof outputOptions> {
  folder: string;
  /** Option that specifies the folder, such as "--output". */
  option: string;
  /** Paths of the files, relative to the folder. */
  files: readonly string[];
}

/** Matches the suffix that makeFile() adds to the name of a partially written file. */
const PARTIAL = /\.\d+\.\d+\.part$/;

/** Name of the lock file. */
const LOCK = ".forger.lock";

/** Locks a folder for a command that writes to it, creating the folder if necessary. When the lock is released, a folder that
 * was created for the lock is removed if it is still empty.
 * @param cure The advice to add to the error message if the lock is held.
 * @throws {Error} If another command holds the lock. */
export async function lockOutputs(folder: string, cure: string): Promise<FolderLock> {
  const isNew = !await isThere(folder);
  const refusal = (holder: string) =>
    `Cannot write to ${folder}: another command is writing to it${holder}; wait until it ends, or ${cure}`;
  const lock = await lockFolder(folder, { name: LOCK, refusal });
  return {
    async release() {
      await lock.release();
      if (isNew) await Deno.remove(folder).catch(() => {}); // fails if the folder is not empty
    },
  };
}

/** Finds the output files that already exist. Call this function before long-running work.
 * @returns The existing files if `missing` is true, otherwise an empty set.
 * @throws {Error} If an output file exists and neither --overwrite nor --missing is given, or if a folder has the name of an
 * output file.
 * @throws {UsageError} If both --overwrite and --missing are given. */
export async function existingOutputs({ folder, option, files, overwrite, missing }: OutputPlan): Promise<Set<string>> {
  if (overwrite && missing) throw new UsageError("Options --overwrite and --missing are mutually exclusive; omit one of them");
  const entries = new Map<string, boolean>();
  for (const place of new Set(files.map((file) => dirname(file)))) {
    for (const { name, isDirectory } of await entriesOf(join(folder, place))) entries.set(join(place, name), isDirectory);
  }
  const present = files.filter((file) => entries.has(join(file)));
  const blocked = present.find((file) => entries.get(join(file)));
  const elsewhere = `choose another folder with ${option}`;
  if (blocked !== undefined) throw new Error(`Cannot write to ${folder}: ${blocked} is a folder; ${elsewhere}`);
  if (missing) return new Set(present);
  if (present.length === 0 || overwrite) return new Set();
  const [first, verb, them] = present.length === 1
    ? [present[0], "exists", "it"]
    : [`${present[0]} and ${counted(present.length - 1, "other output file")}`, "exist", "them"];
  throw new Error(
    `Cannot write to ${folder}: ${first} ${verb}; use --overwrite to replace ${them}, --missing to keep ${them} and create ` +
      `only the missing files, or ${elsewhere}`,
  );
}

/** Removes the unfinished files of a killed command. Call this function while the folder is locked. */
async function removeUnfinished({ folder, files }: OutputPlan): Promise<void> {
  await removeTemporaries(folder);
  const own = new Set(files.map((file) => join(file)));
  for (const place of new Set(files.map((file) => dirname(file)))) {
    for (const { name } of await entriesOf(join(folder, place))) {
      const file = name.replace(PARTIAL, "");
      if (file !== name && own.has(join(place, file))) await Deno.remove(join(folder, place, name)).catch(() => {});
    }
  }
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  return await Array.fromAsync(Deno.readDir(folder)).catch(() => []); // makeFolder() reports a path that is not a folder
}

/** Creates the output files, one after another. */
export interface OutputWriter {
  readonly folder: string;
  /** Returns whether a file still has to be created. */
  isMissing(file: string): boolean;
  /** Writes a file. The file appears under its name only when it is complete.
   * @throws {Error} If the file cannot be written, or if another process created it while the command was running. */
  write(file: string, bytes: Uint8Array): Promise<void>;
  /** Like `write`, but passes a path to the function `make`, which writes the file to this path. */
  make(file: string, make: (path: string) => Promise<void>): Promise<void>;
  readonly stopped: boolean;
  /** Signal that is aborted when the user asks to stop. */
  readonly signal: AbortSignal;
  /** Shows how many of the images are done, and the remaining time. */
  report(done: number, detail?: string): void;
}

/** Progress display of a command that writes images. */
export interface OutputJob {
  /** Name of the current task, such as "Translating". */
  stage: string;
  /** Total number of images. */
  count: number;
  progress: Progress;
}

/** Locks the output folder, and calls a function that writes the files. After Ctrl-C, the function can still finish the
 * current image.
 * @throws {Error} If another command is writing to the folder, or if {@linkcode existingOutputs} throws an error. */
export async function withOutputs<T>(
  plan: OutputPlan,
  { stage, count, progress }: OutputJob,
  make: (outputs: OutputWriter) => Promise<T>,
): Promise<T> {
  const { folder, option, overwrite } = plan;
  await makeFolder(folder, option);
  const lock = await lockOutputs(folder, `choose another folder with ${option}`);
  const say = () => progress.print("Stopping after this image; press Ctrl-C again to stop immediately");
  const stop = stopSignal(undefined, { notebook: false, say });
  const started = performance.now();
  let before: number | undefined;
  try {
    await removeUnfinished(plan);
    const kept = await existingOutputs(plan); // again, since another command may have written to the folder
    return await make({
      folder,
      isMissing: (file) => !kept.has(file),
      async write(file, bytes) {
        await makeFolder(dirname(join(folder, file)), option);
        await writeFile(join(folder, file), [bytes], { replace: overwrite });
      },
      async make(file, make) {
        await makeFolder(dirname(join(folder, file)), option);
        await makeFile(join(folder, file), make, { replace: overwrite });
      },
      signal: stop.signal,
      get stopped() {
        return stop.signal.aborted;
      },
      report(done, detail = "") {
        before ??= done; // files that are kept take no time
        const line = workLine(done, count, (performance.now() - started) / 1000 * done / Math.max(1, done - before));
        progress.update(basename(folder), stage, detail ? `${line} · ${detail}` : line);
      },
    });
  } finally {
    progress.finish(basename(folder));
    stop.done();
    await lock.release();
  }
}

/** Writes a file under the first unused name: NAME.png, NAME-2.png and so on. If one of these files has the same contents,
 * nothing is written.
 * @param path Path of NAME.png.
 * @returns The path of the file. */
export async function writeNew(path: string, bytes: Uint8Array): Promise<string> {
  for (let n = 1;; n++) {
    const place = n === 1 ? path : path.replace(/(?=\.\w+$)/, `-${n}`);
    try {
      await writeFile(place, [bytes], { replace: false });
      return place;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      const present = await Deno.readFile(place).catch(() => undefined); // it may be a folder
      if (present?.length === bytes.length && present.every((byte, i) => byte === bytes[i])) return place;
    }
  }
}

/** Result of a command that writes images. */
export interface OutputReport {
  /** Number of images created by this command. */
  made: number;
  /** Number of images that already existed and were kept. */
  kept: number;
  /** Number of images that were not created because the user stopped the command. */
  left: number;
  /** Reasons why files could not be read. */
  bad: string[];
}

/** Prints the result of a command that writes images.
 * @param output The folder, as the user typed it.
 * @param name The noun for one output, in the singular, such as "image".
 * @returns The exit status. */
export function printOutputs(
  { made, kept, left, bad }: OutputReport,
  output: string,
  { overwrite, skipBad = false }: { overwrite: boolean; skipBad?: boolean },
  name = "image",
): number {
  console.log(`${counted(made, name)} in ${output}${kept > 0 ? `, in addition to ${kept} that existed` : ""}`);
  if (left > 0) {
    const again = overwrite ? "to make all of them, run the command again" : "to make the rest, add --missing to the command";
    console.log(`Stopped before the end, ${left} left: ${again}`);
  }
  if (bad.length > 0) {
    const say = skipBad ? console.log : console.error;
    say([`Unreadable files that were skipped: ${bad.length}`, ...bad.map((reason) => `  ${reason}`)].join("\n"));
    if (!skipBad) console.error(`Cannot read ${counted(bad.length, "file")}; replace or remove them, or use --skip-bad`);
  }
  return left > 0 ? EXIT_STATUS.SIGINT : bad.length > 0 && !skipBad ? 1 : 0;
}
