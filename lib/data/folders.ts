/** Sets from two folders: pairs by name, without a combine step, and CycleGAN's sets without pairs; and colourisation from any folder of photographs.
 * @module */
import { basename, join } from "node:path";
import type { Augmentation } from "./augment.ts";
import { type FilesOptions, fitOf, foldersIn, goodFiles, imagesIn, listImages, naturalOrder, stem } from "./folder.ts";
import { brightness } from "./image.ts";
import type { Image } from "./picture.ts";
import type { BadFile, PairData } from "./pairs.ts";
import { channelsOfSide, decoded, fitted, readSide, type SideOptions } from "./side.ts";
import { streamPairs } from "./stream.ts";
import { streamUnpaired } from "./stream_others.ts";
import type { UnpairedData } from "./unpaired.ts";

/** How to read two folders of pairs. */
export interface PairFoldersOptions extends FilesOptions {
  /** How what the generator is given is read. Default: RGB, 8 bits. */
  input?: SideOptions;
  /** How what it should make of it is read. Default: RGB, 8 bits. */
  target?: SideOptions;
}

/** Pairs of the files of two folders that have the same name, whatever their endings: inputs/7.png and targets/7.jpg. Files may differ in size.
 * @throws {RangeError} if a size or a side's option is not possible.
 * @throws {Error} if a folder is missing or empty, or a file has no partner (with `skipBad` it is left out); the message names it. */
export async function pairsFromFolders(inputs: string, targets: string, options: PairFoldersOptions): Promise<PairData> {
  const { input = {}, target = {}, skipBad } = options;
  const action = `read pairs from ${inputs} and ${targets}`;
  const fit = fitOf(action, options);
  const [inputChannels, targetChannels] = [channelsOfSide(input), channelsOfSide(target)];
  const { partners, alone } = matched(inputs, await listImages(inputs), targets, await listImages(targets));
  if (alone.length > 0 && !skipBad) {
    throw new Error(`Cannot ${action}: ${alone[0]!.reason} (${alone.length} in all); give each file one partner, or set skipBad`);
  }
  if (partners.size === 0) {
    throw new Error(`Cannot ${action}: no file of the one has the name of a file of the other; rename them alike`);
  }
  const read = async (name: string, augmentation?: Augmentation) => {
    const [first, second] = partners.get(name)!;
    const [given, wanted] = await Promise.all([
      readSide(first, fit, input, augmentation),
      readSide(second, fit, target, augmentation),
    ]);
    return { input: given, target: wanted, name };
  };
  const { good, bad } = await goodFiles([...partners.keys()], read, skipBad, action);
  return streamPairs({
    name: options.name ?? `${basename(inputs)} to ${basename(targets)}`,
    ...{ count: good.length, height: fit.height, width: fit.width, inputChannels, targetChannels },
    ...(bad.bad ? { bad: [...alone, ...bad.bad] } : {}),
    read: (index, augmentation) => read(good[index]!, augmentation),
  });
}

/** Paths of both files by the name of the first, and files that are alone. */
function matched(
  inputs: string,
  first: string[],
  targets: string,
  second: string[],
): { partners: Map<string, [string, string]>; alone: BadFile[] } {
  const partners = new Map<string, [string, string]>();
  const alone: BadFile[] = [...twins(inputs, first), ...twins(targets, second)];
  const others = new Map(second.map((file) => [stem(file), file]));
  const taken = new Set<string>();
  for (const file of first) {
    const other = others.get(stem(file));
    if (other === undefined) alone.push({ name: file, reason: `${join(inputs, file)} has no partner in ${targets}` });
    else {
      partners.set(file, [join(inputs, file), join(targets, other)]);
      taken.add(stem(file));
    }
  }
  for (const file of second) {
    if (!taken.has(stem(file))) alone.push({ name: file, reason: `${join(targets, file)} has no partner in ${inputs}` });
  }
  return { partners, alone };
}

/** Files of a folder that have the same name but for the ending: which of them is meant, nobody can tell. */
function twins(folder: string, files: string[]): BadFile[] {
  const seen = new Map<string, string>();
  return files.flatMap((file) => {
    const other = seen.get(stem(file));
    seen.set(stem(file), file);
    return other === undefined ? [] : [{ name: other, reason: `${join(folder, other)} has the name of ${join(folder, file)}` }];
  });
}

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
