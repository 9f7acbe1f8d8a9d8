/** Converts drawings to small grey images, such as handwritten digits.
 * @module */
import type { Pixels } from "./pixels.ts";

/** A plane of grey values. */
interface Plane {
  height: number;
  width: number;
  /** Ink of each pixel, from 0 to 1. */
  ink: Float32Array;
}

/** Fraction of the image's side that the ink's bounding box fills, as in MNIST: 20 of 28 pixels. */
const BOX = 20 / 28;

/** Shrinks a drawing. Each pixel of the result is the mean of the pixels that it covers.
 * @param drawn 1 for each pixel with ink, 0 for the others.
 * @param factor Number of pixels of the drawing along each side of a pixel of the result. */
export function shrunk(drawn: Uint8Array, { height, width }: { height: number; width: number }, factor: number): Plane {
  const [rows, columns] = [height / factor, width / factor];
  const ink = new Float32Array(rows * columns);
  drawn.forEach((has, i) => {
    if (has) ink[Math.floor(Math.floor(i / width) / factor) * columns + Math.floor(i % width / factor)]! += 1 / factor ** 2;
  });
  return { height: rows, width: columns, ink };
}

/** Scales a drawing so that the longer side of its ink fills 20 of 28 pixels, and moves the centre of mass of the ink to the
 * centre of the image, as in MNIST (LeCun et al. 1998, Sec. III-A). An empty drawing remains unchanged. */
export function centred(drawn: Uint8Array, { height, width }: { height: number; width: number }): Uint8Array {
  const { left, right, top, bottom, ...mass } = extentOf(drawn, width);
  if (right < left) return drawn;
  const scale = BOX * Math.min(height, width) / Math.max(right - left + 1, bottom - top + 1);
  // All ink remains inside the image, even if its centre of mass is far from its middle.
  const [x, y] = [
    Math.min(left + width / 2 / scale, Math.max(right + 1 - width / 2 / scale, mass.x)),
    Math.min(top + height / 2 / scale, Math.max(bottom + 1 - height / 2 / scale, mass.y)),
  ];
  // Each pixel of the result takes its ink from the corresponding position.
  return drawn.map((_, i) => {
    const column = Math.round(x + (i % width + 0.5 - width / 2) / scale - 0.5);
    const row = Math.round(y + (Math.floor(i / width) + 0.5 - height / 2) / scale - 0.5);
    return column >= 0 && column < width && row >= 0 && row < height ? drawn[row * width + column]! : 0;
  });
}

/** Returns the bounding box and the centre of mass of the ink. */
function extentOf(drawn: Uint8Array, width: number): Record<"left" | "right" | "top" | "bottom" | "x" | "y", number> {
  let [left, right, top, bottom, x, y, count] = [Infinity, -Infinity, Infinity, -Infinity, 0, 0, 0];
  drawn.forEach((has, i) => {
    if (!has) return;
    const [column, row] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, column), Math.max(right, column), Math.min(top, row), Math.max(bottom, row)];
    [x, y, count] = [x + column + 0.5, y + row + 0.5, count + 1];
  });
  return { left, right, top, bottom, x: x / count, y: y / count };
}

/** Converts ink to grey pixels.
 * @param dark Whether the ink is dark on a light background. Otherwise, it is light on a dark background, as in MNIST. */
export function greyPixels({ height, width, ink }: Plane, dark: boolean): Pixels {
  const data = new Uint8ClampedArray(4 * ink.length).fill(255);
  ink.forEach((value, i) => data.fill(255 * (dark ? 1 - value : value), 4 * i, 4 * i + 3));
  return { data, height, width };
}
