import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { frechetDistance, type Gaussian, gaussianDistance, gaussianOf } from "../../lib/metrics/mod.ts";
import { features } from "./_oracle.ts";

await tf.setBackend("cpu");

function gaussian(mean: number[], covariance: number[][]): Gaussian {
  return { mean: Float64Array.from(mean), covariance: Float64Array.from(covariance.flat()) };
}

Deno.test("gaussianOf() is the mean and the covariance with n − 1", async () => {
  const { mean, covariance } = await gaussianOf(tf.tensor2d([[0, 1], [2, 5], [4, 0]]));
  assertEquals([...mean], [2, 2]);
  assertEquals([...covariance], [4, -1, -1, 7]); // deviations (−2, −1), (0, 3), (2, −2)
});

Deno.test("gaussianDistance() on a line is the difference of the means and of the deviations, squared", () => {
  assertAlmostEquals(gaussianDistance(gaussian([1], [[4]]), gaussian([4], [[25]])), (4 - 1) ** 2 + (5 - 2) ** 2, 1e-12);
});

Deno.test("gaussianDistance() of diagonal covariances adds that up over the axes", () => {
  const a = gaussian([0, 1, 2], [[1, 0, 0], [0, 9, 0], [0, 0, 0]]), b = gaussian([0, 0, 0], [[4, 0, 0], [0, 1, 0], [0, 0, 16]]);
  assertAlmostEquals(gaussianDistance(a, b), 1 + 4 + (1 - 2) ** 2 + (3 - 1) ** 2 + (0 - 4) ** 2, 1e-12);
});

Deno.test("gaussianDistance() in the plane agrees with the closed form of the root's trace", () => {
  // For 2 × 2 with eigenvalues p, q: (√p + √q)² = p + q + 2 √(pq), so tr M^½ = √(tr M + 2 √det M). These two do not commute.
  const [s, t] = [[[2, 1], [1, 3]], [[5, -2], [-2, 1]]];
  const product = [[2 * 5 - 2, -4 + 1], [5 - 6, -2 + 3]];
  const trace = product[0]![0]! + product[1]![1]!, determinant = (2 * 3 - 1) * (5 * 1 - 4);
  const expected = (2 + 3) + (5 + 1) - 2 * Math.sqrt(trace + 2 * Math.sqrt(determinant));
  assertAlmostEquals(gaussianDistance(gaussian([0, 0], s!), gaussian([0, 0], t!)), expected, 1e-12);
});

Deno.test("gaussianDistance() of parallel lines in the plane, both singular, is the gap", () => {
  const line = [[1, 1], [1, 1]];
  assertAlmostEquals(gaussianDistance(gaussian([0, 0], line), gaussian([1, -1], line)), 2, 1e-12);
  // Across each other nothing of one can be moved along the other: the traces stay.
  assertAlmostEquals(gaussianDistance(gaussian([0, 0], line), gaussian([0, 0], [[1, -1], [-1, 1]])), 4, 1e-7);
});

Deno.test("frechetDistance() agrees with SciPy on formula-made features", async () => {
  // SciPy 1.17.1: ((m1 − m2)²).sum() + trace(s1 + s2 − 2 linalg.sqrtm(s1 @ s2)), with np.cov of the float32 features.
  assertAlmostEquals(await frechetDistance(features(40, 6, 1), features(30, 6, 1.3)), 0.22837058307577626, 1e-9);
});

Deno.test("frechetDistance() is exact with fewer samples than features", async () => {
  // NumPy: tr (Σ₁ Σ₂)^½ is the sum of the singular values of X₁ X₂ᵀ / √((n₁ − 1)(n₂ − 1)), X the centred features; sqrtm is 5e-8
  // off here.
  assertAlmostEquals(await frechetDistance(features(5, 8, 1), features(7, 8, 1.3)), 4.848606348296983, 1e-9);
});

Deno.test("frechetDistance() is 0 from a set to itself, symmetric, and grows with a shift by its square", async () => {
  const [a, b] = [features(40, 6, 1), features(30, 6, 1.3)];
  assertAlmostEquals(await frechetDistance(a, a), 0, 1e-12);
  assertAlmostEquals(await frechetDistance(a, b), await frechetDistance(b, a), 1e-12);
  assertAlmostEquals(await frechetDistance(a, tf.add(a, 0.5)), 6 * 0.25, 1e-5);
});

Deno.test("frechetDistance() and gaussianDistance() refuse what has no distance", async () => {
  const a = features(4, 3, 1);
  await assertRejects(
    () => frechetDistance(a, features(4, 2, 1)),
    RangeError,
    "3 means with 9 covariances and 2 means with 4 covariances",
  );
  await assertRejects(() => frechetDistance(a, features(1, 3, 1)), RangeError, "at least 2 samples");
  await assertRejects(() => frechetDistance(tf.zeros([2, 3, 1]) as unknown as tf.Tensor2D, a), TypeError, "got rank 3, [2,3,1]");
  await assertRejects(
    () => frechetDistance(a, tf.tensor2d([[0, 1, 2], [3, NaN, 5]])),
    RangeError,
    "got NaN in feature 1 of sample 1",
  );
  assertThrows(
    () => gaussianDistance(gaussian([0], [[1]]), gaussian([0, 0], [[1, 0], [0, 1]])),
    RangeError,
    "one feature network",
  );
});

Deno.test("frechetDistance() leaves no tensor", async () => {
  const [a, b] = [features(4, 3, 1), features(4, 3, 2)];
  const before = tf.memory().numTensors;
  await frechetDistance(a, b);
  assertEquals(tf.memory().numTensors, before);
});
