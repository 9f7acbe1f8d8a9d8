import { assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { allCaptions, captionSize, embedCaptions } from "../../data/worlds/houses/mod.ts";
import { conditionalGan } from "../../lib/systems/conditional_gan.ts";
import { gan } from "../../lib/systems/gan.ts";
import type { Parts, PartsOptions } from "../../lib/systems/parts.ts";
import { stackGan } from "../../lib/systems/stackgan.ts";
import { testOnBackends } from "../_backends.ts";

/** Checks that the parts are the same images as those that `generate` returns, also if others are left out. */
async function check(whole: Promise<tf.Tensor>, parts: (options: PartsOptions) => Parts, starts: number[]): Promise<void> {
  const expected = await whole;
  const found: number[] = [];
  for await (const { start, samples } of parts({})) {
    const same = tf.slice(expected, start, samples.shape[0]);
    assertEquals([...samples.dataSync()], [...same.dataSync()]);
    found.push(start);
    tf.dispose([same, samples]);
  }
  assertEquals(found, starts);
  const last = starts.at(-1)!;
  for await (const { start, samples } of parts({ skip: (start) => start !== last })) {
    const same = tf.slice(expected, start, samples.shape[0]);
    assertEquals([start, ...samples.dataSync()], [last, ...same.dataSync()]);
    tf.dispose([same, samples]);
  }
  expected.dispose();
}

testOnBackends("generateParts() yields the same images as generate(), in order, and can leave out parts", async () => {
  const before = tf.memory().numTensors;
  const shape = [8, 8, 1];
  const plain = gan({ shape, hidden: [4], discriminatorHidden: [4] });
  await check(plain.generate({ count: 203, seed: 2 }), (options) => plain.generateParts({ count: 203, seed: 2, ...options }), [
    ...[0, 100, 200],
  ]);
  const large = gan({ networks: "dcgan", filters: 1, shape: [128, 128, 1] });
  await check(large.generate({ count: 30 }), (options) => large.generateParts({ count: 30, ...options }), [0, 25]);
  const labels = Array.from({ length: 101 }, (_, i) => i % 3);
  const classed = conditionalGan({ shape, classes: 3, hidden: [4, 4], discriminatorHidden: [4, 4], labelUnits: 3 });
  await check(classed.generate({ labels }), (options) => classed.generateParts({ labels, ...options }), [0, 100]);
  const stacked = stackGan({ size: 32, conditionSize: captionSize, latent: 2, augmented: 2, filters: 1, blocks: 1 });
  const conditions = embedCaptions(Array.from({ length: 66 }, (_, i) => allCaptions[i % allCaptions.length]!));
  await check(
    stacked.generate({ conditions, seed: 1 }),
    (options) => stacked.generateParts({ conditions, seed: 1, ...options }),
    [
      ...[0, 64],
    ],
  );
  conditions.dispose();
  for (const model of [plain, large, classed, stacked]) model.dispose();
  assertEquals(tf.memory().numTensors, before);
});
