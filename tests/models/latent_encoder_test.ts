import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { latentEncoder } from "../../lib/models/latent_encoder.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_weights.ts";

testOnBackends("latentEncoder() outputs the mean and log deviation of a code for each image", () => {
  const encoder = latentEncoder({ size: 32, channels: 2, latent: 3, filters: 2, norm: "instance", seed: 1 });
  tf.tidy(() => {
    const images = tf.randomUniform([2, 32, 32, 2], -1, 1, "float32", 1);
    const [mean, logDeviation] = encoder.predict(images) as tf.Tensor[];
    assertEquals([mean!.shape, logDeviation!.shape], [[2, 3], [2, 3]]);
    const [one, other] = [0, 1].map((i) => [...tf.slice(mean!, [i, 0], [1, 3]).dataSync()]);
    assertNotEquals(one, other);
    assertNotEquals([...mean!.dataSync()], [...logDeviation!.dataSync()]);
  });
  // As in the authors' code, there are biases before an instance norm.
  const layers = [[2, 2], [2, 4], [4, 8], [8, 8]].map(([from, to]) => 16 * from! * to! + to!);
  assertEquals(countTrainable(encoder), layers.reduce((sum, count) => sum + count) + 2 * (8 * 3 + 3));
  encoder.dispose();
}, ["tensorflow", "cpu"]);

Deno.test("latentEncoder() rejects a size that is not a multiple of 16", () => {
  assertThrows(() => latentEncoder({ size: 40 }), RangeError, "a multiple of 16, got 40");
});
