/** Pairs from a folder of side-by-side pictures, the layout of pix2pix's data sets: each file is A on the left and B on the right, of one size.
 * @module */
import { basename, join } from "node:path";
import type { Augmentation } from "./augment.ts";
import { checkSize } from "./image.ts";
import type { PairData } from "./pairs.ts";
import { channelsOfSide, decoded, type Fit, fitted, type SideOptions } from "./side.ts";
import { withoutBad } from "./skip_bad.ts";
import { type ImagePair, streamPairs } from "./stream.ts";

/** Which half is the input: in "AtoB" the left one, in "BtoA" the right one. */
export type Direction = "AtoB" | "BtoA";

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

/** How to read a folder of pairs. */
export interface FolderOptions extends FilesOptions {
  /** Default "AtoB". */
  direction?: Direction;
  /** A folder within the folder: "train", "val", "test". */
  split?: string;
  /** How what the generator is given is read. Default: RGB, 8 bits. */
  input?: SideOptions;
  /** How what it should make of it is read. Default: RGB, 8 bits. */
  target?: SideOptions;
}

/** Endings of the files that count as pictures. */
export const imageExtensions: readonly string[] = [".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".avif"];

/** The side-by-side pictures of a folder as pairs of halves, in natural order of their names (1, 2, 10).
 *
 * A half is cut out before it is resized (cubic), so that no colour crosses the seam. Files are decoded when their turn comes; one that cannot be is an
 * error of `batches`, which names it.
 * @throws {RangeError} if a size, the direction or a side's option is not possible.
 * @throws {Error} if the folder is missing or holds no picture. */
export async function pairsFromFolder(folder: string, options: FolderOptions): Promise<PairData> {
  const { direction = "AtoB", split, input = {}, target = {} } = options;
  const fit = fitOf(`read pairs from ${folder}`, options);
  if (direction !== "AtoB" && direction !== "BtoA") {
    throw new RangeError(
      `Cannot read pairs from ${folder}: direction must be "AtoB" or "BtoA", got "${direction}"; choose one of them`,
    );
  }
  const [inputChannels, targetChannels] = [channelsOfSide(input), channelsOfSide(target)];
  const place = split === undefined ? folder : join(folder, split);
  const read = (file: string, augmentation?: Augmentation) =>
    readPair(join(place, file), { fit, direction, input, target }, augmentation);
  const { good, bad } = await goodFiles(await listImages(place), read, options.skipBad, `read pairs from ${place}`);
  return streamPairs({
    name: options.name ?? basename(folder) + (split === undefined ? "" : ` (${split})`),
    ...{ count: good.length, height: fit.height, width: fit.width, inputChannels, targetChannels, ...bad },
    read: (index, augmentation) => read(good[index]!, augmentation),
  });
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

interface HalfOptions {
  fit: Fit;
  direction: Direction;
  input: SideOptions;
  target: SideOptions;
}

async function readPair(
  path: string,
  { fit, direction, input, target }: HalfOptions,
  augmentation?: Augmentation,
): Promise<ImagePair> {
  // Decoded once for both halves, if they are read alike: decoding is the larger part of the work.
  const whole = decoded(path, input);
  const alike = JSON.stringify(input) === JSON.stringify(target);
  const half = async (side: SideOptions, isLeft: boolean) => {
    const all = await (side === input || alike ? whole : decoded(path, side));
    if (all.width % 2 !== 0) {
      throw new Error(
        `Cannot cut ${path} into halves: wanted A and B side by side and equally wide, got ${all.width} pixels in all; make the width even`,
      );
    }
    const width = all.width / 2;
    return await fitted(all, { left: isLeft ? 0 : width, top: 0, width, height: all.height }, fit, side, augmentation, path);
  };
  const [given, wanted] = await Promise.all([half(input, direction === "AtoB"), half(target, direction === "BtoA")]);
  return { input: given, target: wanted, name: basename(path) };
}
