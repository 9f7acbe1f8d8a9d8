import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { blocksOf, resnet } from "../../lib/models/resnet.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable, weightsOf } from "./_weights.ts";

testOnBackends("resnet() has the reference implementation's number of weights: 11.378 M with 9 blocks, 7.838 M with 6", () => {
  for (const [size, blocks, count] of [[256, 9, 11_378_179], [128, 6, 7_837_699]] as const) {
    assertEquals(blocksOf(size), blocks);
    const generator = resnet({ size });
    assertEquals(countTrainable(generator), count);
    assertEquals(generator.outputs[0]!.shape, [null, size, size, 3]);
    generator.dispose();
  }
}, ["tensorflow"]);

testOnBackends("resnet() outputs images of the input's size in [-1, 1], for multiples of 4", () => {
  for (const [size, norm] of [[16, "instance"], [20, "batch"]] as const) {
    const generator = resnet({ size, filters: 2, blocks: 1, norm, dropout: 0.5, inputChannels: 1, outputChannels: 4 });
    const generated = tf.tidy(() => generator.predict(tf.randomUniform([2, size, size, 1], -1, 1)) as tf.Tensor);
    assertEquals(generated.shape, [2, size, size, 4]);
    assertEquals(generated.dataSync().every((value) => value >= -1 && value <= 1), true);
    generated.dispose();
    generator.dispose();
  }
});

testOnBackends("resnet() has initial weights that depend only on the seed", () => {
  const initial = (seed: number) => {
    const generator = resnet({ size: 8, filters: 2, blocks: 2, seed });
    const weights = weightsOf(generator);
    generator.dispose();
    return weights;
  };
  assertEquals(initial(3), initial(3));
  assertNotEquals(initial(3)[0], initial(4)[0]);
}, ["cpu"]);

Deno.test("resnet() rejects invalid sizes and numbers of blocks", () => {
  assertThrows(
    () => resnet({ size: 30 }),
    RangeError,
    "Cannot build the ResNet: the size must be a multiple of 4, got 30; use 28 or 32",
  );
  assertThrows(() => resnet({ size: 32, blocks: 1.5 }), RangeError, "blocks must be an integer ≥ 0, got 1.5");
});
