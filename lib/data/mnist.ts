/** The data sets MNIST (LeCun, Cortes and Burges, 1998) and Fashion-MNIST (Xiao et al., 2017, arXiv:1708.07747). Each contains
 * 60,000 training images and 10,000 test images in four idx files. The images are labelled, in greyscale, and 28 x 28 pixels in
 * size. The file names are the same for both data sets.
 *
 * An idx file (yann.lecun.com/exdb/mnist) contains a magic number, the sizes of the dimensions, and the data. The bytes of the
 * magic number are 0, 0, the data type (8 for unsigned bytes) and the number of dimensions. Sizes are big-endian 32-bit integers.
 * @module */
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type FileSet, labelledArchives } from "./archives.ts";
import { cacheFolder } from "../user_folders.ts";
import { downloadError, isFolder, lockedFile, placesOf } from "./cache.ts";
import type { LabelledData } from "./datasets.ts";
import { firstLine } from "./errors.ts";
import { fetchFile, type FetchOptions } from "./fetch.ts";
import { contentsOf, findIdxFiles, type IdxFiles, type IdxSplit } from "./idx_folder.ts";
import { streamLabelled } from "./stream.ts";

/** Options for {@linkcode mnist} and {@linkcode fashionMnist}. */
export interface MnistOptions {
  /** The folder that contains the idx files, or its parent folder. The files can be gzipped and can have any of the usual names.
   * Default: the data set's folder in FORGER_DATA if it exists, otherwise its folder in the cache folder. Missing files are
   * downloaded only to the cache folder. */
  folder?: string;
  /** Split of the data set. Default "train". */
  split?: "train" | "test";
  /** Number of images to use, from the start of the files. Default: all. */
  count?: number | undefined;
  /** Options for downloading the files. */
  fetch?: FetchOptions;
}

const CLASSES = 10;
/** Class names of Fashion-MNIST. */
export const fashionNames: readonly string[] = [
  ...["T-shirt or top", "trouser", "pullover", "dress", "coat"],
  ...["sandal", "shirt", "sneaker", "bag", "ankle boot"],
];

/** Reads MNIST, and downloads the files (12 MB) if necessary.
 * @throws {RangeError} If the split is invalid.
 * @throws {Error} If a file is missing or damaged, or if the images and labels do not match; the message names the file. */
export function mnist(options: MnistOptions = {}): Promise<LabelledData> {
  return labelledSet(labelledArchives.mnist, options);
}

/** Like {@linkcode mnist}, but reads Fashion-MNIST, whose download size is 31 MB. The classes are {@linkcode fashionNames}. */
export function fashionMnist(options: MnistOptions = {}): Promise<LabelledData> {
  return labelledSet(labelledArchives.fashion_mnist, options);
}

/** Reads a data set in MNIST's format. */
export async function labelledSet(set: FileSet, options: MnistOptions = {}): Promise<LabelledData> {
  const { split = "train" } = options;
  if (split !== "train" && split !== "test") {
    const problem = `split must be "train" or "test", got "${split}"`;
    throw new RangeError(`Cannot read ${set.name}: ${problem}; change split`);
  }
  return await readSet(`${set.name} (${split})`, await find(set, split, options), CLASSES, options.count);
}

/** Reads labelled images from idx files other than those of MNIST, such as EMNIST's.
 * @param path Folder that contains the files of one data set, or the common prefix of their paths.
 * @returns The images; `undefined` if there are no idx files. If the labels are not consecutive integers from 0, the classes are
 * numbered in the order of the labels, and each class is named after its label.
 * @throws {Error} If files are missing or damaged, if they do not match, or if there are several data sets; the message names the
 * files. */
export async function idxFromFolder(path: string, split: IdxSplit = "train", most?: number): Promise<LabelledData | undefined> {
  const files = await findIdxFiles(path);
  if (!files) return undefined;
  const { images, labels } = files[split] ?? {};
  if (images && labels) return await readSet(`${basename(path)} (${split})`, [images, labels], undefined, most);
  throw await missing(basename(path), split, await isFolder(path) ? path : dirname(path), files);
}

/** Returns whether a path contains idx files with test images. */
export async function hasIdxTest(path: string): Promise<boolean> {
  const { images, labels } = (await findIdxFiles(path))?.test ?? {};
  return images !== undefined && labels !== undefined;
}

type IdxPaths = [images: string, labels: string];

/** Reads a file of images and a file of labels.
 * @param classes Number of classes. Default: the number of distinct labels.
 * @param most Maximum number of images to use. */
async function readSet(name: string, paths: IdxPaths, classes?: number, most = Infinity): Promise<LabelledData> {
  const [images, labels] = await Promise.all([readIdx(paths[0], 3), readIdx(paths[1], 1)]);
  checkIdx(images, labels, paths, classes);
  const [all, height, width] = images.shape as [number, number, number];
  const count = Math.min(all, most);
  const size = height * width;
  const values = classes === undefined ? [...new Set(labels.data)].sort((a, b) => a - b) : [];
  const isGap = values.some((value, index) => value !== index);
  return streamLabelled({
    ...{ name, count, height, width, channels: 1, classes: classes ?? values.length },
    ...(isGap && { classNames: values.map((value) => `label ${value}`) }),
    read: (index) => ({
      picture: { data: images.data.subarray(index * size, (index + 1) * size), height, width, channels: 1 },
      label: isGap ? values.indexOf(labels.data[index]!) : labels.data[index]!,
      name: `${index}`,
    }),
  });
}

/** Checks that an image file and a label file belong together.
 * @throws {RangeError} If the numbers of images and labels differ, if there are no images, or if a label is out of range. */
function checkIdx(images: IdxArray, labels: IdxArray, files: IdxPaths, classes = Infinity): void {
  const [imageFile, labelFile] = files;
  const [count, got] = [images.shape[0], labels.data.length];
  const fail = (file: string, problem: string): never => {
    throw new RangeError(`Cannot read ${file}: ${problem}`);
  };
  if (got !== count) {
    fail(labelFile, `expected a label for each of the ${count} images in ${imageFile}, got ${got} labels; use the matching file`);
  }
  if (images.data.length === 0) {
    fail(imageFile, `expected at least one image, got [${images.shape.join(", ")}]; use a file that contains images`);
  }
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong < 0) return;
  fail(labelFile, `labels must be from 0 to ${classes - 1}, got ${labels.data[wrong]} for image ${wrong}; replace the file`);
}

/** Returns the paths of the image file and the label file in the first folder that contains both. */
async function find(set: FileSet, split: IdxSplit, { folder, fetch }: MnistOptions): Promise<IdxPaths> {
  const cached = folder === undefined ? join(cacheFolder(), set.name) : undefined;
  for (const place of [...placesOf(set.name, folder), ...(cached ? [cached] : [])]) {
    const files = await isFolder(place) ? await findIdxFiles(place) : undefined;
    const { images, labels } = files?.[split] ?? {};
    if (images && labels) return [images, labels];
    // An incomplete data set in FORGER_DATA is an error and not a reason to download another copy.
    if (folder === undefined && place !== cached && await isFolder(place)) throw await missing(set.name, split, place, files);
  }
  if (cached === undefined) throw await missing(set.name, split, folder!, await findIdxFiles(folder!));
  return await fetchFiles(set, cached, namesOf(split), fetch);
}

function namesOf(split: IdxSplit): IdxPaths {
  const part = split === "train" ? "train" : "t10k";
  return [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`];
}

async function missing(name: string, split: IdxSplit, place: string, files: IdxFiles = {}): Promise<Error> {
  const found = files[split] ?? {};
  const wanted = (["images", "labels"] as const).flatMap((kind, i) => found[kind] ? [] : [namesOf(split)[i]!]);
  const expected = `expected the ${split} ${wanted.length === 1 ? "file" : "files"} ${wanted.join(" and ")}, with or without .gz`;
  const cure = "add what is missing, or choose another folder";
  return new Error(`Cannot read ${name} from ${place}: ${expected}, got ${await contentsOf(place)}; ${cure}`);
}

async function fetchFiles(set: FileSet, folder: string, names: string[], options: FetchOptions = {}): Promise<IdxPaths> {
  const report = options.report ?? ((line: string) => console.error(line));
  using _lock = await lockedFile(folder, ".lock"); // a second process waits here and then finds the files
  const paths: string[] = [];
  for (const name of names) {
    const path = join(folder, `${name}.gz`);
    const urls = set.urls.map((url) => `${url}${name}.gz`);
    try {
      report(`Downloading ${name}.gz from ${set.urls[0]}`);
      await fetchFile(urls, path, { ...options, ...set.files[`${name}.gz`]!, report });
    } catch (error) {
      throw downloadError(set.name, error, `download ${urls[0]} on any machine and copy it to ${folder}`);
    }
    paths.push(path);
  }
  return paths as IdxPaths;
}

export interface IdxArray {
  /** Shape of the data: `[count, height, width]` for images, `[count]` for labels. */
  shape: number[];
  /** Values of the array, in row-major order. */
  data: Uint8Array;
}

/** Reads an idx file of unsigned bytes, gzipped or not.
 * @param source A path, or the contents of a file.
 * @param rank Expected number of dimensions: 3 for images, 1 for labels.
 * @param name Name of the file in error messages, if the source is a byte array.
 * @throws {Error} If the file is missing, has a different format, or has the wrong length; the message names the file. */
export async function readIdx(source: string | Uint8Array, rank: 1 | 3, name: string = "the idx file"): Promise<IdxArray> {
  if (typeof source === "string") name = source;
  return parse(gunzipped(typeof source === "string" ? await readFile(source) : source, name), rank, name);
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : firstLine(error);
    throw new Error(`Cannot read ${path}: ${reason}; check the path`);
  }
}

/** Maximum size of an unpacked file in bytes, as a protection against gzip bombs. MNIST's training images take up 47 MB. */
const LARGEST_IDX = 2 ** 30;

function gunzipped(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: LARGEST_IDX }));
  } catch (error) {
    throw new Error(`Cannot read ${name}: it is not a complete gzip file (${firstLine(error)}); download it again`);
  }
}

function parse(bytes: Uint8Array, rank: number, name: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = 4 + 4 * rank;
  const magic = bytes.length >= 4 ? view.getUint32(0) : undefined;
  const wanted = 0x800 + rank;
  if (magic !== wanted) {
    const hint = magic === 0x801 ? " (labels)" : magic === 0x803 ? " (images)" : "";
    const got = magic === undefined ? `a file of ${bytes.length} bytes` : `${magic}${hint}`;
    const kind = `an idx file of ${rank === 3 ? "images" : "labels"}, magic number ${wanted}`;
    throw new Error(`Cannot read ${name}: expected ${kind}, got ${got}; use the right file`);
  }
  const shape = bytes.length < head ? [] : Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== head + size || shape.length !== rank) {
    const wanted = `${head + size} bytes (${shape.join(" x ")})`;
    throw new Error(`Cannot read ${name}: expected ${wanted}, got ${bytes.length}; download it again`);
  }
  return { shape, data: bytes.subarray(head) };
}
