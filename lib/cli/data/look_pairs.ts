/** Checks the user's own image pairs before they are read.
 * @module */
import { join } from "node:path";
import { isFolder } from "../../data/cache.ts";
import { imagesIn, listFolder, type Listing, naturalOrder, stem } from "../../data/image_files.ts";
import type { Header } from "../../data/header.ts";
import { type FolderLook, isSplit, lookAtFolder, sameProportions, singleImages, spread } from "../../data/look.ts";
import { fromWhereCalled, realPath } from "../paths.ts";
import { describe } from "./describe.ts";
import { lookBelow, type LookOptions, refuseBroken, stop, tell, typed } from "./look.ts";

/** Subfolders that can contain the held-out pairs, in order of preference. */
export const HELD_OUT = ["val", "test"] as const;

/** Checks a folder of pairs.
 * @param data Path of the folder, as the user typed it.
 * @throws {Error} If the data is probably meant to be read in a different way, or if an image cannot be read. */
export async function lookAtPairs(
  data: string,
  { targets, colourise, direction, ...options }:
    & { targets?: string | undefined; colourise?: boolean | undefined; direction?: string | undefined }
    & LookOptions,
): Promise<void> {
  const folder = fromWhereCalled(data);
  const [top, hasTrain] = [await listFolder(folder), await isFolder(join(folder, "train"))];
  if (!hasTrain && !colourise && targets === undefined && top.images.length === 0) suggestLayout(folder, top);
  const heldOut = hasTrain ? HELD_OUT.find((split) => top.folders.includes(split)) : undefined;
  const splits = hasTrain ? ["train", ...heldOut ? [heldOut] : []] : ["."];
  const other = targets === undefined ? undefined : fromWhereCalled(targets);
  const looks: FolderLook[] = [];
  for (const split of splits) {
    if (other !== undefined) looks.push(...await lookAtPartners(join(folder, split), join(other, split), direction, options));
    else if (colourise) looks.push((await lookBelow(join(folder, split))).look);
    else looks.push(await lookAtFolder(join(folder, split), spread, hasTrain ? undefined : top));
    if (other === undefined && !colourise) await refuseSingleImages(looks.at(-1)!, options);
  }
  const word = other !== undefined ? "images" : colourise ? "photographs" : "side-by-side images";
  const perSplit = other === undefined ? 1 : 2;
  const described = looks.map((look, i) => describe(look, word, i < perSplit ? options.count : undefined));
  const isRead = (name: string) => splits.includes(name) || colourise && !hasTrain && top.images.length === 0;
  const passed: Listing = { ...top, folders: top.folders.filter((name) => !isRead(name)) };
  tell({
    ...{ train: described.slice(0, perSplit), heldOut: described.slice(perSplit) },
    passed: hasTrain ? [passed, ...looks] : other === undefined ? [passed] : looks,
    outside: hasTrain ? top.images.length : 0,
  }, options);
  refuseBroken(looks, options);
}

/** Throws if a folder contains no images, but has subfolders in a layout that other options read. */
function suggestLayout(folder: string, { folders }: Listing): void {
  if (folders.includes("trainA") && folders.includes("trainB")) {
    const [a, b] = [typed(folder, "trainA"), typed(folder, "trainB")];
    throw new Error(
      `Cannot read pairs from ${folder}: expected images, got the subfolders trainA and trainB of unpaired images; use deno ` +
        `task train cyclegan --data ${typed(folder)}, or, if the files are paired by name, use --data ${a} --targets ${b}`,
    );
  }
  if (folders.length !== 2 || folders.some(isSplit)) return;
  const [a, b] = folders as [string, string];
  throw new Error(
    `Cannot read pairs from ${folder}: expected images, got the subfolders ${a} and ${b}; if their files are paired by name, ` +
      `use --data ${typed(folder, a)} --targets ${typed(folder, b)}`,
  );
}

async function refuseSingleImages(look: FolderLook, options: LookOptions): Promise<void> {
  const single = await singleImages(look);
  const [first] = single;
  if (!first) return;
  const { file, header: { width, height } } = first;
  stop(
    `Cannot read pairs from ${look.folder}: expected images about twice as wide as high, A on the left and B on the right, ` +
      `got ${file} of ${width}x${height} (${single.length} of ${look.seen.length} images looked at); use --targets for targets ` +
      "in a folder of their own, --colourise for photographs, or, if these are pairs, --as-given",
    options,
  );
}

async function lookAtPartners(
  a: string,
  b: string,
  direction: string | undefined,
  options: LookOptions,
): Promise<[FolderLook, FolderLook]> {
  const { say = console.log } = options;
  const names = new Set((await imagesIn(b)).map(stem));
  const own = await lookAtFolder(a, (images) => spread(images.filter((file) => names.has(stem(file)))));
  const seen = new Map(own.seen.map((image) => [stem(image.file), image]));
  const other = await lookAtFolder(b, (images) => images.filter((file) => seen.has(stem(file))).sort(naturalOrder));
  const pairs = other.seen.map((second) => [seen.get(stem(second.file))!, second] as const);
  comparePartners(a, b, pairs, options);
  if (await realPath(a) === await realPath(b)) say("Note: --data and --targets are the same folder");
  const isLabels = ({ seen }: FolderLook) => seen.length > 0 && seen.every(({ header }) => header.palette);
  const [inputs, outputs, opposite] = direction === "BtoA" ? [other, own, "AtoB"] as const : [own, other, "BtoA"] as const;
  if (isLabels(outputs) && !isLabels(inputs)) {
    say(`Note: the targets look like label maps; for label maps as inputs, use --direction ${opposite}`);
  }
  return [own, other];
}

type Image = FolderLook["seen"][number];

/** Throws if the two images of a pair have different proportions, for example because the EXIF orientation rotates only one of
 * them. */
function comparePartners(a: string, b: string, pairs: (readonly [Image, Image])[], options: LookOptions): void {
  const turned = pairs.filter(([first, second]) =>
    !sameProportions(first.header, second.header) && sameProportions(stored(first.header), stored(second.header))
  );
  const unequal = pairs.filter(([first, second]) => !sameProportions(first.header, second.header));
  const [first, second] = turned[0] ?? unequal[0] ?? [];
  if (first && second) {
    const of = ({ header: { width, height } }: Image) => `${width}x${height}`;
    const many = turned[0] ? turned : unequal;
    const [left, right] = [join(a, first.file), join(b, second.file)];
    const why = turned[0]
      ? `the EXIF orientation of one of them turns it, so that ${of(first)} meets ${of(second)}`
      : `${of(first)} and ${of(second)} have different proportions`;
    const cure = turned[0] ? "turn the other file, or remove the orientation" : "crop one of them";
    const counted = `${many.length} of ${pairs.length} pairs looked at`;
    stop(`Cannot pair ${left} with ${right}: ${why} (${counted}); ${cure}, or add --as-given to read them as they are`, options);
  }
  const tilted = pairs.find(([first, second]) => first.header.orientation !== second.header.orientation && unequal.length === 0);
  const sameStored = tilted && sameProportions(stored(tilted[0].header), stored(tilted[1].header));
  if (sameStored) {
    (options.say ?? console.log)(
      `Note: only one of ${join(a, tilted[0].file)} and ${join(b, tilted[1].file)} has an EXIF orientation`,
    );
  }
}

/** Returns the size of an image as stored, before the image is rotated. */
function stored({ width, height, orientation }: Header): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
