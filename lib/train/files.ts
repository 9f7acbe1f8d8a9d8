/** Atomic file writes, and helpers shared by the modules in this folder.
 * @module */
import { dirname, resolve } from "node:path";
import { oneLine } from "../data/errors.ts";
import { writeAll } from "../data/fetch.ts";

export { VERSION } from "../packages.ts";

/** Number of files that this process has written, which makes the names of temporary files unique. */
let writes = 0;

/** Writes a file under a temporary name, flushes it to disk, and renames it, so that an interruption leaves the old file
 * unchanged.
 * @param replace Whether to replace an existing file. Default true.
 * @throws {Error} If the file cannot be written, or if it exists and must not be replaced. */
export async function writeFile(path: string, pieces: Uint8Array[], options: { replace?: boolean } = {}): Promise<void> {
  await makeFile(path, async (partial) => {
    using file = await Deno.open(partial, { write: true, create: true, truncate: true });
    for (const piece of pieces) await writeAll(file, piece);
    await file.sync();
  }, options);
}

/** Creates a file through a callback: the callback writes a temporary file, which is then renamed.
 * @param make Callback that writes the file to the path passed to it. Errors from this callback are rethrown unchanged if their
 * messages begin with "Cannot". */
export async function makeFile(
  path: string,
  make: (partial: string) => Promise<void>,
  { replace = true }: { replace?: boolean } = {},
): Promise<void> {
  const partial = `${path}.${Deno.pid}.${++writes}.part`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await make(partial);
    await (replace ? Deno.rename(partial, path) : renameToNew(partial, path));
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    const { message, name } = error as Error;
    if (message.startsWith("Cannot") || name === "AbortError") throw error;
    throw new Error(`Cannot write ${path}: ${message}; free some space, or choose a writable folder`);
  }
}

/** Renames a file unless a file with the new name exists; `Deno.rename` would replace that file.
 * @throws {Deno.errors.AlreadyExists} if the name is taken. */
async function renameToNew(from: string, to: string): Promise<void> {
  try {
    await Deno.link(from, to); // fails if the name is taken, even if another program takes it at the same moment
  } catch {
    const isTaken = await Deno.lstat(to).then(() => true, () => false);
    if (isTaken) throw new Deno.errors.AlreadyExists(`Cannot write ${to}: the file exists; choose another name or folder`);
    return await Deno.rename(from, to); // the file system has no hard links
  }
  await Deno.remove(from);
}

/** Writes a text file in the same way as {@linkcode writeFile}. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  await writeFile(path, [new TextEncoder().encode(text)]);
}

/** Writes a value as JSON in the same way as {@linkcode writeFile}. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeTextFile(path, JSON.stringify(value, undefined, 2) + "\n");
}

/** Creates a folder and its parents if they do not exist.
 * @returns A function that removes the created folders that are still empty. */
export async function createFolder(path: string): Promise<() => Promise<void>> {
  const created: string[] = [];
  for (let place = resolve(path); !await Deno.stat(place).catch(() => undefined); place = dirname(place)) {
    created.push(place);
    if (place === dirname(place)) break;
  }
  await Deno.mkdir(path, { recursive: true });
  return async () => {
    for (const place of created) await Deno.remove(place).catch(() => {});
  };
}

/** Reads a text file in UTF-8 or UTF-16, and removes its byte order mark. Editors may add a byte order mark, and PowerShell may
 * write redirected output in UTF-16. */
export async function readText(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  const marks: Record<string, string> = { "255,254": "utf-16le", "254,255": "utf-16be" };
  return new TextDecoder(marks[`${bytes.subarray(0, 2)}`] ?? "utf-8").decode(bytes);
}

/** Reads a JSON file that a training run wrote.
 * @param fallback Value to return if the file does not exist.
 * @throws {Error} If the file cannot be read, or does not contain a value of the same kind as `fallback` (an array or an
 * object). */
export async function readJsonFile<T extends object>(path: string, fallback: T): Promise<T> {
  try {
    const value = JSON.parse(await readText(path));
    if (typeof value === "object" && value !== null && Array.isArray(value) === Array.isArray(fallback)) return value as T;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return fallback;
    if (!(error instanceof SyntaxError)) throw new Error(`Cannot read ${path}: ${oneLine(error)}; make it readable`);
  }
  throw new Error(
    `Cannot continue with ${path}: expected JSON, ${Array.isArray(fallback) ? "a list" : "an object"}; move or delete the file`,
  );
}
