/** Resolves the paths that users type, and creates output folders.
 * @module */
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { createFolder } from "../train/files.ts";
import { expandHome } from "../user_folders.ts";
import { usageIfRange } from "./command.ts";

/** Resolves a path that a user typed. `deno task` runs every task in the project's root folder; the environment variable
 * INIT_CWD holds the folder in which `deno task` was called.
 * @param path An absolute path, a path relative to the folder in which `deno task` was called, or a path in the home folder
 * that begins with `~/`.
 * @returns The path of the same file, absolute or relative to the working directory.
 * @throws {UsageError} If the path begins with the name of a user, as in `~name/x`. */
export function fromWhereCalled(path: string, called: string | undefined = Deno.env.get("INIT_CWD")): string {
  path = usageIfRange(() => expandHome(path));
  if (isAbsolute(path) || !called || resolve(called) === Deno.cwd()) return path;
  return relative(Deno.cwd(), resolve(called, path)) || ".";
}

/** The inverse of {@linkcode fromWhereCalled}: returns a path that can be typed in the folder in which `deno task` was called.
 * @param path An absolute path, or a path relative to the working directory. */
export function toWhereCalled(path: string, called: string | undefined = Deno.env.get("INIT_CWD")): string {
  if (isAbsolute(path) || !called || resolve(called) === Deno.cwd()) return path;
  return relative(called, resolve(path)) || ".";
}

export async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

/** Quotes a path, if necessary, so that a shell reads it as one word. */
export function shellWord(path: string): string {
  return /^[\p{L}\p{N}_.,/-]+$/u.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** Resolves all symbolic links in a path. Returns `undefined` if the file does not exist. */
export async function realPath(path: string): Promise<string | undefined> {
  return await Deno.realPath(path).catch(() => undefined);
}

/** Maps the real path of each existing file to the path that was given for it. */
export async function byRealPath(paths: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const real = await realPath(path);
    if (real !== undefined) found.set(real, path);
  }
  return found;
}

/** Creates a folder and its parents if they do not exist. Call this function before long-running work, whose result would be
 * lost if the folder could not be created.
 * @param option The option that specifies the folder, such as "--output".
 * @returns A function that removes the folders that were created and are still empty.
 * @throws {Error} If the path or one of its parents is a file, or if the folder cannot be created. */
export async function makeFolder(path: string, option: string): Promise<() => Promise<void>> {
  try {
    return await createFolder(path);
  } catch (error) {
    throw new Error(`Cannot write to ${path}: ${await reason(path, error)}; choose another folder with ${option}`);
  }
}

/** Explains why a folder cannot be created, since the system's error message does not. */
async function reason(path: string, error: unknown): Promise<string> {
  for (let place = path, above = ""; place !== above; above = place, place = dirname(place)) {
    if (!await Deno.lstat(place).catch(() => undefined)) continue;
    const found = await Deno.stat(place).catch(() => undefined);
    if (found?.isDirectory) break;
    return `${place === path ? "it" : place} is ${found ? found.isFile ? "a file" : "not a folder" : "a broken link"}`;
  }
  return `it cannot be created (${(error as Error).message.replace(/: mkdir .*$/s, "")})`;
}
