/** Leaving out what cannot be read.
 * @module */
import { join } from "node:path";
import type { BadFile, PairData } from "./datasets.ts";
import { checkSize, firstLine } from "./image.ts";
import type { Fit } from "./preprocess.ts";
import { prefetch } from "./stream.ts";

/** Endings of the files that count as pictures. */
export const imageExtensions: readonly string[] = [".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".avif"];

/** What all sets of files have in common. */
export interface FilesOptions {
  /** Height and width in pixels, after resizing. */
  size?: number;
  /** In pixels, with `width`, instead of `size`. */
  height?: number;
  /** In pixels, with `height`, instead of `size`. */
  width?: number;
  /** How a picture of other proportions comes to the size. Default "fill": it is stretched. */
  fit?: Fit["fit"];
  /** What to call the set. Default: the folder's name, and the split. */
  name?: string;
  /** Read every file once at the beginning, and leave out those that cannot be read; the set's `bad` then names them. Default false: such a file is an
   * error when its turn comes. */
  skipBad?: boolean;
}

/** The size that options ask for.
 * @throws {RangeError} if it is not possible. */
export function fitOf(action: string, options: FilesOptions): Fit {
  const height = options.height ?? options.size ?? NaN;
  const width = options.width ?? options.size ?? NaN;
  checkSize(action, height, width);
  return { height, width, fit: options.fit ?? "fill" };
}

/** All files, or if the bad ones are to be left out the good ones, and `bad` for the set. */
export async function goodFiles(
  files: string[],
  read: (file: string) => Promise<unknown>,
  skipBad: boolean | undefined,
  action: string,
): Promise<{ good: string[]; bad: Pick<PairData, "bad"> }> {
  if (!skipBad) return { good: files, bad: {} };
  const { good, bad } = await withoutBad(files, read, action);
  return { good, bad: { bad } };
}

/** The names of a folder's pictures in natural order; hidden files are left out.
 * @throws {Error} if the folder is missing or holds none. */
export async function listImages(folder: string): Promise<string[]> {
  const files = await imagesIn(folder);
  if (files.length > 0) return files;
  const folders = await foldersIn(folder);
  const hint = folders.length > 0 ? `choose one of its folders: ${folders.join(", ")}` : "put pictures into it or choose another";
  throw new Error(`Cannot read pictures from ${folder}: it holds none (${imageExtensions.join(" ")}); ${hint}`);
}

/** As {@linkcode listImages}, of a folder that may hold none.
 * @throws {Error} if it is missing, or cannot be read. */
export async function imagesIn(folder: string): Promise<string[]> {
  const isPicture = (name: string) => imageExtensions.some((ending) => name.toLowerCase().endsWith(ending));
  return (await entriesOf(folder)).filter(({ name, isFolder }) => !isFolder && isPicture(name)).map(({ name }) => name);
}

/** The names of the folders in a folder, in natural order; hidden ones are left out.
 * @throws {Error} if it is missing, or cannot be read. */
export async function foldersIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).filter(({ isFolder }) => isFolder).map(({ name }) => name);
}

/** The files and folders in a folder that are not hidden; a link counts as what it leads to, one that leads nowhere as a file, to be told of where it is read.
 * What else there may be, pipes and devices, is left out: who opens a pipe waits for someone to write into it. */
async function entriesOf(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries: { name: string; isFolder: boolean }[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      const { name } = entry;
      if (name.startsWith(".")) continue;
      const { isFile, isDirectory: isFolder } = entry.isSymlink
        ? await Deno.stat(join(folder, name)).catch(() => ({ isFile: true, isDirectory: false }))
        : entry;
      if (isFile || isFolder) entries.push({ name, isFolder });
    }
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such folder" : "it is not a folder that can be read";
    throw new Error(`Cannot read pictures from ${folder}: ${reason}; check the path`);
  }
  return entries.sort((a, b) => naturalOrder(a.name, b.name));
}

/** A file's name without its ending. */
export function stem(file: string): string {
  return file.replace(/\.[^.]*$/, "");
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** 1, 2, 10; and 01 before 1. */
export function naturalOrder(a: string, b: string): number {
  return compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Reads every file of a set once, so that the set is known to be whole before a training begins: the count, and with it every position, then stays the
 * same from epoch to epoch.
 * @param files names.
 * @param read as the set itself reads them; an error means bad.
 * @returns the good ones in their order, and the bad ones.
 * @throws {Error} if all are bad. */
export async function withoutBad(
  files: string[],
  read: (file: string) => Promise<unknown>,
  action: string,
): Promise<{ good: string[]; bad: BadFile[] }> {
  const good: string[] = [], bad: BadFile[] = [];
  const jobs = function* () {
    for (const file of files) yield () => read(file).then(() => undefined, (error) => firstLine(error));
  };
  let at = 0;
  for await (const reason of prefetch(jobs(), 4)) {
    const name = files[at++]!;
    if (reason === undefined) good.push(name);
    else bad.push({ name, reason });
  }
  if (good.length > 0) return { good, bad };
  throw new Error(`Cannot ${action}: none of its ${files.length} files can be read, the first because: ${bad[0]!.reason}`);
}
