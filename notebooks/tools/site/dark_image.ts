/** Dark versions of image grids: the paper becomes dark and the words become light, while the images stay as they are.
 *
 * A grid consists of images in rows and columns on white, with words around them. Images with white borders cannot be told from
 * the paper; such a grid has no dark version, and is shown on white.
 * @module */
import { loadSharp } from "../../../lib/packages.ts";

/** Colours of paper and words on dark pages. The style sheet uses the same colour for the page. */
export const DARK_PAPER = [0x14, 0x17, 0x1e] as const;
const DARK_INK = [0xe6, 0xe9, 0xef] as const;
/** Luminance of the words on white. */
const INK = 0x24;

/** Sides from which a region counts as an image, and up to which it counts as part of a word, in pixels. */
const IMAGE_SIDE = 24;
const WORD_SIDE = 30;
/** Part of its bounding box that an image fills at least. */
const FILLED = 0.985;
/** Largest difference between the channels of a pixel in a word. */
const NEUTRAL = 48;

/** A region of connected pixels that are not paper. */
interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
  pixels: Int32Array;
}

/** Pixels of shape `[height, width, 3]`. */
interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Creates the dark version of an image grid.
 * @param png PNG file.
 * @returns a PNG file, or `undefined` if the images cannot be told from the paper. */
export async function darkGrid(png: Uint8Array): Promise<Uint8Array | undefined> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(png).flatten({ background: "#ffffff" }).toColourspace("srgb").raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) return undefined;
  const pixels = { data: new Uint8Array(data), width: info.width, height: info.height };
  if (!darken(pixels)) return undefined;
  const raw = { width: info.width, height: info.height, channels: 3 } as const;
  return new Uint8Array(await sharp(pixels.data, { raw }).png({ palette: true, effort: 4, dither: 0 }).toBuffer());
}

/** Darkens paper and words in place.
 * @returns whether the images were found. */
export function darken(pixels: Pixels): boolean {
  const { data, width, height } = pixels;
  const white = Uint8Array.from({ length: width * height }, (_, at) => {
    return Number(data[3 * at]! + data[3 * at + 1]! + data[3 * at + 2]! === 3 * 255);
  });
  const [taken, queue] = [new Uint8Array(width * height), new Int32Array(width * height)];
  const paper = borderOf(pixels).map((at) => fill(at, pixels, taken, queue, white));
  const regions: Region[] = [];
  for (let at = 0; at < taken.length; at++) {
    const region = taken[at] ? undefined : fill(at, pixels, taken, queue);
    if (region) regions.push(boundsOf(region, width));
  }
  const images = regions.filter(isImage);
  const words = regions.filter((region) => !isImage(region));
  if (!areInGrid(images) || !words.every((word) => isWord(word, data))) return false;
  for (const region of [...paper, ...words.map((word) => word.pixels)]) for (const at of region) darkenPixel(data, 3 * at);
  return true;
}

/** Darkens a pixel in proportion to its lightness: white becomes paper, and the colour of words becomes ink. */
function darkenPixel(data: Uint8Array, at: number): void {
  const luminance = 0.3 * data[at]! + 0.59 * data[at + 1]! + 0.11 * data[at + 2]!;
  const light = Math.max(0, (luminance - INK) / (255 - INK));
  for (let c = 0; c < 3; c++) data[at + c] = Math.round(DARK_INK[c]! + light * (DARK_PAPER[c]! - DARK_INK[c]!));
}

function borderOf({ width, height }: Pixels): number[] {
  const across = Array.from({ length: width }, (_, x) => [x, (height - 1) * width + x]);
  const down = Array.from({ length: height }, (_, y) => [y * width, y * width + width - 1]);
  return [...across, ...down].flat();
}

/** Marks and lists the pixels that are connected with one of them.
 * @param queue memory for as many pixels as there are. */
function fill(start: number, { width, height }: Pixels, taken: Uint8Array, queue: Int32Array, only?: Uint8Array): Int32Array {
  if (taken[start] || only && !only[start]) return new Int32Array(0);
  taken[start] = 1;
  queue[0] = start;
  let found = 1;
  const last = width * (height - 1);
  const visit = (at: number) => {
    if (taken[at] || only && !only[at]) return;
    taken[at] = 1;
    queue[found++] = at;
  };
  for (let i = 0; i < found; i++) {
    const at = queue[i]!;
    const x = at % width;
    if (x > 0) visit(at - 1);
    if (x < width - 1) visit(at + 1);
    if (at >= width) visit(at - width);
    if (at < last) visit(at + width);
  }
  return queue.slice(0, found);
}

function boundsOf(pixels: Int32Array, width: number): Region {
  const region = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity, pixels };
  for (const at of pixels) {
    const x = at % width, y = (at - x) / width;
    if (x < region.left) region.left = x;
    if (x > region.right) region.right = x;
    if (y < region.top) region.top = y;
    if (y > region.bottom) region.bottom = y;
  }
  return region;
}

function sides({ left, top, right, bottom }: Region): [width: number, height: number] {
  return [right - left + 1, bottom - top + 1];
}

function isImage(region: Region): boolean {
  const [width, height] = sides(region);
  return Math.min(width, height) >= IMAGE_SIDE && region.pixels.length >= FILLED * width * height;
}

function isWord(region: Region, data: Uint8Array): boolean {
  const isNeutral = (at: number) => {
    const [r, g, b] = [data[3 * at]!, data[3 * at + 1]!, data[3 * at + 2]!];
    return Math.max(r, g, b) - Math.min(r, g, b) <= NEUTRAL;
  };
  return sides(region)[1] <= WORD_SIDE && region.pixels.every(isNeutral);
}

/** Returns whether there is an image in each row of each column. A gap could be an image that is white at its border. */
function areInGrid(images: readonly Region[]): boolean {
  const [columns, rows] = [new Set(images.map(({ left }) => left)), new Set(images.map(({ top }) => top))];
  return images.length > 0 && images.length === columns.size * rows.size;
}
