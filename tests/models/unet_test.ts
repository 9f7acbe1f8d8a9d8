import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { depthOf, encoderDecoder, unet } from "../../lib/models/unet.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable, weightsOf } from "./_weights.ts";

testOnBackends("unet() at the paper's size has the published 54.41 million weights", () => {
  const generator = unet({ size: 256 });
  assertAlmostEquals(countTrainable(generator) / 1e6, 54.41, 0.005);
  assertEquals(generator.outputs[0]!.shape, [null, 256, 256, 3]);
  generator.dispose();
}, ["tensorflow"]);

testOnBackends("unet() outputs images of the input's size in [-1, 1], for sizes that can be halved", () => {
  for (const [size, depth] of [[32, 5], [48, 4], [20, 2]] as const) {
    assertEquals(depthOf(size), depth);
    const generator = unet({ size, filters: 2, inputChannels: 1, outputChannels: 4 });
    const generated = tf.tidy(() => generator.predict(tf.randomUniform([2, size, size, 1], -1, 1)) as tf.Tensor);
    assertEquals(generated.shape, [2, size, size, 4]);
    assertEquals(generated.dataSync().every((value) => value >= -1 && value <= 1), true);
    generated.dispose();
    generator.dispose();
  }
});

Deno.test("unet() rejects a size that is not a multiple of 2^depth, and suggests one that is", () => {
  assertThrows(() => unet({ size: 100, depth: 5 }), RangeError, "must be a multiple of 32, got 100; use 96 or 128");
  assertThrows(() => unet({ size: 33 }), RangeError, "must be a multiple of 4, got 33");
  assertThrows(() => unet({ size: 0 }), RangeError, "got 0");
  for (const depth of [-1, 0, 1, 2.5, NaN]) {
    assertThrows(() => unet({ size: 16, depth }), RangeError, `the depth must be an integer ≥ 2, got ${depth}`);
  }
  assertThrows(() => unet({ size: 18 }), RangeError, "the size must be a multiple of 4, got 18");
});

testOnBackends("unet() has initial weights that depend only on the seed", () => {
  const initial = (seed: number) => {
    const generator = unet({ size: 16, filters: 2, seed });
    const weights = weightsOf(generator);
    generator.dispose();
    return weights;
  };
  assertEquals(initial(3), initial(3));
  assertNotEquals(initial(3)[0], initial(4)[0]);
}, ["cpu"]);

testOnBackends("unet() concatenates each skip to the decoder's output of the same size, after its channels", () => {
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

testOnBackends("encoderDecoder() is the U-Net without the channels of the skip connections", () => {
  const settings = { size: 32, filters: 4 };
  const [severed, whole] = [encoderDecoder(settings), unet(settings)];
  // In the U-Net each decoder layer but the deepest reads as many channels again, those of the skip, through its 4x4 kernels.
  const ofSkips = 16 * (32 * 16 + 16 * 8 + 8 * 4 + 4 * 3);
  assertEquals(countTrainable(whole) - countTrainable(severed), ofSkips);
  assertEquals(severed.layers.some((layer) => layer.getClassName() === "Concatenate"), false);
  severed.dispose();
  whole.dispose();
}, ["cpu"]);

testOnBackends("encoderDecoder() depends on its input at batch 1, and is not one flat colour", () => {
  // The bug of the authors' first code: batch norm of one value per channel removes all information about the image.
  const generator = encoderDecoder({ size: 16, filters: 4, dropout: 0, seed: 1 });
  const generate = (seed: number) => {
    const image = tf.randomUniform([1, 16, 16, 3], -1, 1, "float32", seed);
    return tf.tidy(() => generator.apply(image, { training: true }) as tf.Tensor4D);
  };
  const [first, second] = [generate(1), generate(2)];
  assertEquals(first.shape, [1, 16, 16, 3]);
  assertNotEquals(first.dataSync(), second.dataSync());
  assertEquals(new Set(first.dataSync()).size > 1, true);
  tf.dispose([first, second]);
  generator.dispose();
}, ["tensorflow", "cpu"]);

Deno.test("encoderDecoder() rejects a size that is not a multiple of 2^depth", () => {
  assertThrows(
    () => encoderDecoder({ size: 100, depth: 5 }),
    RangeError,
    "the encoder-decoder: the size must be a multiple of 32",
  );
  assertThrows(() => encoderDecoder({ size: 16, depth: 1 }), RangeError, "the depth must be an integer ≥ 2, got 1");
});

testOnBackends("unet() gives the last channels of its input to every layer of the encoder, if codeChannels says so", () => {
  const settings = { size: 16, filters: 2, inputChannels: 3, depth: 3, norm: "instance", dropout: 0, seed: 1 } as const;
  const [plain, coded] = [unet(settings), unet({ ...settings, codeChannels: 2 })];
  // Two further encoder layers, of 4 and 8 filters, have kernels of 4 x 4 for two more channels each.
  assertEquals(countTrainable(coded) - countTrainable(plain), 4 * 4 * 2 * (4 + 8));
  // The first layer does not see the code: only the other layers can tell two codes apart.
  const outputs = [plain, coded].map((generator) => {
    const [kernel, ...rest] = generator.getLayer("down0").getWeights();
    const mask = tf.tensor([1, 0, 0]).reshape([1, 1, 3, 1]);
    generator.getLayer("down0").setWeights([tf.mul(kernel!, mask), ...rest]);
    return [-1, 1].map((code) => {
      const image = tf.concat([tf.ones([1, 16, 16, 1]), tf.fill([1, 16, 16, 2], code)], 3);
      return Array.from((generator.predict(image) as tf.Tensor).dataSync());
    });
  });
  assertEquals(outputs[0]![0], outputs[0]![1]);
  assertNotEquals(outputs[1]![0], outputs[1]![1]);
  const planes = tf.model({ inputs: coded.inputs, outputs: coded.getLayer("code2").output as tf.SymbolicTensor });
  const input = tf.concat([tf.zeros([1, 16, 16, 1]), tf.fill([1, 16, 16, 1], 5), tf.fill([1, 16, 16, 1], 7)], 3);
  const selected = planes.predict(input) as tf.Tensor;
  assertEquals([selected.shape, Array.from(selected.dataSync())], [
    [1, 4, 4, 2],
    Array.from({ length: 32 }, (_, i) => [5, 7][i % 2]!),
  ]);
  for (const generator of [plain, coded]) generator.dispose();
}, ["cpu"]);
