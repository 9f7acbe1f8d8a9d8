/** Pairs as files, in the layout that pix2pix's programs read: input and target side by side in one picture.
 * @module */
import * as tf from "../tf.ts";
import { join } from "node:path";
import { writeImage } from "./image.ts";
import type { PairData } from "./pairs.ts";

/** How to write pairs. */
export interface WriteOptions {
  /** Is told of each file as it is written: how many there are now. */
  report?: (written: number) => void;
}

/** Writes the pairs of a set as 1.png, 2.png, ... with the input on the left (A) and the target on the right (B), unaugmented and in the set's order.
 * PNG, so that label maps keep their colours. A grey half beside one in colour is written in three equal channels.
 * @param folder is made if it is not there; files of these names in it are replaced.
 * @returns the files' paths.
 * @throws {RangeError} if input and target differ in channels, other than grey and RGB. */
export async function writePairs(folder: string, pairs: PairData, { report }: WriteOptions = {}): Promise<string[]> {
  const { inputChannels, targetChannels } = pairs;
  const channels = Math.max(inputChannels, targetChannels);
  for (const own of [inputChannels, targetChannels]) {
    if (own === channels || (own === 1 && channels === 3)) continue;
    throw new RangeError(
      `Cannot write ${pairs.name} side by side: input has ${inputChannels} channels, target ${targetChannels}; write them into two folders`,
    );
  }
  await Deno.mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
    const both = tf.tidy(() => tf.concat([input, target].map((half) => spread(half, channels)), 2)); // along the width
    const path = join(folder, `${paths.length + 1}.png`);
    await writeImage(path, both);
    paths.push(path);
    report?.(paths.length);
    tf.dispose([input, target, both]);
  }
  return paths;
}

/** Grey in as many equal channels as wanted; anything else as it is. */
function spread(half: tf.Tensor4D, channels: number): tf.Tensor4D {
  return half.shape[3] === channels ? half : tf.tile(half, [1, 1, 1, channels]);
}
