/** Evaluation of an image-to-image translator on a paired data set.
 * @module */
import * as tf from "../tf.ts";
import type { ImagePair, PairData } from "../data/datasets.ts";
import { toTensor } from "../data/image_bytes.ts";
import { MOST_WHOLE } from "../data/preprocess.ts";
import { l1, psnr, ssim } from "./image_similarity.ts";
import { compareInParts, type Similarity, type TranslateParts } from "./large_images.ts";

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
   * larger batches, a data set of crops yields crops instead of whole images. */
  batch?: number;
  /** For a data set of crops and a batch size of 1, a function that translates images taller or wider than 1024 pixels in parts.
   * By default, such images are cropped at the centre to at most 1024x1024 pixels. */
  inParts?: TranslateParts | undefined;
  /** Signal that aborts the evaluation between two batches; its abort reason is thrown. */
  signal?: AbortSignal;
}

/** Translates every input in a data set, in order and without augmentation, and compares the results with the targets.
 * @param translate Function that translates inputs `[batch, height, width, channels]` in [-1, 1]; its results are disposed of.
 * @param pairs The data set, usually the validation split.
 * @returns Mean scores in which all images have equal weight.
 * @throws {RangeError} If the data set is empty, or if the shape of a translation differs from that of the targets. */
export async function evaluatePairs(
  translate: (input: tf.Tensor4D) => tf.Tensor4D | Promise<tf.Tensor4D>,
  pairs: PairData,
  options: EvaluateOptions = {},
): Promise<PairScores> {
  const { batch = 1, inParts } = options;
  const isWhole = batch === 1 && inParts !== undefined && pairs.wholePairs !== undefined;
  const scores = isWhole
    ? wholeScores(translate, inParts, pairs.wholePairs!(), options.signal)
    : batchScores(translate, pairs, batch, options.signal);
  const sums = { l1: 0, psnr: 0, ssim: 0 };
  let count = 0;
  for await (const { images, ...of } of scores) {
    sums.l1 += of.l1;
    sums.psnr += of.psnr;
    sums.ssim += of.ssim;
    count += images;
  }
  if (count === 0) {
    throw new RangeError(`Cannot evaluate on ${pairs.name}: expected at least one pair, got none; use another data set`);
  }
  return { l1: sums.l1 / count, psnr: sums.psnr / count, ssim: sums.ssim / count, count };
}

type Translate = Parameters<typeof evaluatePairs>[0];
/** Sums of the scores of several images. */
type Sums = Similarity & { images: number };

async function* batchScores(translate: Translate, pairs: PairData, batch: number, signal?: AbortSignal): AsyncGenerator<Sums> {
  for await (const { input, target } of pairs.batches({ batch, shuffle: false, augment: false, whole: batch === 1 })) {
    try {
      signal?.throwIfAborted();
      yield await sumsOf(await translate(input), target);
    } finally {
      tf.dispose([input, target]);
    }
  }
}

/** Yields the scores of whole images of any size, one image at a time. */
async function* wholeScores(
  translate: Translate,
  inParts: TranslateParts,
  pairs: AsyncIterable<ImagePair>,
  signal?: AbortSignal,
): AsyncGenerator<Sums> {
  for await (const pair of pairs) {
    signal?.throwIfAborted();
    if (Math.max(pair.target.height, pair.target.width) > MOST_WHOLE) {
      yield { images: 1, ...await compareInParts(inParts, pair) };
      continue;
    }
    const [input, target] = [toTensor([pair.input]), toTensor([pair.target])];
    try {
      yield await sumsOf(await translate(input), target);
    } finally {
      tf.dispose([input, target]);
    }
  }
}

/** Returns the sums of L1, PSNR and SSIM over the images, and disposes of the translations. */
async function sumsOf(translated: tf.Tensor4D, target: tf.Tensor4D): Promise<Sums> {
  const scores: tf.Tensor1D[] = [];
  try {
    for (const metric of [l1, psnr, ssim]) scores.push(metric(translated, target));
    const values = await Promise.all(scores.map((score) => score.data<"float32">()));
    const [l1Sum, psnrSum, ssimSum] = values.map((of) => of.reduce((a, b) => a + b, 0));
    return { l1: l1Sum!, psnr: psnrSum!, ssim: ssimSum!, images: target.shape[0] };
  } finally {
    tf.dispose([translated, ...scores]);
  }
}
