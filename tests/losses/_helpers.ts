/** Helpers of the tests of the losses.
 * @module */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import type { AdversarialLoss, DiscriminatorOptions, Logits } from "../../lib/losses/mod.ts";

/** Returns the value of a scalar, and disposes it. */
export function numberOf(scalar: tf.Scalar): number {
  const value = scalar.dataSync()[0]!;
  scalar.dispose();
  return value;
}

/** Returns logits `[batch, 1]`. */
export function scores(...values: number[]): tf.Tensor2D {
  return tf.tensor2d(values, [values.length, 1]);
}

/** Asserts that the gradient equals the central difference at each element: step 1e-2, tolerance 1e-4, as float32 allows. The
 * five-point difference has no error from the third derivative, which would exceed the tolerance of the three-point one. */
export function assertGradient(f: (x: tf.Tensor) => tf.Scalar, at: tf.Tensor): void {
  const exact = tf.grad((x) => f(x))(tf.clone(at)).dataSync(); // a clone, since `f` may also use `at` as a constant
  const values = at.dataSync();
  exact.forEach((slope, i) => {
    const moved = (step: number) => {
      const copy = Float32Array.from(values);
      copy[i]! += step;
      return numberOf(f(tf.tensor(copy, at.shape)));
    };
    const difference = (8 * (moved(0.01) - moved(-0.01)) - (moved(0.02) - moved(-0.02))) / 0.12;
    assertAlmostEquals(slope, difference, 1e-4, `element ${i}: the gradient is ${slope}, the difference ${difference}`);
  });
}

/** Tests the properties of every family: patch maps, batch sizes, gradients, logits of ±100, bad shapes, no leak. */
export function checkFamily(name: string, loss: AdversarialLoss): void {
  const at = scores(0.3, -0.7, 2.1);
  const other = scores(-0.4, 0.6);
  const test = (what: string, body: () => void) => Deno.test(`${name}.${what}`, () => tf.tidy(body));

  test("discriminator() gradients equal the central differences", () => {
    assertGradient((real) => loss.discriminator(real as tf.Tensor2D, other), at);
    assertGradient((fake) => loss.discriminator(other, fake as tf.Tensor2D), at);
  });
  test("generator() gradient equals the central difference", () =>
    assertGradient((fake) => loss.generator(fake as tf.Tensor2D), at));
  test("discriminator() takes the mean over patches as over images", () => {
    const values = [0.3, -0.7, 2.1, -1.2, 0.1, 0.9, -2, 1];
    const flat = loss.discriminator(scores(...values), scores(...values.map((v) => -2 * v)));
    const map = tf.tensor4d(values, [2, 2, 2, 1]);
    assertAlmostEquals(numberOf(loss.discriminator(map, tf.mul(map, -2))), numberOf(flat), 1e-6);
    assertAlmostEquals(numberOf(loss.generator(map)), numberOf(loss.generator(scores(...values))), 1e-6);
  });
  test("discriminator() is independent of the sizes of the batches", () => {
    const once = numberOf(loss.discriminator(scores(0.3), scores(-0.4)));
    assertAlmostEquals(numberOf(loss.discriminator(scores(0.3, 0.3, 0.3), scores(-0.4, -0.4))), once, 1e-6);
  });
  test("discriminator() is half as large with `halved`, and only then", () => {
    const whole = numberOf(loss.discriminator(at, other));
    assertAlmostEquals(numberOf(loss.discriminator(at, other, { halved: true })), whole / 2, 1e-6);
    assertEquals(numberOf(loss.discriminator(at, other, { halved: false, labelSmoothing: 0 })), whole);
  });
  test("discriminator() and generator() and their gradients stay finite at logits of ±100", () => checkFinite(loss));
  test("discriminator() refuses wrong shapes", () =>
    checkShapes((real, fake, options) => loss.discriminator(real, fake, options)));
  test("generator() refuses wrong shapes", () => checkShapes((_, fake) => loss.generator(fake), false));
  test("discriminator() and generator() leave one tensor each", () => {
    const before = tf.memory().numTensors;
    loss.discriminator(at, other, { halved: true }).dispose();
    loss.generator(at).dispose();
    assertEquals(tf.memory().numTensors, before);
  });
}

/** Asserts that losses and gradients are finite at logits of ±100. */
export function checkFinite(loss: AdversarialLoss): void {
  const extreme = scores(-100, 100);
  const finite = (x: tf.Tensor) => x.dataSync().every((value) => Number.isFinite(value));
  assert(finite(loss.discriminator(extreme, extreme)) && finite(loss.generator(extreme)));
  const [byReal, byFake] = tf.grads((real, fake) => loss.discriminator(real as tf.Tensor2D, fake as tf.Tensor2D))([
    extreme,
    extreme,
  ]);
  const byLogits = tf.grad((fake) => loss.generator(fake as tf.Tensor2D))(extreme);
  assert(finite(byReal!) && finite(byFake!) && finite(byLogits), "a gradient is not finite");
}

type Loss = (real: Logits, fake: Logits, options?: DiscriminatorOptions) => tf.Scalar;

function checkShapes(loss: Loss, pair = true): void {
  const good = scores(1, 2);
  const rank3 = tf.zeros([2, 2, 1]) as unknown as tf.Tensor2D;
  assertThrows(() => loss(good, rank3), TypeError, "got [2,2,1] of rank 3");
  assertThrows(() => loss(good, tf.zeros<tf.Rank.R2>([2, 3])), RangeError, "fakeLogits must be [batch, 1]");
  assertThrows(() => loss(good, tf.zeros<tf.Rank.R2>([0, 1])), RangeError, "empty batches");
  if (!pair) return;
  assertThrows(() => loss(tf.zeros<tf.Rank.R2>([2, 3]), good), RangeError, "realLogits must be [batch, 1]");
  assertThrows(() => loss(good, tf.zeros<tf.Rank.R4>([2, 3, 3, 1])), TypeError, "the same rank, got [2,1] and [2,3,3,1]");
  const small = tf.zeros<tf.Rank.R4>([2, 3, 3, 1]), large = tf.zeros<tf.Rank.R4>([2, 4, 4, 1]);
  assertThrows(() => loss(small, large), RangeError, "differ only in the batch size");
  for (const labelSmoothing of [-0.1, 1, NaN]) {
    assertThrows(() => loss(good, good, { labelSmoothing }), RangeError, `in [0, 1), got ${labelSmoothing}`);
  }
}
