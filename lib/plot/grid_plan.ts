/** Where everything in a grid of pictures goes.
 * @module */
import type { Image } from "../data/image_bytes.ts";
import type { Lettering } from "./lettering.ts";
import { QUIET_INK, SMALL_SIZE, TEXT_SIZE } from "./style.ts";

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
export function planGrid(lettering: Lettering, cells: (Image | undefined)[][], options: GridOptions): GridPlan {
  const { columns: titles = [], rows: names = [], caption = "" } = options;
  const columns = Math.max(...cells.map((row) => row.length));
  checkNames("column", titles, columns);
  checkNames("row", names, cells.length);
  const { width: cellWidth, height: cellHeight } = cellSize(cells.flat(), columns, options.scale);

  const widest = (texts: string[], size: number): number =>
    Math.ceil(Math.max(0, ...texts.map((text) => lettering.measure(text, size))));
  const columnWidth = Math.max(cellWidth, widest(titles, TEXT_SIZE));
  const aside = names.length > 0 ? widest(names, SMALL_SIZE) + GAP : 0;
  const head = titles.length > 0 ? Math.ceil(TEXT_SIZE * LINE) : 0;
  const inside = aside + columns * (columnWidth + GAP) - GAP;
  const lines = lettering.wrap(caption, Math.max(inside, 260), SMALL_SIZE);
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
      const x = cell(0, c).left + (cellWidth - lettering.measure(title, TEXT_SIZE)) / 2;
      return lettering.draw(title, { x, y: BORDER + TEXT_SIZE, size: TEXT_SIZE });
    }),
    ...names.map((name, r) =>
      lettering.draw(name, { x: BORDER, y: cell(r, 0).top + (cellHeight + SMALL_SIZE * 0.7) / 2, size: SMALL_SIZE })
    ),
    ...lines.map((line, n) =>
      lettering.draw(line, { x: BORDER, y: bottom + SMALL_SIZE * LINE * (n + 1), size: SMALL_SIZE, fill: QUIET_INK })
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
