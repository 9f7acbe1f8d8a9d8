import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { leastSquares } from "../../lib/losses/mod.ts";
import { checkFamily, numberOf, scores } from "./_helpers.ts";

await tf.setBackend("cpu");

checkFamily("leastSquares", leastSquares);

Deno.test("leastSquares.discriminator() is E[(D(x) − 1)²] + E[D(G(z))²]", () => {
  assertEquals(numberOf(leastSquares.discriminator(scores(3, 0), scores(2, -1))), (4 + 1) / 2 + (4 + 1) / 2);
});

Deno.test("leastSquares.discriminator() halved is Eq. 9 of Mao et al.", () => {
  assertEquals(numberOf(leastSquares.discriminator(scores(3), scores(2), { halved: true })), 0.5 * 4 + 0.5 * 4);
});

Deno.test("leastSquares.generator() is E[(D(G(z)) − 1)²]", () => {
  assertEquals(numberOf(leastSquares.generator(scores(2, -1))), (1 + 4) / 2);
});

Deno.test("leastSquares.discriminator() with labelSmoothing changes the target of real images only", () => {
  const smoothed = numberOf(leastSquares.discriminator(scores(0.75, 1.75), scores(0.5), { labelSmoothing: 0.25 }));
  assertAlmostEquals(smoothed, (0 + 1) / 2 + 0.25, 1e-7);
});
