/** What a folder of pictures holds, and what in it would spoil a training.
 * @module */
import { join } from "node:path";
import { decodeReason, failOn, loadSharp, toRaw } from "./image.ts";
import type { Image } from "./image_bytes.ts";
import { foldersIn, imagesIn, listImages, stem } from "./image_files.ts";
import { prefetch } from "./stream.ts";

/** What was found in one folder. */
export interface FolderFinding {
  /** Below the folder that was inspected; "." is that folder itself. */
  path: string;
  /** Names of the pictures, in natural order. */
  files: string[];
  /** How many pictures have a size: "512x256" (width, height). */
  sizes: Record<string, number>;
  /** How many pictures are of a kind: "RGB, 8 bits, jpeg". */
  kinds: Record<string, number>;
  /** Files that are no whole pictures. */
  unreadable: { file: string; reason: string }[];
  /** Pictures, or halves of side-by-side ones, of one flat colour: normalisation divides by their deviation, and losses become NaN. */
  flat: { file: string; part: "whole" | "left half" | "right half" }[];
}

/** How the pictures of a folder belong together. */
export type Layout = "side by side" | "unpaired folders" | "two folders, paired by name" | "single pictures";

/** What was found in a folder and in those below it. */
export interface Inspection {
  /** The folder that was inspected. */
  folder: string;
  layout: Layout;
  folders: FolderFinding[];
  /** Of two folders that are paired by name: files that have no partner. */
  partnerless: string[];
}

/** How to inspect. */
export interface InspectOptions {
  /** Is told how many files of all have been looked at. */
  report?: (done: number, count: number) => void;
}

/** Folders below the folder in which pictures are looked for: data/facades/train is two down. */
const deepest = 3;
/** Pictures are looked at in this size. */
const lookSize = 64;
/** A picture whose values differ by less than this, in steps of 0 to 255, is flat. */
const flatDeviation = 0.5;

/** Decodes every picture in a folder and in those below it, and tells what it found. Hidden files and folders are left out.
 * @throws {Error} if the folder is missing, or no picture is in it. */
export async function inspectFolder(folder: string, { report }: InspectOptions = {}): Promise<Inspection> {
  const lists = await imagesBelow(folder);
  const findings: FolderFinding[] = lists.map(({ path, files }) => ({
    path,
    files,
    sizes: {},
    kinds: {},
    unreadable: [],
    flat: [],
  }));
  const count = lists.reduce((sum, { files }) => sum + files.length, 0);
  let done = 0;
  for (const finding of findings) {
    const jobs = finding.files.map((file) => () => look(join(folder, finding.path, file)));
    let at = 0;
    for await (const seen of prefetch(jobs, 4)) {
      note(finding, finding.files[at++]!, seen);
      report?.(++done, count);
    }
  }
  const partners = findings.length > 1 ? partnerless(findings) : undefined;
  return { folder, layout: layoutOf(findings, partners !== undefined), folders: findings, partnerless: partners ?? [] };
}

/** The folders that {@linkcode inspectFolder} looks into, and the names of the pictures in each.
 * @throws {Error} if the folder is missing, or no picture is in it. */
export async function imagesBelow(folder: string): Promise<{ path: string; files: string[] }[]> {
  const lists = await foldersWithPictures(folder, ".", 0);
  if (lists.length === 0) await listImages(folder); // throws, and says why
  return lists;
}

async function foldersWithPictures(folder: string, path: string, depth: number): Promise<{ path: string; files: string[] }[]> {
  const files = await imagesIn(join(folder, path));
  const found = files.length > 0 ? [{ path, files }] : [];
  if (depth === deepest) return found;
  for (const name of await foldersIn(join(folder, path))) {
    found.push(...await foldersWithPictures(folder, join(path, name), depth + 1));
  }
  return found;
}

type Look = { width: number; height: number; kind: string; small: Image } | { reason: string };

/** A picture at a glance; an error is what was seen, not the end. */
async function look(path: string): Promise<Look> {
  try {
    const sharp = await loadSharp();
    const { autoOrient: { width, height }, channels, depth, format, space, hasAlpha } = await sharp(path).metadata();
    // As it will be read: upright, and on white where it is see-through. All of the file is decoded, for a picture that is cut short shows it only at its end.
    const upright = sharp(path, { failOn }).autoOrient().flatten({ background: "white" }).toColourspace("srgb");
    const small = await toRaw(upright.resize(lookSize, lookSize, { fit: "fill" }), path);
    const colours = colourName(space, hasAlpha ? channels - 1 : channels) + (hasAlpha ? " and alpha" : "");
    const bits = { uchar: "8 bits", ushort: "16 bits" }[depth as string] ?? depth;
    return { width, height, kind: `${colours}, ${bits}, ${format}`, small };
  } catch (error) {
    const words = decodeReason(error);
    const reason = /sharp can decode \((.*)\)/.exec(words)?.[1] ?? words;
    return { reason };
  }
}

function colourName(space: string, channels: number): string {
  if (space === "cmyk") return "CMYK";
  return { 1: "grey", 3: "RGB" }[channels] ?? `${channels} channels`;
}

function note(finding: FolderFinding, file: string, seen: Look): void {
  if ("reason" in seen) return void finding.unreadable.push({ file, reason: seen.reason });
  const { width, height, kind, small } = seen;
  const size = `${width}x${height}`;
  finding.sizes[size] = (finding.sizes[size] ?? 0) + 1;
  finding.kinds[kind] = (finding.kinds[kind] ?? 0) + 1;
  const middle = lookSize / 2;
  // The pixels at the seam are a mixture of both halves.
  if (isFlat(small, 0, lookSize)) finding.flat.push({ file, part: "whole" });
  else if (width !== 2 * height) return;
  else if (isFlat(small, 0, middle - 2)) finding.flat.push({ file, part: "left half" });
  else if (isFlat(small, middle + 2, lookSize)) finding.flat.push({ file, part: "right half" });
}

function isFlat({ data, height, width, channels }: Image, from: number, to: number): boolean {
  for (let channel = 0; channel < Math.min(3, channels); channel++) {
    let [sum, squares, count] = [0, 0, 0];
    for (let y = 0; y < height; y++) {
      for (let x = from; x < to; x++) {
        const value = data[(y * width + x) * channels + channel]!;
        sum += value, squares += value * value, count++;
      }
    }
    if (Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) >= flatDeviation) return false;
  }
  return true;
}

function layoutOf(findings: FolderFinding[], paired: boolean): Layout {
  if (findings.some(({ path }) => unpairedFolder.test(path))) return "unpaired folders";
  if (paired) return "two folders, paired by name";
  const sizes = findings.flatMap((finding) => Object.keys(finding.sizes));
  const isPair = (size: string) => {
    const [width, height] = size.split("x").map(Number) as [number, number];
    return width === 2 * height;
  };
  return sizes.length > 0 && sizes.every(isPair) ? "side by side" : "single pictures";
}

/** CycleGAN's names. */
const unpairedFolder = /(^|[\\/])(train|val|test)[AB]$/;

/** Files without a partner, if folders (inputs and targets, or A/train and B/train) have most of their names in common. */
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

/** Whether two paths differ in one name, and not in which split they are: the names 1, 2, 3 of train and val are common by chance. */
function arePartners(first: string, second: string): boolean {
  const [a, b] = [first, second].map((path) => path.split(/[\\/]/)) as [string[], string[]];
  const differing = a.filter((name, i) => name !== b[i]);
  return a.length === b.length && differing.length === 1 && !/^(train|val|test)[AB]?$/.test(differing[0]!);
}
