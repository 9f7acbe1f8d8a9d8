/** Functions for image files, data sets from folders and archives, batching, and augmentation.
 *
 * Each data set has a `batches()` method. A seed determines the order of the batches, and reading can start at any batch.
 *
 * @example Image pairs from any source
 * ```ts
 * import { streamPairs } from "./mod.ts";
 *
 * const image = { data: new Uint8Array(64 * 64 * 3), height: 64, width: 64, channels: 3 };
 * const pairs = streamPairs({
 *   ...{ name: "black squares", count: 100, height: 64, width: 64, inputChannels: 3, targetChannels: 3 },
 *   read: (index) => Promise.resolve({ input: image, target: image, name: `${index}` }),
 * });
 * for await (const { input, target, names } of pairs.batches({ batch: 4, seed: 1, augment: false })) {
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
export { cacheFolder } from "../user_folders.ts";
export {
  type BadFile,
  type BatchOptions,
  type CaptionedBatch,
  captionedByClass,
  type CaptionedData,
  type DataSet,
  type Direction,
  type ImagePair,
  type ImageSet,
  type LabelledBatch,
  type LabelledData,
  type PairBatch,
  type PairData,
  type PointBatch,
  type PointData,
  type UnlabelledBatch,
  type UnlabelledData,
  type UnpairedBatch,
  type UnpairedData,
} from "./datasets.ts";
export type { FetchOptions } from "./fetch.ts";
export { encodePng, readImage, readImageBytes, type ReadOptions, type SizeOptions, writeImage } from "./image.ts";
export { type AnyImage, type DeepImage, type Image, toImages, toNumber, toTensor } from "./image_bytes.ts";
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
export { type Colour, labelNumbers, labelPlanes, type Labels, likeliestLabels, paintLabels } from "./label_maps.ts";
export { fashionMnist, fashionNames, idxFromFolder, mnist, type MnistOptions } from "./mnist.ts";
export {
  type FolderOptions,
  type PairFoldersOptions,
  pairsFromFolder,
  pairsFromFolders,
  type WriteOptions,
  writePairs,
} from "./paired_folders.ts";
export type { Fit } from "./preprocess.ts";
export { type Random, seededRandom, shuffled } from "./random.ts";
export type { Reading, SideOptions } from "./side.ts";
export {
  firstBatch,
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
