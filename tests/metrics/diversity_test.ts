import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import type { PairBatch, PairData } from "../../lib/data/datasets.ts";
import { diversity } from "../../lib/metrics/diversity.ts";
import { testOnBackends } from "../_backends.ts";

/** Pairs whose targets are flat, one grey value each. */
function pairsOf(...greys: number[]): PairData {
  async function* batches(): AsyncGenerator<PairBatch> {
    for (const grey of greys) {
      yield { input: tf.zeros([1, 2, 2, 1]), target: tf.fill([1, 2, 2, 1], grey) as tf.Tensor4D, names: ["grey"] };
      await Promise.resolve();
    }
  }
  const size = { height: 2, width: 2, inputChannels: 1, targetChannels: 1 };
  return { name: "greys", count: greys.length, ...size, batches };
}

testOnBackends("diversity() returns the mean difference between the images for an input, and finds the best image", async () => {
  const before = tf.memory().numTensors;
  // Images of 0, 0.1 and 0.4 differ by 0.1, 0.4 and 0.3.
  const generate = (_: tf.Tensor4D, seed: number) => Promise.resolve(tf.fill([1, 2, 2, 1], [0, 0.1, 0.4][seed]!) as tf.Tensor4D);
  const found = await diversity(generate, pairsOf(0.1, 1), { tries: 3 });
  assertAlmostEquals(found.diversity, 0.8 / 3, 1e-6);
  assertAlmostEquals(found.bestL1, (0 + 0.6) / 2, 1e-6);
  assertAlmostEquals(found.meanL1, ((0.1 + 0 + 0.3) / 3 + (1 + 0.9 + 0.6) / 3) / 2, 1e-6);
  assertEquals([found.count, (await diversity(generate, pairsOf(0.1, 1), { tries: 2, count: 1 })).count], [2, 1]);
  assertEquals(tf.memory().numTensors, before);
  await assertRejects(() => diversity(generate, pairsOf(1), { tries: 1 }), RangeError, "tries must be an integer ≥ 2, got 1");
  await assertRejects(() => diversity(generate, pairsOf()), RangeError, "got none");
  await assertRejects(() => diversity(generate, pairsOf(1), { count: 0 }), RangeError, "count must be an integer ≥ 1, got 0");
  const fails = (_: tf.Tensor4D, seed: number) => seed === 1 ? Promise.reject(new Error("no more")) : generate(_, seed);
  await assertRejects(() => diversity(fails, pairsOf(1)), Error, "no more");
  assertEquals(tf.memory().numTensors, before);
}, ["tensorflow", "cpu"]);
