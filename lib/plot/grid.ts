/** Pictures side by side, with names over the columns: what went in, what came out, what should have come out.
 *
 * A pixel of a picture becomes a square of pixels of the same colour, never smoothed: what the network made is what is seen.
 * @module */
import { Buffer } from "node:buffer";
import type * as tf from "../tf.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import { type Cell, type GridOptions, planGrid } from "./grid_plan.ts";
import { loadLettering } from "./lettering.ts";
import { asPng, type Png, toRgb } from "./png.ts";
import { loadSharp } from "../packages.ts";

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
  const plan = planGrid(await loadLettering(), cells, { ...options, columns: titles });
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
