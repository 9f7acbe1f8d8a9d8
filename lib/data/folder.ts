/** Pairs from a folder of side-by-side pictures, the layout of pix2pix's data sets: each file is A on the left and B on the right, of one size.
 * @module */
import { basename, join } from "node:path";
import { failOn, loadSharp } from "./_sharp.ts";
import { type Augmentation, enlarged, mirror } from "./augment.ts";
import { checkSize, toRaw } from "./image.ts";
import type { PairData } from "./pairs.ts";
import type { Picture } from "./picture.ts";
import { type PicturePair, streamPairs } from "./stream.ts";

/** Which half is the input: in "AtoB" the left one, in "BtoA" the right one. */
export type Direction = "AtoB" | "BtoA";

/** How to read a folder of pairs. */
export interface FolderOptions {
  /** Height and width of each half in pixels, after resizing. */
  size?: number;
  /** In pixels, with `width`, instead of `size`. */
  height?: number;
  /** In pixels, with `height`, instead of `size`. */
  width?: number;
  /** Default "AtoB". */
  direction?: Direction;
  /** A folder within the folder: "train", "val", "test". */
  split?: string;
  /** What to call the set. Default: the folder's name, and the split. */
  name?: string;
}

/** Endings of the files that count as pictures. */
export const pictureEndings: readonly string[] = [".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".avif"];

/** The side-by-side pictures of a folder as pairs of RGB halves, in natural order of their names (1, 2, 10).
 *
 * A half is cut out before it is resized (cubic), so that no colour crosses the seam. Files are decoded when their turn comes; one that cannot be is an
 * error of `batches`, which names it.
 * @throws {RangeError} if a size or the direction is not possible.
 * @throws {Error} if the folder is missing or holds no picture. */
export async function pairsFromFolder(folder: string, options: FolderOptions): Promise<PairData> {
  const { direction = "AtoB", split } = options;
  const height = options.height ?? options.size ?? NaN;
  const width = options.width ?? options.size ?? NaN;
  checkSize(`read pairs from ${folder}`, height, width);
  if (direction !== "AtoB" && direction !== "BtoA") {
    throw new RangeError(
      `Cannot read pairs from ${folder}: direction must be "AtoB" or "BtoA", got "${direction}"; choose one of them`,
    );
  }
  const place = split === undefined ? folder : join(folder, split);
  const files = await listPictures(place);
  return streamPairs({
    name: options.name ?? basename(folder) + (split === undefined ? "" : ` (${split})`),
    count: files.length,
    ...{ height, width, inputChannels: 3, targetChannels: 3 },
    read: (index, augmentation) => readPair(join(place, files[index]!), { height, width, direction }, augmentation),
  });
}

/** The names of a folder's pictures in natural order; hidden files are left out.
 * @throws {Error} if the folder is missing or holds none. */
export async function listPictures(folder: string): Promise<string[]> {
  const files: string[] = [];
  const folders: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory) folders.push(entry.name);
      else if (pictureEndings.some((ending) => entry.name.toLowerCase().endsWith(ending))) files.push(entry.name);
    }
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such folder" : "it is not a folder that can be read";
    throw new Error(`Cannot read pictures from ${folder}: ${reason}; check the path`);
  }
  if (files.length > 0) return files.sort(new Intl.Collator("en", { numeric: true }).compare);
  const hint = folders.length > 0
    ? `choose one of its folders: ${folders.sort().join(", ")}`
    : "put pictures into it or choose another";
  throw new Error(`Cannot read pictures from ${folder}: it holds none (${pictureEndings.join(" ")}); ${hint}`);
}

interface HalfOptions {
  height: number;
  width: number;
  direction: Direction;
}

async function readPair(path: string, options: HalfOptions, augmentation?: Augmentation): Promise<PicturePair> {
  const sharp = await loadSharp();
  // Decoded once for both halves: decoding is the larger part of the work.
  const whole = await toRaw(sharp(path, { failOn }).autoOrient().flatten({ background: "white" }).toColourspace("srgb"), path);
  if (whole.width % 2 !== 0) {
    throw new Error(
      `Cannot cut ${path} into halves: wanted A and B side by side and equally wide, got ${whole.width} pixels in all; make the width even`,
    );
  }
  const half = (left: number) => readHalf(whole, left, options, augmentation, path);
  const [a, b] = await Promise.all([half(0), half(whole.width / 2)]);
  const [input, target] = options.direction === "AtoB" ? [a, b] : [b, a];
  return { input, target, name: basename(path) };
}

async function readHalf(
  whole: Picture,
  left: number,
  { height, width }: HalfOptions,
  augmentation: Augmentation | undefined,
  path: string,
): Promise<Picture> {
  const sharp = await loadSharp();
  let pipeline = sharp(whole.data, { raw: { height: whole.height, width: whole.width, channels: 3 } })
    .extract({ left, top: 0, width: whole.width / 2, height: whole.height });
  const resize = { fit: "fill", kernel: "cubic" } as const;
  if (!augmentation) return await toRaw(pipeline.resize(width, height, resize), path);
  // sharp computes only the part that is asked for: cheaper than cropping the bytes.
  pipeline = pipeline.resize(enlarged(width), enlarged(height), resize).extract({
    left: augmentation.left,
    top: augmentation.top,
    width,
    height,
  });
  const part = await toRaw(pipeline, path);
  return augmentation.mirror ? mirror(part) : part;
}
