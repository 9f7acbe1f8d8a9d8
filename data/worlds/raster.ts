/** Rasterizes SVG images with sharp (which uses librsvg), and adds film grain.
 * @module */
import { loadSharp, toRaw } from "../../lib/data/sharp.ts";
import type { Image } from "../../lib/data/image_bytes.ts";
import { seededRandom } from "../../lib/data/random.ts";

/** Standard deviation of the film grain, on a scale from 0 to 255. */
export const grain = 2.5;

/** Rasterizes an SVG image.
 * @param name Name of the image in error messages.
 * @param channels 3 for RGB, 1 for greyscale. */
export async function rasterise(svg: string, name: string, channels: 1 | 3 = 3): Promise<Image> {
  const sharp = await loadSharp();
  const pipeline = sharp(new TextEncoder().encode(svg)).removeAlpha();
  return await toRaw(channels === 1 ? pipeline.toColourspace("b-w") : pipeline, name);
}

/** Adds film grain to a copy of an image; all channels of a pixel receive the same grain. The grain is a centred and scaled sum
 * of two random bytes; its triangular distribution is close enough to a Gaussian. */
export function withGrain({ data, height, width, channels }: Image, seed: number): Image {
  const random = seededRandom(seed, 1); // independent of the stream that draws the scene
  const deviation = Math.sqrt((256 ** 2 - 1) / 6); // of the sum of two uniform bytes
  const noisy = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += channels) {
    const bits = random.integer(1 << 16);
    const noise = ((bits & 255) + (bits >> 8) - 255) * grain / deviation;
    for (let c = 0; c < channels; c++) noisy[i + c] = data[i + c]! + noise;
  }
  return { data: new Uint8Array(noisy.buffer), height, width, channels };
}
