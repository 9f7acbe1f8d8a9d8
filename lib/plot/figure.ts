/** Creates figures: Plotly specs whose titles, axes and captions have a uniform style. Creating a figure does not load Plotly.
 * @module */
import type * as tf from "../tf.ts";
import { displayable } from "./jupyter.ts";
import type { Figure, Trace } from "./plotly.ts";
import { figureOutput } from "./png.ts";
import { baseAxis, baseLayout, FIGURE_HEIGHT, FIGURE_WIDTH, QUIET_INK, SMALL_SIZE, TEXT_SIZE, TITLE_SIZE } from "./style.ts";

/** Width of a colour bar with its labels, in pixels. */
const BAR_WIDTH = 110;
/** Name of the annotation that is the caption. */
const CAPTION = "caption";

/** Options for an axis. */
export interface AxisOptions {
  /** Title, including the unit, such as "Time in s". */
  title: string;
  /** Whether the axis is logarithmic. Default false. */
  log?: boolean;
  /** Distance between ticks. Default: chosen by Plotly. */
  tick?: number;
  /** Lower and upper limits, in data units. Default: the range of the data. */
  range?: [number, number];
  /** Names to show at 0, 1, 2, ... in place of numbers. */
  names?: readonly string[];
}

/** Titles, axes and size of a figure. */
export interface FigureOptions {
  /** Title, or "" for no title. */
  title: string;
  /** Text below the title, such as settings, seed and smoothing. */
  subtitle?: string;
  /** Text below the figure, such as an explanation of how the data was obtained and what it shows. */
  caption?: string;
  /** Horizontal axis. */
  x?: AxisOptions;
  /** Vertical axis. */
  y?: AxisOptions;
  /** Horizontal reference lines: their labels, and their positions on the vertical axis, such as `{ "log 2": Math.log(2) }`. */
  levels?: Readonly<Record<string, number>>;
  /** Vertical reference lines: their labels, and their positions on the horizontal axis, such as `{ "stopped": 10 }`. */
  marks?: Readonly<Record<string, number>>;
  /** Whether a unit has the same length on both axes, so that circles are round; for points in the plane. Default false. */
  equal?: boolean;
  /** Alternative text. Default: the title followed by the names of the traces, or else the titles of the axes. */
  alt?: string;
  /** Height in pixels. Default 460. */
  height?: number;
}

/** Name and style of a line or a set of points. */
export interface TraceOptions {
  /** Name in the legend and in the tooltip. */
  name: string;
  /** CSS colour. */
  colour: string;
  /** Any other attribute of a Plotly scatter trace. */
  [attribute: string]: unknown;
}

/** Creates a line through points. NaN and infinite values leave gaps in the line. */
export function line(x: Iterable<number>, y: Iterable<number>, { name, colour, line, ...rest }: TraceOptions): Trace {
  const style = { color: colour, width: 2.5, ...line as object | undefined };
  return { type: "scatter", mode: "lines", name, x: [...x], y: Array.from(y, finite), line: style, ...rest };
}

/** Creates unconnected points. NaN and infinite values are omitted. */
export function points(x: Iterable<number>, y: Iterable<number>, { name, colour, marker, ...rest }: TraceOptions): Trace {
  const style = { color: colour, size: 7, ...marker as object | undefined };
  return { type: "scatter", mode: "markers", name, x: [...x], y: Array.from(y, finite), marker: style, ...rest };
}

/** Creates unconnected points of the plane, such as samples from a generator of points.
 * @param positions Points `[count, 2]`, as a tensor or as lists of coordinates. */
export function scatter(positions: tf.Tensor2D | number[][], options: TraceOptions): Trace {
  const rows = Array.isArray(positions) ? positions : positions.arraySync();
  return points(rows.map(([x]) => x!), rows.map(([, y]) => y!), options);
}

/** JSON cannot represent NaN; Plotly treats null as a missing value. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Creates a figure from traces. A notebook displays the figure if it is the last value in a cell. */
export function figure(data: Trace[], options: FigureOptions): Figure {
  const { title, subtitle, caption, x, y, equal, height = FIGURE_HEIGHT } = options;
  const below = captionLines(caption);
  const names = data.filter((trace) => trace.name && trace["showlegend"] !== false).map((trace) => trace.name);
  // A map of the plane is square, and its colour bar stands beside it.
  const isMap = equal && data.some((trace) => trace["showscale"] === true);
  const margin = {
    l: 64,
    r: isMap ? BAR_WIDTH : 24,
    t: (subtitle ? 66 : 44) + (names.length > 1 ? 30 : 8),
    b: 60 + 19 * below.length,
  };
  const { shapes, labels } = referenceLines(options);
  const base = baseLayout();
  // Points are larger in the legend than in the plane. Lines keep their width, which shows their dashes.
  const isOfPoints = data.every(({ mode, type }) => type !== "scatter" || mode === "markers");
  const layout = {
    ...base,
    ...(isOfPoints && { legend: { ...base["legend"] as object, itemsizing: "constant" } }),
    height,
    meta: {
      alt: options.alt || [title, names.join(", ")].filter(Boolean).join(": ") ||
        [y?.title, x?.title].filter(Boolean).join(" against "),
      caption: caption ?? "",
    },
    title: heading(title, subtitle),
    margin,
    ...(isMap && { width: margin.l + height - margin.t - margin.b + margin.r }),
    showlegend: names.length > 1,
    ...(x && { xaxis: axis(x, data, "x") }),
    ...(y && { yaxis: axis(y, data, "y") }),
    ...(equal && equalAxes(x, y)),
    ...(shapes.length > 0 && { shapes }),
    ...(below.length + labels.length > 0 && { annotations: [...labels, ...below.length > 0 ? [captionNote(below)] : []] }),
  };
  const built: Figure = { data, layout };
  return displayable(built, () => figureOutput(built));
}

function axis(
  { title, log = false, tick, range, names }: AxisOptions,
  data: Trace[] = [],
  of: "x" | "y" = "x",
): Record<string, unknown> {
  const values = range ?? data.flatMap((trace) => trace[of] as number[] ?? []).filter((value) => value > 0);
  const ratio = maxOf(values) / minOf(values);
  return {
    ...baseAxis(),
    title: { text: escapeTags(title), standoff: 10, font: { size: TEXT_SIZE } },
    // By default, Plotly labels a tick between powers of ten with only its leading digit: 5 for 0.5.
    ...(log && { type: "log", tickformat: ".3~g" }),
    // Within a few powers of ten, ticks at 1, 2 and 5: at each digit, their labels overlap.
    ...(log && ratio > 5 && ratio < 1e4 && { dtick: "D2" }),
    ...(tick !== undefined && { dtick: tick }),
    ...(range && { range: log ? range.map(Math.log10) : range }),
    ...(names && { tickmode: "array", tickvals: names.map((_, i) => i), ticktext: names.map(escapeTags) }),
  };
}

function minOf(values: number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity);
}

function maxOf(values: number[]): number {
  return values.reduce((high, value) => Math.max(high, value), -Infinity);
}

/** Returns the reference lines of a figure as Plotly shapes, and their labels as annotations, for which Plotly makes room. */
function referenceLines(
  { levels = {}, marks = {}, x, y }: FigureOptions,
): Record<"shapes" | "labels", Record<string, unknown>[]> {
  const line = { type: "line", layer: "above", line: { color: QUIET_INK, width: 1.5, dash: "dot" } };
  const style = { showarrow: false, font: { size: SMALL_SIZE, color: QUIET_INK }, borderpad: 1 };
  const label = (text: string) => ({ ...style, text: escapeTags(text) });
  // On a logarithmic axis, Plotly expects the logarithms of the positions of annotations, but not of shapes.
  const at = (value: number, axis?: AxisOptions) => axis?.log ? Math.log10(value) : value;
  const [across, upright] = [{ xref: "paper", x0: 0, x1: 1 }, { yref: "paper", y0: 0, y1: 1 }];
  const [right, top] = [{ xref: "paper", x: 1, xanchor: "right" }, { yref: "paper", y: 1, yanchor: "top" }];
  return {
    shapes: [
      ...Object.values(levels).map((value) => ({ ...line, ...across, y0: value, y1: value })),
      ...Object.values(marks).map((value) => ({ ...line, ...upright, x0: value, x1: value })),
    ],
    labels: [
      ...Object.entries(levels).map(([text, value]) => ({ ...label(text), ...right, y: at(value, y), yanchor: "bottom" })),
      ...Object.entries(marks).map(([text, value]) => ({ ...label(text), ...top, x: at(value, x), xanchor: "left", xshift: 3 })),
    ],
  };
}

/** Returns axes with units of the same length. The plot becomes narrower, rather than the range wider. */
function equalAxes(x?: AxisOptions, y?: AxisOptions): Record<string, unknown> {
  const [xaxis, yaxis] = [x, y].map((options) => ({ ...axis(options ?? { title: "" }), constrain: "domain" }));
  Object.assign(xaxis!, { constraintoward: "left" }); // below the title and the legend
  return { xaxis, yaxis: { ...yaxis, scaleanchor: "x" } };
}

function heading(title: string, subtitle: string | undefined): Record<string, unknown> {
  const style = `font-size:${SMALL_SIZE + 1}px;color:${QUIET_INK}`;
  const text = `<b>${escapeTags(title)}</b>` + (subtitle ? `<br><span style="${style}">${escapeTags(subtitle)}</span>` : "");
  const position = { x: 0, xref: "paper", xanchor: "left", y: 1, yref: "container", yanchor: "top" };
  return { text, font: { size: TITLE_SIZE }, ...position, pad: { t: subtitle ? 30 : 16 } };
}

/** Breaks a caption into lines, since Plotly does not wrap text. The width of a character is estimated as 0.52 em. */
function captionLines(caption: string | undefined): string[] {
  const maxLength = Math.floor((FIGURE_WIDTH - 100) / (SMALL_SIZE * 0.52));
  const lines = [""];
  for (const word of (caption ?? "").split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last && last.length + 1 + word.length > maxLength) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.filter(Boolean);
}

function captionNote(lines: string[]): Record<string, unknown> {
  const text = { text: lines.map(escapeTags).join("<br>"), align: "left", font: { size: SMALL_SIZE, color: QUIET_INK } };
  const position = { xref: "paper", x: 0, xanchor: "left", yref: "paper", y: 0, yanchor: "top", xshift: -2, yshift: -58 };
  return { name: CAPTION, ...text, ...position, showarrow: false };
}

/** Returns the caption of a figure, or "" if it has none. */
export function captionOf(figure: Figure): string {
  return (figure.layout["meta"] as { caption?: string } | undefined)?.caption ?? "";
}

/** Returns a copy of a figure without its title and caption, for a page that shows both as HTML. Both remain in `layout.meta`. */
export function bare(figure: Figure): Figure {
  const { title: _title, annotations, ...layout } = figure.layout;
  const margin = layout["margin"] as Record<string, number>;
  const labels = (annotations ?? []) as { name?: string }[];
  const kept = labels.filter(({ name }) => name !== CAPTION);
  const shown = { ...layout, ...(kept.length > 0 && { annotations: kept }), margin: { ...margin, t: 40, b: 60 } };
  return { data: figure.data, layout: shown };
}

/** Escapes characters that Plotly would otherwise interpret as HTML. */
function escapeTags(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
