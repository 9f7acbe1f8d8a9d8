/** A figure is a Plotly spec, `{ data, layout }`, put together by small functions; nothing here loads Plotly.
 *
 * What draws it is elsewhere: a notebook or a page from the spec itself, `still.ts` as a picture.
 * @module */
import { figureOutput } from "./png.ts";
import type { Figure, Trace } from "./spec.ts";
import { baseAxis, baseLayout, FIGURE_HEIGHT, FIGURE_WIDTH, QUIET_INK, SMALL_SIZE, TEXT_SIZE, TITLE_SIZE } from "./style.ts";

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

/** Lets a figure that is the last line of a notebook's cell show itself, and adds nothing that is seen in it. */
function showsItself(figure: Figure): Figure {
  return Object.defineProperty(figure, Symbol.for("Jupyter.display"), {
    value: async () => (await figureOutput(figure)).data,
    enumerable: false,
  });
}

/** Plotly reads a little HTML in its texts; names and settings come from outside and are meant as they are. */
function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
