import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { seededRandom } from "../../lib/data/random.ts";
import { kernelDistance } from "../../lib/metrics/mod.ts";
import { features } from "./_oracle.ts";

await tf.setBackend("cpu");

Deno.test("kernelDistance() is the estimate by hand", async () => {
  // With one feature k(x, y) = (xy + 1)³. Within {0, 1}: 1; within {1, 2}: 27; between: 1, 1, 8, 27, their mean 9.25.
  assertAlmostEquals(await kernelDistance(tf.tensor2d([[0], [1]]), tf.tensor2d([[1], [2]])), 1 + 27 - 2 * 9.25, 1e-12);
  // With two features the product is divided by 2: within {(2, 0), (0, 2)} 1, within {(1, 1), (1, 1)} 8, between 8.
  assertAlmostEquals(await kernelDistance(tf.tensor2d([[2, 0], [0, 2]]), tf.tensor2d([[1, 1], [1, 1]])), 1 + 8 - 16, 1e-12);
});

Deno.test("kernelDistance() agrees with NumPy on formula-made features", async () => {
  // K = (x @ y.T / d + 1)³; (K_xx.sum() − trace) / n (n − 1) + (K_yy.sum() − trace) / m (m − 1) − 2 K_xy.mean(), on the float32
  // features.
  assertAlmostEquals(await kernelDistance(features(40, 6, 1), features(30, 6, 1.3)), -0.09438281607481258, 1e-9);
  assertAlmostEquals(await kernelDistance(features(5, 8, 1), features(7, 8, 1.3)), -0.9361039252953187, 1e-9);
});

Deno.test("kernelDistance() has the mean 0 over sets of one distribution, and not over sets of two", async () => {
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

Deno.test("kernelDistance() refuses what has no distance", async () => {
  const a = features(4, 3, 1);
  await assertRejects(() => kernelDistance(a, features(4, 2, 1)), RangeError, "got 3 and 2");
  await assertRejects(() => kernelDistance(features(1, 3, 1), a), RangeError, "at least 2 samples");
  await assertRejects(() => kernelDistance(a, tf.zeros([3]) as unknown as tf.Tensor2D), TypeError, "got rank 1");
  await assertRejects(
    () => kernelDistance(tf.tensor2d([[0], [Infinity]]), a),
    RangeError,
    "got Infinity in feature 0 of sample 1",
  );
});

Deno.test("kernelDistance() leaves no tensor", async () => {
  const [a, b] = [features(4, 3, 1), features(4, 3, 2)];
  const before = tf.memory().numTensors;
  await kernelDistance(a, b);
  assertEquals(tf.memory().numTensors, before);
});
