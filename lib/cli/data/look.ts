/** Checks the user's own folders before a model is trained or evaluated on them. The checks print what is read and what is left
 * out, and reject data that is probably meant to be read in a different way.
 * @module */
import { isAbsolute, join, relative } from "node:path";
import { isFolder } from "../../data/cache.ts";
import { listFolder, type Listing } from "../../data/image_files.ts";
import { type FolderLook, isSplit, isTwiceAsWide, lookAtFolder, spread } from "../../data/look.ts";
import { UsageError } from "../command.ts";
import { fromWhereCalled, realPath, shellWord, toWhereCalled } from "../paths.ts";
import { counted, describe, leftOut, listed } from "./describe.ts";

export interface LookOptions {
  /** Whether to read the data as the options specify, even if the checks would reject it. */
  asGiven?: boolean | undefined;
  /** Whether unreadable files are skipped. */
  skipBad?: boolean | undefined;
  /** Maximum number of elements that are read for training. */
  count?: number | undefined;
  /** Prints a line. Default: `console.log`. */
  say?: (line: string) => void;
}

/** Rejects data that is probably meant to be read in a different way, or, with --as-given, only prints the reason for a
 * rejection. */
export function stop(message: string, { asGiven, say = console.log }: LookOptions): void {
  if (!asGiven) throw new Error(message);
  say(`Note: ${message.replace(/; [^;]*$/, "")}`);
}

/** Path as the user would type it in a command. */
export function typed(...parts: string[]): string {
  return shellWord(toWhereCalled(join(...parts)));
}

/** Checks unpaired images, given as two folders or as a folder in CycleGAN's layout.
 * @throws {Error} If the data is probably meant to be read in a different way, or if an image cannot be read. */
export async function lookAtUnpaired(data: string, others: string | undefined, options: LookOptions): Promise<void> {
  const folder = fromWhereCalled(data);
  const top = await listFolder(folder);
  const has = (name: string) => top.folders.includes(name);
  if (others === undefined && !(has("trainA") && has("trainB"))) await suggestDomains(folder, top);
  const own = others === undefined ? [join(folder, "trainA"), join(folder, "trainB")] : [folder, fromWhereCalled(others)];
  const looks = [await lookAtFolder(own[0]!, spread, others === undefined ? undefined : top), await lookAtFolder(own[1]!)];
  if (await realPath(own[0]!) === await realPath(own[1]!)) (options.say ?? console.log)("Note: both domains are the same folder");
  const heldOut = others === undefined && has("testA") && has("testB") ? ["testA", "testB"] : [];
  for (const name of heldOut) looks.push(await lookAtFolder(join(folder, name)));
  const described = looks.map((look, i) => describe(look, "images", i < 2 ? options.count : undefined));
  const passed = { ...top, folders: top.folders.filter((name) => !["trainA", "trainB", ...heldOut].includes(name)) };
  tell({
    ...{ train: described.slice(0, 2), heldOut: described.slice(2) },
    ...others === undefined ? { passed: [passed, ...looks], outside: top.images.length } : { passed: looks },
  }, options);
  refuseBroken(looks, options);
}

/** Throws if a folder lacks CycleGAN's layout but has a layout that other options read. */
async function suggestDomains(folder: string, { images, folders }: Listing): Promise<void> {
  const place = images.length === 0 && folders.includes("train") ? join(folder, "train") : folder;
  const { seen } = await lookAtFolder(place);
  const wide = seen.filter(({ header }) => isTwiceAsWide(header));
  const refuse = (got: string, cure: string) => {
    throw new Error(`Cannot read unpaired images from ${folder}: expected subfolders trainA and trainB, got ${got}; ${cure}`);
  };
  if (2 * wide.length > seen.length) {
    const { file, header: { width, height } } = wide[0]!;
    refuse(
      `side-by-side images (${join(place, file)} of ${width}x${height})`,
      `use deno task train pix2pix --data ${typed(folder)}, or put the halves into two folders and name the second folder with ` +
        "--others",
    );
  }
  if (folders.length === 2 && !folders.some(isSplit)) {
    const [a, b] = folders as [string, string];
    refuse(`${a} and ${b}`, `use --data ${typed(folder, a)} --others ${typed(folder, b)}`);
  }
  if (images.length > 0) refuse(`${images.length} images`, "name the folder of the second domain with --others");
}

/** Inspects the images in a folder or, if the folder contains no images, those in its subfolders.
 * @returns The result of the inspection, and the listings of the subfolders, keyed by name and sorted in natural order. */
export async function lookBelow(folder: string): Promise<{ look: FolderLook; below: Map<string, Listing> }> {
  const below = new Map<string, Listing>();
  const look = await lookAtFolder(folder);
  for (const name of look.folders) below.set(name, await listFolder(join(folder, name)));
  if (look.images.length > 0) return { look, below };
  const images = [...below].flatMap(([name, { images }]) => images.map((file) => join(name, file)));
  return { look: { ...await lookAtFolder(folder, () => spread(images), look), images }, below };
}

/** Checks a folder that contains a subfolder for each class, or the images of a single class.
 * @throws {Error} If the subfolders are probably not classes, or if an image cannot be read. */
export async function lookAtClasses(data: string, options: LookOptions): Promise<void> {
  const folder = fromWhereCalled(data);
  const { look, below } = await lookBelow(folder);
  const classes = [...below].filter(([, { images }]) => images.length > 0);
  const splits = classes.map(([name]) => name).filter(isSplit);
  if (splits.length >= 2) {
    const use = splits.find((name) => /^train/i.test(name)) ?? splits[0]!;
    stop(
      `Cannot read classes from ${folder}: its subfolders ${splits.join(", ")} are probably splits of the data; use --data ` +
        `${typed(folder, use)}, or, if they are classes, add --as-given`,
      options,
    );
  }
  const counts = classes.map(([name, { images }]) => `${name} (${images.length})`);
  const of = counts.length === 0 ? "" : `; ${counts.length} ${counts.length === 1 ? "class" : "classes"}: ${listed(counts)}`;
  const nested = [...below].map(([name, list]) => {
    return { ...list, folders: list.images.length === 0 ? [name] : list.folders.map((inner) => join(name, inner)) };
  });
  tell({ train: [describe(look, "images", options.count) + of], passed: [{ ...look, folders: [] }, ...nested] }, options);
  refuseBroken([look], options);
}

/** Prints which images are read, held out and left out; prints nothing for a folder without images, which is rejected later. */
export function tell(
  { train, heldOut = [], passed, outside = 0 }: {
    train: string[];
    heldOut?: string[];
    passed: Listing[];
    /** Number of images outside the subfolders from which images are read. */
    outside?: number;
  },
  { say = console.log }: LookOptions,
): void {
  if (train.some((text) => text.startsWith("0 "))) return;
  say(`Data: ${train.join(" and ")}`);
  if (heldOut.length > 0) say(`Held out: ${heldOut.join(" and ")}`);
  const parts = leftOut(passed);
  if (outside > 0) parts.unshift(`${counted(outside)} outside the subfolders`);
  if (parts.length > 0) say(`Left out: ${parts.join(", ")}`);
}

/** Throws if the header of an image cannot be read, unless unreadable images are skipped. */
export function refuseBroken(looks: FolderLook[], { skipBad }: LookOptions): void {
  const [first] = looks.filter(({ broken }) => broken.length > 0);
  if (!first || skipBad) return;
  const { file, reason } = first.broken[0]!;
  const all = looks.reduce((sum, { broken }) => sum + broken.length, 0);
  throw new Error(
    `Cannot decode the image ${join(first.folder, file)}: ${reason} (number of unreadable images found: ${all}); replace or ` +
      "remove the file, or add --skip-bad",
  );
}

/** Checks a folder of images to translate. Prints what is left out, and a note if the images may be side-by-side pairs.
 * @param half "left", "right" or "whole": the part of each image that is translated. */
export async function lookAtInputs(folder: string, half: string, options: LookOptions = {}): Promise<void> {
  const { say = console.log } = options;
  const look = await lookAtFolder(folder);
  const parts = leftOut([look]);
  if (parts.length > 0) say(`Left out: ${parts.join(", ")}`);
  if (half === "whole" && look.seen.length > 0 && look.seen.every(({ header }) => isTwiceAsWide(header))) {
    say("Note: the images are twice as wide as high; if they are side-by-side pairs, use --half left or --half right");
  }
}

/** Throws if a run folder already contains training images, because the results of the run would be read as training images, too.
 * A new subfolder is allowed, because data sets leave out the results of training runs.
 * @throws {UsageError} If the run folder is a folder of the data set, or contains images of the data set. */
export async function refuseOutAmongData(out: string, values: Record<string, unknown>): Promise<void> {
  const place = await realPath(out);
  if (place === undefined) return;
  for (const option of ["data", "targets", "others"]) {
    const data = typeof values[option] === "string" ? await realPath(fromWhereCalled(values[option])) : undefined;
    if (data === undefined || data !== place && !isBelow(data, place)) continue;
    if (data !== place && (!await isFolder(out) || (await listFolder(out)).images.length === 0)) continue;
    throw new UsageError(
      `Option --out: ${out} contains the data of --${option}; choose another folder, or a new subfolder of this folder`,
    );
  }
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}
