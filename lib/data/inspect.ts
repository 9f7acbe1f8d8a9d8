/** Inspects a folder of images: layout, image sizes and formats, and files that would cause training to fail.
 * @module */
import { basename, join } from "node:path";
import { decodeReason, openUpright, toRaw } from "./sharp.ts";
import type { Image } from "./image_bytes.ts";
import { listFolder, listImages, type Listing, naturalOrder, stem } from "./image_files.ts";
import { type Header, readHeader } from "./header.ts";
import { isDomain, isSplit, isTwiceAsWide } from "./look.ts";
import { findReasons, prefetch } from "./prefetch.ts";

/** Findings for one folder. */
export interface FolderFinding {
  /** Path relative to the inspected folder; "." for the inspected folder itself. */
  path: string;
  /** Names of the images, in natural order. */
  files: string[];
  /** Number of images of each size, keyed by width and height, such as "512x256". */
  sizes: Record<string, number>;
  /** Number of images in each format, keyed by a description such as "RGB, 8 bits, jpeg". */
  kinds: Record<string, number>;
  /** Files that cannot be decoded completely. */
  unreadable: { file: string; reason: string }[];
  /** Images, and halves of side-by-side images, that have a uniform colour. Their standard deviation of 0 turns losses into
   * NaN. */
  flat: { file: string; part: "whole" | "left half" | "right half" }[];
  /** Contents of the folder that no data set reads, such as hidden files and results of training runs. */
  leftOut: LeftOut;
}

/** The parts of a folder's contents that no data set reads. */
export type LeftOut = Pick<Listing, "unreadable" | "others" | "hidden" | "results">;

/** How the images in a folder are organized. */
export type Layout = "side by side" | "unpaired folders" | "two folders, paired by name" | "single images";

/** Findings for a folder and its subfolders. */
export interface Inspection {
  /** The inspected folder. */
  folder: string;
  layout: Layout;
  folders: FolderFinding[];
  /** Files without a counterpart in the other folder, if folders are paired by file name. */
  partnerless: string[];
}

/** Options for {@linkcode inspectFolder}. */
export interface InspectOptions {
  /** Called after each file, with the number of files inspected so far and the total number. */
  report?: (done: number, count: number) => void;
}

/** Maximum depth of the subfolders to search; data/facades/train, for example, is two levels below data. */
const MAX_DEPTH = 3;
/** Height and width, in pixels, to which images are scaled down for inspection. */
const INSPECTED_SIZE = 64;
/** Standard deviation of the values (0 to 255) below which an image counts as flat, that is, as having a uniform colour. */
const FLAT_DEVIATION = 0.5;

/** Decodes every image in a folder and its subfolders. Hidden files and folders are skipped.
 * @throws {Error} If the folder is missing or contains no images. */
export async function inspectFolder(folder: string, { report }: InspectOptions = {}): Promise<Inspection> {
  const lists = await imagesBelow(folder);
  const findings = lists.map((list): FolderFinding => ({ ...list, sizes: {}, kinds: {}, unreadable: [], flat: [] }));
  const count = lists.reduce((sum, { files }) => sum + files.length, 0);
  let done = 0;
  for (const finding of findings) {
    const jobs = finding.files.map((file) => () => look(join(folder, finding.path, file)));
    let at = 0;
    for await (const seen of prefetch(jobs, 4)) {
      note(finding, finding.files[at++]!, seen);
      report?.(++done, count);
    }
    const reasonOf = (seen: Look) => "reason" in seen ? seen.reason : undefined;
    await findReasons(finding.unreadable, async ({ file }) => reasonOf(await look(join(folder, finding.path, file))));
  }
  const partners = findings.length > 1 ? partnerless(findings) : undefined;
  return { folder, layout: layoutOf(findings, partners !== undefined), folders: findings, partnerless: partners ?? [] };
}

/** A folder that {@linkcode inspectFolder} inspects: its path, the names of its images, and its other contents. */
export type ImageFolder = Pick<FolderFinding, "path" | "files" | "leftOut">;

/** Lists the folders that {@linkcode inspectFolder} inspects.
 * @throws {Error} If the folder is missing or contains no images. */
export async function imagesBelow(folder: string): Promise<ImageFolder[]> {
  const lists = await foldersWithImages(folder, ".", 0);
  if (!lists.some(({ files }) => files.length > 0)) await listImages(join(folder, lists[0]?.path ?? ".")); // throws
  return lists;
}

async function foldersWithImages(folder: string, path: string, depth: number): Promise<ImageFolder[]> {
  const { images, folders, ...leftOut } = await listFolder(join(folder, path));
  const holds = images.length > 0 || Object.keys(leftOut.unreadable).length > 0;
  const found = holds ? [{ path, files: images.sort(naturalOrder), leftOut }] : [];
  if (depth === MAX_DEPTH) return found;
  for (const name of folders) found.push(...await foldersWithImages(folder, join(path, name), depth + 1));
  return found;
}

type Look = { header: Header; small: Image } | { reason: string };

/** Decodes one image; an error is reported as a finding and does not end the inspection. */
async function look(path: string): Promise<Look> {
  const found = await readHeader(path);
  if ("reason" in found) return found;
  try {
    // Decode the whole file, since truncation shows only at the end.
    const upright = await openUpright(path);
    return { ...found, small: await toRaw(upright.resize(INSPECTED_SIZE, INSPECTED_SIZE, { fit: "fill" }), path) };
  } catch (error) {
    const message = decodeReason(error);
    return { reason: /complete image \((.*)\)/.exec(message)?.[1] ?? message };
  }
}

function note(finding: FolderFinding, file: string, seen: Look): void {
  if ("reason" in seen) return void finding.unreadable.push({ file, reason: seen.reason });
  const { header: { width, height, kind }, small } = seen;
  const size = `${width}x${height}`;
  finding.sizes[size] = (finding.sizes[size] ?? 0) + 1;
  finding.kinds[kind] = (finding.kinds[kind] ?? 0) + 1;
  const middle = INSPECTED_SIZE / 2;
  // The margin of 2 excludes the pixels at the seam, where resizing blends both halves.
  if (isFlat(small, 0, INSPECTED_SIZE)) finding.flat.push({ file, part: "whole" });
  else if (!isTwiceAsWide({ width, height })) return;
  else if (isFlat(small, 0, middle - 2)) finding.flat.push({ file, part: "left half" });
  else if (isFlat(small, middle + 2, INSPECTED_SIZE)) finding.flat.push({ file, part: "right half" });
}

/** Returns whether the pixels in columns `from` to `to` (exclusive) have a uniform colour. */
function isFlat({ data, height, width, channels }: Image, from: number, to: number): boolean {
  for (let channel = 0; channel < Math.min(3, channels); channel++) {
    let [sum, squares, count] = [0, 0, 0];
    for (let y = 0; y < height; y++) {
      for (let x = from; x < to; x++) {
        const value = data[(y * width + x) * channels + channel]!;
        sum += value, squares += value * value, count++;
      }
    }
    if (Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) >= FLAT_DEVIATION) return false;
  }
  return true;
}

function layoutOf(findings: FolderFinding[], paired: boolean): Layout {
  if (findings.some(({ path }) => isDomain(basename(path)))) return "unpaired folders";
  if (paired) return "two folders, paired by name";
  const sizes = findings.flatMap((finding) => Object.keys(finding.sizes).map((size) => size.split("x").map(Number)));
  const pairs = sizes.length > 0 && sizes.every(([width = 0, height = 0]) => isTwiceAsWide({ width, height }));
  return pairs ? "side by side" : "single images";
}

/** If two folders, such as A/train and B/train, share at least half of their file names, returns the files that only one of
 * the folders contains. */
function partnerless(findings: FolderFinding[]): string[] | undefined {
  const alone: string[] = [];
  let pairs = 0;
  for (const [i, first] of findings.entries()) {
    for (const second of findings.slice(i + 1)) {
      if (!arePartners(first.path, second.path)) continue;
      const [left, right] = [first, second].map(({ files }) => new Set(files.map(stem))) as [Set<string>, Set<string>];
      const common = [...left].filter((name) => right.has(name)).length;
      if (common < 0.5 * Math.max(left.size, right.size)) continue;
      pairs++;
      alone.push(...first.files.filter((file) => !right.has(stem(file))).map((file) => join(first.path, file)));
      alone.push(...second.files.filter((file) => !left.has(stem(file))).map((file) => join(second.path, file)));
    }
  }
  return pairs > 0 ? alone : undefined;
}

/** Returns whether two paths differ in exactly one component, and this component is not the name of a split. Two splits may share
 * file names by chance. */
function arePartners(first: string, second: string): boolean {
  const [a, b] = [first, second].map((path) => path.split(/[\\/]/)) as [string[], string[]];
  const differing = a.filter((name, i) => name !== b[i]);
  return a.length === b.length && differing.length === 1 && !isSplit(differing[0]!);
}
