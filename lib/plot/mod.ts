/** Figures, image grids, drawings of networks and games, and the live view and results page of a training run.
 *
 * ```ts
 * import { plot } from "../mod.ts";
 *
 * const history = await plot.live({ seed: 1 }).watch(model.train(pairs, { epochs: 10, seed: 1 }));
 * await plot.show(plot.lossFigure(history, { smooth: 50, log: true }), { file: "losses.png" });
 * await plot.show(plot.imageGrid({ input, generated, target }, { caption: "The first 4 of 100" }));
 * await plot.show(plot.architecture(model.networks.generator), { file: "generator.svg" });
 * await plot.show(plot.game(model));
 * ```
 * @module */
export { type AxisOptions, figure, type FigureOptions, line, points, scatter, type TraceOptions } from "./figure.ts";
export { architecture, type ArchitectureOptions } from "./architecture.ts";
export type { Drawing } from "./drawing.ts";
export { dataflow, type DataflowOptions } from "./dataflow.ts";
export { type Game, game, type GameOptions, type GameSource, type GameUpdate } from "./game.ts";
export type { Figure, Trace } from "./plotly.ts";
export { lossFigure, type LossFigureOptions, LossHistory, type LossPoint } from "./losses.ts";
export { type GridContent, type GridOptions, imageGrid } from "./grid.ts";
export { patchHeatmap, type PatchHeatmapOptions, probabilityMap } from "./heatmap.ts";
export { type Png, type StillOptions, toPng, toSvg } from "./png.ts";
export { qualityFigure, type QualityOptions, type QualityPoint } from "./quality.ts";
export { type Live, live, show, type Showable, type ShowOptions } from "./show.ts";
export type { LiveOptions, ThrottleOptions } from "./notebook_view.ts";
export type { View } from "./progress.ts";
export { colourOf } from "./style.ts";
export type { MimeBundle, Outlet, Output } from "./jupyter.ts";
export { type ResultsPage, resultsPage } from "./results_page.ts";
export type { PageImage, SampleSet, SettingMeaning, TestImages } from "./page_tables.ts";
