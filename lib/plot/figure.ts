/** Creates figures: Plotly specs whose titles, axes and captions have a uniform style. Creating a figure does not load Plotly.
 * @module */
import type * as tf from "../tf.ts";
import { displayable } from "./jupyter.ts";
import type { Figure, Trace } from "./plotly.ts";
import { figureOutput } from "./png.ts";
import { baseAxis, baseLayout, FIGURE_HEIGHT, FIGURE_WIDTH, QUIET_INK, SMALL_SIZE, TEXT_SIZE, TITLE_SIZE } from "./style.ts";

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
  const layout = {
    ...baseLayout(),
    height,
    meta: {
      alt: options.alt || [title, names.join(", ")].filter(Boolean).join(": ") ||
        [y?.title, x?.title].filter(Boolean).join(" against "),
      caption: caption ?? "",
    },
    title: heading(title, subtitle),
    margin: { l: 64, r: 24, t: (subtitle ? 66 : 44) + (names.length > 1 ? 30 : 8), b: 60 + 19 * below.length },
    showlegend: names.length > 1,
    ...(x && { xaxis: axis(x, data.flatMap((trace) => trace.x)) }),
    ...(y && { yaxis: axis(y, data.flatMap((trace) => trace.y)) }),
    ...(equal && equalAxes(x, y)),
    ...(below.length > 0 && { annotations: [captionNote(below)] }),
  };
  const built: Figure = { data, layout };
  return displayable(built, () => figureOutput(built));
}

function axis({ title, log = false, tick, range, names }: AxisOptions, values: unknown[] = []): Record<string, unknown> {
  return {
    ...baseAxis(),
    title: { text: escapeTags(title), standoff: 10, font: { size: TEXT_SIZE } },
    // By default, Plotly labels a tick between powers of ten with only its leading digit: 5 for 0.5.
    ...(log && { type: "log", tickformat: ".3~g", ...logTicks(range ?? values) }),
    ...(tick !== undefined && { dtick: tick }),
    ...(range && { range: log ? range.map(Math.log10) : range }),
    ...(names && { tickmode: "array", tickvals: names.map((_, i) => i), ticktext: names.map(escapeTags) }),
  };
}

/** Returns ticks at 1, 2 and 5 times each power of ten, if a logarithmic axis covers one to four powers of ten. Plotly would
 * label every digit. */
function logTicks(values: readonly unknown[]): Record<string, unknown> {
  const positive = values.filter((value): value is number => typeof value === "number" && value > 0);
  const decades = Math.log10(Math.max(...positive) / Math.min(...positive));
  return decades >= 0.8 && decades <= 4 ? { dtick: "D2" } : {};
}

/** Returns axes with units of the same length. The plot becomes narrower, rather than the range wider. */
function equalAxes(x?: AxisOptions, y?: AxisOptions): Record<string, unknown> {
  const [xaxis, yaxis] = [x, y].map((options) => ({ ...axis(options ?? { title: "" }), constrain: "domain" }));
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
  return { ...text, ...position, showarrow: false };
}

/** Returns the caption of a figure, or "" if it has none. */
export function captionOf(figure: Figure): string {
  return (figure.layout["meta"] as { caption?: string } | undefined)?.caption ?? "";
}

/** Returns a copy of a figure without its title and caption, for a page that shows both as HTML. Both remain in `layout.meta`. */
export function bare(figure: Figure): Figure {
  const { title: _title, annotations: _annotations, ...layout } = figure.layout;
  const margin = layout["margin"] as Record<string, number>;
  return { data: figure.data, layout: { ...layout, margin: { ...margin, t: 40, b: 60 } } };
}

/** Escapes characters that Plotly would otherwise interpret as HTML. */
function escapeTags(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
