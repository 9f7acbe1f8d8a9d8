import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { patchDiscriminator, receptiveField } from "../../lib/models/patchgan.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_weights.ts";

Deno.test("receptiveField() agrees with the reference implementation", () => {
  assertEquals([0, 1, 2, 3, 4, 5, 6].map(receptiveField), [1, 16, 34, 70, 142, 286, 574]);
  assertThrows(() => receptiveField(7), RangeError, "from 0 to 6, got 7");
  assertThrows(() => receptiveField(1.5), RangeError, "got 1.5");
});

testOnBackends("patchDiscriminator() at the paper's size has the published 2.77 million weights and a 30x30 grid", () => {
  const discriminator = patchDiscriminator({ size: 256 });
  assertAlmostEquals(countTrainable(discriminator) / 1e6, 2.77, 0.005);
  assertEquals(discriminator.outputs[0]!.shape, [null, 30, 30, 1]);
  discriminator.dispose();
}, ["tensorflow"]);

/** Returns the height and width of the part of the image that one logit depends on, from its gradient. */
function reach(layers: number, size: number): { height: number; width: number } {
  const discriminator = patchDiscriminator({ size, filters: 2, layers, conditionChannels: 0, imageChannels: 1 });
  const [, h, w] = discriminator.outputs[0]!.shape as number[];
  const extent = tf.tidy(() => {
    // With the moving averages, since the batch's statistics depend on all pixels.
    const middle = (image: tf.Tensor) =>
      tf.slice(discriminator.apply(image) as tf.Tensor4D, [0, h! >> 1, w! >> 1, 0], [1, 1, 1, 1]).asScalar();
    const gradient = tf.grad(middle)(tf.randomNormal([1, size, size, 1], 0, 1, "float32", 5));
    const at = tf.cast(tf.notEqual(gradient.squeeze(), 0), "float32");
    return { height: tf.sum(tf.max(at, 1)).dataSync()[0]!, width: tf.sum(tf.max(at, 0)).dataSync()[0]! };
  });
  discriminator.dispose();
  return extent;
}

testOnBackends("patchDiscriminator()'s logits depend on a patch of the size of receptiveField()", () => {
  for (const layers of [0, 1, 2, 3]) {
    const side = receptiveField(layers);
    assertEquals(reach(layers, layers === 3 ? 128 : 64), { height: side, width: side });
  }
}, ["tensorflow", "cpu"]);

testOnBackends("patchDiscriminator() concatenates the condition and the image, in this order", () => {
  const discriminator = patchDiscriminator({ size: 24, filters: 2, imageChannels: 3, conditionChannels: 1 });
  const pair = discriminator.getLayer("pair").input as tf.SymbolicTensor[];
  assertEquals(pair.map((input) => input.shape[3]), [1, 3]);
  const kernel = discriminator.getLayer("conv0").getWeights()[0]!;
  assertEquals(kernel.shape, [4, 4, 4, 2]);
  discriminator.dispose();
}, ["cpu"]);

Deno.test("patchDiscriminator() refuses images that are too small for its layers", () => {
  assertThrows(() => patchDiscriminator({ size: 16 }), RangeError, "the size must be at least 24, got 16");
  assertThrows(() => patchDiscriminator({ size: 100 }), RangeError, "multiple of 8, got 100; use 96 or 104");
});
