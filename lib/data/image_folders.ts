/** Sets from two folders: pairs by name, without a combine step, and CycleGAN's sets without pairs; and colourisation from any folder of photographs.
 * @module */
import { basename, join, resolve } from "node:path";
import type { Augmentation } from "./augment.ts";
import type { LabelledData, PairData, UnpairedData } from "./datasets.ts";
import { brightness } from "./image.ts";
import type { Image } from "./image_bytes.ts";
import { type FilesOptions, fitOf, foldersIn, goodFiles, imagesIn, listImages, naturalOrder } from "./image_files.ts";
import { channelsOfSide, decoded, fitted, readSide, type SideOptions } from "./preprocess.ts";
import { streamLabelled, streamPairs, streamUnpaired } from "./stream.ts";

/** How to read two folders without pairs. */
export interface UnpairedFoldersOptions extends FilesOptions {
  /** How pictures of the first folder are read. Default: RGB, 8 bits. */
  a?: SideOptions;
  /** How pictures of the second folder are read. Default: RGB, 8 bits. */
  b?: SideOptions;
}

/** The pictures of two folders without pairs. The folders may hold different numbers of pictures, and these may differ in size.
 * @throws {RangeError} if a size or a side's option is not possible.
 * @throws {Error} if a folder is missing or empty. */
export async function unpairedFromFolders(a: string, b: string, options: UnpairedFoldersOptions): Promise<UnpairedData> {
  const action = `read pictures from ${a} and ${b}`;
  const fit = fitOf(action, options);
  const reader = async (folder: string, side: SideOptions = {}) => {
    const channels = channelsOfSide(side);
    const read = async (file: string, augmentation?: Augmentation) => ({
      picture: await readSide(join(folder, file), fit, side, augmentation),
      name: file,
    });
    const { good, bad } = await goodFiles(await listImages(folder), read, options.skipBad, `read pictures from ${folder}`);
    return { channels, count: good.length, bad: bad.bad, read: (index: number, how?: Augmentation) => read(good[index]!, how) };
  };
  const [first, second] = [await reader(a, options.a), await reader(b, options.b)];
  return streamUnpaired({
    name: options.name ?? `${basename(a)} and ${basename(b)}`,
    ...{ aCount: first.count, bCount: second.count, height: fit.height, width: fit.width },
    ...{ aChannels: first.channels, bChannels: second.channels, readA: first.read, readB: second.read },
    ...(first.bad && second.bad ? { bad: [...first.bad, ...second.bad] } : {}),
  });
}

/** CycleGAN's layout: trainA and trainB, testA and testB in one folder.
 * @param split "train" or "test". */
export function unpairedFromFolder(
  folder: string,
  { split = "train", ...options }: UnpairedFoldersOptions & { split?: string },
): Promise<UnpairedData> {
  const name = options.name ?? `${basename(folder)} (${split})`;
  return unpairedFromFolders(join(folder, `${split}A`), join(folder, `${split}B`), { ...options, name });
}

/** How to read a folder of classes. */
export interface LabelledFolderOptions extends FilesOptions {
  /** 1 grey, 3 RGB. Default 3. */
  channels?: 1 | 3;
}

/** The pictures of a folder: those of each folder within it are a class, in natural order of the folders' names; pictures that lie in the folder itself, if
 * there are no such folders, are one class. They keep their proportions, if `fit` is not given: what is too much is cut off.
 * @throws {RangeError} if a size is not possible.
 * @throws {Error} if there is no picture, or there are some beside the classes; with `skipBad` if none can be read. */
export async function labelledFromFolder(
  folder: string,
  options: LabelledFolderOptions,
): Promise<LabelledData & { classNames: string[] }> {
  const action = `read pictures from ${folder}`;
  const fit = fitOf(action, { fit: "cover", ...options });
  const { channels = 3, skipBad } = options;
  const { classNames, files } = await classesOf(folder);
  const read = async (file: string) => (await readSide(join(folder, file), fit, { channels })) as Image;
  const { good, bad } = await goodFiles([...files.keys()], read, skipBad, action);
  const set = streamLabelled({
    name: options.name ?? basename(resolve(folder)),
    ...{ count: good.length, height: fit.height, width: fit.width, channels, classes: classNames.length, ...bad },
    read: async (index) => ({ picture: await read(good[index]!), label: files.get(good[index]!)!, name: good[index]! }),
  });
  return { ...set, classNames };
}

/** The classes, and the class of each file by its path in the folder. */
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
  const [folderName, ownName] = [classNames[0], own[0]];
  if (folderName !== undefined && ownName !== undefined) {
    const both = `pictures (${ownName}) and folders of pictures (${folderName})`;
    throw new Error(`Cannot read classes from ${folder}: it holds ${both}; move the ones into a class, or the others away`);
  }
  if (classNames.length > 0) return { classNames, files };
  await listImages(folder); // if there is none either, it says so
  return { classNames: [basename(resolve(folder))], files: new Map(own.map((file) => [file, 0])) };
}

/** Photographs as pairs of grey and colour: one channel of brightness (luma of ITU-R BT.601, of exactly the pixels of the target) as input, RGB as
 * target. Pictures are looked for in the folder, and if it holds none
 * in the folders within it. They keep their proportions, if `fit` is not given: what is too much is cut off.
 * @throws {RangeError} if a size is not possible.
 * @throws {Error} if there is no picture. */
export async function greyToColour(folder: string, options: FilesOptions): Promise<PairData> {
  const action = `read photographs from ${folder}`;
  const fit = fitOf(action, { fit: "cover", ...options });
  const read = async (file: string, augmentation?: Augmentation) => {
    const path = join(folder, file);
    const whole = await decoded(path, {});
    const target = await fitted(
      whole,
      { left: 0, top: 0, width: whole.width, height: whole.height },
      fit,
      {},
      augmentation,
      path,
    );
    return { input: brightness(target as Image), target, name: file };
  };
  const { good, bad } = await goodFiles(await imagesBelow(folder), read, options.skipBad, action);
  return streamPairs({
    name: options.name ?? `${basename(folder)}, grey to colour`,
    ...{ count: good.length, height: fit.height, width: fit.width, inputChannels: 1, targetChannels: 3, ...bad },
    read: (index, augmentation) => read(good[index]!, augmentation),
  });
}

async function imagesBelow(folder: string): Promise<string[]> {
  const own = await imagesIn(folder);
  if (own.length > 0) return own;
  const found: string[] = [];
  for (const name of await foldersIn(folder)) {
    found.push(...(await imagesIn(join(folder, name))).map((file) => join(name, file)));
  }
  return found.length > 0 ? found.sort(naturalOrder) : await listImages(folder); // which says what is missing
}
