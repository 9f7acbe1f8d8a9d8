/** Pictures side by side, with names over the columns: what went in, what came out, what should have come out.
 *
 * A pixel of a picture becomes a square of pixels of the same colour, never smoothed: what the network made is what is seen.
 * @module */
import { Buffer } from "node:buffer";
import type * as tf from "../tf.ts";
import { type Image, toImages } from "../data/picture.ts";
import { loadSharp } from "../packages.ts";
import { asPng, type Png, toRgb } from "./png.ts";
import { QUIET_INK, SMALL_SIZE, TEXT_SIZE } from "./style.ts";
import { loadTypeface, type Typeface } from "./typeface.ts";

/** What can be laid out as a grid:
 * - rows of pictures by what they are, as in a sample event (`[{ input, generated, target }, ...]`),
 * - rows of pictures as they come (`[[a, b], [c, d]]`),
 * - columns of batches (`{ input: tensor, generated: tensor }`), each `[rows, height, width, channels]` in [-1, 1], not disposed. */
export type GridContent = Record<string, Image>[] | Image[][] | Record<string, tf.Tensor4D>;

/** A grid of pictures as one PNG. Pictures of different size fill cells of one size.
 * @throws {RangeError} if there is no picture, the scale is not a whole number from 1, or there are more names than columns or rows. */
export async function imageGrid(content: GridContent, options: GridOptions = {}): Promise<Png> {
  const { names, cells } = await readContent(content);
  const titles = options.columns ?? names ?? [];
  const plan = planGrid(await loadTypeface(), cells, { ...options, columns: titles });
  const { width, height } = plan;
  const canvas = new Uint8Array(width * height * 3).fill(255);
  cells.forEach((row, r) => row.forEach((picture, c) => picture && paint(canvas, picture, plan.cell(r, c), width)));
  const sharp = await loadSharp();
  const words = [{ input: Buffer.from(plan.words) }];
  const drawing = sharp(canvas, { raw: { width, height, channels: 3 } }).composite(words).removeAlpha();
  const file = await drawing.png({ compressionLevel: 9 }).toBuffer();
  const what = titles.length > 0 ? `, columns ${titles.join(", ")}` : "";
  const alt = `${cells.length} ${cells.length === 1 ? "row" : "rows"} of pictures${what}. ${options.caption ?? ""}`.trim();
  return asPng({ png: new Uint8Array(file), width, height, alt });
}

interface Cells {
  names: string[] | undefined;
  cells: (Image | undefined)[][];
}

async function readContent(content: GridContent): Promise<Cells> {
  const read = Array.isArray(content) ? readRows(content) : await readBatches(content);
  if (!read.cells.some((row) => row.some(Boolean))) {
    throw new RangeError("Cannot lay out a grid: wanted at least one picture, got none; give rows with pictures in them");
  }
  return read;
}

function readRows(rows: Record<string, Image>[] | Image[][]): Cells {
  if (rows.every((row) => Array.isArray(row))) return { names: undefined, cells: rows };
  const named = rows as Record<string, Image>[];
  const names = [...new Set(named.flatMap((row) => Object.keys(row)))];
  return { names, cells: named.map((row) => names.map((name) => row[name])) };
}

async function readBatches(columns: Record<string, tf.Tensor4D>): Promise<Cells> {
  const pictures: Image[][] = [];
  for (const batch of Object.values(columns)) {
    await batch.data(); // some backends (WebGPU) can only then be read at once
    pictures.push(toImages(batch));
  }
  const rows = Math.max(0, ...pictures.map((column) => column.length));
  return { names: Object.keys(columns), cells: Array.from({ length: rows }, (_, r) => pictures.map((column) => column[r])) };
}

/** Copies a picture into its cell, each of its pixels as often as fits. */
function paint(canvas: Uint8Array, picture: Image, cell: Cell, canvasWidth: number): void {
  const rgb = toRgb(picture);
  for (let y = 0; y < cell.height; y++) {
    const row = Math.floor(y * picture.height / cell.height) * picture.width;
    for (let x = 0; x < cell.width; x++) {
      const from = (row + Math.floor(x * picture.width / cell.width)) * 3;
      canvas.set(rgb.subarray(from, from + 3), ((cell.top + y) * canvasWidth + cell.left + x) * 3);
    }
  }
}

/** What is written around the pictures, and how large they are. */
export interface GridOptions {
  /** Over the columns. Default: the names that the rows or the batches have. */
  columns?: string[];
  /** At the left of the rows, such as file names. */
  rows?: string[];
  /** Under the grid: how it came about, and how its pictures were chosen. */
  caption?: string;
  /** Pixels on the screen for each pixel of the largest picture, a whole number. Default: so many that it is about 128 wide, and the
   * grid no wider than 1200. */
  scale?: number;
}

/** A place on the canvas, in pixels. */
export interface Cell {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A grid before anything is drawn. */
export interface GridPlan {
  width: number;
  height: number;
  /** Where the picture of a row and a column goes, both from 0. */
  cell(row: number, column: number): Cell;
  /** SVG of the whole grid's size, with nothing but the words. */
  words: string;
}

/** Pixels between pictures, and around the grid. */
export const GAP = 6;
export const BORDER = 10;
/** Distance between two lines, in em. */
const LINE = 1.4;

/** Lays out a grid.
 * @param cells rows of pictures; missing ones leave their place empty.
 * @throws {RangeError} if the scale is not a whole number from 1, or there are more names than columns or rows. */
export function planGrid(typeface: Typeface, cells: (Image | undefined)[][], options: GridOptions): GridPlan {
  const { columns: titles = [], rows: names = [], caption = "" } = options;
  const columns = Math.max(...cells.map((row) => row.length));
  checkNames("column", titles, columns);
  checkNames("row", names, cells.length);
  const { width: cellWidth, height: cellHeight } = cellSize(cells.flat(), columns, options.scale);

  const widest = (texts: string[], size: number): number =>
    Math.ceil(Math.max(0, ...texts.map((text) => typeface.measure(text, size))));
  const columnWidth = Math.max(cellWidth, widest(titles, TEXT_SIZE));
  const aside = names.length > 0 ? widest(names, SMALL_SIZE) + GAP : 0;
  const head = titles.length > 0 ? Math.ceil(TEXT_SIZE * LINE) : 0;
  const inside = aside + columns * (columnWidth + GAP) - GAP;
  const lines = typeface.wrap(caption, Math.max(inside, 260), SMALL_SIZE);
  const width = 2 * BORDER + Math.max(inside, widest(lines, SMALL_SIZE));
  const bottom = BORDER + head + cells.length * (cellHeight + GAP);
  const height = bottom + BORDER + Math.ceil(lines.length * SMALL_SIZE * LINE);

  const cell = (row: number, column: number): Cell => ({
    left: BORDER + aside + column * (columnWidth + GAP) + Math.floor((columnWidth - cellWidth) / 2),
    top: BORDER + head + row * (cellHeight + GAP),
    width: cellWidth,
    height: cellHeight,
  });
  const words = [
    ...titles.map((title, c) => {
      const x = cell(0, c).left + (cellWidth - typeface.measure(title, TEXT_SIZE)) / 2;
      return typeface.draw(title, { x, y: BORDER + TEXT_SIZE, size: TEXT_SIZE });
    }),
    ...names.map((name, r) =>
      typeface.draw(name, { x: BORDER, y: cell(r, 0).top + (cellHeight + SMALL_SIZE * 0.7) / 2, size: SMALL_SIZE })
    ),
    ...lines.map((line, n) =>
      typeface.draw(line, { x: BORDER, y: bottom + SMALL_SIZE * LINE * (n + 1), size: SMALL_SIZE, fill: QUIET_INK })
    ),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${words.join("")}</svg>`;
  return { width, height, cell, words: svg };
}

function cellSize(
  pictures: (Image | undefined)[],
  columns: number,
  wanted: number | undefined,
): { width: number; height: number } {
  const width = Math.max(...pictures.map((picture) => picture?.width ?? 0));
  const height = Math.max(...pictures.map((picture) => picture?.height ?? 0));
  const scale = wanted ?? Math.max(1, Math.min(Math.round(128 / width), Math.floor(1200 / (columns * width))));
  if (!Number.isInteger(scale) || scale < 1) {
    throw new RangeError(
      `Cannot lay out the grid: scale must be a whole number from 1, so that no pixel is smoothed, got ${scale}`,
    );
  }
  return { width: width * scale, height: height * scale };
}

function checkNames(what: string, names: string[], count: number): void {
  if (names.length > count) {
    throw new RangeError(
      `Cannot lay out the grid: it has ${count} ${what}s, got ${names.length} ${what} names (${names.join(", ")}); drop some`,
    );
  }
}
