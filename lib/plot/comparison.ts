/** Draws comparisons: for each metric a panel, with a row for each variant that shows the values of all its runs.
 * @module */
import { type Drawing, drawing, lines, round, widthOf, words } from "./drawing.ts";
import { PALETTE } from "./style.ts";

/** A variant: its name, the values of its runs, and what is written beside them. */
export interface ComparisonRow {
  name: string;
  values: readonly number[];
  mean: number;
  low: number;
  high: number;
  text: string;
}

/** A metric, with its rows and its verdict. */
export interface ComparisonPanel {
  heading: string;
  rows: readonly ComparisonRow[];
  note: string;
}

const WIDTH = 570;
const [ROW, LINE] = [30, 19];
/** Greatest width of the names of the variants, before they are broken into lines. */
const NAMES = 190;
/** Least width of the strip with the values, for which the names are broken into more lines. */
const LEAST_STRIP = 80;

/** Draws the panels of a comparison, one below the other.
 * @param subtitle Text below the title.
 * @param origin How the comparison was made, at the end. */
export function comparisonDrawing(title: string, subtitle: string, panels: ComparisonPanel[], origin?: string): Drawing {
  const elements = [words(title, 4, 20, { size: 19, weight: 600 }), words(subtitle, 4, 42)];
  let top = 42;
  const write = (text: string, step: number = LINE) => {
    for (const line of lines([text], WIDTH - 8)) elements.push(words(line, 4, top += step));
  };
  for (const { heading, rows, note } of panels) {
    elements.push(words(heading, 4, top += 36, { size: 17, weight: 600 }));
    const right = WIDTH - 4 - Math.max(...rows.map(({ text }) => widthOf(text))) - 16;
    const names = rows.map(({ name }) => lines([name], Math.min(NAMES, right - LEAST_STRIP - 20)));
    const left = 4 + Math.max(...names.flat().map((name) => widthOf(name))) + 16;
    const x = scaleOf(rows, left, right);
    for (const [i, row] of rows.entries()) {
      const height = Math.max(ROW, LINE * names[i]!.length + 8);
      const middle = top + 6 + height / 2;
      const first = middle + 5 - LINE * (names[i]!.length - 1) / 2;
      elements.push(...names[i]!.map((name, n) => words(name, 4, first + LINE * n)));
      elements.push(strip(row, x, middle, [left, right]), words(row.text, WIDTH - 4, middle + 5, { anchor: "end" }));
      top += height;
    }
    top += 10;
    write(note);
  }
  if (origin) {
    top += 12;
    write(origin);
  }
  const text = panels.map(({ heading, rows, note }) =>
    `${heading}: ${rows.map(({ name, text }) => `${name} ${text}`).join(", ")}. ${note}`
  );
  return drawing(title, [`${subtitle}.`, ...text, origin ?? ""].join(" ").trim(), { width: WIDTH, height: top + 8 }, elements);
}

/** Returns the map from values to positions, with some space at the ends. */
function scaleOf(rows: readonly ComparisonRow[], left: number, right: number): (value: number) => number {
  const values = rows.flatMap(({ values }) => values).filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high > low ? high - low : 1;
  return (value) => left + 8 + (right - left - 16) * (high > low ? (value - low) / span : 0.5);
}

/** Draws the values of a variant as dots, its range as a line, and its mean as a bar. */
function strip(row: ComparisonRow, x: (value: number) => number, y: number, [left, right]: [number, number]): string {
  const { values, mean, low, high } = row;
  const rule = (from: number, to: number, width: number) =>
    `<path d="M${round(from)} ${round(y)}H${round(to)}" stroke="currentColor" stroke-width="${width}" fill="none"/>`;
  if (!Number.isFinite(mean)) return rule(left, right, 0.5);
  const bar = `<path d="M${round(x(mean))} ${round(y - 10)}v20" stroke="currentColor" stroke-width="2.5" fill="none"/>`;
  const dots = values.map((value) =>
    `<circle cx="${round(x(value))}" cy="${round(y)}" r="5" fill="${PALETTE[0]}" fill-opacity="0.75"/>`
  );
  return rule(left, right, 0.5) + rule(x(low), x(high), 2.5) + bar + dots.join("");
}
