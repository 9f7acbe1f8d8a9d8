/** Fréchet distance and kernel distance between two sets of features.
 *
 * **Fréchet distance** between two Gaussians (Dowson and Landau, 1982, Journal of Multivariate Analysis 12(3)). The application
 * of this distance to generated images follows arXiv:1706.08500 (Heusel et al., 2017, equation 6).
 *
 * ```text
 * d² = ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½)                                  (6)
 * ```
 *
 * In the code, μ is `mean`, and Σ is `covariance`, which is normalized by n − 1. By convention, the squared distance is returned.
 * The estimate is biased upwards for small samples, so compare only sets of equal size.
 *
 * **Kernel distance** between two sets of features (Bińkowski et al., 2018, arXiv:1801.01401, section 4). The estimator is that
 * of equation 3 in Gretton et al., 2012 (Journal of Machine Learning Research 13).
 *
 * ```text
 * k(x, y) = (xᵀy / d + 1)³                                                    (Sec. 4)
 * MMD² = mean over i ≠ j of k(xᵢ, xⱼ) + mean over i ≠ j of k(yᵢ, yⱼ) − 2 mean over i, j of k(xᵢ, yⱼ)
 * ```
 *
 * In the code, x is `a`, y is `b`, and d is the number of features. The estimator is unbiased: its expected value does not depend
 * on the number of samples. For two sets from the same distribution, the expected value is 0, so individual estimates are often
 * negative. Departure from the paper: a single estimate is computed from all samples, whereas the paper averages over subsets to
 * obtain a standard error.
 *
 * The names "FID" and "KID" are reserved for the features of one particular Inception network; other features have a different
 * scale. All computations use double precision on the CPU, since the distances are small differences between large sums.
 * @module */
import type * as tf from "../tf.ts";
import { EigenvalueDecomposition, Matrix } from "../packages.ts";

/** Features of a set of samples, in row-major order. */
interface Features {
  values: Float32Array;
  /** Number of samples. */
  count: number;
  /** Number of features per sample. */
  size: number;
}

/** Reads features from the backend.
 * @param action The attempted action for the error message, for example "compute a Fréchet distance".
 * @throws {TypeError} If the tensor does not have rank 2.
 * @throws {RangeError} If there are fewer than two samples or no features, or if a feature is not finite. */
async function readFeatures(action: string, features: tf.Tensor2D): Promise<Features> {
  const { rank, shape } = features as tf.Tensor;
  if (rank !== 2) {
    const got = `rank ${rank}, [${shape}]`;
    throw new TypeError(`Cannot ${action}: expected features of shape [samples, features], got ${got}; pool or flatten them`);
  }
  const [count, size] = features.shape;
  if (count < 2 || size < 1) {
    throw new RangeError(`Cannot ${action}: expected at least 2 samples and 1 feature, got [${shape}]; use more samples`);
  }
  const values = Float32Array.from(await features.data());
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { values, count, size };
  const got = `${values[bad]} in feature ${bad % size} of sample ${Math.floor(bad / size)}`;
  throw new RangeError(`Cannot ${action}: features must be finite, got ${got}; check whether the generator diverged`);
}

/** A multivariate Gaussian. */
export interface Gaussian {
  /** Mean vector, with `size` elements. */
  mean: Float64Array;
  /** Covariance matrix, `size * size` elements in row-major order, symmetric and positive semidefinite. */
  covariance: Float64Array;
}

/** Fits a Gaussian to samples by computing their mean and their covariance (normalized by n − 1).
 * @param features `[samples, features]`, at least two samples. It is not disposed of.
 * @throws {TypeError} If the tensor does not have rank 2.
 * @throws {RangeError} If there are fewer than two samples, or a feature is not finite. */
export async function gaussianOf(features: tf.Tensor2D): Promise<Gaussian> {
  const { values, count, size } = await readFeatures("fit a Gaussian", features);
  const mean = new Float64Array(size);
  values.forEach((value, i) => mean[i % size]! += value / count);
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

/** Computes the squared Fréchet distance between two Gaussians (equation 6).
 * @returns A number ≥ 0, in squared feature units; 0 only for equal Gaussians.
 * @throws {RangeError} If the sizes differ, or a covariance matrix is not square. */
export function gaussianDistance(a: Gaussian, b: Gaussian): number {
  const size = a.mean.length;
  if (b.mean.length !== size || [a, b].some(({ covariance }) => covariance.length !== size * size)) {
    const sizes = [a, b].map(({ mean, covariance }) => `${mean.length} means with ${covariance.length} covariances`);
    const problem = `each Gaussian must have n means and n² covariances, got ${sizes.join(" and ")}`;
    throw new RangeError(`Cannot compute a Fréchet distance: ${problem}; use the same feature network for both`);
  }
  let distance = 0;
  for (let i = 0; i < size; i++) {
    distance += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * size + i]! + b.covariance[i * size + i]!;
  }
  return Math.max(0, distance - 2 * traceOfRoot(a.covariance, b.covariance, size)); // rounding may leave −1e-15
}

/** Computes the squared Fréchet distance between two sets of features.
 * @param a First set, `[samples, features]`, with at least two samples and preferably more samples than features. It is not
 * disposed of.
 * @param b Second set, with the same number of features; the number of samples may differ. It is not disposed of.
 * @returns A number ≥ 0, in squared feature units.
 * @throws {TypeError} If either tensor does not have rank 2.
 * @throws {RangeError} If there are fewer than two samples, the numbers of features differ, or a feature is not finite. */
export async function frechetDistance(a: tf.Tensor2D, b: tf.Tensor2D): Promise<number> {
  return gaussianDistance(await gaussianOf(a), await gaussianOf(b));
}

/** Computes tr((Σ₁ Σ₂)^½), the sum of the square roots of the eigenvalues of Σ₁ Σ₂. The product Σ₁ Σ₂ is not symmetric, but if Σ₁
 * = F Fᵀ, it has the same nonzero eigenvalues as Fᵀ Σ₂ F, which is symmetric and positive semidefinite. The eigenvalues are
 * therefore real, and singular covariances (from fewer samples than features) need no regularization. */
function traceOfRoot(first: Float64Array, second: Float64Array, size: number): number {
  const factor = factorOf(first, size);
  const rank = factor.length;
  if (rank === 0) return 0; // all samples are equal
  const product = Matrix.zeros(rank, rank);
  factor.forEach((column, j) => {
    const image = Float64Array.from({ length: size }, (_, i) => dot(second.subarray(i * size, (i + 1) * size), column));
    factor.forEach((other, i) => product.set(i, j, dot(other, image)));
  });
  const { realEigenvalues } = new EigenvalueDecomposition(product, { assumeSymmetric: true });
  return realEigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

/** Factors a positive semidefinite matrix S as F Fᵀ and returns the columns of F; their number is the rank of S. Uses pivoted
 * Cholesky decomposition (Golub and Van Loan, Matrix Computations, 4th edition, section 4.2.8), which is accurate even if S is
 * singular.
 * @param matrix Symmetric matrix, `size * size` elements in row-major order. */
export function factorOf(matrix: Float64Array, size: number): Float64Array[] {
  const rest = matrix.slice();
  const diagonal = () => Array.from({ length: size }, (_, i) => rest[i * size + i]!);
  const negligible = size * Number.EPSILON * Math.max(...diagonal());
  const columns: Float64Array[] = [];
  while (columns.length < size) {
    const left = diagonal();
    const pivot = left.reduce((best, value, i) => value > left[best]! ? i : best, 0);
    if (!(left[pivot]! > negligible)) break;
    const scale = 1 / Math.sqrt(left[pivot]!);
    const column = rest.slice(pivot * size, (pivot + 1) * size).map((value) => value * scale);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) rest[i * size + j]! -= column[i]! * column[j]!;
    }
    columns.push(column);
  }
  return columns;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Computes an unbiased estimate of the squared maximum mean discrepancy with the cubic kernel.
 * @param a First set, `[samples, features]`, with at least two samples. It is not disposed of.
 * @param b Second set, with the same number of features; the number of samples may differ. It is not disposed of.
 * @returns A value near 0, possibly negative, for sets from the same distribution; a larger value otherwise.
 * @throws {TypeError} If either tensor does not have rank 2.
 * @throws {RangeError} If there are fewer than two samples, the numbers of features differ, or a feature is not finite. */
export async function kernelDistance(a: tf.Tensor2D, b: tf.Tensor2D): Promise<number> {
  const action = "compute a kernel distance";
  const [x, y] = [await readFeatures(action, a), await readFeatures(action, b)];
  if (x.size !== y.size) {
    const got = `${x.size} and ${y.size}`;
    throw new RangeError(`Cannot ${action}: both sets must have the same number of features, got ${got}; use the same network`);
  }
  return meanWithin(x) + meanWithin(y) - 2 * meanBetween(x, y);
}

/** Returns the mean of the kernel k over all pairs of distinct samples in a set. Pairs of a sample with itself would bias the
 * mean. */
function meanWithin(set: Features): number {
  let sum = 0;
  for (let i = 1; i < set.count; i++) {
    for (let j = 0; j < i; j++) sum += kernel(set, i, set, j);
  }
  return 2 * sum / (set.count * (set.count - 1));
}

/** Returns the mean of the kernel k over all pairs with one sample from each set. */
function meanBetween(a: Features, b: Features): number {
  let sum = 0;
  for (let i = 0; i < a.count; i++) {
    for (let j = 0; j < b.count; j++) sum += kernel(a, i, b, j);
  }
  return sum / (a.count * b.count);
}

/** Returns the kernel k for sample `i` of `a` and sample `j` of `b`. */
function kernel(a: Features, i: number, b: Features, j: number): number {
  const size = a.size;
  let product = 0;
  for (let k = 0; k < size; k++) product += a.values[i * size + k]! * b.values[j * size + k]!;
  return (product / size + 1) ** 3;
}
