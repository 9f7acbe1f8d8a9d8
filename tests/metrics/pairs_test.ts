import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import type { BatchOptions, PairBatch, PairData } from "../../lib/data/datasets.ts";
import { evaluatePairs, l1, psnr, ssim } from "../../lib/metrics/mod.ts";
import { drawn } from "./_oracle.ts";

await tf.setBackend("cpu");

/** A data set of generated pairs, 12 × 12, which records the options of its batches. */
function threePairs(count = 3): PairData & { requested: BatchOptions[] } {
  const requested: BatchOptions[] = [];
  const image = (n: number, phase: number) => drawn([12, 12, 3], (i, j, k) => Math.sin(i + 0.7 * j * n + k + phase) * 0.9);
  async function* batches({ batch = 1, ...rest }: BatchOptions = {}): AsyncGenerator<PairBatch> {
    requested.push({ batch, ...rest });
    for (let start = 0; start < count; start += batch) {
      const numbers = Array.from({ length: Math.min(batch, count - start) }, (_, i) => start + i);
      const stack = (phase: number) => tf.tidy(() => tf.concat(numbers.map((n) => image(n, phase))));
      yield await Promise.resolve({ input: stack(0), target: stack(0.2), names: numbers.map(String) });
    }
  }
  return { name: "three pairs", count, height: 12, width: 12, inputChannels: 3, targetChannels: 3, batches, requested };
}

const darker = (input: tf.Tensor4D) => tf.mul<tf.Tensor4D>(input, 0.8);

Deno.test("evaluatePairs() returns the mean of each metric over the images, for any batch size", async () => {
  const sums = [0, 0, 0];
  for await (const { input, target } of threePairs().batches()) {
    tf.tidy(() => [l1, psnr, ssim].forEach((metric, i) => sums[i]! += metric(darker(input), target).dataSync()[0]!));
  }
  for (const batch of [1, 2, 3]) {
    const scores = await evaluatePairs(darker, threePairs(), { batch });
    assertEquals(scores.count, 3);
    [scores.l1, scores.psnr, scores.ssim].forEach((score, i) => assertAlmostEquals(score, sums[i]! / 3, 1e-5));
  }
});

Deno.test("evaluatePairs() uses the units of the pix2pix reference: L1 of [-1, 1], PSNR as 10 log10(4 / MSE)", async () => {
  const flat = (value: number) => tf.fill<tf.Rank.R4>([1, 12, 12, 1], value);
  async function* batches(): AsyncGenerator<PairBatch> {
    yield await Promise.resolve({ input: flat(0), target: flat(0.5), names: ["a"] });
    yield { input: flat(0), target: flat(-0.25), names: ["b"] };
  }
  const pairs = { name: "flat", count: 2, height: 12, width: 12, inputChannels: 1, targetChannels: 1, batches };
  const scores = await evaluatePairs((input) => tf.clone(input), pairs);
  assertAlmostEquals(scores.l1, (0.5 + 0.25) / 2, 1e-6);
  assertAlmostEquals(scores.psnr, (10 * Math.log10(4 / 0.25) + 10 * Math.log10(4 / 0.0625)) / 2, 1e-4);
});

Deno.test("evaluatePairs() reads single pairs, in order and without augmentation", async () => {
  const pairs = threePairs();
  await evaluatePairs(darker, pairs);
  assertEquals(pairs.requested, [{ batch: 1, shuffle: false, augment: false, whole: true }]);
});

Deno.test("evaluatePairs() accepts an asynchronous translation that returns its input", async () => {
  const scores = await evaluatePairs((input) => Promise.resolve(input), threePairs());
  assertEquals(scores.count, 3);
});

Deno.test("evaluatePairs() leaks no tensors, even if it fails or is aborted", async () => {
  const before = tf.memory().numTensors;
  await evaluatePairs(darker, threePairs(), { batch: 2 });
  assertEquals(tf.memory().numTensors, before);
  const narrow = (input: tf.Tensor4D) => tf.slice(input, [0, 0, 0, 0], [-1, 12, 11, 3]);
  await assertRejects(() => evaluatePairs(narrow, threePairs()), RangeError, "got [1,12,11,3] and [1,12,12,3]");
  const broken = () => Promise.reject(new Error("broken"));
  await assertRejects(() => evaluatePairs(broken, threePairs()), Error, "broken");
  await assertRejects(() => evaluatePairs(darker, threePairs(), { signal: AbortSignal.abort() }), DOMException, "abort");
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("evaluatePairs() rejects an empty data set", async () => {
  await assertRejects(
    () => evaluatePairs(darker, threePairs(0)),
    RangeError,
    "Cannot evaluate on three pairs: expected at least one pair",
  );
});
