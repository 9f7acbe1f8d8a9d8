/** Recovers the wall colour and the number of windows from an image of a house, to test whether a generated image matches its
 * caption.
 * @module */
import type { Image } from "../../../lib/data/image_bytes.ts";
import { colourNames, type HouseFacts, wallColours } from "./caption.ts";
import { highestGround, houseSize, wallZone, windowsBottom, windowsTop } from "./draw.ts";

/** Typical brightness of window glass, on a scale from 0 to 255. Pixels count as glass if they are darker than the mean of the
 * glass brightness and the wall brightness. */
const glassBrightness = 45;
/** Maximum brightness of glass; trees are brighter. */
const maximumGlassBrightness = 78;
/** Minimum brightness of the pixels that determine the wall colour. */
const minimumWallBrightness = 58;
/** Minimum area of a window, as a fraction of the image area: a third of the area of the smallest window that is drawn. */
const minimumWindowArea = 10 / 64 ** 2;

/** Recovers the wall colour and the number of windows.
 * @param image An RGB image of at least 32x32 pixels.
 * @returns The wall colour, and the number of windows (0 if none is found).
 * @throws {RangeError} If the image is too small or not RGB. */
export function recoverHouse({ data, width, height, channels }: Image): HouseFacts {
  if (channels !== 3 || width < 32 || height < 32) {
    throw new RangeError(
      `Cannot read a house: expected an RGB image of at least 32x32 pixels, got ${width}x${height} with ${channels} channels; ` +
        "enlarge or convert the image",
    );
  }
  const [left, right] = wallZone.map((x) => Math.round(x * width / houseSize)) as [number, number];
  const row = (y: number) => Math.round(y * height / houseSize);
  const [top, bottom, ground] = [row(windowsTop), row(windowsBottom), row(highestGround)];
  const at = (x: number, y: number) => data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3);
  const votes = new Array<number>(colourNames.length).fill(0);
  for (let y = top; y < ground; y++) {
    for (let x = left; x < right; x++) {
      if (brightness(at(x, y)) >= minimumWallBrightness) votes[nearestColour(at(x, y))]!++;
    }
  }
  const colour = colourNames[votes.indexOf(Math.max(...votes))]!;
  const wall: number[] = [];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) if (colourNames[nearestColour(at(x, y))] === colour) wall.push(brightness(at(x, y)));
  }
  const wallBrightness = wall.sort((a, b) => a - b)[wall.length >> 1] ?? 255; // median
  const threshold = Math.min(maximumGlassBrightness, (glassBrightness + wallBrightness) / 2);
  const isGlass = (x: number, y: number) => brightness(at(x, y)) < threshold;
  return { colour, windows: countRegions([0, width], [top, bottom], isGlass, minimumWindowArea * width * height) };
}

/** Returns the ITU-R BT.601 luma of a pixel. */
function brightness([red, green, blue]: Uint8Array): number {
  return 0.299 * red! + 0.587 * green! + 0.114 * blue!;
}

/** Returns the index of the wall colour closest to a pixel in chromaticity, which light and shadow hardly affect. */
function nearestColour(pixel: Uint8Array): number {
  const sum = (rgb: ArrayLike<number>) => rgb[0]! + rgb[1]! + rgb[2]! + 1;
  let [nearest, smallest] = [0, Infinity];
  colourNames.forEach((name, i) => {
    const colour = wallColours[name];
    const distance = [0, 1, 2].reduce((total, c) => total + (pixel[c]! / sum(pixel) - colour[c]! / sum(colour)) ** 2, 0);
    if (distance < smallest) [nearest, smallest] = [i, distance];
  });
  return nearest;
}

/** Counts connected regions of at least `minimumArea` pixels, using a flood fill. */
function countRegions(
  [left, right]: [number, number],
  [top, bottom]: [number, number],
  isInside: (x: number, y: number) => boolean,
  minimumArea: number,
): number {
  const seen = new Set<number>();
  let regions = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const stack = [[x, y] as const];
      let area = 0;
      while (stack.length > 0) {
        const [i, j] = stack.pop()!;
        const key = j * 65536 + i;
        if (i < left || i >= right || j < top || j >= bottom || seen.has(key) || !isInside(i, j)) continue;
        seen.add(key);
        area++;
        stack.push([i + 1, j], [i - 1, j], [i, j + 1], [i, j - 1]);
      }
      if (area >= minimumArea) regions++;
    }
  }
  return regions;
}
