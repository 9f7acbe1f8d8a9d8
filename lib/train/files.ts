/** Files that are whole or not there.
 * @module */
import { dirname } from "node:path";

/** Writes a file aside, makes sure it is on the disk, then puts it in the place of the old one: who is interrupted keeps the old one.
 * @throws {Error} with one line that names the file, if it cannot be written. */
export async function writeWhole(path: string, pieces: Uint8Array<ArrayBuffer>[]): Promise<void> {
  const aside = `${path}.${Deno.pid}.part`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    const file = await Deno.open(aside, { write: true, create: true, truncate: true });
    try {
      for (const piece of pieces) {
        for (let done = 0; done < piece.length;) done += await file.write(piece.subarray(done));
      }
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(aside, path);
  } catch (error) {
    await Deno.remove(aside).catch(() => {});
    throw new Error(`Cannot write ${path}: ${(error as Error).message}; make room, or choose a folder that can be written`);
  }
}

/** What a training wrote as JSON.
 * @param otherwise what it is without the file.
 * @throws {Error} that names the file, if it is no JSON. */
export async function readOwnJson<T>(path: string, otherwise: T): Promise<T> {
  const text = await Deno.readTextFile(path).catch(() => undefined);
  if (text === undefined) return otherwise;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`Cannot go on with ${path}: it should be JSON, and is not; move it away`);
  }
}

/** A text file, likewise. */
export async function writeWholeText(path: string, text: string): Promise<void> {
  await writeWhole(path, [new TextEncoder().encode(text)]);
}
