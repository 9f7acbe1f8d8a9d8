/** Diversity of a multimodal translator, and its best-of-n error: the metrics of BicycleGAN (Zhu et al. 2017, arXiv:1711.11586,
 * Sec. 5), with the mean absolute difference of pixels instead of LPIPS, which needs pretrained weights.
 *
 * Taught in: notebooks/12_more_than_one_answer.ipynb, Eq. (12.1)
 * @module */
import * as tf from "../tf.ts";
import type { PairData } from "../data/datasets.ts";

/** Options of {@linkcode diversity}. */
export interface DiversityOptions {
  /** Number of images generated per input. Default 10. */
  tries?: number;
  /** Number of inputs, from the start of the set. Default: all. */
  count?: number;
}

/** Means over the inputs. */
export interface Diversity {
  /** Mean absolute difference between two images of one input, over all pairs of them; in [0, 2], 0 if all are equal. */
  diversity: number;
  /** L1 between the target and the image nearest to it; in [0, 2]. */
  bestL1: number;
  /** Mean L1 between the target and the images; in [0, 2]. */
  meanL1: number;
  /** Number of inputs. */
  count: number;
}

/** Translates each input several times and compares the results.
 * @param translate generates an image `[1, height, width, channels]` in [-1, 1], which is disposed here.
 * @param pairs inputs with targets.
 * @throws {RangeError} if the set is empty, `tries` is not an integer ≥ 2, or `count` not an integer ≥ 1. */
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
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
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

/** Computes the mean difference between two of the images, and L1 between each of them and the target. */
async function distances(generated: tf.Tensor4D[], target: tf.Tensor4D): Promise<{ apart: number; l1: Float32Array }> {
  const [apart, l1] = tf.tidy(() => {
    const pairs = generated.flatMap((a, i) => generated.slice(i + 1).map((b) => tf.mean(tf.abs(tf.sub(a, b)))));
    return [tf.mean(tf.stack(pairs)), tf.mean(tf.abs(tf.sub(tf.concat(generated, 0), target)), [1, 2, 3])];
  }) as [tf.Scalar, tf.Tensor1D];
  const values = { apart: (await apart.data())[0]!, l1: await l1.data<"float32">() };
  tf.dispose([apart, l1]);
  return values;
}
