import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { resnet } from "../../lib/models/resnet.ts";
import { unet } from "../../lib/models/unet.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { mirroredIndices } from "../../lib/train/regions.ts";
import { Translator } from "../../lib/train/translator.ts";
import { testOnBackends } from "../_backends.ts";

Deno.test("mirroredIndices() pads a row by reflection on both sides, without repeating border pixels", () => {
  assertEquals(mirroredIndices(4, 4), [0, 1, 2, 3]);
  assertEquals(mirroredIndices(4, 8), [2, 1, 0, 1, 2, 3, 2, 1]);
  assertEquals(mirroredIndices(3, 6), [1, 0, 1, 2, 1, 0]);
  assertEquals(mirroredIndices(2, 8), [1, 0, 1, 0, 1, 0, 1, 0]); // 3 pixels before and 3 after, more than the row has
  assertEquals(mirroredIndices(1, 4), [0, 0, 0, 0]);
});

testOnBackends("Translator returns images with the height and width of its input", async () => {
  const networks: [tf.LayersModel, multiple: number, least: number][] = [
    [unet({ size: 16, filters: 2, inputChannels: 1 }), 16, 16],
    [resnet({ size: 16, filters: 2, blocks: 1, inputChannels: 1 }), 4, 8],
  ];
  for (const [network, multiple, least] of networks) {
    const translator = new Translator(network, multiple, least);
    for (const [height, width] of [[16, 16], [16, 48], [19, 33], [5, 40], [3, 24], [1, 1]] as const) {
      const images = tf.randomUniform([3, height, width, 1], -1, 1, "float32", 1) as tf.Tensor4D;
      const translated = await translator.translate(images, { batchStatistics: true }, 2);
      assertEquals(translated.shape, [3, height, width, 3]);
      tf.dispose([images, translated]);
    }
    translator.dispose();
    network.dispose();
  }
});

testOnBackends("Translator crops the result to the position of the input", async () => {
  // The identity network shows where each pixel goes.
  const input = tf.input({ shape: [8, 8, 1] });
  const network = tf.model({
    inputs: input,
    outputs: tf.layers.activation({ activation: "linear" }).apply(input) as tf.SymbolicTensor,
  });
  const translator = new Translator(network, 8);
  const images = tf.randomUniform([2, 5, 11, 1], -1, 1, "float32", 1) as tf.Tensor4D;
  const translated = await translator.translate(images, {}, 1);
  assertEquals(translated.arraySync(), images.arraySync());
  tf.dispose([images, translated]);
  translator.dispose();
  network.dispose();
});

testOnBackends("Translator leaks no tensors when there are many sizes", async () => {
  const network = resnet({ size: 8, filters: 1, blocks: 1 });
  const translator = new Translator(network, 4);
  const before = tf.memory().numTensors;
  for (let width = 8; width < 60; width += 4) {
    const images = tf.zeros([1, 8, width, 3]) as tf.Tensor4D;
    const translated = await translator.translate(images, {}, 1);
    assertEquals(translated.shape, [1, 8, width, 3]);
    tf.dispose([images, translated]);
  }
  assertEquals(tf.memory().numTensors, before);
  translator.dispose();
  network.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("Translator refuses images with the wrong number of channels, and empty batches", async () => {
  const network = resnet({ size: 8, filters: 1, blocks: 0 });
  const translator = new Translator(network, 4);
  for (const shape of [[1, 8, 8, 1], [0, 8, 8, 3]] as [number, number, number, number][]) {
    const images = tf.zeros(shape) as tf.Tensor4D;
    await assertRejects(
      () => translator.translate(images, {}, 1),
      RangeError,
      `expected images [count, height, width, 3], got [${shape}]`,
    );
    images.dispose();
  }
  translator.dispose();
  network.dispose();
}, ["cpu"]);

testOnBackends("translate() refuses disposed images", async () => {
  const images = tf.zeros([1, 32, 32, 3]) as tf.Tensor4D;
  images.dispose();
  for (const model of [pix2pix({ size: 32, filters: 1 }), bicycleGan({ size: 32, filters: 1 })]) {
    await assertRejects(
      () => model.translate(images),
      RangeError,
      "Cannot translate: expected images, got a disposed tensor",
    );
    model.dispose();
  }
}, ["cpu"]);
