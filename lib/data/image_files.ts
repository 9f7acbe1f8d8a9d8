/** Listing the image files of a folder, and the options shared by all data sets of files.
 * @module */
import { join } from "node:path";
import type { Augmentation } from "./augment.ts";
import type { BadFile } from "./datasets.ts";
import { firstLine } from "./errors.ts";
import { sizeOf, type SizeOptions } from "./image.ts";
import type { Fit } from "./preprocess.ts";
import { prefetch } from "./stream.ts";

/** Extensions of image files. */
export const imageExtensions: readonly string[] = [".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".avif"];

/** Options of all data sets of files. The size is that of the images after resizing. */
export interface FilesOptions extends SizeOptions {
  /** How to resize images of another aspect ratio. Default "fill": stretch. */
  fit?: Fit["fit"];
  /** Display name of the data set. Default: the name of the folder, and the split. */
  name?: string;
  /** Reads every file once at the start and leaves out those that cannot be read; `bad` of the data set lists them. Default
   * false: such a file raises an error when it is read. */
  skipBad?: boolean;
}

/** Returns the size that the options request.
 * @throws {RangeError} if it is missing or not valid. */
export function fitOf(action: string, options: FilesOptions): Fit {
  return { ...sizeOf(action, options), fit: options.fit ?? "fill" };
}

/** Elements of a data set of files, by index. */
export interface FileElements<Element> {
  /** Number of files. */
  count: number;
  /** Files left out, with `skipBad`. */
  bad?: BadFile[];
  /** Reads the element of a file. */
  read: (index: number, augmentation?: Augmentation) => Promise<Element>;
}

/** Returns the elements of a data set of files. With `skipBad`, reads each file once before training begins and leaves out those
 * that cannot be read: the count, and with it every position, then stays the same in all epochs.
 * @param files names of the files.
 * @param read reads the element of a file; an error marks the file as bad.
 * @throws {Error} if all files are bad. */
export async function elementsOf<Element>(
  files: string[],
  read: (file: string, augmentation?: Augmentation) => Promise<Element>,
  skipBad: boolean | undefined,
  action: string,
): Promise<FileElements<Element>> {
  const good: string[] = [], bad: BadFile[] = [];
  const elements = (names: string[]) => ({
    count: names.length,
    read: (index: number, augmentation?: Augmentation) => read(names[index]!, augmentation),
  });
  if (!skipBad) return elements(files);
  const jobs = files.map((file) => () => read(file).then(() => undefined, firstLine));
  let at = 0;
  for await (const reason of prefetch(jobs, 4)) {
    const name = files[at++]!;
    if (reason === undefined) good.push(name);
    else bad.push({ name, reason });
  }
  if (good.length > 0) return { ...elements(good), bad };
  throw new Error(`Cannot ${action}: none of its ${files.length} files can be read; the first error was: ${bad[0]!.reason}`);
}

/** Lists the image files of a folder in natural order, without hidden files.
 * @returns their names.
 * @throws {Error} if the folder is missing or holds none. */
export async function listImages(folder: string): Promise<string[]> {
  const files = await imagesIn(folder);
  if (files.length > 0) return files;
  const folders = await foldersIn(folder);
  const hint = folders.length > 0
    ? `choose one of its subfolders: ${folders.join(", ")}`
    : "add images, or choose another folder";
  throw new Error(`Cannot read images from ${folder}: it contains no images (${imageExtensions.join(" ")}); ${hint}`);
}

/** As {@linkcode listImages}, but a folder without images gives an empty list.
 * @throws {Error} if the folder is missing or cannot be read. */
export async function imagesIn(folder: string): Promise<string[]> {
  const isImage = (name: string) => imageExtensions.some((extension) => name.toLowerCase().endsWith(extension));
  return (await entriesOf(folder)).filter(({ name, isFolder }) => !isFolder && isImage(name)).map(({ name }) => name);
}

/** Lists the folders in a folder in natural order, without hidden ones.
 * @returns their names.
 * @throws {Error} if the folder is missing or cannot be read. */
export async function foldersIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).filter(({ isFolder }) => isFolder).map(({ name }) => name);
}

/** Lists files and folders that are not hidden. A link counts as its target; a broken link counts as a file, so that reading it
 * reports the error. Pipes and devices are left out: opening a FIFO would block. */
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
    const reason = error instanceof Deno.errors.NotFound ? "there is no such folder" : "it is not a readable folder";
    throw new Error(`Cannot read images from ${folder}: ${reason}; check the path`);
  }
  return entries.sort((a, b) => naturalOrder(a.name, b.name));
}

/** Returns the name of a file without its extension. */
export function stem(file: string): string {
  return file.replace(/\.[^.]*$/, "");
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Compares names in natural order: 1, 2, 10; and 01 before 1. */
export function naturalOrder(a: string, b: string): number {
  return compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
