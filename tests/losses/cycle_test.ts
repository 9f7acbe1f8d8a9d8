import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { cycle, identity } from "../../lib/losses/mod.ts";
import { assertGradient, numberOf, scores } from "./_helpers.ts";

await tf.setBackend("cpu");

const x = scores(1, 2), y = scores(10, 20, 30);
const xToY = (points: tf.Tensor2D) => tf.mul<tf.Tensor2D>(points, 10); // G
const yToX = (points: tf.Tensor2D) => tf.mul<tf.Tensor2D>(points, 0.2); // F: not quite the inverse, G(F(p)) = F(G(p)) = 2p

Deno.test("cycle() is E|F(G(x)) − x| + E|G(F(y)) − y|", () => {
  const images = { x, xAgain: yToX(xToY(x)), y, yAgain: xToY(yToX(y)) };
  assertAlmostEquals(numberOf(cycle(images)), 1.5 + 20, 1e-5);
});

Deno.test("cycle() is 0 for generators that are inverses of each other", () => {
  assertEquals(numberOf(cycle({ x, xAgain: x, y, yAgain: y })), 0);
});

Deno.test("identity() is E|F(x) − x| + E|G(y) − y|, each generator on its own output domain", () => {
  // F multiplies by 0.2, which changes an x by 0.8 x; G multiplies by 10, which changes a y by 9 y.
  assertAlmostEquals(numberOf(identity({ x, yToXOfX: yToX(x), y, xToYOfY: xToY(y) })), 0.8 * 1.5 + 9 * 20, 1e-4);
});

Deno.test("cycle() and identity() accept domains of different sizes, but one size per domain", () => {
  const small = tf.zeros<tf.Rank.R4>([1, 2, 2, 3]), large = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
  assertEquals(numberOf(cycle({ x: small, xAgain: small, y: large, yAgain: tf.neg(large) })), 2);
  assertEquals(numberOf(identity({ x: small, yToXOfX: small, y: large, xToYOfY: tf.neg(large) })), 2);
  assertThrows(() => cycle({ x: small, xAgain: large, y: large, yAgain: large }), RangeError, "the same shape");
  assertThrows(() => identity({ x: small, yToXOfX: small, y: large, xToYOfY: small }), RangeError, "the same shape");
});

Deno.test("cycle() and identity() gradients equal the central differences", () => {
  const near = scores(0.4, 2.3);
  assertGradient((point) => cycle({ x, xAgain: point as tf.Tensor2D, y: x, yAgain: near }), near);
  assertGradient((point) => cycle({ x, xAgain: near, y: x, yAgain: point as tf.Tensor2D }), near);
  assertGradient((point) => identity({ x, yToXOfX: point as tf.Tensor2D, y: x, xToYOfY: near }), near);
  assertGradient((point) => identity({ x, yToXOfX: near, y: x, xToYOfY: point as tf.Tensor2D }), near);
});

Deno.test("cycle() and identity() leave one tensor each", () => {
  const before = tf.memory().numTensors;
  cycle({ x, xAgain: x, y, yAgain: y }).dispose();
  identity({ x, yToXOfX: x, y, xToYOfY: y }).dispose();
  assertEquals(tf.memory().numTensors, before);
});
