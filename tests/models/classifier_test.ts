import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { classifierNetwork } from "../../lib/models/classifier.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_weights.ts";

testOnBackends("classifierNetwork() outputs logits and features of each image", () => {
  const network = classifierNetwork({ size: 8, channels: 2, classes: 3, filters: 4, features: 5 });
  tf.tidy(() => {
    const [logits, features] = network.predict(tf.randomNormal([6, 8, 8, 2], 0, 1, "float32", 1)) as tf.Tensor[];
    assertEquals([logits!.shape, features!.shape], [[6, 3], [6, 5]]);
    assert(features!.dataSync().every((value) => value >= 0));
  });
  const weights = [16 * 2 * 4 + 4, 16 * 4 * 8 + 8, 2 * 8, 2 * 2 * 8 * 5 + 5, 5 * 3 + 3];
  assertEquals(countTrainable(network), weights.reduce((sum, count) => sum + count));
  network.dispose();
});

Deno.test("classifierNetwork() rejects a size that is not a multiple of 4", () => {
  assertThrows(() => classifierNetwork({ size: 30, classes: 2 }), RangeError, "a multiple of 4, got 30");
});
