/** The look at the user's own folders before a model is trained or evaluated on them. It prints what is read and what is left out,
 * and rejects data that is probably meant to be read in another way.
 * @module */
import { isAbsolute, join, relative } from "node:path";
import { isFolder } from "../../data/cache.ts";
import { imagesIn, listFolder, type Listing, naturalOrder, stem } from "../../data/image_files.ts";
import {
  type FolderLook,
  type Header,
  isDomain,
  isSplit,
  isTwiceAsWide,
  lookAtFolder,
  sameProportions,
  singleImages,
  spread,
} from "../../data/look.ts";
import { UsageError } from "../command.ts";
import { fromWhereCalled, realPath, shellWord, toWhereCalled } from "../paths.ts";
import { describe, leftOut, listed } from "./describe.ts";

/** How to look at data. */
export interface LookOptions {
  /** Whether to read the data as the options say, even if it looks different. */
  asGiven?: boolean | undefined;
  /** Whether unreadable files are skipped. */
  skipBad?: boolean | undefined;
  /** Maximum number of elements that are read for training. */
  count?: number | undefined;
  /** Prints a line. Default: `console.log`. */
  say?: (line: string) => void;
}

/** Subfolders that can contain the held-out pairs, in order of preference. */
export const HELD_OUT = ["val", "test"] as const;

const AS_GIVEN = "add --as-given to read them as they are";

/** Rejects data that is probably meant to be read in another way, or, with --as-given, prints why it would be rejected. */
function stop(message: string, { asGiven, say = console.log }: LookOptions): void {
  if (!asGiven) throw new Error(message);
  say(`Note: ${message.replace(/; [^;]*$/, "")}`);
}

/** Path as the user would type it in a command. */
function typed(...parts: string[]): string {
  return shellWord(toWhereCalled(join(...parts)));
}

/** Looks at a folder of pairs.
 * @param data path of the folder, as typed.
 * @throws {Error} if the data is probably meant to be read in another way, or if an image cannot be read. */
export async function lookAtPairs(
  data: string,
  { targets, colourise, direction, ...options }:
    & { targets?: string | undefined; colourise?: boolean | undefined; direction?: string | undefined }
    & LookOptions,
): Promise<void> {
  const folder = fromWhereCalled(data);
  const [top, hasTrain] = [await listFolder(folder), await isFolder(join(folder, "train"))];
  if (!hasTrain && !colourise && targets === undefined && top.images.length === 0) await suggestLayout(folder, top);
  const heldOut = hasTrain ? HELD_OUT.find((split) => top.folders.includes(split)) : undefined;
  const splits = hasTrain ? ["train", ...heldOut ? [heldOut] : []] : ["."];
  const other = targets === undefined ? undefined : fromWhereCalled(targets);
  const looks: FolderLook[] = [];
  for (const split of splits) {
    if (other !== undefined) looks.push(...await lookAtPartners(join(folder, split), join(other, split), direction, options));
    else if (colourise) looks.push((await lookBelow(join(folder, split))).look);
    else looks.push(await lookAtFolder(join(folder, split)));
    if (other === undefined && !colourise) await refuseSingleImages(looks.at(-1)!, options);
  }
  const word = other !== undefined ? "images" : colourise ? "photographs" : "side-by-side images";
  const perSplit = other === undefined ? 1 : 2;
  const described = looks.map((look, i) => describe(look, word, i < perSplit ? options.count : undefined));
  print(described.slice(0, perSplit), described.slice(perSplit), options);
  const isRead = (name: string) => splits.includes(name) || colourise && !hasTrain && top.images.length === 0;
  const passed: Listing = { ...top, folders: top.folders.filter((name) => !isRead(name)) };
  tellLeftOut(hasTrain ? [passed, ...looks] : other === undefined ? [passed] : looks, hasTrain ? top.images.length : 0, options);
  refuseBroken(looks, options);
}

/** Rejects a folder without images whose subfolders are in a layout that other options read. */
async function suggestLayout(folder: string, { folders }: Listing): Promise<void> {
  const action = `Cannot read pairs from ${folder}: it contains no images, but the subfolders`;
  if (folders.includes("trainA") && folders.includes("trainB")) {
    throw new Error(
      `${action} trainA and trainB of unpaired images; use deno task train cyclegan --data ${typed(folder)}, or, if the files ` +
        `are paired by name, --data ${typed(folder, "trainA")} --targets ${typed(folder, "trainB")}`,
    );
  }
  if (folders.length !== 2 || folders.some(isSplit)) return;
  const [a, b] = folders.toSorted(naturalOrder) as [string, string];
  throw new Error(
    `${action} ${a} and ${b}; if their files are paired by name, use --data ${typed(folder, a)} --targets ${typed(folder, b)}`,
  );
}

async function refuseSingleImages(look: FolderLook, options: LookOptions): Promise<void> {
  const single = await singleImages(look);
  const [first] = single;
  if (!first) return;
  const { file, header: { width, height } } = first;
  stop(
    `Cannot read pairs from ${look.folder}: expected images about twice as wide as high, with A on the left and B on the right, ` +
      `got ${file} of ${width}x${height} (${single.length} of ${look.seen.length} images looked at); use --targets for targets ` +
      "in a folder of their own, --colourise for photographs, or, if these are pairs, --as-given",
    options,
  );
}

/** Looks at two folders whose files are paired by name. */
async function lookAtPartners(
  a: string,
  b: string,
  direction: string | undefined,
  options: LookOptions,
): Promise<[FolderLook, FolderLook]> {
  const { say = console.log } = options;
  const names = new Set((await imagesIn(b)).map(stem));
  const looks: [FolderLook, FolderLook] = [
    await lookAtFolder(a, (images) => spread(images.filter((file) => names.has(stem(file))))),
    { folder: b, images: [], folders: [], results: [], unreadable: {}, others: 0, hidden: 0, seen: [], broken: [] },
  ];
  const seen = new Map(looks[0].seen.map((image) => [stem(image.file), image]));
  looks[1] = await lookAtFolder(b, (images) => images.filter((file) => seen.has(stem(file))));
  if (await realPath(a) === await realPath(b)) say("Note: --data and --targets are the same folder");
  const pairs = looks[1].seen.map((second) => [seen.get(stem(second.file))!, second] as const);
  const turned = pairs.filter(([first, second]) =>
    !sameProportions(first.header, second.header) && sameProportions(stored(first.header), stored(second.header))
  );
  const unequal = pairs.filter(([first, second]) => !sameProportions(first.header, second.header));
  const [first, second] = turned[0] ?? unequal[0] ?? [];
  if (first && second) {
    const of = ({ header: { width, height } }: typeof first) => `${width}x${height}`;
    const many = turned[0] ? turned : unequal;
    const [left, right] = [join(a, first.file), join(b, second.file)];
    const why = turned[0]
      ? `the EXIF orientation of one of them turns it, so that ${of(first)} meets ${of(second)}`
      : `${of(first)} and ${of(second)} have different proportions`;
    const cure = turned[0] ? "turn the other file, or remove the orientation" : "crop one of them";
    const counted = `${many.length} of ${pairs.length} pairs looked at`;
    stop(`Cannot pair ${left} with ${right}: ${why} (${counted}); ${cure}, or ${AS_GIVEN}`, options);
  }
  const tilted = pairs.find(([first, second]) => first.header.orientation !== second.header.orientation && unequal.length === 0);
  const sameStored = tilted && sameProportions(stored(tilted[0].header), stored(tilted[1].header));
  if (sameStored) say(`Note: only one of ${join(a, tilted[0].file)} and ${join(b, tilted[1].file)} has an EXIF orientation`);
  const labels = looks.map(({ seen }) => seen.length > 0 && seen.every(({ header }) => header.palette));
  if (labels[direction === "BtoA" ? 0 : 1] && !labels[direction === "BtoA" ? 1 : 0]) {
    say(
      `Note: the targets look like label maps; for label maps as inputs, use --direction ${
        direction === "BtoA" ? "AtoB" : "BtoA"
      }`,
    );
  }
  return looks;
}

/** Size of an image as it is stored, before it is turned. */
function stored({ width, height, orientation }: Header): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Looks at unpaired images: two folders, or a folder in CycleGAN's layout.
 * @throws {Error} if the data is probably meant to be read in another way, or if an image cannot be read. */
export async function lookAtUnpaired(data: string, others: string | undefined, options: LookOptions): Promise<void> {
  const folder = fromWhereCalled(data);
  const top = await listFolder(folder);
  const has = (name: string) => top.folders.includes(name);
  if (others === undefined && !(has("trainA") && has("trainB"))) await suggestDomains(folder, top);
  const own = others === undefined ? [join(folder, "trainA"), join(folder, "trainB")] : [folder, fromWhereCalled(others)];
  const looks = await Promise.all(own.map((place) => lookAtFolder(place)));
  if (await realPath(own[0]!) === await realPath(own[1]!)) (options.say ?? console.log)("Note: both domains are the same folder");
  const heldOut = others === undefined && has("testA") && has("testB") ? ["testA", "testB"] : [];
  looks.push(...await Promise.all(heldOut.map((name) => lookAtFolder(join(folder, name)))));
  const described = looks.map((look, i) => describe(look, "images", i < 2 ? options.count : undefined));
  print(described.slice(0, 2), described.slice(2), options);
  const passed = { ...top, folders: top.folders.filter((name) => !["trainA", "trainB", ...heldOut].includes(name)) };
  tellLeftOut(others === undefined ? [passed, ...looks] : looks, others === undefined ? top.images.length : 0, options);
  refuseBroken(looks, options);
}

/** Rejects a folder that is not in CycleGAN's layout, but in one that other options read. */
async function suggestDomains(folder: string, { images, folders }: Listing): Promise<void> {
  const place = images.length === 0 && folders.includes("train") ? join(folder, "train") : folder;
  const { seen } = await lookAtFolder(place);
  const wide = seen.filter(({ header }) => isTwiceAsWide(header));
  const action = `Cannot read unpaired images from ${folder}: expected subfolders trainA and trainB`;
  if (2 * wide.length > seen.length) {
    const { file, header: { width, height } } = wide[0]!;
    throw new Error(
      `${action}, got side-by-side images (${join(place, file)} of ${width}x${height}); use deno task train pix2pix --data ` +
        `${typed(folder)}, or put the halves into two folders and name the second one with --others`,
    );
  }
  if (folders.length === 2 && !folders.some(isSplit)) {
    const [a, b] = folders.toSorted(naturalOrder) as [string, string];
    throw new Error(`${action}, got ${a} and ${b}; use --data ${typed(folder, a)} --others ${typed(folder, b)}`);
  }
  if (images.length > 0) {
    throw new Error(`${action}, got ${images.length} images; name the folder of the second domain with --others`);
  }
}

/** Looks at a folder of images or, if it contains none, at the images in its subfolders.
 * @returns the look, and the listings of the subfolders by name, in natural order. */
async function lookBelow(folder: string): Promise<{ look: FolderLook; below: Map<string, Listing> }> {
  const below = new Map<string, Listing>();
  const look = await lookAtFolder(folder);
  for (const name of look.folders.sort(naturalOrder)) below.set(name, await listFolder(join(folder, name)));
  if (look.images.length > 0) return { look, below };
  const images = [...below].flatMap(([name, { images }]) => images.map((file) => join(name, file)));
  return { look: { ...await lookAtFolder(folder, () => spread(images)), images }, below };
}

/** Looks at a folder with a subfolder for each class, or with the images of a single class.
 * @throws {Error} if the subfolders are probably not classes, or if an image cannot be read. */
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
  print([describe(look, "images", options.count) + of], [], options);
  const nested = [...below].map(([name, list]) => {
    return { ...list, folders: list.images.length === 0 ? [name] : list.folders.map((inner) => join(name, inner)) };
  });
  tellLeftOut([{ ...look, folders: [] }, ...nested], 0, options);
  refuseBroken([look], options);
}

/** Prints what is read. A folder without any images is rejected when it is read. */
function print(train: string[], heldOut: string[], { say = console.log }: LookOptions): void {
  if (train.some((text) => text.startsWith("0 "))) return;
  say(`Data: ${train.join(" and ")}`);
  if (heldOut.length > 0) say(`Held out: ${heldOut.join(" and ")}`);
}

/** Prints what a data set does not read, if there is anything. */
function tellLeftOut(listings: Listing[], images: number, { say = console.log }: LookOptions): void {
  const parts = leftOut(listings);
  if (images > 0) parts.unshift(`${images} ${images === 1 ? "image" : "images"} outside the subfolders`);
  if (parts.length > 0) say(`Left out: ${parts.join(", ")}`);
}

/** Rejects images whose headers cannot be read, unless unreadable images are skipped. */
function refuseBroken(looks: FolderLook[], { skipBad }: LookOptions): void {
  const [first] = looks.filter(({ broken }) => broken.length > 0);
  if (!first || skipBad) return;
  const { file, reason } = first.broken[0]!;
  const counted = looks.reduce((sum, { broken }) => sum + broken.length, 0);
  throw new Error(
    `Cannot read ${join(first.folder, file)}: it is not an image that can be decoded (${reason}; unreadable images among those ` +
      `looked at: ${counted}); replace or remove the file, or add --skip-bad`,
  );
}

/** Rejects a run folder among the images of a data set, whose results would be taken for images. A new subfolder is allowed, since
 * data sets leave out the results of training runs.
 * @throws {UsageError} if the run folder is a folder of the data, or contains images of it. */
export async function refuseOutAmongData(out: string, values: Record<string, unknown>): Promise<void> {
  const place = await realPath(out);
  if (place === undefined) return;
  for (const option of ["data", "targets", "others"]) {
    const data = typeof values[option] === "string" ? await realPath(fromWhereCalled(values[option])) : undefined;
    if (data === undefined || data !== place && !isBelow(data, place)) continue;
    if (data !== place && (await listFolder(out)).images.length === 0) continue;
    throw new UsageError(
      `Option --out: ${out} contains the data of --${option}; choose another folder, or a new subfolder of it`,
    );
  }
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}
