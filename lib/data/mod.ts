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
export { type Picture, toPictures, toTensor } from "./picture.ts";
export type { BatchOptions, PairBatch, PairData } from "./pairs.ts";
export { encodePng, readImage, type ReadOptions, readPicture, writeImage } from "./image.ts";
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
export { type PairSource, type PicturePair, streamPairs } from "./stream.ts";
export { type Direction, type FolderOptions, listPictures, pairsFromFolder, pictureEndings } from "./folder.ts";
export { writePairs } from "./write_pairs.ts";
export { facades, type FacadesOptions } from "./facades.ts";
export { type Archive, archives } from "./archives.ts";
export { cacheFolder } from "./cache.ts";
export type { FetchOptions } from "./fetch.ts";
export { scene, sceneSeed, toytown, type ToytownOptions } from "./toytown/mod.ts";
export { renderLabels } from "./toytown/labels.ts";
export { renderPhoto } from "./toytown/photo.ts";
export { labelPicture, photoPicture } from "./toytown/raster.ts";
export { type Label, labelNames, palette } from "./toytown/palette.ts";
export type { Materials, Part, Scene, Shape, Weather } from "./toytown/scene.ts";
export type { StyleName } from "./toytown/styles.ts";
