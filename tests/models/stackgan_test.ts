import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { stackGanNetworks, STAGE_SCALE } from "../../lib/models/stackgan.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_weights.ts";

const SMALL = { size: 32, conditionSize: 3, latent: 4, augmented: 5, compressed: 6, filters: 2, blocks: 1, seed: 1 };

testOnBackends("stackGanNetworks() makes pictures of both sizes in [-1, 1], and judges each", () => {
  const { sketcher, sketchDiscriminator, refiner, discriminator } = stackGanNetworks(SMALL);
  tf.tidy(() => {
    const condition = tf.tensor2d([[1, 0, 0], [0, 0, 1]]);
    const [epsilon, noise] = [tf.randomNormal([2, 5], 0, 50, "float32", 1), tf.randomNormal([2, 4], 0, 50, "float32", 2)];
    const [sketch, mean, logDeviation] = sketcher.apply([condition, epsilon, noise], { training: true }) as tf.Tensor[];
    assertEquals([sketch!.shape, mean!.shape, logDeviation!.shape], [[2, 8, 8, 3], [2, 5], [2, 5]]);
    const [picture] = refiner.apply([sketch!, condition, epsilon], { training: true }) as tf.Tensor[];
    assertEquals(picture!.shape, [2, 32, 32, 3]);
    for (const made of [sketch!, picture!]) assert(made.dataSync().every((value) => Math.abs(value) <= 1));
    assertEquals((sketchDiscriminator.predict([sketch!, condition]) as tf.Tensor).shape, [2, 1]);
    assertEquals((discriminator.predict([picture!, condition]) as tf.Tensor).shape, [2, 1]);
  });
}, ["tensorflow", "cpu"]);

testOnBackends("all four networks of stackGanNetworks() look at the condition, and the generators at ε", () => {
  const { sketcher, sketchDiscriminator, refiner, discriminator } = stackGanNetworks(SMALL);
  tf.tidy(() => {
    const [one, other] = [tf.tensor2d([[1, 0, 0]]), tf.tensor2d([[0, 0, 1]])];
    const [zero, epsilon, noise] = [tf.zeros([1, 5]), tf.ones([1, 5]), tf.ones([1, 4])];
    const [sketch, picture] = [8, 32].map((size) => tf.randomUniform([1, size, size, 3], -1, 1, "float32", size));
    const values = (network: tf.LayersModel, given: tf.Tensor[]) => {
      const made = network.predict(given) as tf.Tensor | tf.Tensor[];
      return [...(Array.isArray(made) ? made[0]! : made).dataSync()];
    };
    assertNotEquals(values(sketcher, [one, epsilon, noise]), values(sketcher, [other, epsilon, noise]));
    assertNotEquals(values(sketcher, [one, epsilon, noise]), values(sketcher, [one, zero, noise]));
    assertNotEquals(values(refiner, [sketch!, one, epsilon]), values(refiner, [sketch!, other, epsilon]));
    assertNotEquals(values(refiner, [sketch!, one, epsilon]), values(refiner, [sketch!, one, zero]));
    assertNotEquals(values(sketchDiscriminator, [sketch!, one]), values(sketchDiscriminator, [sketch!, other]));
    assertNotEquals(values(discriminator, [picture!, one]), values(discriminator, [picture!, other]));
  });
}, ["cpu"]);

Deno.test("stackGanNetworks() has the weights that its layers add up to, and its smallest layers are 4x4", () => {
  const { sketcher, sketchDiscriminator, refiner, discriminator } = stackGanNetworks(SMALL);
  const norm = (channels: number) => 2 * channels;
  const said = 2 * (3 * 5 + 5); // μ and log σ
  const last = (inputs: number) => 9 * inputs * 3 + 3;
  // 4x4x4 from ĉ and z, one doubling to 2 filters, the picture
  assertEquals(countTrainable(sketcher), said + (5 + 4) * 64 + norm(4) + 9 * 4 * 2 + norm(2) + last(2));
  // 8x8 to 4x4 with 2 filters; the condition in 6; 1x1 of both; the logit of 16 places
  assertEquals(countTrainable(sketchDiscriminator), 16 * 3 * 2 + 2 + (3 * 6 + 6) + (2 + 6) * 2 + norm(2) + 16 * 2 + 1);
  const block = 2 * (9 * 8 * 8 + norm(8));
  // 2x2 grown to 32x32: 16, 8, 4 and 2 filters, as widths next to the picture allow
  const grown = 9 * 8 * 16 + norm(16) + 9 * 16 * 8 + norm(8) + 9 * 8 * 4 + norm(4) + 9 * 4 * 2 + norm(2) + last(2);
  const down = 9 * 3 * 2 + 2 + 16 * 2 * 4 + norm(4) + 16 * 4 * 8 + norm(8);
  assertEquals(countTrainable(refiner), said + down + 9 * (8 + 5) * 8 + norm(8) + block + grown);
  assertEquals((discriminator.getLayer("condition_labelled").outputShape as number[]).slice(1, 3), [4, 4]);
  assertEquals((sketcher.getLayer("start").outputShape as number[]).slice(1, 3), [4, 4]);
  assertEquals(STAGE_SCALE, 4);
});

Deno.test("stackGanNetworks() refuses sizes that doubling does not give", () => {
  for (const size of [16, 40, 100]) {
    assertThrows(() => stackGanNetworks({ ...SMALL, size }), RangeError, `(32, 64, 128, 256), got ${size}`);
  }
});
