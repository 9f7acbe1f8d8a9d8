/** Paths as a person means them, and folders to write into.
 * @module */
import { dirname, isAbsolute, relative, resolve } from "node:path";

/** A path as it was typed, for a process that runs in another folder: `deno task` runs everything in the project's root, and
 * INIT_CWD holds the folder in which it was called.
 * @param path absolute, or relative to the folder of the call.
 * @returns the same file, relative to the folder of the process. */
export function fromWhereCalled(path: string, called: string | undefined = Deno.env.get("INIT_CWD")): string {
  if (isAbsolute(path) || !called || resolve(called) === Deno.cwd()) return path;
  return relative(Deno.cwd(), resolve(called, path)) || ".";
}

/** A path that a person can type in the folder of the call: the inverse of {@linkcode fromWhereCalled}.
 * @param path absolute, or relative to the folder of the process. */
export function toWhereCalled(path: string, called: string | undefined = Deno.env.get("INIT_CWD")): string {
  if (isAbsolute(path) || !called || resolve(called) === Deno.cwd()) return path;
  return relative(called, resolve(path)) || ".";
}

/** Whether anything exists at a path. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

/** A path as one word of a shell command. */
export function shellWord(path: string): string {
  return /^[\p{L}\p{N}_./-]+$/u.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** A path without links, or `undefined` if there is no file. A link is another name of a file that is perhaps read. */
export async function realPath(path: string): Promise<string | undefined> {
  return await Deno.realPath(path).catch(() => undefined);
}

/** The paths that lead to files, by the real paths of the files. */
export async function byRealPath(paths: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const real = await realPath(path);
    if (real !== undefined) found.set(real, path);
  }
  return found;
}

/** Creates a folder and its parents, if they do not exist. Call it before the work: the result of an hour must not be lost for
 * want of a folder.
 * @param option that names the folder: "--output".
 * @throws {Error} if a file is in the way, or the folder cannot be created. */
export async function makeFolder(path: string, option: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw new Error(`Cannot write into ${path}: ${await reason(path, error)}; choose another folder with ${option}`);
  }
}

/** What is in the way of a folder; the system's error does not name it. */
async function reason(path: string, error: unknown): Promise<string> {
  for (let place = path, above = ""; place !== above; above = place, place = dirname(place)) {
    if (!await Deno.lstat(place).catch(() => undefined)) continue;
    const found = await Deno.stat(place).catch(() => undefined);
    if (found?.isDirectory) break;
    return `${place === path ? "it" : place} is ${found ? found.isFile ? "a file" : "not a folder" : "a broken link"}`;
  }
  return `it cannot be created (${(error as Error).message.replace(/: mkdir .*$/s, "")})`;
}
