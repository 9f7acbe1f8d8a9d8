import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { psnr } from "../../lib/metrics/mod.ts";
import { waves } from "./_oracle.ts";

await tf.setBackend("cpu");

Deno.test("psnr() of an error of a hundredth of the range is 40 dB, of a tenth 20 dB", () => {
  const targets = tf.zeros<tf.Rank.R4>([2, 4, 4, 3]);
  const images = tf.concat([tf.fill([1, 4, 4, 3], 0.02), tf.fill([1, 4, 4, 3], -0.2)]) as tf.Tensor4D;
  const [first, second] = psnr(images, targets).dataSync();
  assertAlmostEquals(first!, 40, 1e-4);
  assertAlmostEquals(second!, 20, 1e-4);
});

Deno.test("psnr() agrees with scikit-image 0.26: peak_signal_noise_ratio(x, y, data_range=2)", () => {
  assertAlmostEquals(psnr(...waves()).dataSync()[0]!, 15.233773855725747, 1e-4);
});

Deno.test("psnr() is the same for bytes as for pictures in [-1, 1]", () => {
  const [x, y] = waves();
  const bytes = (pictures: tf.Tensor4D) => tf.mul<tf.Tensor4D>(tf.add(pictures, 1), 127.5);
  assertAlmostEquals(psnr(bytes(x), bytes(y), { range: [0, 255] }).dataSync()[0]!, psnr(x, y).dataSync()[0]!, 1e-4);
});

Deno.test("psnr() of a picture and itself is infinite", () => {
  const [x] = waves();
  assertEquals(psnr(x, x).dataSync()[0], Infinity);
});

Deno.test("psnr() refuses other shapes and an empty range", () => {
  const [x, y] = waves();
  assertThrows(() => psnr(x, tf.zeros([1, 20, 17, 1])), RangeError, "Cannot compute PSNR");
  for (const range of [[1, -1], [0, 0], [0, NaN]] as const) {
    assertThrows(() => psnr(x, y, { range }), RangeError, "low below high");
  }
});

Deno.test("psnr() leaves one tensor", () => {
  const [x, y] = waves();
  const before = tf.memory().numTensors;
  psnr(x, y).dispose();
  assertEquals(tf.memory().numTensors, before);
});
