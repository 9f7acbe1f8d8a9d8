import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { seededRandom } from "../../lib/data/random.ts";
import { factorOf } from "../../lib/metrics/distribution_distance.ts";
import { frechetDistance, type Gaussian, gaussianDistance, gaussianOf, kernelDistance } from "../../lib/metrics/mod.ts";
import { features } from "./_oracle.ts";

await tf.setBackend("cpu");

function gaussian(mean: number[], covariance: number[][]): Gaussian {
  return { mean: Float64Array.from(mean), covariance: Float64Array.from(covariance.flat()) };
}

Deno.test("factorOf() returns F with F Fᵀ = S, with as many columns as the rank of S", () => {
  const columns = [[1, 2, 3, 4, 5], [0, 1e-3, -1, 1, 2]]; // rank 2, with elements of very different magnitude
  const size = 5;
  const matrix = new Float64Array(size * size);
  for (const c of columns) for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[i * size + j]! += c[i]! * c[j]!;
  const factor = factorOf(matrix, size);
  assertEquals(factor.length, 2);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      assertAlmostEquals(factor.reduce((sum, c) => sum + c[i]! * c[j]!, 0), matrix[i * size + j]!, 1e-13);
    }
  }
  assertEquals(factorOf(new Float64Array(4), 2), []);
});

Deno.test("gaussianOf() returns the mean and the covariance normalized by n − 1", async () => {
  const { mean, covariance } = await gaussianOf(tf.tensor2d([[0, 1], [2, 5], [4, 0]]));
  assertEquals([...mean], [2, 2]);
  assertEquals([...covariance], [4, -1, -1, 7]); // deviations (−2, −1), (0, 3), (2, −2)
});

Deno.test("gaussianDistance() in one dimension is the sum of the squared differences of means and standard deviations", () => {
  assertAlmostEquals(gaussianDistance(gaussian([1], [[4]]), gaussian([4], [[25]])), (4 - 1) ** 2 + (5 - 2) ** 2, 1e-12);
});

Deno.test("gaussianDistance() of diagonal covariances is the sum over the axes", () => {
  const a = gaussian([0, 1, 2], [[1, 0, 0], [0, 9, 0], [0, 0, 0]]), b = gaussian([0, 0, 0], [[4, 0, 0], [0, 1, 0], [0, 0, 16]]);
  assertAlmostEquals(gaussianDistance(a, b), 1 + 4 + (1 - 2) ** 2 + (3 - 1) ** 2 + (0 - 4) ** 2, 1e-12);
});

Deno.test("gaussianDistance() in two dimensions agrees with the closed form of the trace", () => {
  // For 2 × 2 with eigenvalues p, q: (√p + √q)² = p + q + 2 √(pq), so tr M^½ = √(tr M + 2 √det M). These two do not commute.
  const [s, t] = [[[2, 1], [1, 3]], [[5, -2], [-2, 1]]];
  const product = [[2 * 5 - 2, -4 + 1], [5 - 6, -2 + 3]];
  const trace = product[0]![0]! + product[1]![1]!, determinant = (2 * 3 - 1) * (5 * 1 - 4);
  const expected = (2 + 3) + (5 + 1) - 2 * Math.sqrt(trace + 2 * Math.sqrt(determinant));
  assertAlmostEquals(gaussianDistance(gaussian([0, 0], s!), gaussian([0, 0], t!)), expected, 1e-12);
});

Deno.test("gaussianDistance() of spring chains follows from their eigenvalues, 2 − 2 cos(π k / (n + 1))", () => {
  const n = 40;
  const chain = (stiffness: number) =>
    Array.from(
      { length: n },
      (_, i) => Array.from({ length: n }, (_, j) => stiffness * (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
    );
  const zero = new Array<number>(n).fill(0);
  // Both covariances have the same eigenvectors, so the distance is the sum of (√9v − √v)² = 4v, and the eigenvalues v sum to 2n.
  assertAlmostEquals(gaussianDistance(gaussian(zero, chain(1)), gaussian(zero, chain(9))), 4 * 2 * n, 1e-10);
});

Deno.test("gaussianDistance() of singular Gaussians on parallel lines is the squared distance of the lines", () => {
  const line = [[1, 1], [1, 1]];
  assertAlmostEquals(gaussianDistance(gaussian([0, 0], line), gaussian([1, -1], line)), 2, 1e-12);
  // For perpendicular lines the product of the covariances is 0, which leaves the traces.
  assertAlmostEquals(gaussianDistance(gaussian([0, 0], line), gaussian([0, 0], [[1, -1], [-1, 1]])), 4, 1e-7);
});

Deno.test("gaussianDistance() of a single point, without any variance, is that of the means and the other variances", () => {
  const point = gaussian([0, 0], [[0, 0], [0, 0]]), other = gaussian([3, 4], [[2, 0], [0, 1]]);
  for (const [a, b] of [[point, other], [other, point]] as const) assertEquals(gaussianDistance(a, b), 28);
  assertEquals(gaussianDistance(point, point), 0);
});

Deno.test("frechetDistance() agrees with SciPy", async () => {
  // SciPy 1.17.1: ((m1 − m2)²).sum() + trace(s1 + s2 − 2 linalg.sqrtm(s1 @ s2)), with np.cov of the float32 features.
  assertAlmostEquals(await frechetDistance(features(40, 6, 1), features(30, 6, 1.3)), 0.22837058307577626, 1e-9);
});

Deno.test("frechetDistance() is exact with fewer samples than features", async () => {
  // NumPy: tr (Σ₁ Σ₂)^½ is the sum of the singular values of X₁ X₂ᵀ / √((n₁ − 1)(n₂ − 1)), X the centred features; sqrtm is
  // off by 5e-8 here.
  assertAlmostEquals(await frechetDistance(features(5, 8, 1), features(7, 8, 1.3)), 4.848606348296983, 1e-9);
});

Deno.test("frechetDistance() is 0 from a set to itself, symmetric, and grows with the square of a shift", async () => {
  const [a, b] = [features(40, 6, 1), features(30, 6, 1.3)];
  assertAlmostEquals(await frechetDistance(a, a), 0, 1e-12);
  assertAlmostEquals(await frechetDistance(a, b), await frechetDistance(b, a), 1e-12);
  assertAlmostEquals(await frechetDistance(a, tf.add(a, 0.5)), 6 * 0.25, 1e-5);
});

Deno.test("kernelDistance() returns the estimate computed by hand", async () => {
  // With one feature k(x, y) = (xy + 1)³. Within {0, 1}: 1; within {1, 2}: 27; between: 1, 1, 8, 27, with mean 9.25.
  assertAlmostEquals(await kernelDistance(tf.tensor2d([[0], [1]]), tf.tensor2d([[1], [2]])), 1 + 27 - 2 * 9.25, 1e-12);
  // With two features the product is divided by 2: within {(2, 0), (0, 2)} 1, within {(1, 1), (1, 1)} 8, between 8.
  assertAlmostEquals(await kernelDistance(tf.tensor2d([[2, 0], [0, 2]]), tf.tensor2d([[1, 1], [1, 1]])), 1 + 8 - 16, 1e-12);
});

Deno.test("kernelDistance() agrees with NumPy", async () => {
  // K = (x @ y.T / d + 1)³; (K_xx.sum() − trace) / n (n − 1) + (K_yy.sum() − trace) / m (m − 1) − 2 K_xy.mean(), on the float32
  // features.
  assertAlmostEquals(await kernelDistance(features(40, 6, 1), features(30, 6, 1.3)), -0.09438281607481258, 1e-9);
  assertAlmostEquals(await kernelDistance(features(5, 8, 1), features(7, 8, 1.3)), -0.9361039252953187, 1e-9);
});

Deno.test("kernelDistance() has mean 0 for sets from the same distribution, and a larger mean otherwise", async () => {
  const random = seededRandom(1);
  const set = (low: number) => tf.tensor2d(Array.from({ length: 12 }, () => [random.between(low, 1), random.between(-1, 1)]));
  const estimates = async (low: number) => {
    const values: number[] = [];
    for (let n = 0; n < 300; n++) values.push(await kernelDistance(set(-1), set(low)));
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    return { mean, error: Math.sqrt(variance / values.length) };
  };
  const same = await estimates(-1), other = await estimates(0);
  assert(Math.abs(same.mean) < 3 * same.error, `${same.mean} is not 0 within 3 x ${same.error}`);
  assert(other.mean > 10 * other.error, `${other.mean} is not above 0 by 10 x ${other.error}`);
});

Deno.test("frechetDistance(), gaussianDistance() and kernelDistance() reject invalid features", async () => {
  const a = features(4, 3, 1), b = features(4, 2, 1);
  await assertRejects(() => frechetDistance(a, b), RangeError, "3 means with 9 covariances and 2 means with 4 covariances");
  await assertRejects(() => kernelDistance(a, b), RangeError, "got 3 and 2");
  const gaussians = [gaussian([0], [[1]]), gaussian([0, 0], [[1, 0], [0, 1]])] as const;
  assertThrows(() => gaussianDistance(...gaussians), RangeError, "the same feature network");
  const flawed = tf.tensor2d([[0, 1, 2], [3, NaN, 5]]);
  for (const distance of [frechetDistance, kernelDistance]) {
    await assertRejects(() => distance(a, features(1, 3, 1)), RangeError, "at least 2 samples");
    await assertRejects(() => distance(tf.zeros([2, 3, 1]) as unknown as tf.Tensor2D, a), TypeError, "got rank 3, [2,3,1]");
    await assertRejects(() => distance(a, flawed), RangeError, "got NaN in feature 1 of sample 1");
  }
});

Deno.test("frechetDistance() and kernelDistance() leak no tensors", async () => {
  const [a, b] = [features(4, 3, 1), features(4, 3, 2)];
  const before = tf.memory().numTensors;
  await frechetDistance(a, b);
  await kernelDistance(a, b);
  assertEquals(tf.memory().numTensors, before);
});
