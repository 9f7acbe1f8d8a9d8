/** Reads back by rule what a picture of a house shows, so that a generated one can be asked whether it does what its caption says.
 * @module */
import type { Image } from "../../../lib/data/image_bytes.ts";
import { colourNames, type HouseFacts, wallColours } from "./caption.ts";
import { COVERED, LEAST_GROUND, WINDOWS_BOTTOM, WINDOWS_TOP } from "./draw.ts";

/** Brightness of glass, from 0 to 255: what is darker than the middle between it and the wall counts as glass. */
const GLASS_BRIGHTNESS = 45;
/** Trees are brighter than this, whatever the wall. */
const MOST_BRIGHTNESS = 78;
/** What is darker says nothing of the wall's colour. */
const DARK = 58;
/** A window has at least this share of the picture's pixels: a third of the smallest one that is drawn. */
const SMALLEST = 10 / 64 ** 2;

/** The colour of the wall, and how many windows are in it.
 * @param picture RGB, at least 32x32.
 * @returns `windows` is 0 where none is seen.
 * @throws {RangeError} if the picture is too small, or not in colour. */
export function recoverHouse({ data, width, height, channels }: Image): HouseFacts {
  if (channels !== 3 || width < 32 || height < 32) {
    throw new RangeError(
      `Cannot read a house: wanted an RGB picture of at least 32x32, got ${width}x${height} with ${channels} channels`,
    );
  }
  const [x0, x1] = COVERED.map((x) => Math.round(x * width / 64)) as [number, number];
  const [y0, y1, y2] = [WINDOWS_TOP, WINDOWS_BOTTOM, LEAST_GROUND].map((y) => Math.round(y * height / 64)) as [
    number,
    number,
    number,
  ];
  const at = (x: number, y: number) => data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3);
  const votes = new Array<number>(colourNames.length).fill(0);
  const bright: number[] = [];
  for (let y = y0; y < y2; y++) {
    for (let x = x0; x < x1; x++) {
      if (brightness(at(x, y)) >= DARK) votes[nearestColour(at(x, y))]!++;
    }
  }
  const colour = colourNames[votes.indexOf(Math.max(...votes))]!;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) if (colourNames[nearestColour(at(x, y))] === colour) bright.push(brightness(at(x, y)));
  }
  const wall = bright.sort((a, b) => a - b)[bright.length >> 1] ?? 255;
  const least = Math.min(MOST_BRIGHTNESS, (GLASS_BRIGHTNESS + wall) / 2);
  const isGlass = (x: number, y: number) => brightness(at(x, y)) < least;
  return { colour, windows: countPatches([0, width], [y0, y1], isGlass, SMALLEST * width * height) };
}

/** ITU-R BT.601. */
function brightness([red, green, blue]: Uint8Array): number {
  return 0.299 * red! + 0.587 * green! + 0.114 * blue!;
}

/** By hue and colourfulness, which light and shadow change little. */
function nearestColour(pixel: Uint8Array): number {
  const sum = (of: ArrayLike<number>) => of[0]! + of[1]! + of[2]! + 1;
  let [best, least] = [0, Infinity];
  colourNames.forEach((name, i) => {
    const colour = wallColours[name];
    const distance = [0, 1, 2].reduce((total, c) => total + (pixel[c]! / sum(pixel) - colour[c]! / sum(colour)) ** 2, 0);
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}

/** Connected patches of at least so many pixels. */
function countPatches(
  [x0, x1]: [number, number],
  [y0, y1]: [number, number],
  inside: (x: number, y: number) => boolean,
  least: number,
): number {
  const seen = new Set<number>();
  let patches = 0;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const stack = [[x, y] as const];
      let pixels = 0;
      while (stack.length > 0) {
        const [i, j] = stack.pop()!;
        const key = j * 65536 + i;
        if (i < x0 || i >= x1 || j < y0 || j >= y1 || seen.has(key) || !inside(i, j)) continue;
        seen.add(key);
        pixels++;
        stack.push([i + 1, j], [i - 1, j], [i, j + 1], [i, j - 1]);
      }
      if (pixels >= least) patches++;
    }
  }
  return patches;
}
