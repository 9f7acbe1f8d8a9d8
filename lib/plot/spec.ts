/** Plotly specs and their traces.
 * @module */

/** A Plotly trace, such as one curve (https://plotly.com/javascript/reference/). Values are plain arrays, so that a trace
 * survives JSON. */
export interface Trace {
  /** Kind of trace: "scatter", "bar", "heatmap", ... */
  type: string;
  /** Name in the legend and in the tooltip. */
  name?: string;
  /** Any other attribute of this kind of trace. */
  [attribute: string]: unknown;
}

/** A Plotly spec. */
export interface Figure {
  /** The traces. */
  data: Trace[];
  /** Axes, titles, margins and colours. */
  layout: Record<string, unknown>;
}

/** Creates a line through points. NaN and infinite values leave a gap.
 * @param options Name, colour, and any other attributes of a Plotly scatter trace. */
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

/** Creates unconnected points. NaN and infinite values are omitted.
 * @param options Name, colour, and any other attributes of a Plotly scatter trace. */
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

/** JSON has no NaN; Plotly reads null as a missing value. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Returns the alternative text of a figure. */
export function altText(figure: Figure): string {
  return (figure.layout.meta as { alt?: string } | undefined)?.alt ?? "Figure";
}

/** Returns the caption of a figure, or "" if it has none. */
export function captionOf(figure: Figure): string {
  return (figure.layout.meta as { caption?: string } | undefined)?.caption ?? "";
}

/** Returns a figure without its title and caption, for a page that shows them as HTML. Both remain in `layout.meta`. */
export function bare(figure: Figure): Figure {
  const { title: _title, annotations: _annotations, ...layout } = figure.layout;
  const margin = layout.margin as Record<string, number>;
  return { data: figure.data, layout: { ...layout, margin: { ...margin, t: 40, b: 60 } } };
}
