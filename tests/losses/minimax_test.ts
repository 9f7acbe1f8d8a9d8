import { assertAlmostEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { minimax, nonSaturating } from "../../lib/losses/mod.ts";
import { assertGradient, checkFamily, numberOf, scores } from "./_helpers.ts";

await tf.setBackend("cpu");
const log = Math.log;

checkFamily("minimax", minimax);

Deno.test("minimax.value() is E[log D(x)] + E[log(1 − D(G(z)))]", () => {
  // Logits log 3 and −log 3 are the probabilities 3/4 and 1/4.
  const real = scores(log(3), 0), fake = scores(-log(3), log(3), 0, 0);
  const expected = (log(3 / 4) + log(1 / 2)) / 2 + (log(3 / 4) + log(1 / 4) + 2 * log(1 / 2)) / 4;
  assertAlmostEquals(numberOf(minimax.value(real, fake)), expected, 1e-6);
});

Deno.test("minimax.value() is −log 4 for D = ½", () => {
  assertAlmostEquals(numberOf(minimax.value(scores(0, 0), scores(0))), -log(4), 1e-6);
});

Deno.test("minimax.discriminator() is −V(D, G), and halved it is J(D)", () => {
  const real = scores(0.5, -2), fake = scores(1.5, -0.25);
  const value = numberOf(minimax.value(real, fake));
  assertAlmostEquals(numberOf(minimax.discriminator(real, fake)), -value, 1e-6);
  assertAlmostEquals(numberOf(minimax.discriminator(real, fake, { halved: true })), -value / 2, 1e-6);
});

Deno.test("minimax.generator() is E[log(1 − D(G(z)))]", () => {
  assertAlmostEquals(numberOf(minimax.generator(scores(log(3), -log(3)))), (log(1 / 4) + log(3 / 4)) / 2, 1e-6);
});

Deno.test("minimax.generator() has the gradient of V(D, G) with respect to the fake logits", () => {
  const [slope] = tf.grad((fake) => minimax.generator(fake as tf.Tensor2D))(scores(0.7)).dataSync();
  const [ofValue] = tf.grad((fake) => minimax.value(scores(1), fake as tf.Tensor2D))(scores(0.7)).dataSync();
  assertAlmostEquals(slope!, ofValue!, 1e-7);
});

Deno.test("minimax.generator() saturates where D is confident, and nonSaturating.generator() does not", () => {
  const slope = (loss: typeof nonSaturating) =>
    tf.grad((fake) => loss.generator(fake as tf.Tensor2D))(scores(-10)).dataSync()[0]!;
  assertAlmostEquals(slope(minimax), -1 / (1 + Math.exp(10)), 1e-9); // −D(G(z))
  assertAlmostEquals(slope(nonSaturating), -1 / (1 + Math.exp(-10)), 1e-6); // −(1 − D(G(z)))
});

Deno.test("minimax.discriminator() is exact at logits of ±100", () => {
  assertAlmostEquals(numberOf(minimax.discriminator(scores(100), scores(-100))), 0, 1e-30);
  assertAlmostEquals(numberOf(minimax.discriminator(scores(-100), scores(100))), 200, 1e-4);
});

Deno.test("minimax.discriminator() with labelSmoothing is the cross-entropy with that target, for real images only", () => {
  const real = [0.5, -2, 3], fake = [1.5, -0.25];
  const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));
  const overReal = real.map((s) => -0.9 * log(sigmoid(s)) - 0.1 * log(1 - sigmoid(s))).reduce((a, b) => a + b) / 3;
  const overFake = fake.map((s) => -log(1 - sigmoid(s))).reduce((a, b) => a + b) / 2;
  const smoothed = minimax.discriminator(scores(...real), scores(...fake), { labelSmoothing: 0.1 });
  assertAlmostEquals(numberOf(smoothed), overReal + overFake, 1e-6);
  assertGradient((s) => minimax.discriminator(s as tf.Tensor2D, scores(...fake), { labelSmoothing: 0.1 }), scores(...real));
});

Deno.test("minimax.discriminator() with labelSmoothing has its minimum where D(x) is the target", () => {
  const atTarget = scores(log(0.9 / 0.1));
  const slopes = tf.grad((s) => minimax.discriminator(s as tf.Tensor2D, scores(0), { labelSmoothing: 0.1 }))(atTarget);
  assertAlmostEquals(slopes.dataSync()[0]!, 0, 1e-7);
});
