import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { depthOf, unet } from "../../lib/models/unet.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_count.ts";

testOnBackends("unet() at the paper's size has the published 54.41 million weights", () => {
  const generator = unet({ size: 256 });
  assertAlmostEquals(countTrainable(generator) / 1e6, 54.41, 0.005);
  assertEquals(generator.outputs[0]!.shape, [null, 256, 256, 3]);
  generator.dispose();
}, ["tensorflow"]);

testOnBackends("unet() gives pictures of the input's size in [-1, 1], for sizes that halving divides", () => {
  for (const [size, depth] of [[32, 5], [48, 4], [20, 2]] as const) {
    assertEquals(depthOf(size), depth);
    const generator = unet({ size, filters: 2, inputChannels: 1, outputChannels: 4 });
    const made = tf.tidy(() => generator.predict(tf.randomUniform([2, size, size, 1], -1, 1)) as tf.Tensor);
    assertEquals(made.shape, [2, size, size, 4]);
    assertEquals(made.dataSync().every((value) => value >= -1 && value <= 1), true);
    made.dispose();
    generator.dispose();
  }
});

Deno.test("unet() refuses a size that the depth does not divide, and names one that fits", () => {
  assertThrows(() => unet({ size: 100, depth: 5 }), RangeError, "must be a multiple of 32, got 100; use 96 or 128");
  assertThrows(() => unet({ size: 33 }), RangeError, "must be a multiple of 4, got 33");
  assertThrows(() => unet({ size: 0 }), RangeError, "got 0");
  for (const depth of [-1, 0, 1, 2.5, NaN]) {
    assertThrows(() => unet({ size: 16, depth }), RangeError, `the depth must be a whole number from 2, got ${depth}`);
  }
  assertThrows(() => unet({ size: 18 }), RangeError, "the size must be a multiple of 4, got 18");
});

testOnBackends("unet() starts the same from the same seed, and otherwise from another", () => {
  const first = (seed: number) => {
    const generator = unet({ size: 16, filters: 2, seed });
    const weights = generator.getWeights().map((weight) => [...weight.dataSync()]);
    generator.dispose();
    return weights;
  };
  assertEquals(first(3), first(3));
  assertNotEquals(first(3)[0], first(4)[0]);
}, ["cpu"]);

testOnBackends("unet() passes each skip to the layer of its size, behind the decoder's own channels", () => {
  const generator = unet({ size: 16, filters: 2, dropout: 0 });
  for (const level of [0, 1, 2]) {
    const layer = generator.getLayer(`skip${level}`);
    const [decoder, skip] = layer.input as tf.SymbolicTensor[];
    assertEquals(skip!.shape[1], 16 / 2 ** (level + 1));
    assertEquals(decoder!.shape[1], skip!.shape[1]);
    assertEquals(skip!.sourceLayer.name, level === 0 ? "down0" : `down${level}_norm`);
  }
  generator.dispose();
}, ["cpu"]);
