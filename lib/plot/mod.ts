/** Figures, image grids, the live view of a training run, and its results page.
 *
 * ```ts
 * import { plot } from "../mod.ts";
 *
 * const history = await plot.live({ seed: 1 }).watch(model.train(pairs, { epochs: 10, seed: 1 }));
 * await plot.show(plot.lossFigure(history, { smooth: 50, log: true }), { file: "losses.png" });
 * await plot.show(plot.imageGrid({ input, generated, target }, { caption: "The first 4 of 100" }));
 * ```
 * @module */
export { type Figure, line, points, type Trace } from "./spec.ts";
export { type AxisOptions, figure, type FigureOptions } from "./figure.ts";
export { LossHistory, type LossPoint } from "./history.ts";
export { lossFigure, type LossFigureOptions } from "./loss_figure.ts";
export { type GridContent, type GridOptions, imageGrid } from "./grid.ts";
export { patchHeatmap, type PatchHeatmapOptions } from "./heatmap.ts";
export { type Png, type StillOptions, toPng, toSvg } from "./png.ts";
export { show, type Showable, type ShowOptions } from "./show.ts";
export { type Live, live } from "./live.ts";
export type { LiveOptions, View } from "./notebook_view.ts";
export type { ThrottleOptions } from "./throttle.ts";
export type { MimeBundle, Outlet, Output } from "./jupyter.ts";
export {
  type PageImage,
  type ResultsPage,
  resultsPage,
  type SampleSet,
  type SettingMeaning,
  type TestImages,
} from "./results_page.ts";
