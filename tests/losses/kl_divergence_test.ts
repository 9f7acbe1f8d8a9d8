import { assertAlmostEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { klDivergence } from "../../lib/losses/kl_divergence.ts";
import { assertGradient, numberOf } from "./_helpers.ts";

Deno.test("klDivergence() is 0 for the standard normal distribution, and otherwise as computed by hand", () =>
  tf.tidy(() => {
    assertAlmostEquals(numberOf(klDivergence(tf.zeros([2, 3]), tf.zeros([2, 3]))), 0, 1e-7);
    // μ = 1, σ = 1: ½; μ = 0, σ = e: ½ (e² − 1) − 1
    assertAlmostEquals(numberOf(klDivergence(tf.tensor2d([[1]]), tf.tensor2d([[0]]))), 0.5, 1e-6);
    assertAlmostEquals(numberOf(klDivergence(tf.tensor2d([[0]]), tf.tensor2d([[1]]))), (Math.exp(2) - 1) / 2 - 1, 1e-5);
  }));

Deno.test("klDivergence() gradients equal the central differences", () =>
  tf.tidy(() => {
    const [mean, logDeviation] = [tf.tensor2d([[0.3, -1], [0.5, 2]]), tf.tensor2d([[0.2, -0.4], [0.6, -0.1]])];
    assertGradient((x) => klDivergence(x as tf.Tensor2D, logDeviation), mean);
    assertGradient((x) => klDivergence(mean, x as tf.Tensor2D), logDeviation);
  }));

Deno.test("klDivergence() rejects shapes that would be broadcast", () =>
  tf.tidy(() => {
    assertThrows(() => klDivergence(tf.zeros([4, 8]), tf.zeros([4, 1])), RangeError, "got [4,8] and [4,1]");
    assertThrows(() => klDivergence(tf.zeros([0, 8]), tf.zeros([0, 8])), RangeError, "at least one element");
  }));
