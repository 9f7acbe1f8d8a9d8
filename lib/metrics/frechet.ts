/** The Fréchet distance between two sets of features, each taken for a Gaussian: Dowson and Landau (1982), J. Multivariate
 * Analysis 12(3); for generated pictures Heusel et al. (2017), arXiv:1706.08500, Eq. 6.
 *
 *     d² = ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½)                                  (6)
 *
 * Symbols: μ → `mean`, Σ → `covariance` (with n − 1). The square is returned, as is usual.
 *
 * The root itself is never needed, only its trace: the sum of the roots of the eigenvalues of Σ₁ Σ₂. That product is not
 * symmetric, but with Σ₁ = F Fᵀ its eigenvalues other than 0 are those of Fᵀ Σ₂ F, which is, and which has none below 0. So
 * nothing complex appears, and singular covariances (fewer samples than features) need no small number added to them.
 *
 * The name "FID" is kept for the features of one certain Inception network: on other features it is another scale, and the two do
 * not compare. The estimate is too large on few samples, the more so the fewer: compare sets of equal size.
 * @module */
import type * as tf from "../tf.ts";
import { type Features, readFeatures } from "./_features.ts";
import { eigenvalues, factorOf } from "./_symmetric.ts";

/** A multivariate Gaussian. */
export interface Gaussian {
  /** `size` numbers. */
  mean: Float64Array;
  /** `size * size` numbers, row by row, symmetric, no negative eigenvalue. */
  covariance: Float64Array;
}

/** The Gaussian with the mean and the covariance (n − 1) of these samples.
 * @param features `[samples, features]`, at least two samples. Not disposed.
 * @throws {TypeError} if the rank is not 2.
 * @throws {RangeError} if there are fewer than two samples, or a feature is not finite. */
export async function gaussianOf(features: tf.Tensor2D): Promise<Gaussian> {
  const { values, count, size } = await readFeatures("fit a Gaussian", features);
  const mean = meanOf({ values, count, size });
  const covariance = new Float64Array(size * size);
  const offset = new Float64Array(size);
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < size; i++) offset[i] = values[n * size + i]! - mean[i]!;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) covariance[i * size + j]! += offset[i]! * offset[j]! / (count - 1);
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) covariance[i * size + j] = covariance[j * size + i]!;
  }
  return { mean, covariance };
}

function meanOf({ values, count, size }: Features): Float64Array {
  const mean = new Float64Array(size);
  values.forEach((value, i) => mean[i % size]! += value / count);
  return mean;
}

/** Squared Fréchet distance between two Gaussians, Eq. 6.
 * @returns ≥ 0, in squared units of the features; 0 only if they are the same.
 * @throws {RangeError} if they differ in size, or a covariance is not square. */
export function gaussianDistance(a: Gaussian, b: Gaussian): number {
  const size = a.mean.length;
  if (b.mean.length !== size || [a, b].some(({ covariance }) => covariance.length !== size * size)) {
    const sizes = [a, b].map(({ mean, covariance }) => `${mean.length} means with ${covariance.length} covariances`).join(
      " and ",
    );
    throw new RangeError(
      `Cannot compute a Fréchet distance: wanted n means with n² covariances twice, got ${sizes}; use one feature network`,
    );
  }
  let distance = 0;
  for (let i = 0; i < size; i++) {
    distance += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * size + i]! + b.covariance[i * size + i]!;
  }
  return Math.max(0, distance - 2 * traceOfRoot(a.covariance, b.covariance, size)); // rounding may leave −1e-15
}

/** Squared Fréchet distance between the features of two sets.
 * @param a `[samples, features]`, at least two samples, better more than there are features. Not disposed.
 * @param b the same, of as many features; the number of samples may differ. Not disposed.
 * @returns ≥ 0, in squared units of the features.
 * @throws {TypeError} if the rank is not 2.
 * @throws {RangeError} if there are fewer than two samples, the features differ in number, or one is not finite. */
export async function frechetDistance(a: tf.Tensor2D, b: tf.Tensor2D): Promise<number> {
  return gaussianDistance(await gaussianOf(a), await gaussianOf(b));
}

/** tr((Σ₁ Σ₂)^½), by the eigenvalues of Fᵀ Σ₂ F. */
function traceOfRoot(first: Float64Array, second: Float64Array, size: number): number {
  const factor = factorOf(first, size);
  const rank = factor.length;
  const product = new Float64Array(rank * rank);
  factor.forEach((column, j) => {
    const image = Float64Array.from({ length: size }, (_, i) => dot(second.subarray(i * size, (i + 1) * size), column));
    factor.forEach((other, i) => product[i * rank + j] = dot(other, image));
  });
  return eigenvalues(product, rank).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
