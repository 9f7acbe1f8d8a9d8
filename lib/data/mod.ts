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
export { type AnyImage, type DeepImage, type Image, toImages, toTensor } from "./picture.ts";
export type { BadFile, BatchOptions, PairBatch, PairData } from "./pairs.ts";
export { encodePng, readImage, readImageBytes, type ReadOptions, writeImage } from "./image.ts";
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
export { type Random, seededRandom, shuffled } from "./random.ts";
export { type ImagePair, type PairSource, streamPairs } from "./stream.ts";
export type { UnpairedBatch, UnpairedData } from "./unpaired.ts";
export type { LabelledBatch, LabelledData } from "./labelled.ts";
export { oneHot } from "./one_hot.ts";
export {
  type Component,
  type Distribution,
  gaussianMixture,
  gaussianRing,
  type PointBatch,
  type PointData,
  pointsOf,
} from "./distributions.ts";
export {
  type LabelledImage,
  type LabelledSource,
  type NamedImage,
  type ReadNamed,
  streamLabelled,
  streamUnpaired,
  type UnpairedSource,
} from "./stream_others.ts";
export { type Colour, labelNumbers, labelPlanes, likeliestLabels, paintLabels } from "./label_maps.ts";
export { type Direction, type FilesOptions, type FolderOptions, imageExtensions, listImages, pairsFromFolder } from "./folder.ts";
export {
  greyToColour,
  type PairFoldersOptions,
  pairsFromFolders,
  type UnpairedFoldersOptions,
  unpairedFromFolder,
  unpairedFromFolders,
} from "./folders.ts";
export type { Fit, SideOptions } from "./side.ts";
export { type LabelledFolderOptions, labelledFromFolder } from "./labelled_folder.ts";
export { fashionMnist, fashionNames, mnist, type MnistOptions } from "./mnist.ts";
export { type CaptionedBatch, captionedByClass, type CaptionedData } from "./captioned.ts";
export { type KnownSetOptions, pairedSet, unpairedSet } from "./known_sets.ts";
export { type WriteOptions, writePairs } from "./write_pairs.ts";
export { type FolderFinding, inspectFolder, type Inspection, type InspectOptions, type Layout } from "./inspect.ts";
export { facades, type FacadesOptions } from "./facades.ts";
export type { Archive, FileSet } from "./archive.ts";
export { archives, type PairedName, type UnpairedName } from "./archives.ts";
export { cacheFolder } from "./cache.ts";
export type { FetchOptions } from "./fetch.ts";
