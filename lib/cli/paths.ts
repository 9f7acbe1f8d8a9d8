/** Paths as a person means them.
 * @module */
import { isAbsolute, relative, resolve } from "node:path";

/** A path as it was typed, for a program that runs in another folder: `deno task` runs everything in the project's root, and tells in
 * INIT_CWD where it was called.
 * @param path absolute, or relative to where the person is.
 * @returns the same file, from where the program runs; unchanged if both are in one place. */
export function fromWhereCalled(path: string, called: string | undefined = Deno.env.get("INIT_CWD")): string {
  if (isAbsolute(path) || !called || resolve(called) === Deno.cwd()) return path;
  return relative(Deno.cwd(), resolve(called, path)) || ".";
}

/** A path as a person can type it where the task was called: the way back from {@linkcode fromWhereCalled}.
 * @param path absolute, or relative to where the program runs. */
export function toWhereCalled(path: string, called: string | undefined = Deno.env.get("INIT_CWD")): string {
  if (isAbsolute(path) || !called || resolve(called) === Deno.cwd()) return path;
  return relative(called, resolve(path)) || ".";
}

/** Whether there is anything at a path. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

/** A path as one word of a shell's command. */
export function shellWord(path: string): string {
  return /^[\p{L}\p{N}_./-]+$/u.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
