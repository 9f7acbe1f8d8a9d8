/** @module */
import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { writeImage } from "../../lib/data/image.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";

/** Draws facades as side-by-side jpg files in the layout of pix2pix's: the photo on the left (A), its labels on the right (B).
 * @param size of each half, pixels. */
export async function drawJpgs(folder: string, size: number, count: number): Promise<void> {
  let n = 0;
  for await (const { input, target } of toytown({ size, count, seed: 1 }).batches({ shuffle: false, augment: false })) {
    const both = tf.concat([target, input], 2) as tf.Tensor4D;
    await writeImage(join(folder, `${++n}.jpg`), both);
    tf.dispose([input, target, both]);
  }
}
