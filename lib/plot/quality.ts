/** Draws how the metrics of a model changed during its training.
 * @module */
import { type AxisOptions, figure, type FigureOptions, line } from "./figure.ts";
import type { Figure } from "./plotly.ts";
import { colourOf, QUIET_INK } from "./style.ts";

/** Metrics after an epoch of a training run, as in the history of a pretrained model. */
export interface QualityPoint {
  /** Number of completed epochs; 0 before training. */
  epoch: number;
  /** Training time until then, in seconds. */
  seconds: number;
  /** Value of each metric. */
  values: Readonly<Record<string, number>>;
}

/** Options for {@linkcode qualityFigure}. */
export interface QualityOptions extends Pick<FigureOptions, "levels"> {
  /** Title. */
  title: string;
  /** The metrics to draw, with their names in the figure: `{ l1: "L1" }`. */
  metrics: Readonly<Record<string, string>>;
  /** Vertical axis. */
  y: AxisOptions;
  /** Text below the figure, after the list of epochs. */
  caption?: string;
}

/** Styles of the curves. They differ in shade, dash and marker. Colours are reserved for networks and losses. */
const STYLES = [
  { colour: colourOf("score"), line: { dash: "solid" }, marker: { symbol: "circle", size: 8 } },
  { colour: QUIET_INK, line: { dash: "dash" }, marker: { symbol: "square", size: 8 } },
  { colour: "#8a8f99", line: { dash: "dot" }, marker: { symbol: "diamond", size: 9 } },
];

/** Draws metrics against training time, with a marker for each measurement. The unit of time depends on the duration.
 *
 * @example
 * ```ts
 * import { modelHistory, plot } from "./mod.ts";
 *
 * plot.qualityFigure(await modelHistory("digits"), {
 *   title: "Quality against time: digits",
 *   metrics: { sure: "sure" },
 *   y: { title: "Fraction of 2000 images", range: [0, 1] },
 * });
 * ```
 * @throws {RangeError} If there are more than three metrics, or no point has one of them. */
export function qualityFigure(history: readonly QualityPoint[], options: QualityOptions): Figure {
  const { title, metrics, y, caption = "", levels = {} } = options;
  const names = Object.keys(metrics);
  const missing = names.find((name) => history.every(({ values }) => values[name] === undefined));
  if (missing !== undefined || names.length < 1 || names.length > STYLES.length) {
    const known = [...new Set(history.flatMap(({ values }) => Object.keys(values)))].join(", ");
    throw new RangeError(
      `Cannot draw the quality: expected one to ${STYLES.length} of the metrics ${known}, got ${names.join(", ") || "none"}; ` +
        "change metrics",
    );
  }
  const { unit, seconds } = unitOf(Math.max(...history.map((point) => point.seconds)));
  const times = history.map((point) => point.seconds / seconds);
  const traces = names.map((name, i) => {
    const values = history.map((point) => point.values[name] ?? NaN);
    return line(times, values, { name: metrics[name]!, mode: "lines+markers", ...STYLES[i]! });
  });
  const epochs = `After epochs ${history.map(({ epoch }) => epoch).join(", ")}.`;
  const x = { title: `Training time, in ${unit}` };
  return figure(traces, { title, x, y, levels, caption: `${epochs} ${caption}`.trim() });
}

/** Returns the unit in which a duration is written. */
function unitOf(duration: number): { unit: string; seconds: number } {
  if (duration < 120) return { unit: "seconds", seconds: 1 };
  return duration < 2 * 3600 ? { unit: "minutes", seconds: 60 } : { unit: "hours", seconds: 3600 };
}
