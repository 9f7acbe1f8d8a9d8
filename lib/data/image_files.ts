/** Lists the image files in a folder, and defines the options shared by all file-based data sets.
 * @module */
import { join } from "node:path";
import { type Augmentation, END } from "./augment.ts";
import type { BadFile } from "./datasets.ts";
import { firstLine } from "./errors.ts";
import { sizeOf, type SizeOptions } from "./image.ts";
import type { Fit } from "./preprocess.ts";
import { prefetch } from "./stream.ts";

/** Recognized extensions of image files. */
export const imageExtensions: readonly string[] = [".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".avif"];

/** Options shared by all file-based data sets. Images are resized to `size`, or to `height` and `width`. */
export interface FilesOptions extends SizeOptions {
  /** How to resize images with a different aspect ratio. Default "fill": stretch them. Has no effect on crops. */
  fit?: Fit["fit"];
  /** Whether to crop images to the size, at random positions, instead of resizing them to it. The images of a pair are resized
   * to the resolution of the larger one and cropped at the same position. Default false. */
  crop?: boolean;
  /** With `crop`: factor by which images are resized before they are cropped. An image that is then smaller than the crop is
   * enlarged just enough. Default 1. */
  scale?: number;
  /** Display name of the data set. Default: the name of the folder, followed by the split. */
  name?: string;
  /** Whether to read every file once at the start and exclude unreadable files, which the data set lists in `bad`. By default,
   * an unreadable file causes an error when its element is requested. */
  skipBad?: boolean;
}

/** Returns how images are fitted to the size given by the options.
 * @throws {RangeError} if the size is missing, or an option is invalid. */
export function fitOf(action: string, options: FilesOptions): Fit {
  const { fit = "fill", crop = false, scale } = options;
  if (scale !== undefined && !(Number.isFinite(scale) && scale > 0)) {
    throw new RangeError(`Cannot ${action}: scale must be a number > 0, got ${scale}; change scale`);
  }
  if (scale !== undefined && !crop) {
    throw new RangeError(`Cannot ${action}: scale applies to crops only, got ${scale} without crop; set crop, or omit scale`);
  }
  return { ...sizeOf(action, options), fit, ...crop && { scale: scale ?? 1 } };
}

/** Returns the properties that a data set has because of the fit. */
export function shapeOf({ height, width, scale }: Fit): { height: number; width: number; scale?: number } {
  return { height, width, ...scale !== undefined && { scale } };
}

/** Elements of a file-based data set, accessed by index. */
export interface FileElements<Element> {
  /** Number of files. */
  count: number;
  /** Files excluded because of `skipBad`. */
  bad?: BadFile[];
  /** Reads one element. */
  read: (index: number, augmentation?: Augmentation) => Promise<Element>;
}

/** Returns the elements of a file-based data set. With `skipBad`, reads each file once before training begins and excludes
 * unreadable files, so that the number and the indices of the elements are the same in all epochs.
 * @param files names of the files.
 * @param read reads the element stored in a file; an error marks the file as bad.
 * @throws {Error} if, with `skipBad`, none of the files can be read. */
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
  // Crops of a damaged file can be intact unless it is read to its end.
  const jobs = files.map((file) => () => read(file, END).then(() => undefined, firstLine));
  let at = 0;
  for await (const reason of prefetch(jobs, 4)) {
    const name = files[at++]!;
    if (reason === undefined) good.push(name);
    else bad.push({ name, reason });
  }
  if (good.length > 0) return { ...elements(good), bad };
  throw new Error(`Cannot ${action}: none of its ${files.length} files can be read; the first error was: ${bad[0]!.reason}`);
}

/** Lists the image files in a folder in natural order, without hidden files.
 * @returns the file names.
 * @throws {Error} if the folder is missing or contains no images. */
export async function listImages(folder: string): Promise<string[]> {
  const files = await imagesIn(folder);
  if (files.length > 0) return files;
  const folders = await foldersIn(folder);
  const hint = folders.length > 0
    ? `choose one of its subfolders: ${folders.join(", ")}`
    : "add images, or choose another folder";
  throw new Error(`Cannot read images from ${folder}: it contains no images (${imageExtensions.join(" ")}); ${hint}`);
}

/** Like {@linkcode listImages}, but returns an empty list for a folder without images.
 * @throws {Error} if the folder is missing or cannot be read. */
export async function imagesIn(folder: string): Promise<string[]> {
  const isImage = (name: string) => imageExtensions.some((extension) => name.toLowerCase().endsWith(extension));
  return (await entriesOf(folder)).filter(({ name, isFolder }) => !isFolder && isImage(name)).map(({ name }) => name);
}

/** Lists the subfolders of a folder in natural order, without hidden ones.
 * @returns the names of the subfolders.
 * @throws {Error} if the folder is missing or cannot be read. */
export async function foldersIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).filter(({ isFolder }) => isFolder).map(({ name }) => name);
}

/** Lists the files and subfolders that are not hidden. A link is treated as its target; a broken link is treated as a file,
 * so that an error is reported when it is read. Pipes and devices are skipped, since opening a FIFO would block. */
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

/** Compares names in natural order, such as 01, 1, 2, 10. */
export function naturalOrder(a: string, b: string): number {
  return compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
