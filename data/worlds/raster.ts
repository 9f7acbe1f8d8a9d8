/** From SVG to pixels, by librsvg within sharp.
 * @module */
import { loadSharp } from "../../lib/data/_sharp.ts";
import { toRaw } from "../../lib/data/image.ts";
import type { Image } from "../../lib/data/picture.ts";
import { seededRandom } from "../../lib/data/random.ts";

/** Standard deviation of the camera's grain, in steps of 0 to 255. */
export const grain = 2.5;

/** Draws SVG.
 * @param name what to call it in an error.
 * @param channels 3 RGB, 1 grey. */
export async function rasterise(svg: string, name: string, channels: 1 | 3 = 3): Promise<Image> {
  const sharp = await loadSharp();
  const pipeline = sharp(new TextEncoder().encode(svg)).removeAlpha();
  return await toRaw(channels === 1 ? pipeline.toColourspace("b-w") : pipeline, name);
}

/** The same step for all channels of a pixel: the sum of two bytes minus their mean is spread like a tent, and near enough to a Gaussian.
 * @param seed of the grain. */
export function withGrain({ data, height, width, channels }: Image, seed: number): Image {
  const random = seededRandom(seed, 1); // a stream of its own
  const deviation = Math.sqrt((256 ** 2 - 1) / 6); // of the sum of two uniform bytes
  const noisy = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += channels) {
    const bits = random.integer(1 << 16);
    const step = ((bits & 255) + (bits >> 8) - 255) * grain / deviation;
    for (let c = 0; c < channels; c++) noisy[i + c] = data[i + c]! + step;
  }
  return { data: new Uint8Array(noisy.buffer), height, width, channels };
}
