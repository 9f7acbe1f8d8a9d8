/** Pairs from a folder of side-by-side pictures, the layout of pix2pix's data sets: each file is A on the left and B on the right, of one size.
 * @module */
import { basename, join } from "node:path";
import type { Augmentation } from "./augment.ts";
import type { BadFile, Direction, PairData } from "./datasets.ts";
import { writeImage } from "./image.ts";
import { type FilesOptions, fitOf, goodFiles, listImages, stem } from "./image_files.ts";
import { channelsOfSide, decoded, type Fit, fitted, readSide, type SideOptions } from "./preprocess.ts";
import { type ImagePair, streamPairs } from "./stream.ts";
import * as tf from "../tf.ts";

/** How to read a folder of pairs. */
export interface FolderOptions extends FilesOptions {
  /** Default "AtoB". */
  direction?: Direction;
  /** A folder within the folder: "train", "val", "test". */
  split?: string;
  /** How what the generator is given is read. Default: RGB, 8 bits. */
  input?: SideOptions;
  /** How what it should make of it is read. Default: RGB, 8 bits. */
  target?: SideOptions;
}

/** The side-by-side pictures of a folder as pairs of halves, in natural order of their names (1, 2, 10).
 *
 * A half is cut out before it is resized (cubic), so that no colour crosses the seam. Files are decoded when their turn comes; one that cannot be is an
 * error of `batches`, which names it.
 * @throws {RangeError} if a size, the direction or a side's option is not possible.
 * @throws {Error} if the folder is missing or holds no picture. */
export async function pairsFromFolder(folder: string, options: FolderOptions): Promise<PairData> {
  const { direction = "AtoB", split, input = {}, target = {} } = options;
  const fit = fitOf(`read pairs from ${folder}`, options);
  if (direction !== "AtoB" && direction !== "BtoA") {
    throw new RangeError(
      `Cannot read pairs from ${folder}: direction must be "AtoB" or "BtoA", got "${direction}"; choose one of them`,
    );
  }
  const [inputChannels, targetChannels] = [channelsOfSide(input), channelsOfSide(target)];
  const place = split === undefined ? folder : join(folder, split);
  const read = (file: string, augmentation?: Augmentation) =>
    readPair(join(place, file), { fit, direction, input, target }, augmentation);
  const { good, bad } = await goodFiles(await listImages(place), read, options.skipBad, `read pairs from ${place}`);
  return streamPairs({
    name: options.name ?? basename(folder) + (split === undefined ? "" : ` (${split})`),
    ...{ count: good.length, height: fit.height, width: fit.width, inputChannels, targetChannels, ...bad },
    read: (index, augmentation) => read(good[index]!, augmentation),
  });
}

interface HalfOptions {
  fit: Fit;
  direction: Direction;
  input: SideOptions;
  target: SideOptions;
}

async function readPair(
  path: string,
  { fit, direction, input, target }: HalfOptions,
  augmentation?: Augmentation,
): Promise<ImagePair> {
  // Decoded once for both halves, if they are read alike: decoding is the larger part of the work.
  const whole = decoded(path, input);
  const alike = JSON.stringify(input) === JSON.stringify(target);
  const half = async (side: SideOptions, isLeft: boolean) => {
    const all = await (side === input || alike ? whole : decoded(path, side));
    if (all.width % 2 !== 0) {
      throw new Error(
        `Cannot cut ${path} into halves: wanted A and B side by side and equally wide, got ${all.width} pixels in all; make the width even`,
      );
    }
    const width = all.width / 2;
    return await fitted(all, { left: isLeft ? 0 : width, top: 0, width, height: all.height }, fit, side, augmentation, path);
  };
  const [given, wanted] = await Promise.all([half(input, direction === "AtoB"), half(target, direction === "BtoA")]);
  return { input: given, target: wanted, name: basename(path) };
}

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

/** How to write pairs. */
export interface WriteOptions {
  /** Is told of each file as it is written: how many there are now. */
  report?: (written: number) => void;
}

/** Writes the pairs of a set as 1.png, 2.png, ... with the input on the left (A) and the target on the right (B), unaugmented and in the set's order.
 * PNG, so that label maps keep their colours. A grey half beside one in colour is written in three equal channels.
 * @param folder is made if it is not there; files of these names in it are replaced.
 * @returns the files' paths.
 * @throws {RangeError} if input and target differ in channels, other than grey and RGB. */
export async function writePairs(folder: string, pairs: PairData, { report }: WriteOptions = {}): Promise<string[]> {
  const { inputChannels, targetChannels } = pairs;
  const channels = Math.max(inputChannels, targetChannels);
  for (const own of [inputChannels, targetChannels]) {
    if (own === channels || (own === 1 && channels === 3)) continue;
    throw new RangeError(
      `Cannot write ${pairs.name} side by side: input has ${inputChannels} channels, target ${targetChannels}; write them into two folders`,
    );
  }
  await Deno.mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
    const both = tf.tidy(() => tf.concat([input, target].map((half) => spread(half, channels)), 2)); // along the width
    const path = join(folder, `${paths.length + 1}.png`);
    await writeImage(path, both);
    paths.push(path);
    report?.(paths.length);
    tf.dispose([input, target, both]);
  }
  return paths;
}

/** Grey in as many equal channels as wanted; anything else as it is. */
function spread(half: tf.Tensor4D, channels: number): tf.Tensor4D {
  return half.shape[3] === channels ? half : tf.tile(half, [1, 1, 1, channels]);
}
