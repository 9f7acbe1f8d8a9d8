/** Checks that a label map and a photo agree to the pixel.
 * @module */
import { assertGreater } from "@std/assert";
import type { Image } from "../../../lib/data/image_bytes.ts";

/** Returns the colour of a pixel as "r,g,b". */
export const colourAt = ({ data }: Image, pixel: number): string => data.subarray(3 * pixel, 3 * pixel + 3).join();
/** Returns the mean of a pixel's channels. */
export const brightness = ({ data }: Image, pixel: number): number =>
  (data[3 * pixel]! + data[3 * pixel + 1]! + data[3 * pixel + 2]!) / 3;

/** Throws unless the edges of the photos lie on the borders of the label maps: the contrast there, summed over all pairs, must be
 * higher than with the photos shifted by three pixels. */
export function assertAgree(pairs: { labels: Image; photo: Image }[]): void {
  const contrast = (right: number, down: number) =>
    pairs.reduce((sum, { labels, photo }) => sum + contrastAtBorders(labels, photo, right, down), 0);
  const unshifted = contrast(0, 0);
  for (const [right, down] of [[3, 0], [-3, 0], [0, 3], [0, -3]] as const) {
    assertGreater(unshifted, 1.2 * contrast(right, down), `shifted by ${right}, ${down}`);
  }
}

/** Mean contrast of a photo across the borders of a label map, with the photo shifted by (`right`, `down`). */
function contrastAtBorders(labels: Image, photo: Image, right: number, down: number): number {
  const { width, height } = labels;
  let sum = 0, count = 0;
  for (let y = 8; y < height - 8; y++) {
    for (let x = 8; x < width - 8; x++) {
      const pixel = y * width + x, shifted = (y + down) * width + x + right;
      for (const next of [1, width]) {
        if (colourAt(labels, pixel) === colourAt(labels, pixel + next)) continue;
        sum += Math.abs(brightness(photo, shifted) - brightness(photo, shifted + next));
        count++;
      }
    }
  }
  return sum / count;
}
