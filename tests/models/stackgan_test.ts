import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { stackGanNetworks, STAGE_SCALE } from "../../lib/models/stackgan.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_weights.ts";

const SMALL = { size: 32, conditionSize: 3, latent: 4, augmented: 5, compressed: 6, filters: 2, blocks: 1, seed: 1 };

testOnBackends("stackGanNetworks() outputs images of both sizes in [-1, 1], and one logit for each", () => {
  const { sketcher, sketchDiscriminator, refiner, discriminator } = stackGanNetworks(SMALL);
  tf.tidy(() => {
    const condition = tf.tensor2d([[1, 0, 0], [0, 0, 1]]);
    const [epsilon, noise] = [tf.randomNormal([2, 5], 0, 50, "float32", 1), tf.randomNormal([2, 4], 0, 50, "float32", 2)];
    const [sketch, mean, logDeviation] = sketcher.apply([condition, epsilon, noise], { training: true }) as tf.Tensor[];
    assertEquals([sketch!.shape, mean!.shape, logDeviation!.shape], [[2, 8, 8, 3], [2, 5], [2, 5]]);
    const [image] = refiner.apply([sketch!, condition, epsilon], { training: true }) as tf.Tensor[];
    assertEquals(image!.shape, [2, 32, 32, 3]);
    for (const generated of [sketch!, image!]) assert(generated.dataSync().every((value) => Math.abs(value) <= 1));
    assertEquals((sketchDiscriminator.predict([sketch!, condition]) as tf.Tensor).shape, [2, 1]);
    assertEquals((discriminator.predict([image!, condition]) as tf.Tensor).shape, [2, 1]);
  });
}, ["tensorflow", "cpu"]);

testOnBackends("all four networks of stackGanNetworks() depend on the condition, and the generators on ε", () => {
  const { sketcher, sketchDiscriminator, refiner, discriminator } = stackGanNetworks(SMALL);
  tf.tidy(() => {
    const [a, b] = [tf.tensor2d([[1, 0, 0]]), tf.tensor2d([[0, 0, 1]])];
    const [zero, epsilon, noise] = [tf.zeros([1, 5]), tf.ones([1, 5]), tf.ones([1, 4])];
    const [sketch, image] = [8, 32].map((size) => tf.randomUniform([1, size, size, 3], -1, 1, "float32", size));
    const values = (network: tf.LayersModel, inputs: tf.Tensor[]) => {
      const outputs = [network.predict(inputs)].flat() as tf.Tensor[];
      return [...outputs[0]!.dataSync()];
    };
    assertNotEquals(values(sketcher, [a, epsilon, noise]), values(sketcher, [b, epsilon, noise]));
    assertNotEquals(values(sketcher, [a, epsilon, noise]), values(sketcher, [a, zero, noise]));
    assertNotEquals(values(refiner, [sketch!, a, epsilon]), values(refiner, [sketch!, b, epsilon]));
    assertNotEquals(values(refiner, [sketch!, a, epsilon]), values(refiner, [sketch!, a, zero]));
    assertNotEquals(values(sketchDiscriminator, [sketch!, a]), values(sketchDiscriminator, [sketch!, b]));
    assertNotEquals(values(discriminator, [image!, a]), values(discriminator, [image!, b]));
  });
}, ["cpu"]);

Deno.test("stackGanNetworks() has the expected number of weights, and smallest feature maps of 4x4", () => {
  const { sketcher, sketchDiscriminator, refiner, discriminator } = stackGanNetworks(SMALL);
  const norm = (channels: number) => 2 * channels;
  const heads = 2 * (3 * 5 + 5); // μ and log σ
  const last = (inputs: number) => 9 * inputs * 3 + 3;
  // 4x4x4 from ĉ and z, one doubling to 2 filters, the image
  assertEquals(countTrainable(sketcher), heads + (5 + 4) * 64 + norm(4) + 9 * 4 * 2 + norm(2) + last(2));
  // 8x8 to 4x4 with 2 filters; the condition compressed to 6; a 1x1 convolution of both; the logit from 4x4 pixels
  assertEquals(countTrainable(sketchDiscriminator), 16 * 3 * 2 + 2 + (3 * 6 + 6) + (2 + 6) * 2 + norm(2) + 16 * 2 + 1);
  const block = 2 * (9 * 8 * 8 + norm(8));
  // 2x2 upsampled to 32x32, with 16, 8, 4 and 2 filters
  const upsampling = 9 * 8 * 16 + norm(16) + 9 * 16 * 8 + norm(8) + 9 * 8 * 4 + norm(4) + 9 * 4 * 2 + norm(2) + last(2);
  const down = 9 * 3 * 2 + 2 + 16 * 2 * 4 + norm(4) + 16 * 4 * 8 + norm(8);
  assertEquals(countTrainable(refiner), heads + down + 9 * (8 + 5) * 8 + norm(8) + block + upsampling);
  assertEquals((discriminator.getLayer("condition_labelled").outputShape as number[]).slice(1, 3), [4, 4]);
  assertEquals((sketcher.getLayer("start").outputShape as number[]).slice(1, 3), [4, 4]);
  assertEquals(STAGE_SCALE, 4);
});

Deno.test("stackGanNetworks() rejects invalid sizes", () => {
  for (const size of [16, 40, 100]) {
    assertThrows(() => stackGanNetworks({ ...SMALL, size }), RangeError, `got ${size}`);
  }
});
