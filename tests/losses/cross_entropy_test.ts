import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { crossEntropy } from "../../lib/losses/cross_entropy.ts";
import { assertGradient, numberOf } from "./_helpers.ts";

const labels = () => tf.tensor1d([1, 0], "int32");

Deno.test("crossEntropy() is the log of the number of classes for equal logits, and otherwise as computed by hand", () =>
  tf.tidy(() => {
    assertAlmostEquals(numberOf(crossEntropy(labels(), tf.zeros([2, 4]))), Math.log(4), 1e-6);
    // −log of e²/(1 + e²) and of e/(e + 1)
    const logits = tf.tensor2d([[0, 2], [1, 0]]);
    const wanted = (Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.exp(-1))) / 2;
    assertAlmostEquals(numberOf(crossEntropy(labels(), logits)), wanted, 1e-6);
    assert(Number.isFinite(numberOf(crossEntropy(labels(), tf.tensor2d([[100, -100], [-100, 100]])))));
  }));

Deno.test("crossEntropy() gradient equals the central difference", () =>
  tf.tidy(() =>
    assertGradient((x) => crossEntropy(labels(), x as tf.Tensor2D), tf.tensor2d([[0.3, -1, 0.5], [0.5, 0.2, -0.7]]))
  ));

Deno.test("crossEntropy() refuses different numbers of labels and logits", () =>
  tf.tidy(() => {
    assertThrows(() => crossEntropy(tf.tensor1d([1], "int32"), tf.zeros([5, 10])), RangeError, "[1] and [5,10]");
    assertThrows(() => crossEntropy(tf.tensor1d([], "int32"), tf.zeros([0, 10])), RangeError, "[0] and [0,10]");
  }));
