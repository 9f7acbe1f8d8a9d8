import { assert, assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import type { BatchOptions, PairBatch, PairData } from "../../lib/data/datasets.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { testOnBackends } from "../_backends.ts";

const SIZE = 32;

/** Pairs of noise images, read as real images are: asynchronously, with a new tensor each time. */
function noisePairs(count: number): PairData {
  async function* batches({ skip = 0 }: BatchOptions = {}): AsyncGenerator<PairBatch> {
    for (let i = skip; i < count; i++) {
      await Promise.resolve();
      const image = () => tf.randomUniform([1, SIZE, SIZE, 3], -1, 1, "float32", i) as tf.Tensor4D;
      yield { input: image(), target: image(), names: [`noise ${i}`] };
    }
  }
  return { name: "noise", count, height: SIZE, width: SIZE, inputChannels: 3, targetChannels: 3, batches };
}

testOnBackends("train() uses no more tensors or resident memory after 220 steps than after 20", async () => {
  const model = pix2pix({ size: SIZE, filters: 16, seed: 1 });
  let [tensors, resident] = [0, 0];
  for await (const event of model.train(noisePairs(220), { epochs: 1 })) {
    if (event.type !== "step" || (event.step !== 20 && event.step !== 220)) continue;
    const now = { tensors: tf.memory().numTensors, resident: Deno.memoryUsage().rss };
    if (event.step === 20) [tensors, resident] = [now.tensors, now.resident];
    if (event.step < 220) continue;
    assertEquals(now.tensors, tensors);
    // One copy of all weights and moments is 30 MB: a leak in every step would be many times this.
    assert(now.resident - resident < 30e6, `resident memory grew by ${(now.resident - resident) / 1e6} MB`);
  }
  model.dispose();
}, ["tensorflow"]);
