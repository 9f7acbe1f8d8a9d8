/** Creates unpaired, labelled and greyscale-to-colour data sets from folders of images.
 * @module */
import { basename, join, resolve } from "node:path";
import type { Augmentation } from "./augment.ts";
import type { LabelledData, PairData, UnpairedData } from "./datasets.ts";
import { brightness } from "./image.ts";
import type { Image } from "./image_bytes.ts";
import { elementsOf, type FilesOptions, fitOf, foldersIn, imagesIn, listImages, naturalOrder } from "./image_files.ts";
import { channelsOf, readSide, type SideOptions } from "./preprocess.ts";
import { streamLabelled, streamPairs, streamUnpaired } from "./stream.ts";

/** Options for {@linkcode unpairedFromFolders}. */
export interface UnpairedFoldersOptions extends FilesOptions {
  /** How to read the images of the first folder. Default: RGB, 8 bits. */
  a?: SideOptions;
  /** How to read the images of the second folder. Default: RGB, 8 bits. */
  b?: SideOptions;
}

/** Reads two folders as an unpaired data set. The folders may contain different numbers of images of any size.
 * @throws {RangeError} if the size or an option of one side is invalid.
 * @throws {Error} if a folder is missing or empty. */
export async function unpairedFromFolders(a: string, b: string, options: UnpairedFoldersOptions): Promise<UnpairedData> {
  const fit = fitOf(`read images from ${a} and ${b}`, options);
  const open = async (folder: string, side: SideOptions = {}) => {
    const channels = channelsOf(side);
    const read = async (file: string, augmentation?: Augmentation) => ({
      picture: await readSide(join(folder, file), fit, side, augmentation),
      name: file,
    });
    return { channels, ...await elementsOf(await listImages(folder), read, options.skipBad, `read images from ${folder}`) };
  };
  const [first, second] = [await open(a, options.a), await open(b, options.b)];
  return streamUnpaired({
    name: options.name ?? `${basename(a)} and ${basename(b)}`,
    ...{ aCount: first.count, bCount: second.count, height: fit.height, width: fit.width },
    ...{ aChannels: first.channels, bChannels: second.channels, readA: first.read, readB: second.read },
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

/** Reads a folder with one subfolder per class; classes are in natural order. If no subfolder contains images, those in the
 * folder itself form a single class. Images are cropped to the requested aspect ratio ("cover"), unless `fit` is given.
 * @throws {RangeError} if the size is invalid.
 * @throws {Error} if there are no images or, with `skipBad`, no readable ones, or if images lie outside the class folders. */
export async function labelledFromFolder(
  folder: string,
  options: LabelledFolderOptions,
): Promise<LabelledData & { classNames: string[] }> {
  const action = `read images from ${folder}`;
  const fit = fitOf(action, { fit: "cover", ...options });
  const { channels = 3, skipBad } = options;
  const { classNames, files } = await classesOf(folder);
  const read = async (name: string) => {
    return { picture: await readSide(join(folder, name), fit, { channels }), label: files.get(name)!, name };
  };
  const set = streamLabelled({
    name: options.name ?? basename(resolve(folder)),
    ...{ height: fit.height, width: fit.width, channels, classes: classNames.length },
    ...await elementsOf([...files.keys()], read, skipBad, action),
  });
  return { ...set, classNames };
}

/** Returns the names of the classes, and the class index of each file, keyed by its path in the folder. */
async function classesOf(folder: string): Promise<{ classNames: string[]; files: Map<string, number> }> {
  const own = await imagesIn(folder);
  const classNames: string[] = [];
  const files = new Map<string, number>();
  for (const name of await foldersIn(folder)) {
    const within = await imagesIn(join(folder, name));
    if (within.length === 0) continue;
    for (const file of within) files.set(join(name, file), classNames.length);
    classNames.push(name);
  }
  if (classNames.length > 0 && own.length > 0) {
    const both = `it contains both images (${own[0]}) and subfolders with images (${classNames[0]})`;
    throw new Error(`Cannot read classes from ${folder}: ${both}; move either of them elsewhere`);
  }
  if (classNames.length > 0) return { classNames, files };
  await listImages(folder); // throws if there are no images either
  return { classNames: [basename(resolve(folder))], files: new Map(own.map((file) => [file, 0])) };
}

/** Reads photographs as image pairs: the target is the RGB image, the input its greyscale version (ITU-R BT.601 luma of the
 * target's pixels). Images are read from the folder or, if it contains none, from its subfolders. They are cropped to the
 * requested aspect ratio ("cover"), unless `fit` is given.
 * @throws {RangeError} if the size is invalid.
 * @throws {Error} if there are no images. */
export async function greyToColour(folder: string, options: FilesOptions): Promise<PairData> {
  const action = `read photographs from ${folder}`;
  const fit = fitOf(action, { fit: "cover", ...options });
  const read = async (file: string, augmentation?: Augmentation) => {
    const target = await readSide(join(folder, file), fit, {}, augmentation);
    return { input: brightness(target as Image), target, name: file };
  };
  return streamPairs({
    name: options.name ?? `${basename(folder)}, grey to colour`,
    ...{ height: fit.height, width: fit.width, inputChannels: 1, targetChannels: 3 },
    ...await elementsOf(await imagesInOrBelow(folder), read, options.skipBad, action),
  });
}

async function imagesInOrBelow(folder: string): Promise<string[]> {
  const own = await imagesIn(folder);
  if (own.length > 0) return own;
  const found: string[] = [];
  for (const name of await foldersIn(folder)) {
    found.push(...(await imagesIn(join(folder, name))).map((file) => join(name, file)));
  }
  return found.length > 0 ? found.sort(naturalOrder) : await listImages(folder); // throws
}
