/** How different the pictures are that a translator makes of one input, and how good the best of them is: BicycleGAN's questions (Zhu et al. 2017,
 * arXiv:1711.11586, Sec. 5), asked with the mean absolute difference of pixels in place of their LPIPS, which needs weights that are not here.
 *
 * Taught in: notebooks/12_more_than_one_answer.ipynb, Eq. (12.1)
 * @module */
import * as tf from "../tf.ts";
import type { PairData } from "../data/datasets.ts";

/** How to ask. */
export interface DiversityOptions {
  /** Pictures of each input. Default 10. */
  tries?: number;
  /** Inputs, the first ones. Default: all. */
  count?: number;
}

/** Means over the inputs. */
export interface Diversity {
  /** Mean absolute difference between two pictures of one input, over all pairs of them; in [0, 2], 0 if they are all the same. */
  diversity: number;
  /** L1 between the target and the one of the pictures that is nearest to it; in [0, 2]. */
  bestL1: number;
  /** L1 between the target and any of them. */
  meanL1: number;
  /** How many inputs. */
  count: number;
}

/** Translates each input several times and compares.
 * @param translate makes a picture of `[1, height, width, channels]` in [-1, 1]; it is disposed of here.
 * @param pairs inputs, and a target for each.
 * @throws {RangeError} if the set is empty, less than two pictures are to be made of each, or `count` is no whole number from 1. */
export async function diversity(
  translate: (input: tf.Tensor4D, seed: number) => Promise<tf.Tensor4D>,
  pairs: PairData,
  options: DiversityOptions = {},
): Promise<Diversity> {
  const { tries = 10, count = pairs.count } = options;
  if (!Number.isInteger(tries) || tries < 2) {
    throw new RangeError(
      `Cannot measure diversity: tries must be a whole number from 2, got ${tries}; make at least two pictures`,
    );
  }
  if (options.count !== undefined && !(Number.isInteger(count) && count > 0)) {
    throw new RangeError(`Cannot measure diversity: count must be a whole number from 1, got ${count}; leave it out for all`);
  }
  const sums = { diversity: 0, bestL1: 0, meanL1: 0, count: 0 };
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
    const made: tf.Tensor4D[] = [];
    try {
      for (let seed = 0; seed < tries; seed++) made.push(await translate(input, seed));
      const { apart, l1 } = await distances(made, target);
      sums.diversity += apart;
      sums.bestL1 += Math.min(...l1);
      sums.meanL1 += l1.reduce((sum, value) => sum + value, 0) / tries;
    } finally {
      tf.dispose([...made, input, target]);
    }
    if (++sums.count === count) break;
  }
  const { count: inputs } = sums;
  if (inputs === 0) {
    throw new RangeError(`Cannot measure diversity on ${pairs.name}: wanted at least one pair, got none; give another set`);
  }
  return { diversity: sums.diversity / inputs, bestL1: sums.bestL1 / inputs, meanL1: sums.meanL1 / inputs, count: inputs };
}

/** The mean difference of two of the pictures, and L1 between each of them and the target. */
async function distances(made: tf.Tensor4D[], target: tf.Tensor4D): Promise<{ apart: number; l1: Float32Array }> {
  const [apart, l1] = tf.tidy(() => {
    const pairs = made.flatMap((one, i) => made.slice(i + 1).map((other) => tf.mean(tf.abs(tf.sub(one, other)))));
    return [tf.mean(tf.stack(pairs)), tf.mean(tf.abs(tf.sub(tf.concat(made, 0), target)), [1, 2, 3])];
  }) as [tf.Scalar, tf.Tensor1D];
  const values = { apart: (await apart.data())[0]!, l1: await l1.data<"float32">() };
  tf.dispose([apart, l1]);
  return values;
}
