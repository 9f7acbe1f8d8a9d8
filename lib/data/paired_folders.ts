/** Reads image pairs from folders, and writes them to files. The two images of a pair are either side by side in one file, or in
 * two files with the same name in two folders. In a side-by-side file, as in pix2pix's data sets, A is on the left and B is on
 * the right, and both have the same width.
 * @module */
import * as tf from "../tf.ts";
import { basename, join } from "node:path";
import type { Augmentation } from "./augment.ts";
import type { BadFile, Direction, ImagePair, PairData } from "./datasets.ts";
import { headerOf } from "./header.ts";
import { writeImage } from "./image.ts";
import { elementsOf, type FilesOptions, fitOf, listImages, readingOf, shapeOf, stem } from "./image_files.ts";
import { type Fit, readSide, readSides } from "./preprocess.ts";
import { channelsOf, type SideOptions } from "./side.ts";
import { streamPairs } from "./stream.ts";

/** Options for {@linkcode pairsFromFolders}. */
export interface PairFoldersOptions extends FilesOptions {
  /** Direction of the pairs. With "AtoB", A is the input and B is the target; with "BtoA", the reverse. Default "AtoB". */
  direction?: Direction;
  /** How to read the inputs. Default: RGB, 8 bits. */
  input?: SideOptions;
  /** How to read the targets. Default: RGB, 8 bits. */
  target?: SideOptions;
}

/** Options for {@linkcode pairsFromFolder}. */
export interface FolderOptions extends PairFoldersOptions {
  /** Subfolder to read: "train", "val" or "test". */
  split?: string | undefined;
}

/** Reads the side-by-side images in a folder as pairs, sorted by file name in natural order (1, 2, 10).
 *
 * Each half is cropped before it is resized, so that colours do not bleed across the seam. Images other than label maps are
 * resized with cubic interpolation. Files are decoded on demand; if decoding fails, the iteration over `batches()` throws an
 * error that names the file.
 * @throws {RangeError} If the size, the direction, or an option for the inputs or targets is invalid.
 * @throws {Error} If the folder is missing or contains no images. */
export async function pairsFromFolder(folder: string, options: FolderOptions): Promise<PairData> {
  const { direction = "AtoB", split, input = {}, target = {} } = options;
  const fit = fitOf(`read pairs from ${folder}`, options);
  checkDirection(direction, `read pairs from ${folder}`);
  const [inputChannels, targetChannels] = [channelsOf(input), channelsOf(target)];
  const place = split === undefined ? folder : join(folder, split);
  const read = (file: string, augmentation?: Augmentation) =>
    readHalves(join(place, file), { fit, direction, input, target }, augmentation);
  return streamPairs({
    name: options.name ?? basename(folder) + (split === undefined ? "" : ` (${split})`),
    ...{ ...shapeOf(fit), inputChannels, targetChannels, direction },
    reading: readingOf(fit, { input, target }),
    ...await elementsOf(await listImages(place), read, options, `read pairs from ${place}`, (file) => [join(place, file)]),
  });
}

function checkDirection(direction: Direction, action: string): void {
  if (direction === "AtoB" || direction === "BtoA") return;
  const problem = `direction must be "AtoB" or "BtoA", got "${direction}"`;
  throw new RangeError(`Cannot ${action}: ${problem}; choose one of them`);
}

type HalfOptions = Required<Pick<PairFoldersOptions, "direction" | "input" | "target">> & { fit: Fit };

async function readHalves(path: string, options: HalfOptions, augmentation?: Augmentation): Promise<ImagePair> {
  const { fit, direction, input, target } = options;
  const [a, b] = direction === "AtoB" ? ["left", "right"] as const : ["right", "left"] as const;
  const halves = await readSides(path, fit, [{ side: input, part: a }, { side: target, part: b }], augmentation);
  return { input: halves[0]!, target: halves[1]!, name: basename(path) };
}

/** Pairs the files in two folders by name, ignoring extensions: a/7.png is paired with b/7.jpg. Image sizes may differ.
 * @throws {RangeError} If the size, the direction, or an option for the inputs or targets is invalid.
 * @throws {Error} If a folder is missing or empty, or if a file does not belong to exactly one pair and `skipBad` is not set. */
export async function pairsFromFolders(a: string, b: string, options: PairFoldersOptions): Promise<PairData> {
  const { direction = "AtoB", input = {}, target = {}, skipBad } = options;
  const action = `read pairs from ${a} and ${b}`;
  const fit = fitOf(action, options);
  checkDirection(direction, action);
  const [inputs, targets] = direction === "AtoB" ? [a, b] : [b, a];
  const [inputChannels, targetChannels] = [channelsOf(input), channelsOf(target)];
  const { partners, alone } = await matched(inputs, targets);
  if (alone.length > 0 && !skipBad) {
    throw new Error(
      `Cannot ${action}: ${alone[0]!.reason} (${alone.length} in total); pair each file with exactly one other, or set skipBad`,
    );
  }
  if (partners.size === 0) {
    throw new Error(`Cannot ${action}: the folders have no file names in common; give the two files of each pair the same name`);
  }
  const read = async (name: string, augmentation?: Augmentation) => {
    const [inputFile, targetFile] = partners.get(name)!;
    const common = fit.scale === undefined ? fit : { ...fit, resolution: await largerOf(inputFile, targetFile) };
    const pair = await Promise.all([
      readSide(inputFile, common, input, augmentation),
      readSide(targetFile, common, target, augmentation),
    ]);
    return { input: pair[0], target: pair[1], name };
  };
  const { bad, ...elements } = await elementsOf([...partners.keys()], read, options, action, (name) => partners.get(name)!);
  return streamPairs({
    name: options.name ?? `${basename(inputs)} to ${basename(targets)}`,
    ...{ ...shapeOf(fit), inputChannels, targetChannels, direction, ...elements },
    reading: readingOf(fit, { input, target }),
    ...(bad && { bad: [...alone, ...bad] }),
  });
}

/** Returns the resolution of the image that has more pixels. */
async function largerOf(...paths: string[]): Promise<{ height: number; width: number }> {
  const headers = await Promise.all(paths.map(headerOf));
  return headers.reduce((a, b) => b.height * b.width > a.height * a.width ? b : a);
}

/** Returns the two paths of each pair, keyed by the name of the input file, and the files that cannot be paired. */
async function matched(
  inputs: string,
  targets: string,
): Promise<{ partners: Map<string, [string, string]>; alone: BadFile[] }> {
  const [inputFiles, targetFiles] = [await listImages(inputs), await listImages(targets)];
  const partners = new Map<string, [string, string]>();
  const targetOf = new Map(targetFiles.map((file) => [stem(file), file]));
  for (const file of inputFiles) {
    const partner = targetOf.get(stem(file));
    if (partner !== undefined) partners.set(file, [join(inputs, file), join(targets, partner)]);
  }
  const twice = [...duplicates(inputs, inputFiles), ...duplicates(targets, targetFiles)];
  const once = [
    ...partnerless(inputs, inputFiles, targets, targetFiles),
    ...partnerless(targets, targetFiles, inputs, inputFiles),
  ];
  return { partners, alone: [...twice, ...once] };
}

function partnerless(folder: string, files: string[], other: string, otherFiles: string[]): BadFile[] {
  const names = new Set(otherFiles.map(stem));
  const alone = files.filter((file) => !names.has(stem(file)));
  return alone.map((name) => ({ name, reason: `${join(folder, name)} has no partner in ${other}` }));
}

/** Returns the files whose names differ only in the extension; pairing such files would be ambiguous. */
function duplicates(folder: string, files: string[]): BadFile[] {
  const seen = new Map<string, string>();
  return files.flatMap((file) => {
    const name = seen.get(stem(file));
    seen.set(stem(file), file);
    return name === undefined ? [] : { name, reason: `${join(folder, name)} has the same name as ${join(folder, file)}` };
  });
}

/** Options for {@linkcode writePairs}. */
export interface WriteOptions {
  /** Called after each file, with the number of files written so far. */
  report?: (written: number) => void;
}

/** Writes each image pair to one PNG file, with the input on the left (A) and the target on the right (B). The files are named
 * 1.png, 2.png and so on, in the data set's order. The images are not augmented. PNG preserves label maps exactly. A greyscale
 * image next to an RGB image is converted to RGB.
 * @param folder Output folder, created if necessary; existing files with the same names are replaced.
 * @returns The paths of the files.
 * @throws {RangeError} If input and target differ in the number of channels, unless one is greyscale and the other RGB. */
export async function writePairs(folder: string, pairs: PairData, { report }: WriteOptions = {}): Promise<string[]> {
  const images = sideBySide(pairs);
  await Deno.mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for await (const image of images) {
    const path = join(folder, `${paths.length + 1}.png`);
    await writeImage(path, image).finally(() => image.dispose());
    paths.push(path);
    report?.(paths.length);
  }
  return paths;
}

/** Yields image pairs as single images, with the input on the left and the target on the right, in the data set's order.
 * @param first Index of the pair to start with.
 * @throws {RangeError} Under the same conditions as {@linkcode writePairs}; thrown immediately, not during the iteration. */
export function sideBySide(pairs: PairData, first = 0): AsyncGenerator<tf.Tensor4D, void, void> {
  const { inputChannels, targetChannels } = pairs;
  const channels = Math.max(inputChannels, targetChannels);
  for (const own of [inputChannels, targetChannels]) {
    if (own === channels || (own === 1 && channels === 3)) continue;
    const got = `the input has ${inputChannels} channels, the target has ${targetChannels}`;
    throw new RangeError(`Cannot write ${pairs.name} side by side: ${got}; write inputs and targets to two folders`);
  }
  const widened = (half: tf.Tensor4D) => half.shape[3] === channels ? half : tf.tile(half, [1, 1, 1, channels]);
  return (async function* () {
    for await (const { input, target } of pairs.batches({ shuffle: false, augment: false, skip: first })) {
      const both = tf.tidy(() => tf.concat([widened(input), widened(target)], 2)); // along the width
      tf.dispose([input, target]);
      yield both;
    }
  })();
}
