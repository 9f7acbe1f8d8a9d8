/** Diversity and best-of-n error of a multimodal translator. The metrics are those of BicycleGAN (Zhu et al., 2017,
 * arXiv:1711.11586, section 5), with the mean absolute pixel difference instead of LPIPS, which needs pretrained weights.
 *
 * Taught in: notebooks/12_more_than_one_answer.ipynb, Eq. (12.1)
 * @module */
import * as tf from "../tf.ts";
import type { PairData } from "../data/datasets.ts";

/** Options for {@linkcode diversity}. */
export interface DiversityOptions {
  /** Number of images generated per input. Default 10. */
  tries?: number;
  /** Number of inputs to use, from the start of the data set. Default: all. */
  count?: number;
}

/** Scores averaged over the inputs. */
export interface Diversity {
  /** Mean absolute difference between two images generated from the same input, in [0, 2]; 0 if all images are identical. */
  diversity: number;
  /** L1 distance between the target and the generated image nearest to it, in [0, 2]. */
  bestL1: number;
  /** Mean L1 distance between the target and the generated images, in [0, 2]. */
  meanL1: number;
  /** Number of inputs. */
  count: number;
}

/** Translates each input several times, and compares the outputs with one another and with the target.
 * @param translate Function that generates an image `[1, height, width, channels]` in [-1, 1]; `diversity` disposes of the image.
 * @param pairs Inputs and their targets.
 * @throws {RangeError} If the data set is empty, `tries` is not an integer ≥ 2, or `count` is not an integer ≥ 1. */
export async function diversity(
  translate: (input: tf.Tensor4D, seed: number) => Promise<tf.Tensor4D>,
  pairs: PairData,
  options: DiversityOptions = {},
): Promise<Diversity> {
  const { tries = 10, count = pairs.count } = options;
  if (!Number.isInteger(tries) || tries < 2) {
    throw new RangeError(`Cannot measure diversity: tries must be an integer ≥ 2, got ${tries}; generate at least two images`);
  }
  if (options.count !== undefined && !(Number.isInteger(count) && count > 0)) {
    throw new RangeError(`Cannot measure diversity: count must be an integer ≥ 1, got ${count}; omit it to use all inputs`);
  }
  const sums = { diversity: 0, bestL1: 0, meanL1: 0, count: 0 };
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false, whole: true })) {
    const generated: tf.Tensor4D[] = [];
    try {
      for (let seed = 0; seed < tries; seed++) generated.push(await translate(input, seed));
      const { apart, l1 } = await distances(generated, target);
      sums.diversity += apart;
      sums.bestL1 += Math.min(...l1);
      sums.meanL1 += l1.reduce((sum, value) => sum + value, 0) / tries;
    } finally {
      tf.dispose([...generated, input, target]);
    }
    if (++sums.count === count) break;
  }
  const { count: inputs } = sums;
  if (inputs === 0) {
    throw new RangeError(`Cannot measure diversity on ${pairs.name}: expected at least one pair, got none; use another data set`);
  }
  return { diversity: sums.diversity / inputs, bestL1: sums.bestL1 / inputs, meanL1: sums.meanL1 / inputs, count: inputs };
}

/** Computes the mean pairwise difference between the images, and the L1 distance from each image to the target. */
async function distances(generated: tf.Tensor4D[], target: tf.Tensor4D): Promise<{ apart: number; l1: Float32Array }> {
  const [apart, l1] = tf.tidy(() => {
    const pairs = generated.flatMap((a, i) => generated.slice(i + 1).map((b) => tf.mean(tf.abs(tf.sub(a, b)))));
    return [tf.mean(tf.stack(pairs)), tf.mean(tf.abs(tf.sub(tf.concat(generated, 0), target)), [1, 2, 3])];
  }) as [tf.Scalar, tf.Tensor1D];
  const values = { apart: (await apart.data())[0]!, l1: await l1.data<"float32">() };
  tf.dispose([apart, l1]);
  return values;
}
