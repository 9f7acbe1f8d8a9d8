/** Pairs as files, in the layout that pix2pix's programs read: input and target side by side in one picture.
 * @module */
import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { writeImage } from "./image.ts";
import type { PairData } from "./pairs.ts";

/** Writes the pairs of a set as 1.png, 2.png, ... with the input on the left (A) and the target on the right (B), unaugmented and in the set's order.
 * PNG, so that label maps keep their colours.
 * @param folder is made if it is not there; files of these names in it are replaced.
 * @returns the files' paths.
 * @throws {RangeError} if input and target differ in channels. */
export async function writePairs(folder: string, pairs: PairData): Promise<string[]> {
  if (pairs.inputChannels !== pairs.targetChannels) {
    throw new RangeError(
      `Cannot write ${pairs.name} side by side: input has ${pairs.inputChannels} channels, target ${pairs.targetChannels}; write them into two folders`,
    );
  }
  await Deno.mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
    const both = tf.concat([input, target], 2); // along the width
    const path = join(folder, `${paths.length + 1}.png`);
    await writeImage(path, both);
    paths.push(path);
    tf.dispose([input, target, both]);
  }
  return paths;
}
