/** Whether a label map and a photo show the same thing in the same place.
 * @module */
import { assertGreater } from "@std/assert";
import type { Image } from "../../../lib/data/image_bytes.ts";

/** A pixel's colour, as "r,g,b". */
export const colourAt = ({ data }: Image, pixel: number): string => data.subarray(3 * pixel, 3 * pixel + 3).join();
/** A pixel's mean over the channels. */
export const brightness = ({ data }: Image, pixel: number): number =>
  (data[3 * pixel]! + data[3 * pixel + 1]! + data[3 * pixel + 2]!) / 3;

/** Throws unless the photo has its edges where the label map has its borders: more so, over all pairs, than when it is moved by three pixels. */
export function assertAgree(pairs: { labels: Image; photo: Image }[]): void {
  const contrast = (right: number, down: number) =>
    pairs.reduce((sum, { labels, photo }) => sum + contrastAtBorders(labels, photo, right, down), 0);
  const still = contrast(0, 0);
  for (const [right, down] of [[3, 0], [-3, 0], [0, 3], [0, -3]] as const) {
    assertGreater(still, 1.2 * contrast(right, down), `moved by ${right}, ${down}`);
  }
}

/** Mean step of brightness in the photo across the borders of the label map when the photo is moved by (`right`, `down`). */
function contrastAtBorders(labels: Image, photo: Image, right: number, down: number): number {
  const { width, height } = labels;
  let sum = 0, count = 0;
  for (let y = 8; y < height - 8; y++) {
    for (let x = 8; x < width - 8; x++) {
      const pixel = y * width + x, moved = (y + down) * width + x + right;
      for (const next of [1, width]) {
        if (colourAt(labels, pixel) === colourAt(labels, pixel + next)) continue;
        sum += Math.abs(brightness(photo, moved) - brightness(photo, moved + next));
        count++;
      }
    }
  }
  return sum / count;
}
