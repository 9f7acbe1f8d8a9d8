import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { resnet } from "../../lib/models/resnet.ts";
import { unet } from "../../lib/models/unet.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { mirroredIndices, Translator } from "../../lib/train/translator.ts";
import { testOnBackends } from "../_backends.ts";

Deno.test("mirroredIndices() puts the row in the middle of its mirror images, the border not repeated", () => {
  assertEquals(mirroredIndices(4, 4), [0, 1, 2, 3]);
  assertEquals(mirroredIndices(4, 8), [2, 1, 0, 1, 2, 3, 2, 1]);
  assertEquals(mirroredIndices(3, 6), [1, 0, 1, 2, 1, 0]);
  assertEquals(mirroredIndices(2, 8), [1, 0, 1, 0, 1, 0, 1, 0]); // 3 pixels before, 3 after: more than the row has
  assertEquals(mirroredIndices(1, 4), [0, 0, 0, 0]);
});

testOnBackends("translate() gives pictures of any height and width back in their own", async () => {
  const networks = [[unet({ size: 16, filters: 2, inputChannels: 1 }), 16], [
    resnet({ size: 16, filters: 2, blocks: 1, inputChannels: 1 }),
    4,
  ]];
  for (const [network, multiple] of networks as [tf.LayersModel, number][]) {
    const translator = new Translator(network, multiple);
    for (const [height, width] of [[16, 16], [16, 48], [19, 33], [5, 40]] as const) {
      const images = tf.randomUniform([3, height, width, 1], -1, 1, "float32", 1) as tf.Tensor4D;
      const made = await translator.translate(images, { batchStatistics: true }, 2);
      assertEquals(made.shape, [3, height, width, 3]);
      tf.dispose([images, made]);
    }
    translator.dispose();
    network.dispose();
  }
});

testOnBackends("translate() cuts out of the whole what stands where the picture stands", async () => {
  // A network that leaves its input as it is shows where each pixel goes.
  const input = tf.input({ shape: [8, 8, 1] });
  const network = tf.model({
    inputs: input,
    outputs: tf.layers.activation({ activation: "linear" }).apply(input) as tf.SymbolicTensor,
  });
  const translator = new Translator(network, 8);
  const images = tf.randomUniform([2, 5, 11, 1], -1, 1, "float32", 1) as tf.Tensor4D;
  const made = await translator.translate(images, {}, 1);
  assertEquals(made.arraySync(), images.arraySync());
  tf.dispose([images, made]);
  translator.dispose();
  network.dispose();
});

testOnBackends("translate() leaves nothing behind, however many sizes it is given", async () => {
  const network = resnet({ size: 8, filters: 1, blocks: 1 });
  const translator = new Translator(network, 4);
  const before = tf.memory().numTensors;
  for (let width = 8; width < 60; width += 4) {
    const images = tf.zeros([1, 8, width, 3]) as tf.Tensor4D;
    const made = await translator.translate(images, {}, 1);
    assertEquals(made.shape, [1, 8, width, 3]);
    tf.dispose([images, made]);
  }
  assertEquals(tf.memory().numTensors, before);
  translator.dispose();
  network.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("translate() refuses pictures with other channels, and none", async () => {
  const network = resnet({ size: 8, filters: 1, blocks: 0 });
  const translator = new Translator(network, 4);
  for (const shape of [[1, 8, 8, 1], [0, 8, 8, 3]] as [number, number, number, number][]) {
    const images = tf.zeros(shape) as tf.Tensor4D;
    await assertRejects(
      () => translator.translate(images, {}, 1),
      RangeError,
      `wants pictures [count, height, width, 3], got [${shape}]`,
    );
    images.dispose();
  }
  translator.dispose();
  network.dispose();
}, ["cpu"]);

testOnBackends("translate() refuses pictures that have been disposed of", async () => {
  const images = tf.zeros([1, 32, 32, 3]) as tf.Tensor4D;
  images.dispose();
  for (const model of [pix2pix({ size: 32, filters: 1 }), bicycleGan({ size: 32, filters: 1 })]) {
    await assertRejects(
      () => model.translate(images),
      RangeError,
      "Cannot translate: wanted pictures, got a tensor that has been disposed of; dispose of it when they are translated",
    );
    model.dispose();
  }
}, ["cpu"]);
