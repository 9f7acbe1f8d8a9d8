/** Data: readers of images and data sets, and generated worlds: facades and towns (toytown), captioned houses, handwritten
 * digits.
 *
 * Every data set has `batches()`, an async iterable of batches that is reproducible from a seed and can start at any position.
 *
 * @example Label maps and photos of generated facades, without files or a network
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
export * from "../lib/data/mod.ts";

export {
  allCaptions,
  captionOf,
  captionSize,
  colourNames,
  drawHouse,
  embedCaptions,
  type HouseFacts,
  houses,
  type HousesOptions,
  numberWords,
  readCaption,
  recoverHouse,
  type WallColour,
  wallColours,
} from "./worlds/houses/mod.ts";
export { digits, type DigitsOptions } from "./worlds/digits/mod.ts";
export { scene, sceneSeed, town, toytown, type ToytownOptions } from "./worlds/toytown/mod.ts";
export { toytownUnpaired, type ToytownUnpairedOptions } from "./worlds/toytown/unpaired.ts";
export { recoverLabels, type RecoverOptions } from "./worlds/toytown/recover/mod.ts";
export {
  type FacadeRendering,
  type Rendering,
  renderScene,
  type TownRendering,
  type World,
  type WorldName,
  worlds,
} from "./worlds/toytown/worlds.ts";
export type { Split } from "./worlds/toytown/options.ts";
export { renderLabels } from "./worlds/toytown/labels.ts";
export { renderPhoto } from "./worlds/toytown/photo.ts";
export { renderNight } from "./worlds/toytown/night.ts";
export { renderWinter } from "./worlds/toytown/winter.ts";
export { renderEdges } from "./worlds/toytown/edges.ts";
export { builtOf, type Wall } from "./worlds/toytown/materials.ts";
export { renderAerial } from "./worlds/toytown/town/aerial.ts";
export { renderMap, renderTownEdges, renderTownLabels } from "./worlds/toytown/town/flat.ts";
export { labelImage, photoImage } from "./worlds/toytown/raster.ts";
export { type Label, labelNames, palette } from "./worlds/toytown/palette.ts";
export { type TownLabel, townLabelNames, townPalette } from "./worlds/toytown/town/palette.ts";
export type { Materials, Part, Scene, Shape, Weather } from "./worlds/toytown/scene.ts";
export type { Area, Point, Town } from "./worlds/toytown/town/scene.ts";
export type { StyleName } from "./worlds/toytown/styles.ts";
