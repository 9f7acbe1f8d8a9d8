/** Creates unpaired, labelled and greyscale-to-colour data sets from folders of images.
 * @module */
import { basename, join, resolve } from "node:path";
import type { Augmentation } from "./augment.ts";
import type { LabelledData, PairData, UnpairedData } from "./datasets.ts";
import { brightness, type Image } from "./image_bytes.ts";
import {
  elementsOf,
  type FilesOptions,
  fitOf,
  imagesIn,
  listFolder,
  listImages,
  naturalOrder,
  readingOf,
  shapeOf,
} from "./image_files.ts";
import { readSide } from "./preprocess.ts";
import { channelsOf, type SideOptions } from "./side.ts";
import { streamLabelled, streamPairs, streamUnpaired } from "./stream.ts";

/** Options for {@linkcode unpairedFromFolders}. */
export interface UnpairedFoldersOptions extends FilesOptions {
  /** How to read the images in the first folder. Default: RGB, 8 bits. */
  a?: SideOptions;
  /** How to read the images in the second folder. Default: RGB, 8 bits. */
  b?: SideOptions;
}

/** Reads two folders as an unpaired data set. The folders may contain different numbers of images of any size.
 * @throws {RangeError} If the size, `options.a` or `options.b` is invalid.
 * @throws {Error} If a folder is missing or empty. */
export async function unpairedFromFolders(a: string, b: string, options: UnpairedFoldersOptions): Promise<UnpairedData> {
  const fit = fitOf(`read images from ${a} and ${b}`, options);
  const open = async (folder: string, side: SideOptions = {}) => {
    const channels = channelsOf(side);
    const read = async (file: string, augmentation?: Augmentation) => ({
      picture: await readSide(join(folder, file), fit, side, augmentation),
      name: file,
    });
    const pathsOf = (file: string) => [join(folder, file)];
    return {
      ...{ side, channels },
      ...await elementsOf(await listImages(folder), read, options, `read images from ${folder}`, pathsOf),
    };
  };
  const [first, second] = [await open(a, options.a), await open(b, options.b)];
  return streamUnpaired({
    name: options.name ?? `${basename(a)} and ${basename(b)}`,
    reading: readingOf(fit, { a: first.side, b: second.side }),
    ...{ aCount: first.count, bCount: second.count, ...shapeOf(fit) },
    ...{ aChannels: first.channels, bChannels: second.channels, readA: first.read, readB: second.read },
    files: [...first.files, ...second.files],
    ...(first.bad && second.bad && { bad: [...first.bad, ...second.bad] }),
  });
}

/** Reads an unpaired data set in CycleGAN's layout: a folder that contains trainA, trainB, testA and testB.
 * @param split "train" or "test". */
export function unpairedFromFolder(
  folder: string,
  { split = "train", ...options }: UnpairedFoldersOptions & { split?: string },
): Promise<UnpairedData> {
  const name = options.name ?? `${basename(folder)} (${split})`;
  return unpairedFromFolders(join(folder, `${split}A`), join(folder, `${split}B`), { ...options, name });
}

/** Options for {@linkcode labelledFromFolder}. */
export interface LabelledFolderOptions extends FilesOptions {
  /** Number of channels: 1 for greyscale, 3 for RGB. Default 3. */
  channels?: 1 | 3;
}

/** Reads a folder with one subfolder per class. Classes are sorted by name in natural order and numbered from 0. If no subfolder
 * contains images, the images in the folder itself form a single class. Images are cropped to the requested aspect ratio
 * ("cover"), unless `fit` is given.
 * @throws {RangeError} If the size is invalid.
 * @throws {Error} If there are no images, if `skipBad` excludes all images, or if there are images outside the class folders. */
export async function labelledFromFolder(
  folder: string,
  options: LabelledFolderOptions,
): Promise<LabelledData & { classNames: string[] }> {
  const action = `read images from ${folder}`;
  const fit = fitOf(action, { fit: "cover", ...options });
  const { channels = 3 } = options;
  const { classNames, files } = await classesOf(folder);
  const read = async (name: string, augmentation?: Augmentation) => {
    return { picture: await readSide(join(folder, name), fit, { channels }, augmentation), label: files.get(name)!, name };
  };
  const set = streamLabelled({
    name: options.name ?? basename(resolve(folder)),
    ...{ ...shapeOf(fit), channels, classes: classNames.length },
    reading: readingOf(fit, { images: { channels } }),
    ...await elementsOf(firstOfEach(files, options.count), read, options, action, (name) => [join(folder, name)]),
  });
  return { ...set, classNames };
}

/** Returns the names of the classes, and the class index of each file, keyed by the file's path relative to the folder. */
async function classesOf(folder: string): Promise<{ classNames: string[]; files: Map<string, number> }> {
  const { images, folders } = await listFolder(folder);
  const own = images.sort(naturalOrder);
  const classNames: string[] = [];
  const files = new Map<string, number>();
  for (const name of folders) {
    const within = await imagesIn(join(folder, name));
    if (within.length === 0) continue;
    for (const file of within) files.set(join(name, file), classNames.length);
    classNames.push(name);
  }
  if (classNames.length > 0 && own.length > 0) {
    const both = `it contains both images (${own[0]}) and subfolders with images (${classNames[0]})`;
    throw new Error(`Cannot read classes from ${folder}: ${both}; move the images into subfolders, one per class`);
  }
  if (classNames.length > 0) return { classNames, files };
  await listImages(folder); // throws if there are no images either
  return { classNames: [basename(resolve(folder))], files: new Map(own.map((file) => [file, 0])) };
}

/** Returns the first files of each class, in natural order: `count` files in total, divided among the classes as evenly as
 * possible. */
function firstOfEach(files: ReadonlyMap<string, number>, count = Infinity): string[] {
  const seen: number[] = [];
  const ranked = [...files].map(([file, label]) => ({ file, rank: seen[label] = (seen[label] ?? -1) + 1 }));
  const taken = new Set(ranked.toSorted((a, b) => a.rank - b.rank).slice(0, count).map(({ file }) => file));
  return [...files.keys()].filter((file) => taken.has(file));
}

/** Reads photographs as image pairs: the target is the RGB image, and the input is its greyscale version (ITU-R BT.601
 * luma). Images are read from the folder or, if it contains none, from its subfolders. Images are cropped to the
 * requested aspect ratio ("cover"), unless `fit` is given.
 * @throws {RangeError} If the size is invalid.
 * @throws {Error} If there are no images. */
export async function greyToColour(folder: string, options: FilesOptions): Promise<PairData> {
  const action = `read photographs from ${folder}`;
  const fit = fitOf(action, { fit: "cover", ...options });
  const read = async (file: string, augmentation?: Augmentation) => {
    const target = await readSide(join(folder, file), fit, {}, augmentation);
    return { input: brightness(target as Image), target, name: file };
  };
  return streamPairs({
    name: options.name ?? `${basename(folder)}, grey to colour`,
    ...{ ...shapeOf(fit), inputChannels: 1, targetChannels: 3 },
    reading: readingOf(fit, { input: { channels: 1 }, target: {} }),
    ...await elementsOf(await imagesInOrBelow(folder), read, options, action, (file) => [join(folder, file)]),
  });
}

async function imagesInOrBelow(folder: string): Promise<string[]> {
  const { images, folders } = await listFolder(folder);
  if (images.length > 0) return images.sort(naturalOrder);
  const found: string[] = [];
  for (const name of folders) found.push(...(await imagesIn(join(folder, name))).map((file) => join(name, file)));
  return found.length > 0 ? found.sort(naturalOrder) : await listImages(folder); // throws
}
