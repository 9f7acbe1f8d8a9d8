import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { wasserstein } from "../../lib/losses/mod.ts";
import { checkFamily, numberOf, scores } from "./_helpers.ts";

await tf.setBackend("cpu");

checkFamily("wasserstein", wasserstein);

Deno.test("wasserstein.discriminator() is E[D(G(z))] − E[D(x)]", () => {
  assertEquals(numberOf(wasserstein.discriminator(scores(3, 1), scores(0.5, -1, 2))), 0.5 - 2);
});

Deno.test("wasserstein.discriminator() for the optimal critic is minus the distance between two points", () => {
  // Point masses at 5 and 2: D(x) = x is an optimal 1-Lipschitz critic, and the distance is 3.
  assertEquals(numberOf(wasserstein.discriminator(scores(5), scores(2))), -3);
});

Deno.test("wasserstein.generator() is −E[D(G(z))]", () => {
  assertEquals(numberOf(wasserstein.generator(scores(2, -0.5))), -0.75);
});

Deno.test("wasserstein.discriminator() rejects label smoothing", () => {
  assertThrows(
    () => wasserstein.discriminator(scores(1), scores(1), { labelSmoothing: 0.1 }),
    RangeError,
    "the Wasserstein loss",
  );
});
