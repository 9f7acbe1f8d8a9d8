/** Grids of images, with column titles, row names and a caption.
 *
 * Each pixel of an image is enlarged to a square, without smoothing, so that individual pixels stay visible. A thin frame around
 * each image makes a white one, such as a label plane, visible on white.
 * @module */
import { Buffer } from "node:buffer";
import type * as tf from "../tf.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import { loadSharp } from "../packages.ts";
import { displayablePng, enlargement, type Png, toRgb } from "./png.ts";
import { QUIET_INK, SMALL_SIZE, TEXT_SIZE } from "./style.ts";
import { loadTypeface, type Typeface } from "./typeface.ts";

/** Images in a grid, in one of these forms:
 * - rows of named images, as in a sample event: `[{ input, generated, target }, ...]`,
 * - rows of images: `[[a, b], [c, d]]`,
 * - named columns of batches: `{ input: tensor, generated: tensor }`, each of shape `[rows, height, width, channels]`, in [-1,
 *   1]. The tensors are not disposed of. */
export type GridContent = Record<string, Image>[] | Image[][] | Record<string, tf.Tensor4D>;

/** Options for {@linkcode imageGrid}. */
export interface GridOptions {
  /** Column titles. Default: the names of the images or batches, if they have names. */
  columns?: string[];
  /** Row names, shown to the left of the images. Default: none. */
  rows?: string[];
  /** Text below the grid, such as a note on how the images were generated and chosen. */
  caption?: string;
  /** Scale factor for the images, an integer ≥ 1. Default: the scale at which the largest image is at least 200 pixels wide, or
   * less if the grid would be wider than 1200 pixels. */
  scale?: number;
}

/** Position of an image in a grid, in pixels. */
export type Cell = Record<"left" | "top" | "width" | "height", number>;

/** Layout of a grid. */
export interface GridLayout {
  width: number;
  height: number;
  /** Returns the position of an image, given its zero-based row and column. */
  cell(row: number, column: number): Cell;
  /** SVG drawing of the text in the grid, with the same size as the grid. */
  texts: string;
}

/** Pixels between images. */
const GAP = 6;
/** Pixels around the grid. */
const BORDER = 10;
/** Grey level of the frames around the images. */
const FRAME = 190;
/** Line height, in em. */
const LINE_HEIGHT = 1.4;

/** Draws images in a grid. Images of different sizes are scaled to the same cell size.
 * @throws {RangeError} If there are no images, the scale is not an integer ≥ 1, or there are too many titles or row names. */
export async function imageGrid(content: GridContent, options: GridOptions = {}): Promise<Png> {
  const { names, cells } = await readContent(content);
  const titles = options.columns ?? names ?? [];
  const layout = layoutGrid(await loadTypeface(), cells, { ...options, columns: titles });
  const { width, height } = layout;
  const canvas = new Uint8Array(width * height * 3).fill(255);
  cells.forEach((row, r) => row.forEach((image, c) => image && paint(canvas, image, layout.cell(r, c), width)));
  const sharp = await loadSharp();
  const texts = [{ input: Buffer.from(layout.texts) }];
  const drawing = sharp(canvas, { raw: { width, height, channels: 3 } }).composite(texts).removeAlpha();
  const file = await drawing.png({ compressionLevel: 9 }).toBuffer();
  const named = listOf("columns", titles) + listOf("rows", options.rows ?? []);
  const alt = `${cells.length} ${cells.length === 1 ? "row" : "rows"} of images${named}. ${options.caption ?? ""}`.trim();
  return displayablePng({ png: new Uint8Array(file), width, height, alt });
}

function listOf(kind: string, names: string[]): string {
  return names.length > 0 ? `, ${kind} ${names.join(", ")}` : "";
}

interface Cells {
  names: string[] | undefined;
  cells: (Image | undefined)[][];
}

async function readContent(content: GridContent): Promise<Cells> {
  const read = Array.isArray(content) ? readRows(content) : await readBatches(content);
  if (!read.cells.some((row) => row.some(Boolean))) {
    throw new RangeError("Cannot draw the grid: expected at least one image, got none; pass rows that contain images");
  }
  return read;
}

function readRows(rows: Record<string, Image>[] | Image[][]): Cells {
  if (rows.every((row) => Array.isArray(row))) return { names: undefined, cells: rows };
  const named = rows as Record<string, Image>[];
  const names = [...new Set(named.flatMap((row) => Object.keys(row)))];
  return { names, cells: named.map((row) => names.map((name) => row[name])) };
}

async function readBatches(batches: Record<string, tf.Tensor4D>): Promise<Cells> {
  const columns: Image[][] = [];
  for (const batch of Object.values(batches)) {
    await batch.data(); // WebGPU can read a tensor synchronously only after an asynchronous read
    columns.push(toImages(batch));
  }
  const rows = Math.max(0, ...columns.map((column) => column.length));
  return { names: Object.keys(batches), cells: Array.from({ length: rows }, (_, r) => columns.map((column) => column[r])) };
}

/** Draws an image in a frame, scaled to its cell with nearest-neighbour interpolation. */
function paint(canvas: Uint8Array, image: Image, cell: Cell, canvasWidth: number): void {
  const rgb = toRgb(image);
  for (let y = cell.top - 1; y <= cell.top + cell.height; y++) {
    const start = (y * canvasWidth + cell.left - 1) * 3;
    canvas.fill(FRAME, start, start + (cell.width + 2) * 3);
  }
  for (let y = 0; y < cell.height; y++) {
    const row = Math.floor(y * image.height / cell.height) * image.width;
    for (let x = 0; x < cell.width; x++) {
      const from = (row + Math.floor(x * image.width / cell.width)) * 3;
      canvas.set(rgb.subarray(from, from + 3), ((cell.top + y) * canvasWidth + cell.left + x) * 3);
    }
  }
}

/** Lays out a grid.
 * @param cells Rows of images; `undefined` leaves a cell empty.
 * @throws {RangeError} If the scale is not an integer ≥ 1, or there are too many column titles or row names. */
export function layoutGrid(typeface: Typeface, cells: (Image | undefined)[][], options: GridOptions): GridLayout {
  const { columns: titles = [], rows: names = [], caption = "" } = options;
  const columns = Math.max(...cells.map((row) => row.length));
  checkNames("column", titles, columns);
  checkNames("row", names, cells.length);
  const { width: cellWidth, height: cellHeight } = cellSize(cells.flat(), columns, options.scale);

  const widest = (texts: string[], size: number): number =>
    Math.ceil(Math.max(0, ...texts.map((text) => typeface.measure(text, size))));
  const columnWidth = Math.max(cellWidth, widest(titles, TEXT_SIZE));
  const namesWidth = names.length > 0 ? widest(names, SMALL_SIZE) + GAP : 0;
  const titlesHeight = titles.length > 0 ? Math.ceil(TEXT_SIZE * LINE_HEIGHT) : 0;
  const innerWidth = namesWidth + columns * (columnWidth + GAP) - GAP;
  const lines = typeface.wrap(caption, Math.max(innerWidth, 260), SMALL_SIZE);
  const width = 2 * BORDER + Math.max(innerWidth, widest(lines, SMALL_SIZE));
  const bottom = BORDER + titlesHeight + cells.length * (cellHeight + GAP);
  const height = bottom + BORDER + Math.ceil(lines.length * SMALL_SIZE * LINE_HEIGHT);

  const cell = (row: number, column: number): Cell => ({
    left: BORDER + namesWidth + column * (columnWidth + GAP) + Math.floor((columnWidth - cellWidth) / 2),
    top: BORDER + titlesHeight + row * (cellHeight + GAP),
    width: cellWidth,
    height: cellHeight,
  });
  const texts = [
    ...titles.map((title, c) => {
      const x = cell(0, c).left + (cellWidth - typeface.measure(title, TEXT_SIZE)) / 2;
      return typeface.draw(title, { x, y: BORDER + TEXT_SIZE, size: TEXT_SIZE });
    }),
    ...names.map((name, r) =>
      typeface.draw(name, { x: BORDER, y: cell(r, 0).top + (cellHeight + SMALL_SIZE * 0.7) / 2, size: SMALL_SIZE })
    ),
    ...lines.map((line, n) =>
      typeface.draw(line, { x: BORDER, y: bottom + SMALL_SIZE * LINE_HEIGHT * (n + 1), size: SMALL_SIZE, fill: QUIET_INK })
    ),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${texts.join("")}</svg>`;
  return { width, height, cell, texts: svg };
}

function cellSize(images: (Image | undefined)[], columns: number, wanted: number | undefined): { width: number; height: number } {
  const width = Math.max(...images.map((image) => image?.width ?? 0));
  const height = Math.max(...images.map((image) => image?.height ?? 0));
  const scale = wanted ?? Math.max(1, Math.min(enlargement(width), Math.floor(1200 / (columns * width))));
  if (!Number.isInteger(scale) || scale < 1) {
    throw new RangeError(`Cannot draw the grid: scale must be an integer ≥ 1, got ${scale}; round scale or omit it`);
  }
  return { width: width * scale, height: height * scale };
}

function checkNames(kind: string, names: string[], count: number): void {
  if (names.length > count) {
    const got = `${names.length} ${kind} names (${names.join(", ")})`;
    throw new RangeError(`Cannot draw the grid: expected at most ${count} ${kind} names, got ${got}; remove some`);
  }
}
