/** MNIST (LeCun, Cortes, Burges 1998) and Fashion-MNIST (Xiao et al., arXiv:1708.07747): 60,000 labelled pictures to train and 10,000 to test, 28 by 28, grey,
 * in four idx files of the same names.
 * @module */
import { join } from "node:path";
import { type FileSet, labelledArchives } from "./archives.ts";
import { cacheFolder, isFolder } from "./cache.ts";
import type { LabelledData } from "./datasets.ts";
import { fetchFile, type FetchOptions } from "./fetch.ts";
import { firstLine } from "./image.ts";
import { streamLabelled } from "./stream.ts";
import { gunzipSync } from "node:zlib";

/** Which of the pictures, and from where. */
export interface MnistOptions {
  /** The folder that holds the idx files, gzipped or not, or the one above it. Default: see {@linkcode mnist}. */
  folder?: string;
  /** Default "train". */
  split?: "train" | "test";
  /** How to fetch the files where that is needed. */
  fetch?: FetchOptions;
}

/** Classes of either set. */
const classes = 10;
/** What the ten classes of Fashion-MNIST are. */
export const fashionNames: readonly string[] = [
  ...["T-shirt or top", "trouser", "pullover", "dress", "coat"],
  ...["sandal", "shirt", "sneaker", "bag", "ankle boot"],
];

/** MNIST from the folder given; without one from FORGER_DATA/mnist, else from the cache folder, into which the files (12 MB) are fetched at the first use.
 * @throws {Error} if a file is missing, damaged or does not fit the other one; the message names it. */
export function mnist(options: MnistOptions = {}): Promise<LabelledData> {
  return labelledSet(labelledArchives.mnist, options);
}

/** Fashion-MNIST, as {@linkcode mnist}: FORGER_DATA/fashion_mnist, or fetched (31 MB). Its classes: {@linkcode fashionNames}. */
export function fashionMnist(options: MnistOptions = {}): Promise<LabelledData> {
  return labelledSet(labelledArchives.fashion_mnist, options);
}

/** A set in the form of MNIST: from the folder given, FORGER_DATA, the cache folder or the network.
 * @throws {Error} as {@linkcode mnist}. */
export async function labelledSet(set: FileSet, options: MnistOptions = {}): Promise<LabelledData> {
  const { split = "train" } = options;
  if (split !== "train" && split !== "test") {
    throw new RangeError(`Cannot read ${set.name}: split must be "train" or "test", got "${split}"; change split`);
  }
  const part = split === "train" ? "train" : "t10k";
  const paths = await find(set, options, [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`]);
  const [pictures, labels] = await Promise.all([readIdx(paths[0]!, 3), readIdx(paths[1]!, 1)]);
  return labelledImages(pictures, labels, { name: `${set.name} (${split})`, classes, files: paths });
}

/** Pictures and labels of idx files as a set.
 * @param files their names, for errors.
 * @throws {RangeError} if there are not as many labels as pictures, none at all, or a label is out of range. */
export function labelledImages(
  pictures: IdxArray,
  labels: IdxArray,
  { name, classes, files }: { name: string; classes: number; files: string[] },
): LabelledData {
  const [count, height, width] = pictures.shape as [number, number, number];
  const [pictureFile, labelFile] = files as [string, string];
  if (labels.data.length !== count) {
    throw new RangeError(
      `Cannot read ${labelFile}: wanted a label for each of ${count} pictures in ${pictureFile}, got ${labels.data.length}; give the file that belongs to it`,
    );
  }
  if (count === 0 || height === 0 || width === 0) {
    throw new RangeError(
      `Cannot read ${pictureFile}: wanted at least one picture, got [${pictures.shape.join(", ")}]; give a file with pictures`,
    );
  }
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot read ${labelFile}: labels must be 0 to ${classes - 1}, got ${
        labels.data[wrong]
      } for picture ${wrong}; replace the file`,
    );
  }
  const size = height * width;
  return streamLabelled({
    ...{ name, count, height, width, channels: 1, classes },
    read: (index) => ({
      picture: { data: pictures.data.subarray(index * size, (index + 1) * size), height, width, channels: 1 },
      label: labels.data[index]!,
      name: `${index}`,
    }),
  });
}

/** Paths of files of these names, gzipped or not, in the first place that has them. */
async function find(set: FileSet, { folder, fetch }: MnistOptions, names: string[]): Promise<string[]> {
  const data = Deno.env.get("FORGER_DATA");
  const cached = join(cacheFolder(), set.name);
  const places = folder !== undefined ? [folder, join(folder, set.name)] : data ? [join(data, set.name), cached] : [cached];
  for (const place of places) {
    const paths = await Promise.all(names.map((name) => firstFile([join(place, name), join(place, `${name}.gz`)])));
    if (paths.every((path) => path !== undefined)) return paths;
    // A folder that is there and lacks a file is told, not passed over.
    if (folder === undefined && place !== cached && await isFolder(place)) throw missing(set, place, names);
  }
  if (folder !== undefined) throw missing(set, folder, names);
  return await fetchFiles(set, cached, names, fetch);
}

function missing({ name }: FileSet, place: string, names: string[]): Error {
  return new Error(
    `Cannot read ${name} from ${place}: wanted ${
      names.join(" and ")
    }, with or without .gz; put them there, or name another folder`,
  );
}

async function firstFile(paths: string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (await Deno.stat(path).then((found) => found.isFile, () => false)) return path;
  }
  return undefined;
}

async function fetchFiles(set: FileSet, folder: string, names: string[], options: FetchOptions = {}): Promise<string[]> {
  const report = options.report ?? ((line: string) => console.error(line));
  await Deno.mkdir(folder, { recursive: true });
  using lock = await Deno.open(join(folder, ".lock"), { write: true, create: true });
  await lock.lock(true); // two programs at once: the second waits, and then finds the files
  const paths: string[] = [];
  for (const name of names) {
    const file = set.files[`${name}.gz`]!;
    const path = join(folder, `${name}.gz`);
    try {
      report(`Fetching ${name}.gz from ${set.addresses[0]}`);
      await fetchFile(set.addresses.map((address) => `${address}${name}.gz`), path, { ...options, ...file, report });
    } catch (error) {
      throw new Error(
        `Cannot get the data set ${set.name}: ${firstLine(error)}; by hand: fetch ${
          set.addresses[0]
        }${name}.gz on any machine and put it into ${folder}, ` +
          `or name the folder that holds ${set.name} in FORGER_DATA`,
      );
    }
    paths.push(path);
  }
  return paths;
}

/** What an idx file holds. */
export interface IdxArray {
  /** Sizes, the slowest first: `[count, height, width]` of pictures, `[count]` of labels. */
  shape: number[];
  /** Their product of bytes. */
  data: Uint8Array;
}

/** Reads an idx file of bytes, gzipped or not.
 * @param source a path, or the file's bytes.
 * @param rank how many sizes it must have: 3 for pictures, 1 for labels.
 * @param name what to call it in an error, if it is given as bytes.
 * @throws {Error} if it is missing, is no such file, is cut short or too long; the message names it. */
export async function readIdx(source: string | Uint8Array, rank: 1 | 3, name: string = "the idx file"): Promise<IdxArray> {
  const called = typeof source === "string" ? source : name;
  const bytes = unzipped(typeof source === "string" ? await read(source) : source, called);
  return parse(bytes, rank, called);
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : firstLine(error);
    throw new Error(`Cannot read ${path}: ${reason}; check the path`);
  }
}

/** What is larger than this when unpacked is no data set of pictures of digits, but a bomb: MNIST's pictures are 47 MB. */
const mostBytes = 2 ** 30;

function unzipped(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: mostBytes }));
  } catch (error) {
    throw new Error(`Cannot read ${name}: it is not a whole gzip file (${firstLine(error)}); fetch it again`);
  }
}

function parse(bytes: Uint8Array, rank: number, name: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = 4 + 4 * rank;
  const magic = bytes.length >= 4 ? view.getUint32(0) : undefined;
  const wanted = 0x800 + rank;
  if (magic !== wanted) {
    const kind = rank === 3 ? "pictures" : "labels";
    const got = magic === undefined ? `${bytes.length} bytes in all` : magic;
    const hint = magic === 0x801 ? "; these are labels" : magic === 0x803 ? "; these are pictures" : "";
    throw new Error(
      `Cannot read ${name}: an idx file of ${kind} begins with the number ${wanted}, got ${got}${hint}; give the right file`,
    );
  }
  const shape = bytes.length < head ? [] : Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== head + size || shape.length !== rank) {
    throw new Error(
      `Cannot read ${name}: it should have ${head + size} bytes (${shape.join(" x ")}), got ${bytes.length}; fetch it again`,
    );
  }
  return { shape, data: bytes.subarray(head) };
}
