import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import type { PairBatch, PairData } from "../../lib/data/datasets.ts";
import { diversity } from "../../lib/metrics/diversity.ts";
import { testOnBackends } from "../_backends.ts";

/** Targets of one grey each. */
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

testOnBackends("diversity() is the mean difference of the pictures of an input, and finds the best of them", async () => {
  const before = tf.memory().numTensors;
  // Pictures of 0, 0.1 and 0.4: 0.1, 0.4 and 0.3 apart.
  const made = (_: tf.Tensor4D, seed: number) => Promise.resolve(tf.fill([1, 2, 2, 1], [0, 0.1, 0.4][seed]!) as tf.Tensor4D);
  const found = await diversity(made, pairsOf(0.1, 1), { tries: 3 });
  assertAlmostEquals(found.diversity, 0.8 / 3, 1e-6);
  assertAlmostEquals(found.bestL1, (0 + 0.6) / 2, 1e-6);
  assertAlmostEquals(found.meanL1, ((0.1 + 0 + 0.3) / 3 + (1 + 0.9 + 0.6) / 3) / 2, 1e-6);
  assertEquals([found.count, (await diversity(made, pairsOf(0.1, 1), { tries: 2, count: 1 })).count], [2, 1]);
  assertEquals(tf.memory().numTensors, before);
  await assertRejects(() => diversity(made, pairsOf(1), { tries: 1 }), RangeError, "tries must be a whole number from 2, got 1");
  await assertRejects(() => diversity(made, pairsOf()), RangeError, "got none");
  await assertRejects(() => diversity(made, pairsOf(1), { count: 0 }), RangeError, "count must be a whole number from 1, got 0");
  const fails = (_: tf.Tensor4D, seed: number) => seed === 1 ? Promise.reject(new Error("no more")) : made(_, seed);
  await assertRejects(() => diversity(fails, pairsOf(1)), Error, "no more");
  assertEquals(tf.memory().numTensors, before);
}, ["tensorflow", "cpu"]);
