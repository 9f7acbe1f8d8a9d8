import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { l1, l2 } from "../../lib/losses/mod.ts";
import { assertGradient, numberOf, scores } from "./_helpers.ts";

await tf.setBackend("cpu");

const images = tf.tensor4d([0.5, -1, 0.25, 1, 0, -0.5, 0.75, 0.1], [2, 1, 2, 2]);
const targets = tf.tensor4d([0, -0.5, 1, 1, 0.5, -0.25, -0.75, 0.9], [2, 1, 2, 2]);

Deno.test("l1() is the mean of absolute differences over all elements", () => {
  assertAlmostEquals(numberOf(l1(images, targets)), (0.5 + 0.5 + 0.75 + 0 + 0.5 + 0.25 + 1.5 + 0.8) / 8, 1e-7);
});

Deno.test("l2() is the mean of squared differences over all elements", () => {
  assertAlmostEquals(numberOf(l2(images, targets)), (0.25 + 0.25 + 0.5625 + 0 + 0.25 + 0.0625 + 2.25 + 0.64) / 8, 1e-7);
});

Deno.test("l1() and l2() accept points", () => {
  assertEquals(numberOf(l1(scores(1, 3), scores(0, 0))), 2);
  assertEquals(numberOf(l2(scores(1, 3), scores(0, 0))), 5);
});

Deno.test("l1() and l2() gradients equal the central differences", () => {
  const away = tf.add(targets, tf.tensor4d([0.5, -1, 0.25, 1, 0.3, -0.5, 0.75, 0.1], [2, 1, 2, 2])); // no element at the kink
  assertGradient((x) => l1(x as tf.Tensor4D, targets), away);
  assertGradient((x) => l1(targets, x as tf.Tensor4D), away);
  assertGradient((x) => l2(x as tf.Tensor4D, targets), away);
});

Deno.test("l1() has gradient 0 at 0, where tfjs's abs has −1", () => {
  const gradient = (f: (x: tf.Tensor) => tf.Tensor) => tf.grad(f)(tf.tensor2d([[1], [2]])).dataSync();
  assertEquals([...gradient((x) => l1(x as tf.Tensor2D, scores(1, 0)))], [0, 0.5]);
  assertEquals([...gradient((x) => tf.mean(tf.abs(tf.sub(x, scores(1, 0)))))], [-0.5, 0.5]);
});

Deno.test("l1() and l2() refuse different shapes, which tfjs would broadcast", () => {
  for (const loss of [l1, l2]) {
    assertThrows(
      () => loss(tf.zeros([2, 4, 4, 3]) as tf.Tensor4D, tf.zeros([1, 4, 4, 3])),
      RangeError,
      "got [2,4,4,3] and [1,4,4,3]",
    );
    assertThrows(() => loss(tf.zeros([0, 1]) as tf.Tensor2D, tf.zeros([0, 1])), RangeError, "empty batches");
  }
});

Deno.test("l1() and l2() leave one tensor each, with and without a gradient", () => {
  const before = tf.memory().numTensors;
  for (const loss of [l1, l2]) {
    loss(images, targets).dispose();
    tf.grad((x) => loss(x as tf.Tensor4D, targets))(images).dispose();
  }
  assertEquals(tf.memory().numTensors, before);
});
