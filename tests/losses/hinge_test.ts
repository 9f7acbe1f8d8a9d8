import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { hinge } from "../../lib/losses/mod.ts";
import { checkFamily, numberOf, scores } from "./_helpers.ts";

await tf.setBackend("cpu");

checkFamily("hinge", hinge);

Deno.test("hinge.discriminator() is E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))]", () => {
  assertEquals(numberOf(hinge.discriminator(scores(2, 0.5, -1, 1), scores(-3, 0.5))), (0 + 0.5 + 2 + 0) / 4 + (0 + 1.5) / 2);
});

Deno.test("hinge.discriminator() has gradient 0 beyond the margin", () => {
  const [byReal, byFake] = tf.grads((real, fake) => hinge.discriminator(real as tf.Tensor2D, fake as tf.Tensor2D))([
    scores(1.5, 0.5),
    scores(-1.5, -0.5),
  ]);
  assertEquals([...byReal!.dataSync()].map((slope) => slope || 0), [0, -0.5]); // 0 for −0
  assertEquals([...byFake!.dataSync()], [0, 0.5]);
});

Deno.test("hinge.generator() is −E[D(G(z))]", () => {
  assertEquals(numberOf(hinge.generator(scores(2, -0.5))), -0.75);
});

Deno.test("hinge.discriminator() rejects label smoothing", () => {
  assertThrows(() => hinge.discriminator(scores(1), scores(1), { labelSmoothing: 0.1 }), RangeError, "the hinge loss");
});
