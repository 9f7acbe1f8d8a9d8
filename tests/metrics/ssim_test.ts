import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { ssim } from "../../lib/metrics/mod.ts";
import { ssimByLoops, waves } from "./_oracle.ts";

await tf.setBackend("cpu");
const only = (scores: tf.Tensor1D) => scores.dataSync()[0]!;

// scikit-image 0.26.0 in double precision, on u = (x + 1) / 2, v = (y + 1) / 2 of `waves`:
// structural_similarity(u, v, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0, channel_axis=2)
const ofWaves = 0.8405485553441762;
const ofNegative = -0.9579684413403488; // v = (−x + 1) / 2

Deno.test("ssim() agrees with scikit-image", () => {
  const [x, y] = waves();
  assertAlmostEquals(only(ssim(x, y)), ofWaves, 2e-6);
  assertAlmostEquals(only(ssim(x, tf.neg(x))), ofNegative, 2e-6);
});

Deno.test("ssim() agrees with plain loops, as do they with scikit-image", () => {
  const [x, y] = waves();
  assertAlmostEquals(ssimByLoops(x, y), ofWaves, 1e-12);
  const [low, high] = [tf.slice(x, [0, 0, 2, 0], [1, 14, 11, 3]), tf.slice(y, [0, 0, 2, 0], [1, 14, 11, 3])];
  assertAlmostEquals(only(ssim(low, high)), ssimByLoops(low, high), 2e-6);
});

Deno.test("ssim() of flat pictures is the comparison of their brightness", () => {
  // On [0, 1] black is 0, white 1 and grey 0.5, and variances are 0: (2 · 0.5 · 1 + C₁) / (0.25 + 1 + C₁), and C₁ / (1 + C₁).
  const flat = (value: number) => tf.fill<tf.Rank.R4>([1, 11, 11, 1], value);
  assertAlmostEquals(only(ssim(flat(0), flat(1))), (1 + 1e-4) / (1.25 + 1e-4), 5e-5);
  assertAlmostEquals(only(ssim(flat(-1), flat(1))), 1e-4 / (1 + 1e-4), 1e-6);
});

Deno.test("ssim() scores each picture of a batch alone", () => {
  const [x, y] = waves();
  const [first, second, third] = ssim(tf.concat([x, x, y]), tf.concat([y, x, x])).dataSync();
  assertAlmostEquals(first!, ofWaves, 2e-6);
  assertAlmostEquals(second!, 1, 1e-6);
  assertAlmostEquals(third!, ofWaves, 2e-6); // symmetric
});

Deno.test("ssim() is the same in any range that the pictures are in", () => {
  const [x, y] = waves();
  const bytes = (pictures: tf.Tensor4D) => tf.mul<tf.Tensor4D>(tf.add(pictures, 1), 127.5);
  assertAlmostEquals(only(ssim(bytes(x), bytes(y), { range: [0, 255] })), ofWaves, 1e-5);
});

Deno.test("ssim() sees a blur that L1 forgives", () => {
  const [x] = waves();
  const grey = tf.zerosLike(x);
  assertLess(only(ssim(grey, x)), 0.2);
});

Deno.test("ssim() refuses pictures smaller than its window, other shapes, and an empty range", () => {
  const small = tf.zeros<tf.Rank.R4>([1, 16, 10, 3]);
  const [x, y] = waves();
  assertThrows(() => ssim(small, small), RangeError, "at least 11 x 11, the size of its window, got 16 x 10");
  assertThrows(() => ssim(x, small), RangeError, "Cannot compute SSIM: both must have the same shape");
  assertThrows(() => ssim(x, y, { range: [1, 1] }), RangeError, "low below high");
});

Deno.test("ssim() leaves one tensor", () => {
  const [x, y] = waves();
  const before = tf.memory().numTensors;
  ssim(x, y).dispose();
  assertEquals(tf.memory().numTensors, before);
});
