import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { l1 } from "../../lib/metrics/mod.ts";
import { waves } from "./_oracle.ts";

await tf.setBackend("cpu");

Deno.test("l1() is the mean absolute difference of each picture", () => {
  const images = tf.tensor4d([1, -1, 0, 0.5], [2, 1, 2, 1]), targets = tf.tensor4d([-1, -1, 0.5, 0.25], [2, 1, 2, 1]);
  assertEquals([...l1(images, targets).dataSync()], [1, 0.375]);
});

Deno.test("l1() agrees with NumPy", () => {
  assertAlmostEquals(l1(...waves()).dataSync()[0]!, 0.29873117343322875, 1e-6); // np.abs(x - y).mean()
});

Deno.test("l1() refuses what are not two batches of pictures of one shape", () => {
  const picture = tf.zeros<tf.Rank.R4>([1, 4, 4, 3]);
  assertThrows(() => l1(tf.zeros([4, 4, 3]) as unknown as tf.Tensor4D, picture), TypeError, "add a batch dimension");
  assertThrows(() => l1(picture, tf.zeros([1, 4, 4, 1])), RangeError, "got [1,4,4,3] and [1,4,4,1]");
  assertThrows(() => l1(tf.zeros([0, 4, 4, 1]), tf.zeros([0, 4, 4, 1])), RangeError, "at least one picture");
});

Deno.test("l1() leaves one tensor", () => {
  const [x, y] = waves();
  const before = tf.memory().numTensors;
  l1(x, y).dispose();
  assertEquals(tf.memory().numTensors, before);
});
