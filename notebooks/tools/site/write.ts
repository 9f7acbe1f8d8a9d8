/** Writes a site to a folder. A file that the site's list does not name is never removed.
 * @module */
import { dirname, join } from "node:path";
import { oneLine } from "../../../lib/data/errors.ts";
import { shellWord } from "../../../lib/cli/paths.ts";

/** File that marks a folder as a site and lists its files. */
export const LIST_FILE = "site.json";

/** The list of a site's files. */
interface List {
  generator: "Forger";
  files: string[];
}

/** Checks whether a site may be written to a folder. Call this function before long-running work.
 * @returns the files of the site that is there.
 * @throws {Error} if the path is not a folder, or a folder with other content, unless `overwrite` is set. */
export async function filesOfOldSite(folder: string, overwrite: boolean): Promise<string[]> {
  const found = await Deno.stat(folder).catch(() => undefined);
  if (!found) return [];
  if (!found.isDirectory) throw new Error(`Cannot write the site to ${folder}: it is a file; choose another folder with --out`);
  const list = await readList(folder);
  if (list) return list.files;
  for await (const _ of Deno.readDir(folder)) {
    if (overwrite) return [];
    throw new Error(
      `Cannot write the site to ${folder}: it contains files of something else; choose another folder with --out, ` +
        "or add --overwrite, which keeps these files unless the site has files with the same names",
    );
  }
  return [];
}

async function readList(folder: string): Promise<List | undefined> {
  try {
    const list = JSON.parse(await Deno.readTextFile(join(folder, LIST_FILE))) as Partial<List>;
    if (list.generator === "Forger" && Array.isArray(list.files)) return list as List;
  } catch { /* there is none, or it is that of another program */ }
  return undefined;
}

/** Writes the files of a site, then removes those of the old site that the new one has not.
 * @param old files of the old site, as {@linkcode filesOfOldSite} returns them.
 * @throws {Error} if a file cannot be written. */
export async function writeSite(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  old: readonly string[],
): Promise<void> {
  const names = [...files.keys()].sort();
  try {
    // First, so that the next build can clean up after an interrupted one.
    await write(folder, LIST_FILE, listText([...new Set([...names, ...old])]));
    for (const [name, content] of files) await write(folder, name, content);
    for (const name of old) if (!files.has(name) && isInside(name)) await Deno.remove(join(folder, name)).catch(() => {});
    await write(folder, LIST_FILE, listText(names));
  } catch (error) {
    const cure = `free some space, or choose a writable folder with --out`;
    throw new Error(`Cannot write the site to ${shellWord(folder)}: ${oneLine(error)}; ${cure}`);
  }
}

function listText(files: string[]): string {
  return JSON.stringify({ generator: "Forger", files } satisfies List, undefined, 1) + "\n";
}

/** Returns whether a name from the list stays within the folder. */
function isInside(name: string): boolean {
  return !/^([\\/]|[A-Za-z]:)|(^|[\\/])\.\.([\\/]|$)/.test(name);
}

/** Writes a file unless it has this content already, so that tools that copy a site see what changed. */
async function write(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const path = join(folder, name);
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const old = await Deno.readFile(path).catch(() => undefined);
  if (old && old.length === bytes.length && old.every((byte, i) => byte === bytes[i])) return;
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeFile(path, bytes);
}
