/** Data: reading and writing pictures, sets of pairs from folders and archives, and worlds that are generated.
 *
 * Every set of pairs is a {@linkcode PairData}: batches that start again from any position, the same for the same seed.
 *
 * @example Labels and photos of generated facades, with no file and no network
 * ```ts
 * import { toytown } from "./mod.ts";
 *
 * for await (const { input, target, names } of toytown({ count: 400, size: 128 }).batches({ batch: 4, seed: 1 })) {
 *   console.log(names, input.shape, target.shape);
 *   input.dispose();
 *   target.dispose();
 *   break;
 * }
 * ```
 *
 * @module */
export { oneHot } from "../backend/one_hot.ts";
export { type Archive, archives, type FileSet, type PairedName, type UnpairedName } from "./archives.ts";
export {
  type Augmentation,
  augmented,
  crop,
  drawAugmentation,
  enlarged,
  jitterScale,
  mirror,
  mirrorProbability,
} from "./augment.ts";
export { cacheFolder } from "./cache.ts";
export {
  type BadFile,
  type BatchOptions,
  type CaptionedBatch,
  captionedByClass,
  type CaptionedData,
  type Direction,
  type LabelledBatch,
  type LabelledData,
  type PairBatch,
  type PairData,
  type PointBatch,
  type PointData,
  type UnpairedBatch,
  type UnpairedData,
} from "./datasets.ts";
export { type Component, type Distribution, gaussianMixture, gaussianRing, pointsOf } from "./distributions.ts";
export type { FetchOptions } from "./fetch.ts";
export { encodePng, readImage, readImageBytes, type ReadOptions, writeImage } from "./image.ts";
export { type AnyImage, type DeepImage, type Image, toImages, toTensor } from "./image_bytes.ts";
export { type FilesOptions, imageExtensions, listImages } from "./image_files.ts";
export {
  greyToColour,
  type LabelledFolderOptions,
  labelledFromFolder,
  type UnpairedFoldersOptions,
  unpairedFromFolder,
  unpairedFromFolders,
} from "./image_folders.ts";
export { type FolderFinding, inspectFolder, type Inspection, type InspectOptions, type Layout } from "./inspect.ts";
export { facades, type FacadesOptions, type KnownSetOptions, pairedSet, unpairedSet } from "./known_sets.ts";
export { type Colour, labelNumbers, labelPlanes, likeliestLabels, paintLabels } from "./label_maps.ts";
export { fashionMnist, fashionNames, mnist, type MnistOptions } from "./mnist.ts";
export {
  type FolderOptions,
  type PairFoldersOptions,
  pairsFromFolder,
  pairsFromFolders,
  type WriteOptions,
  writePairs,
} from "./paired_folders.ts";
export type { Fit, SideOptions } from "./preprocess.ts";
export { type Random, seededRandom, shuffled } from "./random.ts";
export {
  type ImagePair,
  type LabelledImage,
  type LabelledSource,
  type NamedImage,
  type PairSource,
  type ReadNamed,
  streamLabelled,
  streamPairs,
  streamUnpaired,
  type UnpairedSource,
} from "./stream.ts";
