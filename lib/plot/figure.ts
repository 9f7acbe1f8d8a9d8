/** A figure is a Plotly spec, `{ data, layout }`, put together by small functions; nothing here loads Plotly.
 *
 * What draws it is elsewhere: a notebook or a page from the spec itself, `still.ts` as a picture.
 * @module */
import { plain } from "./html.ts";
import { baseAxis, baseLayout, FIGURE_HEIGHT, FIGURE_WIDTH, QUIET_INK, SMALL_SIZE, TEXT_SIZE, TITLE_SIZE } from "./style.ts";

/** One thing drawn: a Plotly trace (https://plotly.com/javascript/reference/). Plain arrays only, so that it survives JSON. */
export interface Trace {
  /** "scatter", "bar", "heatmap", ... */
  type: string;
  /** In the legend, and when pointed at. */
  name?: string;
  /** Any other attribute of such a trace. */
  [attribute: string]: unknown;
}

/** A Plotly spec. */
export interface Figure {
  /** What is drawn. */
  data: Trace[];
  /** Axes, titles, margins, colours. */
  layout: Record<string, unknown>;
}

/** What an axis measures. */
export interface AxisOptions {
  /** With its unit: "Time in s". */
  title: string;
  /** Powers of ten at equal distances. Default false. */
  log?: boolean;
  /** Distance between ticks. Default: what fits. */
  tick?: number;
  /** From and to, in the axis' own numbers. Default: what the data needs. */
  range?: [number, number];
}

/** What is said around the data. */
export interface FigureOptions {
  /** What the figure shows; empty for none. */
  title: string;
  /** A line under the title: settings, seed, how it was smoothed. */
  subtitle?: string;
  /** Lines under the figure: how it came about, what to see. */
  caption?: string;
  /** Across. */
  x?: AxisOptions;
  /** Upwards. */
  y?: AxisOptions;
  /** What a person who cannot see the figure should hear. Default: the title and the names of the traces. */
  alt?: string;
  /** Height in pixels. Default 460. */
  height?: number;
}

/** Points joined by a line. Missing values (NaN, infinite) leave a gap. */
export function line(
  x: Iterable<number>,
  y: Iterable<number>,
  options: { name: string; colour: string; [attribute: string]: unknown },
): Trace {
  const { name, colour, line: more, ...rest } = options;
  return {
    type: "scatter",
    mode: "lines",
    name,
    x: [...x],
    y: Array.from(y, finite),
    line: { color: colour, width: 2.5, ...more as Record<string, unknown> | undefined },
    ...rest,
  };
}

/** Separate points. */
export function points(
  x: Iterable<number>,
  y: Iterable<number>,
  options: { name: string; colour: string; [attribute: string]: unknown },
): Trace {
  const { name, colour, marker: more, ...rest } = options;
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: [...x],
    y: Array.from(y, finite),
    marker: { color: colour, size: 7, ...more as Record<string, unknown> | undefined },
    ...rest,
  };
}

/** JSON has no NaN; Plotly reads null as "no value here". */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Traces with what is said around them, in Forger's look. */
export function figure(data: Trace[], options: FigureOptions): Figure {
  const { title, subtitle, caption, x, y, height = FIGURE_HEIGHT } = options;
  const below = captionLines(caption);
  const names = data.filter((trace) => trace.name && trace.showlegend !== false).map((trace) => trace.name);
  return showsItself({
    data,
    layout: {
      ...baseLayout(),
      height,
      meta: { alt: options.alt ?? [title, names.join(", ")].filter(Boolean).join(": "), caption: caption ?? "" },
      title: heading(title, subtitle),
      margin: { l: 64, r: 24, t: (subtitle ? 66 : 44) + (names.length > 1 ? 30 : 8), b: 60 + 19 * below.length },
      showlegend: names.length > 1,
      ...(x && { xaxis: axis(x) }),
      ...(y && { yaxis: axis(y) }),
      ...(below.length > 0 && { annotations: [captionNote(below)] }),
    },
  });
}

/** A Plotly axis in Forger's look. */
export function axis(options: AxisOptions): Record<string, unknown> {
  const { title, log = false, tick, range } = options;
  return {
    ...baseAxis(),
    title: { text: plain(title), standoff: 10, font: { size: TEXT_SIZE } },
    // With a format of their own, ticks between powers of ten are whole numbers such as 0.5, not the digit 5.
    ...(log && { type: "log", tickformat: ".3~g" }),
    ...(tick !== undefined && { dtick: tick }),
    ...(range && { range: log ? range.map(Math.log10) : range }),
  };
}

function heading(title: string, subtitle: string | undefined): Record<string, unknown> {
  return {
    text: `<b>${plain(title)}</b>` +
      (subtitle ? `<br><span style="font-size:${SMALL_SIZE + 1}px;color:${QUIET_INK}">${plain(subtitle)}</span>` : ""),
    font: { size: TITLE_SIZE },
    x: 0,
    xref: "paper",
    xanchor: "left",
    y: 1,
    yref: "container",
    yanchor: "top",
    pad: { t: subtitle ? 30 : 16 },
  };
}

/** Letters are about half as wide as high; the line breaks have to be in the spec, which knows no width. */
function captionLines(caption: string | undefined): string[] {
  const most = Math.floor((FIGURE_WIDTH - 100) / (SMALL_SIZE * 0.52));
  const lines = [""];
  for (const word of (caption ?? "").split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last && last.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.filter(Boolean);
}

function captionNote(lines: string[]): Record<string, unknown> {
  return {
    text: lines.map(plain).join("<br>"),
    align: "left",
    showarrow: false,
    xref: "paper",
    x: 0,
    xanchor: "left",
    yref: "paper",
    y: 0,
    yanchor: "top",
    xshift: -2,
    yshift: -58,
    font: { size: SMALL_SIZE, color: QUIET_INK },
  };
}

/** What a figure shows, in words. */
export function altText(figure: Figure): string {
  return (figure.layout.meta as { alt?: string } | undefined)?.alt ?? "Figure";
}

/** What is said under a figure. */
export function captionOf(figure: Figure): string {
  return (figure.layout.meta as { caption?: string } | undefined)?.caption ?? "";
}

/** A figure without its title and its caption, for a page that says both in its own words; they stay in `meta`. */
export function bare(figure: Figure): Figure {
  const { title: _title, annotations: _annotations, ...layout } = figure.layout;
  const margin = layout.margin as Record<string, number>;
  return { data: figure.data, layout: { ...layout, margin: { ...margin, t: 40, b: 60 } } };
}

/** Lets a figure that is the last line of a notebook's cell show itself, and adds nothing that is seen in it. */
function showsItself(figure: Figure): Figure {
  return Object.defineProperty(figure, Symbol.for("Jupyter.display"), {
    value: async () => (await (await import("./bundle.ts")).figureOutput(figure)).data,
    enumerable: false,
  });
}
