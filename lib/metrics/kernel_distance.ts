/** The kernel distance between two sets of features: Bińkowski et al. (2018), arXiv:1801.01401, Sec. 4; the estimator is that of
 * Gretton et al. (2012), JMLR 13, Eq. 3.
 *
 *     k(x, y) = (xᵀy / d + 1)³                                                    (Sec. 4)
 *     MMD² = mean over i ≠ j of k(xᵢ, xⱼ) + mean over i ≠ j of k(yᵢ, yⱼ) − 2 mean over i, j of k(xᵢ, yⱼ)
 *
 * Symbols: x → `a`, y → `b`, d → the number of features. Unbiased: its expectation does not depend on how many samples there are,
 * and for two sets from one distribution it is 0, so it is often below 0. That is what it has over the Fréchet distance on few
 * samples.
 *
 * Departure: one estimate from all samples, where the paper averages over subsets to get a standard error with it. The name "KID"
 * is kept for the features of one certain Inception network.
 * @module */
import type * as tf from "../tf.ts";
import { type Features, readFeatures } from "./_features.ts";

/** Unbiased squared maximum mean discrepancy with the cubic kernel.
 * @param a `[samples, features]`, at least two samples. Not disposed.
 * @param b the same, of as many features; the number of samples may differ. Not disposed.
 * @returns near 0 (or below) for sets of one distribution, above 0 for others.
 * @throws {TypeError} if the rank is not 2.
 * @throws {RangeError} if there are fewer than two samples, the features differ in number, or one is not finite. */
export async function kernelDistance(a: tf.Tensor2D, b: tf.Tensor2D): Promise<number> {
  const action = "compute a kernel distance";
  const [x, y] = [await readFeatures(action, a), await readFeatures(action, b)];
  if (x.size !== y.size) {
    throw new RangeError(
      `Cannot ${action}: both must have as many features, got ${x.size} and ${y.size}; use one feature network`,
    );
  }
  return meanWithin(x) + meanWithin(y) - 2 * meanBetween(x, y);
}

/** Mean of k over the pairs of two different samples of one set; a sample with itself would bias it. */
function meanWithin(set: Features): number {
  let sum = 0;
  for (let i = 1; i < set.count; i++) {
    for (let j = 0; j < i; j++) sum += kernel(set, i, set, j);
  }
  return 2 * sum / (set.count * (set.count - 1));
}

/** Mean of k over the pairs of a sample of each set. */
function meanBetween(a: Features, b: Features): number {
  let sum = 0;
  for (let i = 0; i < a.count; i++) {
    for (let j = 0; j < b.count; j++) sum += kernel(a, i, b, j);
  }
  return sum / (a.count * b.count);
}

/** k of sample `i` of `a` and sample `j` of `b`. In double precision and here, not by the backend's matrix product: the distance
 * is a small difference of large means, and GPUs may round the factors to ten bits. */
function kernel(a: Features, i: number, b: Features, j: number): number {
  const size = a.size;
  let product = 0;
  for (let k = 0; k < size; k++) product += a.values[i * size + k]! * b.values[j * size + k]!;
  return (product / size + 1) ** 3;
}
