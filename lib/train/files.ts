/** Atomic file writes, and helpers shared by the modules in this folder.
 * @module */
import { dirname } from "node:path";

/** Version of this library; matches the version in deno.json. */
export const VERSION = "0.1.0";

/** Writes a file under a temporary name, flushes it to disk, and renames it, so that an interruption leaves the old file
 * unchanged.
 * @throws {Error} if the file cannot be written. */
export async function writeFile(path: string, pieces: Uint8Array<ArrayBuffer>[]): Promise<void> {
  const partial = `${path}.${Deno.pid}.part`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    const file = await Deno.open(partial, { write: true, create: true, truncate: true });
    try {
      for (const piece of pieces) {
        for (let done = 0; done < piece.length;) done += await file.write(piece.subarray(done));
      }
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(partial, path);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw new Error(`Cannot write ${path}: ${(error as Error).message}; free some space, or choose a writable folder`);
  }
}

/** Writes a text file in the same way as {@linkcode writeFile}. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  await writeFile(path, [new TextEncoder().encode(text)]);
}

/** Reads a JSON file that a training run wrote.
 * @param fallback value to return if the file does not exist.
 * @throws {Error} if the file is not valid JSON. */
export async function readJsonFile<T>(path: string, fallback: T): Promise<T> {
  const text = await Deno.readTextFile(path).catch(() => undefined);
  if (text === undefined) return fallback;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`Cannot continue with ${path}: expected JSON; move or delete the file`);
  }
}

/** The message of an error, on one line. */
export function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s+/g, " ");
}
