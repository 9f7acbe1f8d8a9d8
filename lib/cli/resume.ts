/** Stores the command that started a training run. The command is written to the run folder, so that
 * `deno task train --resume FOLDER` can continue the run without further options.
 * @module */
import { join, resolve } from "node:path";
import { readText, writeJsonFile } from "../train/files.ts";
import { folderBeforeSet, isDataSet } from "./data/source.ts";
import { fromWhereCalled, isThere } from "./paths.ts";

export const COMMAND_FILE = "command.json";
/** Options whose value can be a folder of images. */
const FOLDERS = new Set(["--data", "--targets", "--others"]);
const FILES = new Set(["--config", "--log"]);

export interface StartCommand {
  /** Arguments after `deno task train`. */
  args: string[];
  /** Folder from which the command was run. Paths in the arguments are relative to this folder. */
  from: string;
  /** Values from the preset and the configuration file, if given. These values are stored because the file may change. */
  config?: Record<string, unknown>;
}

export async function keepCommand(folder: string, { args, from, config }: StartCommand): Promise<void> {
  await writeJsonFile(join(folder, COMMAND_FILE), { args, from, ...config && { config }, countLimits: true });
}

/** Returns whether a training run has written its command to the folder. */
export async function hasCommand(folder: string): Promise<boolean> {
  return await resumeCommand(folder, []).then(() => true, () => false);
}

/** Returns the command that resumes the training run in a folder.
 * @param more The options that replace the original ones, such as `--epochs 60`. Paths in these options are relative to the
 * folder in which `deno task` is called to resume the run.
 * @throws {Error} If the folder does not contain the command. */
export async function resumeCommand(folder: string, more: readonly string[]): Promise<StartCommand> {
  const path = join(folder, COMMAND_FILE);
  let start: Partial<StartCommand> & { countLimits?: boolean } | null;
  try {
    start = JSON.parse(await readText(path));
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound ? "does not exist" : `cannot be read (${(error as Error).message})`;
    throw new Error(
      `Cannot resume: ${path} ${why}; specify a folder written by deno task train, or pass all options again along with --resume`,
    );
  }
  const { args, from, config, countLimits } = start ?? {};
  const isWords = Array.isArray(args) && args.every((word) => typeof word === "string");
  if (!isWords || typeof from !== "string" || (config !== undefined && !isObject(config))) {
    throw new Error(
      `Cannot resume: ${path} does not contain the original command line; pass all options again along with --resume`,
    );
  }
  const replaced = new Set(["--out", "--resume", "--accept-data", ...more.filter((word) => word.startsWith("--")).map(nameOf)]);
  if (config) ["--config", "--preset"].forEach((name) => replaced.add(name));
  const generated = args.some((word) => /^(--data=)?(toytown|digits)$/.test(word)) || args[0] === "stackgan";
  if (!countLimits && !generated) { // version 0.1.0 ignored --count for all other data
    replaced.add("--count");
    delete config?.["count"];
  }
  const resumed = [...without(args, replaced), "--out", resolve(folder), "--resume", ...await absolute(more)];
  return { args: resumed, from, ...config && { config } };
}

/** Checks that the data of a run still exists.
 * @param values The values of the options.
 * @throws {Error} If the data does not exist. */
export async function checkData(values: Record<string, unknown>): Promise<void> {
  for (const option of FOLDERS) {
    const place = values[option.slice(2)];
    if (typeof place !== "string" || isDataSet(place) || await isThere(fromWhereCalled(place))) continue;
    throw new Error(
      `Cannot resume: the data ${resolve(fromWhereCalled(place))} does not exist; specify its new location with ${option} FOLDER`,
    );
  }
}

/** Makes the paths of files and folders absolute, since those of the original command may be relative to a different folder.
 * Keeps the names of data sets, unless a folder of the same name takes precedence. */
async function absolute(words: readonly string[]): Promise<string[]> {
  return await Promise.all(words.map(async (word, i) => {
    const [name = "", value] = word.startsWith("--") ? word.split(/=(.*)/s) : [words[i - 1], word];
    if (!value) return word;
    const path = resolve(fromWhereCalled(value));
    const replaced = word.slice(0, word.length - value.length) + path;
    if (FILES.has(name)) return value === "-" ? word : replaced;
    if (!FOLDERS.has(name)) return word;
    return isDataSet(value) && await folderBeforeSet(value, () => {}) === value ? word : replaced;
  }));
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameOf(word: string): string {
  return word.split("=")[0]!;
}

function without(args: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (!names.has(nameOf(args[i]!))) kept.push(args[i]!);
    else if (!args[i]!.includes("=") && args[i + 1] !== undefined && !args[i + 1]!.startsWith("--")) i++;
  }
  return kept;
}
