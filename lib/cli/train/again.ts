/** How a training was started, kept in its folder: `deno task train --resume FOLDER` goes on with it and needs no other option.
 * @module */
import { join, resolve } from "node:path";
import { archives } from "../../data/archives.ts";
import { isFolder } from "../../data/cache.ts";
import { writeWholeText } from "../../train/files.ts";
import { fromWhereCalled, isThere } from "../paths.ts";

const FILE = "command.json";
/** Options that name a folder of pictures. */
const FOLDERS = new Set(["--data", "--targets", "--others"]);
/** Sets that are drawn and not fetched. */
const DRAWN = new Set(["toytown", "digits", "houses"]);

/** What the file says. */
interface Started {
  /** The words behind `deno task train`. */
  args: string[];
  /** Where it was called: paths in the words are relative to it. */
  from: string;
}

/** How the training of this process was started, if by `deno task train`. */
let started: Started | undefined;

/** Says how the training that begins now is started.
 * @param args the words behind `deno task train`; those of then, when it goes on.
 * @param from where they are meant. */
export function startedBy(args: readonly string[], from: string = Deno.env.get("INIT_CWD") || Deno.cwd()): void {
  started = { args: [...args], from };
}

/** Writes down how the training of this process was started. */
export async function keepCommand(folder: string): Promise<void> {
  if (started) await writeWholeText(join(folder, FILE), JSON.stringify(started, undefined, 2) + "\n");
}

/** Whether a training has written down in the folder how it was started. */
export async function hasCommand(folder: string): Promise<boolean> {
  return await isThere(join(folder, FILE));
}

/** The words with which a folder's training goes on.
 * @param more options that replace those of then, `--epochs 60` say; folders in them that are there are meant from where this is called.
 * @returns the words, and where they are meant.
 * @throws {Error} if the folder does not say how it was started. */
export async function resumeCommand(folder: string, more: readonly string[]): Promise<Started> {
  const path = join(folder, FILE);
  let then: Partial<Started>;
  try {
    then = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw new Error(
      `Cannot resume: ${path} cannot be read (${
        (error as Error).message
      }); name a folder that train made, or give all options again with --resume`,
    );
  }
  const { args, from } = then;
  if (!Array.isArray(args) || !args.every((word) => typeof word === "string") || typeof from !== "string") {
    throw new Error(`Cannot resume: ${path} does not say how the training was started; give all options again with --resume`);
  }
  const replaced = new Set(["--out", "--resume", ...more.filter((word) => word.startsWith("--")).map(nameOf)]);
  return { args: [...without(args, replaced), "--out", resolve(folder), "--resume", ...await withPlaces(more)], from };
}

/** The words with their folders by absolute paths, for the words of then may be meant from elsewhere. A set's name stays, also where a folder has
 * it; so does what is no folder here: it may be one there. */
async function withPlaces(words: readonly string[]): Promise<string[]> {
  return await Promise.all(words.map(async (word, i) => {
    const [name = "", value] = word.startsWith("--") ? word.split(/=(.*)/s) : [words[i - 1], word];
    if (!FOLDERS.has(name) || !value || DRAWN.has(value) || Object.hasOwn(archives, value)) return word;
    const path = resolve(fromWhereCalled(value));
    return await isFolder(path) ? word.slice(0, word.length - value.length) + path : word;
  }));
}

function nameOf(word: string): string {
  return word.split("=")[0]!;
}

/** The words without some options and their values. */
function without(args: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (!names.has(nameOf(args[i]!))) kept.push(args[i]!);
    else if (!args[i]!.includes("=") && args[i + 1] !== undefined && !args[i + 1]!.startsWith("--")) i++;
  }
  return kept;
}
