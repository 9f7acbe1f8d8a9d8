import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { l1, psnr, ssim } from "../../lib/metrics/mod.ts";
import { ssimByLoops, waves } from "./_oracle.ts";

await tf.setBackend("cpu");
const first = (scores: tf.Tensor1D) => scores.dataSync()[0]!;
/** Maps [-1, 1] to [0, 255]. */
const toBytes = (images: tf.Tensor4D) => tf.mul<tf.Tensor4D>(tf.add(images, 1), 127.5);

Deno.test("l1() returns the mean absolute difference for each image", () => {
  const images = tf.tensor4d([1, -1, 0, 0.5], [2, 1, 2, 1]), targets = tf.tensor4d([-1, -1, 0.5, 0.25], [2, 1, 2, 1]);
  assertEquals([...l1(images, targets).dataSync()], [1, 0.375]);
});

Deno.test("l1() agrees with NumPy", () => {
  assertAlmostEquals(first(l1(...waves())), 0.29873117343322875, 1e-6); // np.abs(x - y).mean()
});

Deno.test("l1() rejects tensors that are not two batches of images of the same shape", () => {
  const image = tf.zeros<tf.Rank.R4>([1, 4, 4, 3]);
  assertThrows(() => l1(tf.zeros([4, 4, 3]) as unknown as tf.Tensor4D, image), TypeError, "add a batch dimension");
  assertThrows(() => l1(image, tf.zeros([1, 4, 4, 1])), RangeError, "got [1,4,4,3] and [1,4,4,1]");
  assertThrows(() => l1(tf.zeros([0, 4, 4, 1]), tf.zeros([0, 4, 4, 1])), RangeError, "at least one image");
});

Deno.test("psnr() of an error of 1% of the range is 40 dB, of 10% 20 dB", () => {
  const targets = tf.zeros<tf.Rank.R4>([2, 4, 4, 3]);
  const images = tf.concat([tf.fill([1, 4, 4, 3], 0.02), tf.fill([1, 4, 4, 3], -0.2)]) as tf.Tensor4D;
  const [small, large] = psnr(images, targets).dataSync();
  assertAlmostEquals(small!, 40, 1e-4);
  assertAlmostEquals(large!, 20, 1e-4);
});

Deno.test("psnr() agrees with scikit-image 0.26: peak_signal_noise_ratio(x, y, data_range=2)", () => {
  assertAlmostEquals(first(psnr(...waves())), 15.233773855725747, 1e-4);
});

Deno.test("psnr() is Infinity if an image equals its target", () => {
  const [x] = waves();
  assertEquals(first(psnr(x, x)), Infinity);
});

// scikit-image 0.26.0 in double precision, on u = (x + 1) / 2, v = (y + 1) / 2 of `waves`:
// structural_similarity(u, v, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0, channel_axis=2)
const ofWaves = 0.8405485553441762;
const ofNegative = -0.9579684413403488; // v = (−x + 1) / 2

Deno.test("ssim() agrees with scikit-image", () => {
  const [x, y] = waves();
  assertAlmostEquals(first(ssim(x, y)), ofWaves, 2e-6);
  assertAlmostEquals(first(ssim(x, tf.neg(x))), ofNegative, 2e-6);
});

Deno.test("ssim() agrees with a plain implementation, which agrees with scikit-image", () => {
  const [x, y] = waves();
  assertAlmostEquals(ssimByLoops(x, y), ofWaves, 1e-12);
  const [a, b] = [tf.slice(x, [0, 0, 2, 0], [1, 14, 11, 3]), tf.slice(y, [0, 0, 2, 0], [1, 14, 11, 3])];
  assertAlmostEquals(first(ssim(a, b)), ssimByLoops(a, b), 2e-6);
});

Deno.test("ssim() of flat images compares their luminance", () => {
  // On [0, 1] black is 0, white 1 and grey 0.5, and variances are 0: (2 · 0.5 · 1 + C₁) / (0.25 + 1 + C₁), and C₁ / (1 + C₁).
  const flat = (value: number) => tf.fill<tf.Rank.R4>([1, 11, 11, 1], value);
  assertAlmostEquals(first(ssim(flat(0), flat(1))), (1 + 1e-4) / (1.25 + 1e-4), 5e-5);
  assertAlmostEquals(first(ssim(flat(-1), flat(1))), 1e-4 / (1 + 1e-4), 1e-6);
});

Deno.test("ssim() scores each image of a batch independently", () => {
  const [x, y] = waves();
  const [xy, xx, yx] = ssim(tf.concat([x, x, y]), tf.concat([y, x, x])).dataSync();
  assertAlmostEquals(xy!, ofWaves, 2e-6);
  assertAlmostEquals(xx!, 1, 1e-6);
  assertAlmostEquals(yx!, ofWaves, 2e-6); // symmetric
});

Deno.test("psnr() and ssim() do not depend on the range of the images", () => {
  const [x, y] = waves();
  const range = [0, 255] as const;
  assertAlmostEquals(first(psnr(toBytes(x), toBytes(y), { range })), first(psnr(x, y)), 1e-4);
  assertAlmostEquals(first(ssim(toBytes(x), toBytes(y), { range })), ofWaves, 1e-5);
});

Deno.test("ssim() of a grey image is low", () => {
  const [x] = waves();
  assertLess(first(ssim(tf.zerosLike(x), x)), 0.2);
});

Deno.test("psnr() and ssim() reject different shapes and an empty range, and ssim() images below the window size", () => {
  const small = tf.zeros<tf.Rank.R4>([1, 16, 10, 3]);
  const [x, y] = waves();
  assertThrows(() => ssim(small, small), RangeError, "at least 11 x 11, the size of the window, got 16 x 10");
  assertThrows(() => ssim(x, small), RangeError, "Cannot compute SSIM");
  assertThrows(() => psnr(x, small), RangeError, "Cannot compute PSNR");
  for (const range of [[1, -1], [0, 0], [0, NaN]] as const) {
    assertThrows(() => psnr(x, y, { range }), RangeError, "low < high");
    assertThrows(() => ssim(x, y, { range }), RangeError, "low < high");
  }
});

Deno.test("l1(), psnr() and ssim() leak no tensors", () => {
  const [x, y] = waves();
  for (const metric of [l1, psnr, ssim]) {
    const before = tf.memory().numTensors;
    metric(x, y).dispose();
    assertEquals(tf.memory().numTensors, before);
  }
});
