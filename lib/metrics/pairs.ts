/** Evaluation of an image-to-image translator on a paired data set.
 * @module */
import * as tf from "../tf.ts";
import type { PairData } from "../data/datasets.ts";
import { l1, psnr, ssim } from "./image_similarity.ts";

/** Scores averaged over the images in a data set. */
export interface PairScores {
  /** Mean absolute error, in [0, 2] for images in [-1, 1]; 0 is best. */
  l1: number;
  /** Mean peak signal-to-noise ratio, in dB; higher is better. Infinity if any image equals its target. */
  psnr: number;
  /** Structural similarity, in [-1, 1]; 1 is best. */
  ssim: number;
  /** Number of images. */
  count: number;
}

/** Options for {@linkcode evaluatePairs}. */
export interface EvaluateOptions {
  /** Batch size. Default 1, since the images in a batch affect one another if batch statistics are used, as in pix2pix. With
   * larger batches, a data set of crops gives crops instead of whole images. */
  batch?: number;
  /** Signal that aborts the evaluation between two batches; its abort reason is thrown. */
  signal?: AbortSignal;
}

/** Translates every input in a data set, in order and without augmentation, and compares the results with the targets.
 * @param translate function that translates inputs `[batch, height, width, channels]` in [-1, 1]; its results are disposed of.
 * @param pairs the data set, usually the validation split.
 * @returns mean scores in which all images have equal weight.
 * @throws {RangeError} if the data set is empty, or if the shape of a translation differs from that of the targets. */
export async function evaluatePairs(
  translate: (input: tf.Tensor4D) => tf.Tensor4D | Promise<tf.Tensor4D>,
  pairs: PairData,
  options: EvaluateOptions = {},
): Promise<PairScores> {
  const sums = { l1: 0, psnr: 0, ssim: 0 };
  const { batch = 1 } = options;
  let count = 0;
  for await (const { input, target } of pairs.batches({ batch, shuffle: false, augment: false, whole: batch === 1 })) {
    try {
      options.signal?.throwIfAborted();
      const [first, second, third] = await sumsOf(await translate(input), target);
      sums.l1 += first!;
      sums.psnr += second!;
      sums.ssim += third!;
      count += target.shape[0];
    } finally {
      tf.dispose([input, target]);
    }
  }
  if (count === 0) {
    throw new RangeError(`Cannot evaluate on ${pairs.name}: expected at least one pair, got none; use another data set`);
  }
  return { l1: sums.l1 / count, psnr: sums.psnr / count, ssim: sums.ssim / count, count };
}

/** Returns the sums of L1, PSNR and SSIM over the images, and disposes of the translations. */
async function sumsOf(translated: tf.Tensor4D, target: tf.Tensor4D): Promise<number[]> {
  const scores: tf.Tensor1D[] = [];
  try {
    for (const metric of [l1, psnr, ssim]) scores.push(metric(translated, target));
    const values = await Promise.all(scores.map((score) => score.data<"float32">()));
    return values.map((of) => of.reduce((a, b) => a + b, 0));
  } finally {
    tf.dispose([translated, ...scores]);
  }
}
