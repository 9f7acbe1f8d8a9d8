/** Draws comparisons: for each metric a panel, with a row for each variant that shows the values of all its runs, and a scale.
 *
 * Dots, ranges and means are grey and black. The sentence below each panel states the verdict.
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
/** Minimum part of the highest value that a scale covers, so that tiny differences do not look large. */
const MIN_SPAN = 0.2;
/** Minimum distance between the ticks of a scale, and minimum gap between its numbers, in pixels. */
const [TICK_ROOM, TICK_GAP] = [58, 8];
/** Maximum width of the names of the variants, before they are broken into lines. */
const NAMES = 190;
/** Minimum width of the strip with the values, for which the names are broken into more lines. */
const MIN_STRIP = 120;

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
    const names = rows.map(({ name }) => lines([name], Math.min(NAMES, right - MIN_STRIP - 20)));
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
    elements.push(...axisOf(ticks, begin, top + 8));
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

/** A scale: the map from values to positions, and its ticks, some of which have no number. */
interface Scale {
  x: (value: number) => number;
  ticks: { x: number; text: string }[];
}

/** Returns the scale of a panel. It begins at 0 if the lowest value is less than half of the highest, and otherwise covers at
 * least a fifth of the highest value. */
function scaleOf(rows: readonly ComparisonRow[], left: number, right: number): Scale {
  const values = rows.flatMap(({ values }) => values).filter(Number.isFinite);
  const [lowest, highest] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const largest = Math.max(Math.abs(lowest), Math.abs(highest)) || 1;
  const missing = Math.max(0, MIN_SPAN * largest - (highest - lowest));
  // A fraction is at most 1, and what is never negative is at least 0.
  const above = highest <= 1 && lowest >= 0 ? Math.min(missing / 2, Math.max(0, 1 - highest)) : missing / 2;
  const below = lowest - (missing - above);
  const low = lowest < 0 ? below : lowest < highest / 2 ? 0 : Math.max(0, below);
  const high = highest + above;
  const width = right - left - 16;
  for (let power = 10 ** Math.floor(Math.log10((high - low) * TICK_ROOM / width));; power *= 10) {
    for (const step of [power, 2 * power, 5 * power]) {
      const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
      const x = (value: number) => left + 8 + width * (value / step - first) / (last - first);
      const at = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
      const texts = at.map((value) => tickText(value, step, largest));
      const fits = width / (last - first) >= Math.max(TICK_ROOM, ...texts.map((text) => widthOf(text) + TICK_GAP));
      // A number in the middle that has no room is left out: a larger step would make the scale much longer than the values.
      if (!fits && last - first === 2) texts[1] = "";
      if (fits || last - first <= 2) return { x, ticks: at.map((value, i) => ({ x: round(x(value)), text: texts[i]! })) };
    }
  }
}

/** Returns the number at a tick, with an exponent if the values are very large or the steps are very small. */
function tickText(value: number, step: number, largest: number): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (value === 0 || (largest < 1e7 && digits <= 5)) return value.toFixed(value === 0 && digits > 5 ? 0 : digits);
  return Number(value.toPrecision(3)).toExponential();
}

/** Draws a scale below the rows of a panel, with a faint line through the rows at each tick. */
function axisOf(ticks: Scale["ticks"], top: number, bottom: number): string[] {
  const rule = `<path d="M${ticks[0]!.x} ${round(bottom)}H${
    ticks.at(-1)!.x
  }" stroke="currentColor" stroke-width="1" fill="none"/>`;
  const lines = ticks.map(({ x }) =>
    `<path d="M${x} ${round(top)}V${round(bottom + 5)}" stroke="currentColor" stroke-opacity="0.25" fill="none"/>`
  );
  const numbers = ticks.filter(({ text }) => text).map(({ x, text }) => words(text, x, bottom + 20, { anchor: "middle" }));
  return [rule, ...lines, ...numbers];
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
