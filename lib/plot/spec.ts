/** Plotly specs.
 * @module */

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
