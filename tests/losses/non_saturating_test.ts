import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { minimax, nonSaturating } from "../../lib/losses/mod.ts";
import { checkFamily, numberOf, scores } from "./_helpers.ts";

await tf.setBackend("cpu");

checkFamily("nonSaturating", nonSaturating);

Deno.test("nonSaturating.generator() is −E[log D(G(z))]", () => {
  // Logits log 3, −log 3 and 0 are the probabilities 3/4, 1/4 and 1/2.
  const expected = -(Math.log(3 / 4) + Math.log(1 / 4) + Math.log(1 / 2)) / 3;
  assertAlmostEquals(numberOf(nonSaturating.generator(scores(Math.log(3), -Math.log(3), 0))), expected, 1e-6);
});

Deno.test("nonSaturating.generator() is exact at logits of ±100", () => {
  assertAlmostEquals(numberOf(nonSaturating.generator(scores(-100))), 100, 1e-5);
  assertAlmostEquals(numberOf(nonSaturating.generator(scores(100))), 0, 1e-30);
});

Deno.test("nonSaturating.discriminator() is that of minimax", () => {
  const [real, fake, options] = [scores(0.5, -2), scores(1.5, -0.25), { labelSmoothing: 0.1 }];
  assertEquals(
    numberOf(nonSaturating.discriminator(real, fake, options)),
    numberOf(minimax.discriminator(real, fake, options)),
  );
});

Deno.test("nonSaturating.discriminator() halved is pix2pix's: half the cross-entropies with ones and with zeros", () => {
  const real = scores(0.5, -2), fake = scores(1.5, -0.25);
  const ones = tf.losses.sigmoidCrossEntropy(tf.onesLike(real), real); // tfjs's own; arguments are labels and logits
  const zeros = tf.losses.sigmoidCrossEntropy(tf.zerosLike(fake), fake);
  const expected = (ones.dataSync()[0]! + zeros.dataSync()[0]!) / 2;
  assertAlmostEquals(numberOf(nonSaturating.discriminator(real, fake, { halved: true })), expected, 1e-6);
});
