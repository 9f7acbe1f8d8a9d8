/** @module */
import * as tf from "../tf.ts";
import type { PairData } from "../data/datasets.ts";

/** @throws {RangeError} if pairs are not of a model's size and channels. */
export function checkPairs(
  pairs: PairData,
  { size, inputChannels, outputChannels }: { size: number; inputChannels: number; outputChannels: number },
): void {
  const wanted = [size, size, inputChannels, outputChannels];
  const got = [pairs.height, pairs.width, pairs.inputChannels, pairs.targetChannels];
  if (tf.util.arraysEqual(wanted, got)) return;
  throw new RangeError(
    `Cannot train on ${pairs.name}: the model is for ${size}x${size} pictures of ${inputChannels} to ${outputChannels} channels, these are ` +
      `${got[1]}x${got[0]}, ${got[2]} to ${got[3]}; read them at the model's size, or build the model for theirs`,
  );
}
