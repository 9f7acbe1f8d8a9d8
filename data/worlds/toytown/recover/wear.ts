/** Photos as they come back from a network: not as clean as those that were drawn.
 * @module */
import { loadSharp, toRaw } from "../../../../lib/data/image.ts";
import type { Image } from "../../../../lib/data/image_bytes.ts";
import { seededRandom } from "../../../../lib/data/random.ts";

/** Makes every other photo worse, in one of three ways: noise in each channel by itself, jpg's blocks, or a blur and a tint. A rule that is counted on
 * clean photos alone takes a translated one for noise.
 * @param number of the photo; the same number gives the same bytes. */
export async function worn(photo: Image, number: number): Promise<Image> {
  const random = seededRandom(number, 3);
  const way = number % 6;
  if (way === 1) return { ...photo, data: changed(photo.data, () => random.between(-14, 14)) };
  if (way % 2 === 0) return photo;
  const { data, height, width } = photo;
  const sharp = await loadSharp();
  const raw = sharp(data, { raw: { height, width, channels: 3 } });
  if (way === 3) return await toRaw(sharp(await raw.jpeg({ quality: 75 }).toBuffer()), "a worn photo");
  const tint = [0, 1, 2].map(() => random.between(-10, 10));
  const soft = await toRaw(raw.blur(random.between(0.5, 0.9)), "a worn photo");
  return { ...soft, data: changed(soft.data, (i) => tint[i % 3]!) };
}

function changed(data: Uint8Array, step: (i: number) => number): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(data, (value, i) => value + step(i)).buffer);
}
