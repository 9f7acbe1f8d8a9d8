/** Inspects a folder of images quickly, by listing the folder and reading the size and format of some images from their headers.
 * Pixels are decoded only for a few images whose aspect ratio does not show whether they are side-by-side pairs.
 * @module */
import { join } from "node:path";
import { type Header, readHeader } from "./header.ts";
import { openUpright, toRaw } from "./sharp.ts";
import type { Image } from "./image_bytes.ts";
import { listFolder, type Listing, naturalOrder } from "./image_files.ts";
import { findReasons, prefetch } from "./prefetch.ts";

/** An image and its header, or the reason why the header cannot be read. */
export type Seen = { file: string; header: Header } | { file: string; reason: string };

/** Result of {@linkcode lookAtFolder}. */
export interface FolderLook extends Listing {
  folder: string;
  /** The images whose headers were read. */
  seen: { file: string; header: Header }[];
  /** The images whose headers cannot be read. */
  broken: { file: string; reason: string }[];
}

/** Maximum number of headers to read per folder; reading more would take longer than listing 100,000 files. */
export const LOOKED_AT = 256;

/** Lists a folder and reads the headers of some of its images.
 * @param choose Function that selects the images whose headers are read. The argument of the function is a list of all image
 * names, in no particular order. Default: {@linkcode spread}.
 * @param list Contents of the folder, if the folder has already been listed. Default: the folder is listed.
 * @throws {Error} If the folder is missing or cannot be read. */
export async function lookAtFolder(
  folder: string,
  choose: (images: string[]) => string[] = spread,
  list?: Listing,
): Promise<FolderLook> {
  const listing = list ?? await listFolder(folder);
  const look: FolderLook = { folder, ...listing, seen: [], broken: [] };
  const jobs = choose(listing.images).map((file) => () => readHeader(join(folder, file)).then((found) => ({ file, ...found })));
  for await (const found of prefetch(jobs, 16)) {
    if ("header" in found) look.seen.push(found);
    else look.broken.push(found);
  }
  await findReasons(look.broken, async ({ file }) => {
    const found = await readHeader(join(folder, file));
    return "reason" in found ? found.reason : undefined;
  });
  return look;
}

/** Returns at most `most` names, evenly spaced in alphabetical order, including the first and the last. */
export function spread(names: readonly string[], most = LOOKED_AT): string[] {
  const sorted = names.toSorted();
  if (sorted.length <= most) return sorted.sort(naturalOrder);
  return Array.from({ length: most }, (_, i) => sorted[Math.floor(i * (sorted.length - 1) / Math.max(1, most - 1))]!);
}

/** Returns whether an image is twice as wide as it is tall, with a tolerance of 5%. Most side-by-side pairs have this aspect
 * ratio. */
export function isTwiceAsWide({ width, height }: Pick<Header, "width" | "height">): boolean {
  return Math.abs(width - 2 * height) <= 0.05 * width;
}

/** Returns whether two images have the same aspect ratio, with a tolerance of one pixel or 3%, whichever is greater. */
export function sameProportions(a: Pick<Header, "width" | "height">, b: Pick<Header, "width" | "height">): boolean {
  const difference = Math.abs(a.width * b.height - b.width * a.height);
  return difference <= Math.max(0.03 * a.width * b.height, a.width + a.height, b.width + b.height);
}

/** Maximum number of images that {@linkcode singleImages} decodes, and maximum number of pixels per image. */
const DECODED = { images: 8, pixels: 3e7 };

/** Returns the images that are probably not side-by-side pairs: they are not about twice as wide as they are tall, and no
 * vertical edge separates their halves. At most 8 images are decoded to look for such an edge; the result of the majority is used
 * for all other images. */
export async function singleImages({ folder, seen }: FolderLook): Promise<FolderLook["seen"]> {
  const unusual = seen.filter(({ header }) => !isTwiceAsWide(header));
  const small = unusual.filter(({ header: { width, height } }) => width % 2 === 0 && width * height <= DECODED.pixels);
  const tried = new Set(spread(small.map(({ file }) => file), DECODED.images));
  const jobs = [...tried].map((file) => async () => await hasSeam(join(folder, file)) ? file : undefined);
  const pairs = new Set<string | undefined>();
  for await (const file of prefetch(jobs, 4)) pairs.add(file);
  pairs.delete(undefined);
  const most = 2 * pairs.size > tried.size;
  return unusual.filter(({ file, header: { width } }) => width % 2 !== 0 || !(tried.has(file) ? pairs.has(file) : most));
}

/** Number of columns that {@linkcode hasSeam} compares. */
const COLUMNS = 6;
/** Minimum difference between the two middle columns of a side-by-side image (0 to 255), and minimum ratio of this difference to
 * the differences between the columns beside them. */
const SEAM = { ratio: 3, least: 4 };

/** Returns whether the two middle columns of an image differ much more than the columns beside them. */
async function hasSeam(path: string): Promise<boolean> {
  try {
    const whole = await toRaw(await openUpright(path), path);
    if (whole.width < COLUMNS) return false;
    const left = whole.width / 2 - COLUMNS / 2;
    const [a, b, middle, c, d] = Array.from({ length: COLUMNS - 1 }, (_, i) => columnDifference(whole, left + i));
    return middle! > SEAM.least && middle! > SEAM.ratio * Math.max(a!, b!, c!, d!);
  } catch {
    return false; // reported when the image is read
  }
}

/** Returns the mean absolute difference between a column and the next one. */
function columnDifference({ data, height, width, channels }: Image, column: number): number {
  let sum = 0;
  for (let y = 0; y < height; y++) {
    const at = (y * width + column) * channels;
    for (let channel = 0; channel < channels; channel++) sum += Math.abs(data[at + channel]! - data[at + channels + channel]!);
  }
  return sum / (height * channels);
}

/** Names of folders that are splits of a data set, such as "train" or "testA". */
const SPLIT = /^(train(ing)?|val(id(ation)?)?|dev|test(ing)?|eval(uation)?|hold-?out)([_-]?(set|data|images))?$/i;
/** Folder names in CycleGAN's layout. */
const DOMAIN = /^(train|val|test)[AB]$/;

/** Returns whether a folder name denotes a split of a data set, or a domain in CycleGAN's layout. */
export function isSplit(name: string): boolean {
  return SPLIT.test(name) || DOMAIN.test(name);
}

/** Returns whether a folder name denotes a domain in CycleGAN's layout, such as "trainA". */
export function isDomain(name: string): boolean {
  return DOMAIN.test(name);
}
