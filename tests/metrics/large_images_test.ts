import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { streamPairs } from "../../lib/data/stream.ts";
import type { Image } from "../../lib/data/image_bytes.ts";
import { toTensor } from "../../lib/data/image_bytes.ts";
import { compareInParts } from "../../lib/metrics/large_images.ts";
import { evaluatePairs, l1, psnr, ssim, type TranslateParts } from "../../lib/metrics/mod.ts";
import * as tf from "../../lib/tf.ts";

await tf.setBackend("cpu");

/** An image whose content differs from place to place. */
function drawn(height: number, width: number, channels: number, phase: number): Image {
  const data = Uint8Array.from({ length: height * width * channels }, (_, i) => {
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    return 127 + 90 * Math.sin(x / 40 + phase) * Math.cos(y / 9 - phase) + (x > 1040 ? 30 : 0) * phase;
  });
  return { data, height, width, channels };
}

/** A data set of crops with images of the given sizes. */
function crops(sizes: [height: number, width: number][]) {
  return streamPairs({
    ...{ name: "drawn", count: sizes.length, height: 16, width: 16, inputChannels: 1, targetChannels: 3, scale: 1 },
    read: (index, how) => {
      assert(how?.whole, "whole images are requested");
      const [height, width] = sizes[index]!;
      return Promise.resolve({ input: drawn(height, width, 1, 0), target: drawn(height, width, 3, 1), name: `${index}` });
    },
  });
}

/** Repeats the only channel three times, darker. */
const darker = (input: tf.Tensor4D) => tf.tidy(() => tf.mul<tf.Tensor4D>(tf.tile(input, [1, 1, 1, 3]), 0.8));

/** The same, in columns of 300 pixels. */
const inColumns = (seen: number[]): TranslateParts => async (source, sink) => {
  for (let left = 0; left < source.width; left += 300) {
    const region = { left, top: 0, width: Math.min(300, source.width - left), height: source.height };
    const input = source.read(region);
    const part = darker(input);
    await sink(part, region);
    tf.dispose([input, part]);
    seen.push(region.width);
  }
};

Deno.test("evaluatePairs() measures images of any size whole, large ones in parts, as if they were in one piece", async () => {
  const sizes: [number, number][] = [[20, 30], [13, 1100], [1300, 12]];
  const expected = [0, 0, 0];
  for (const [height, width] of sizes) {
    tf.tidy(() => {
      const images = [darker(toTensor([drawn(height, width, 1, 0)])), toTensor([drawn(height, width, 3, 1)])] as const;
      [l1, psnr, ssim].forEach((metric, i) => expected[i]! += metric(...images).dataSync()[0]! / sizes.length);
    });
  }
  const whole: number[][] = [];
  const seen: number[] = [];
  const before = tf.memory().numTensors;
  const scores = await evaluatePairs(
    (input) => {
      whole.push(input.shape);
      return darker(input);
    },
    crops(sizes),
    { inParts: inColumns(seen) },
  );
  assertEquals(tf.memory().numTensors, before);
  assertEquals([whole, seen, scores.count], [[[1, 20, 30, 1]], [300, 300, 300, 200, 12], 3]);
  [scores.l1, scores.psnr, scores.ssim].forEach((score, i) => assertAlmostEquals(score, expected[i]!, 1e-5));
});

Deno.test("compareInParts() gives the same result for strips of any height", async () => {
  const pair = { input: drawn(60, 40, 1, 0), target: drawn(60, 40, 3, 1), name: "pair" };
  const expected = await compareInParts(inColumns([]), pair);
  for (const rows of [1, 7, 11, 30, 55]) { // the last strip of 7 or 55 rows is lower than SSIM's window
    const scores = await compareInParts(inColumns([]), pair, rows * 40);
    for (const key of ["l1", "psnr", "ssim"] as const) {
      assertAlmostEquals(scores[key], expected[key], 1e-5, `${key}, ${rows} rows`);
    }
  }
});

Deno.test("evaluatePairs() rejects a large image that is smaller than SSIM's window, and leaks nothing", async () => {
  const before = tf.memory().numTensors;
  const inParts = inColumns([]);
  await assertRejects(() => evaluatePairs(darker, crops([[10, 1100]]), { inParts }), RangeError, "at least 11 x 11");
  assertEquals(tf.memory().numTensors, before);
});
