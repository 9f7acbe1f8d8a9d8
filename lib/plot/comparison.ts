/** Draws comparisons: for each metric a panel, with a row for each variant that shows the values of all its runs, and a scale.
 *
 * Dots, ranges and means are grey and black, since a comparison does not judge: the sentence below each panel does.
 * @module */
import { type Drawing, drawing, lines, round, widthOf, words } from "./drawing.ts";

/** A variant: its name, the values of its runs, and the text beside them. */
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
/** Least part of the largest value that a scale covers, so that tiny differences do not look large. */
const LEAST_SPAN = 0.2;
/** Least distance between the numbers of a scale, in pixels. */
const TICK_ROOM = 58;
/** Greatest width of the names of the variants, before they are broken into lines. */
const NAMES = 190;
/** Least width of the strip with the values, for which the names are broken into more lines. */
const LEAST_STRIP = 80;

/** Draws the panels of a comparison, one below the other.
 * @param subtitle Text below the title.
 * @param origin Text about the origin of the comparison, below the panels. */
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
    const { x, ticks } = scaleOf(rows, left, right);
    const begin = top + 8;
    for (const [i, row] of rows.entries()) {
      const height = Math.max(ROW, LINE * names[i]!.length + 8);
      const middle = top + 6 + height / 2;
      const first = middle + 5 - LINE * (names[i]!.length - 1) / 2;
      elements.push(...names[i]!.map((name, n) => words(name, 4, first + LINE * n)));
      elements.push(strip(row, x, middle), words(row.text, WIDTH - 4, middle + 5, { anchor: "end" }));
      top += height;
    }
    elements.push(...axisOf(ticks, x, begin, top + 8));
    top += 38;
    write(note);
  }
  if (origin) {
    top += 12;
    for (const part of origin.split(/(?<=:) /)) write(part); // the command on a line of its own
  }
  const text = panels.map(({ heading, rows, note }) =>
    `${heading}: ${rows.map(({ name, text }) => `${name} ${text}`).join(", ")}. ${note}`
  );
  return drawing(title, [`${subtitle}.`, ...text, origin ?? ""].join(" ").trim(), { width: WIDTH, height: top + 8 }, elements);
}

/** A scale: the map from values to positions, and the values at which it has numbers. */
interface Scale {
  x: (value: number) => number;
  ticks: string[];
}

/** Returns the scale of a panel. It begins at 0 if the lowest value is less than half of the highest, and otherwise covers at
 * least a fifth of the highest value. */
function scaleOf(rows: readonly ComparisonRow[], left: number, right: number): Scale {
  const values = rows.flatMap(({ values }) => values).filter(Number.isFinite);
  const [least, most] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const largest = Math.max(Math.abs(least), Math.abs(most)) || 1;
  const missing = Math.max(0, LEAST_SPAN * largest - (most - least));
  // A fraction is at most 1, and what is never negative is at least 0.
  const above = most <= 1 && least >= 0 ? Math.min(missing / 2, Math.max(0, 1 - most)) : missing / 2;
  const low = least >= 0 && least < most / 2 ? 0 : least - (missing - above);
  const high = most + above;
  const step = stepFor(high - low || largest, (right - left) / TICK_ROOM);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const exponents = largest >= 1e7 || digits > 5;
  const tick = (value: number) => exponents ? Number(value.toPrecision(3)).toExponential() : value.toFixed(digits);
  return {
    x: (value) => left + 8 + (right - left - 16) * (value / step - first) / Math.max(1, last - first),
    ticks: Array.from({ length: Math.max(1, last - first) + 1 }, (_, i) => tick((first + i) * step)),
  };
}

/** Returns 1, 2 or 5 times a power of ten, of which a span contains at most `most`. */
function stepFor(span: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(span / most));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => Math.ceil(span / step) + 1 <= most) ?? 20 * power;
}

/** Draws a scale below the rows of a panel, with a faint line through the rows at each number. */
function axisOf(ticks: string[], x: Scale["x"], top: number, bottom: number): string[] {
  const at = ticks.map((tick) => round(x(Number(tick))));
  const rule = `<path d="M${at[0]} ${round(bottom)}H${at.at(-1)}" stroke="currentColor" stroke-width="1" fill="none"/>`;
  const lines = at.map((place) =>
    `<path d="M${place} ${round(top)}V${round(bottom + 5)}" stroke="currentColor" stroke-opacity="0.25" fill="none"/>`
  );
  return [rule, ...lines, ...ticks.map((tick, i) => words(tick, at[i]!, bottom + 20, { anchor: "middle" }))];
}

/** Draws the values of a variant as dots, its range as a line, and its mean as a bar. */
function strip(row: ComparisonRow, x: Scale["x"], y: number): string {
  const { values, mean, low, high } = row;
  if (!Number.isFinite(mean)) return "";
  const range = `<path d="M${round(x(low))} ${round(y)}H${
    round(x(high))
  }" stroke="currentColor" stroke-width="2.5" fill="none"/>`;
  const bar = `<path d="M${round(x(mean))} ${round(y - 10)}v20" stroke="currentColor" stroke-width="2.5" fill="none"/>`;
  const dots = values.map((value) =>
    `<circle cx="${round(x(value))}" cy="${round(y)}" r="5" fill="currentColor" fill-opacity="0.4"/>`
  );
  return range + bar + dots.join("");
}
