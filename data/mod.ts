/** Readers for images and data sets, and synthetic data sets: facades and towns (toytown), captioned houses, handwritten digits,
 * and points from known distributions.
 *
 * Each data set has a method `batches()`. The sequence of batches is determined by a seed and can start at any batch.
 *
 * @example Label maps and photos of generated facades, without files or network access
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
export { type Component, type Distribution, gaussianMixture, gaussianRing, pointsOf } from "./worlds/points.ts";
export type { Split } from "./worlds/options.ts";
export {
  scene,
  sceneSeed,
  town,
  toytown,
  type ToytownOptions,
  toytownUnpaired,
  type ToytownUnpairedOptions,
} from "./worlds/toytown/mod.ts";
export { recoverLabels, type RecoverOptions } from "./worlds/toytown/recover/mod.ts";
export {
  type FacadeRendering,
  labelImage,
  photoImage,
  type Rendering,
  renderScene,
  type TownRendering,
  type World,
  type WorldName,
  worlds,
} from "./worlds/toytown/worlds.ts";
export {
  type Label,
  labelNames,
  type Materials,
  palette,
  type Part,
  renderEdges,
  renderLabels,
  type Scene,
  type Shape,
  type StyleName,
  type Weather,
} from "./worlds/toytown/facade/scene.ts";
export { builtOf, type Wall } from "./worlds/toytown/facade/styles.ts";
export { renderNight, renderPhoto, renderWinter } from "./worlds/toytown/facade/photo.ts";
export {
  type Area,
  type Point,
  renderMap,
  renderTownEdges,
  renderTownLabels,
  type Town,
  type TownLabel,
  townLabelNames,
  townPalette,
} from "./worlds/toytown/town/scene.ts";
export { renderAerial } from "./worlds/toytown/town/aerial.ts";
