/** What a translator is worth on a set of pairs.
 * @module */
import type * as tf from "../tf.ts";
import type { PairData } from "../data/datasets.ts";
import { l1 } from "./l1.ts";
import { psnr } from "./psnr.ts";
import { ssim } from "./ssim.ts";

/** Means over the pictures of a set. */
export interface PairScores {
  /** Mean absolute error, for pictures in [-1, 1]: in [0, 2], 0 is best. */
  l1: number;
  /** Peak signal-to-noise ratio of each picture, dB, and of these the mean; more is better, Infinity if one of them equals its target. */
  psnr: number;
  /** Structural similarity, in [-1, 1], 1 is best. */
  ssim: number;
  /** How many pictures. */
  count: number;
}

/** How to go through the set. */
export interface EvaluateOptions {
  /** Pictures at a time. Default 1: a network that uses the statistics of its batch (as pix2pix's do) gives each picture other
   * values in another company. */
  batch?: number;
  /** Ends the evaluation between two batches, with the signal's reason as the error. */
  signal?: AbortSignal;
}

/** Translates every input of a set, in the set's order and without augmentation, and compares with the targets.
 * @param translate from `[batch, height, width, inputChannels]` in [-1, 1] to pictures like the targets, which are disposed of
 * here.
 * @param pairs the set, usually its validation part.
 * @returns means over the pictures, each counted alike.
 * @throws {RangeError} if the set is empty, or what comes back has not the shape of the targets. */
export async function evaluatePairs(
  translate: (input: tf.Tensor4D) => tf.Tensor4D | Promise<tf.Tensor4D>,
  pairs: PairData,
  options: EvaluateOptions = {},
): Promise<PairScores> {
  const sums = { l1: 0, psnr: 0, ssim: 0, count: 0 };
  for await (const { input, target } of pairs.batches({ batch: options.batch ?? 1, shuffle: false, augment: false })) {
    try {
      options.signal?.throwIfAborted();
      const scores = await scoresOf(await translate(input), target);
      sums.l1 += sumOf(scores.l1);
      sums.psnr += sumOf(scores.psnr);
      sums.ssim += sumOf(scores.ssim);
      sums.count += target.shape[0];
    } finally {
      input.dispose();
      target.dispose();
    }
  }
  const { count } = sums;
  if (count === 0) throw new RangeError(`Cannot evaluate on ${pairs.name}: wanted at least one pair, got none; give another set`);
  return { l1: sums.l1 / count, psnr: sums.psnr / count, ssim: sums.ssim / count, count };
}

/** The three numbers of each picture; `made` is disposed of. */
async function scoresOf(made: tf.Tensor4D, target: tf.Tensor4D): Promise<Record<"l1" | "psnr" | "ssim", Float32Array>> {
  const tensors: tf.Tensor1D[] = [];
  try {
    for (const measure of [l1, psnr, ssim]) tensors.push(measure(made, target));
    const [first, second, third] = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
    return { l1: first!, psnr: second!, ssim: third! };
  } finally {
    for (const tensor of [made, ...tensors]) tensor.dispose();
  }
}

function sumOf(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0);
}
