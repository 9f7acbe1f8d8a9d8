import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { blocksOf, resnet } from "../../lib/models/resnet.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_weights.ts";

testOnBackends("resnet() has the reference implementation's number of weights: 11.378 M with 9 blocks, 7.838 M with 6", () => {
  for (const [size, blocks, count] of [[256, 9, 11_378_179], [128, 6, 7_837_699]] as const) {
    assertEquals(blocksOf(size), blocks);
    const generator = resnet({ size });
    assertEquals(countTrainable(generator), count);
    assertEquals(generator.outputs[0]!.shape, [null, size, size, 3]);
    generator.dispose();
  }
}, ["tensorflow"]);

testOnBackends("resnet() gives pictures of the input's size in [-1, 1], for multiples of 4", () => {
  for (const [size, norm] of [[16, "instance"], [20, "batch"]] as const) {
    const generator = resnet({ size, filters: 2, blocks: 1, norm, dropout: 0.5, inputChannels: 1, outputChannels: 4 });
    const made = tf.tidy(() => generator.predict(tf.randomUniform([2, size, size, 1], -1, 1)) as tf.Tensor);
    assertEquals(made.shape, [2, size, size, 4]);
    assertEquals(made.dataSync().every((value) => value >= -1 && value <= 1), true);
    made.dispose();
    generator.dispose();
  }
});

testOnBackends("resnet() starts the same from the same seed, and otherwise from another", () => {
  const first = (seed: number) => {
    const generator = resnet({ size: 8, filters: 2, blocks: 2, seed });
    const weights = generator.getWeights().map((weight) => [...weight.dataSync()]);
    generator.dispose();
    return weights;
  };
  assertEquals(first(3), first(3));
  assertNotEquals(first(3)[0], first(4)[0]);
}, ["cpu"]);

Deno.test("resnet() refuses sizes and blocks that there cannot be", () => {
  assertThrows(
    () => resnet({ size: 30 }),
    RangeError,
    "Cannot build the ResNet: the size must be a multiple of 4, got 30; use 28 or 32",
  );
  assertThrows(() => resnet({ size: 32, blocks: 1.5 }), RangeError, "blocks must be an integer ≥ 0, got 1.5");
});
