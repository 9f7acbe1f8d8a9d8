/** The folders that commands write into.
 * @module */
import { dirname } from "node:path";

/** Makes a folder, and those that it lies in, where they are not there yet. Called before the work, for what took an hour should not be lost for want of a
 * place.
 * @param option the one that named the folder: "--output".
 * @throws {Error} with one line, if something else has its name or is in its way, or if it may not be made. */
export async function makeFolder(path: string, option: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw new Error(`Cannot write into ${path}: ${await reason(path, error)}; choose another folder by ${option}`);
  }
}

/** What stands where the folder should be, or where one should be that it lies in: the system names neither. */
async function reason(path: string, error: unknown): Promise<string> {
  for (let place = path, above = ""; place !== above; above = place, place = dirname(place)) {
    if (!await Deno.lstat(place).catch(() => undefined)) continue;
    const found = await Deno.stat(place).catch(() => undefined);
    if (found?.isDirectory) break;
    return `${place === path ? "it" : place} is ${found ? found.isFile ? "a file" : "no folder" : "a link that leads nowhere"}`;
  }
  return `it cannot be made, ${(error as Error).message.replace(/: mkdir .*$/s, "")}`;
}
