import * as tf from "../../../lib/tf.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import {
  convolutionInfo,
  hasFewPositions,
  interleave,
  patches,
  sumPatches,
  tapsOf,
  visited,
} from "../../../lib/backend/wasm/convolution.ts";
import { values } from "../_operations.ts";

Deno.test("tapsOf() are those of a remainder by the stride", () => {
  assertEquals(tapsOf(4, 2, 0), [0, 2]);
  assertEquals(tapsOf(4, 2, 1), [1, 3]);
  assertEquals(tapsOf(5, 3, 2), [2]);
  assertEquals(tapsOf(2, 3, 2), []);
});

Deno.test("hasFewPositions() compares positions with channels", () => {
  const info = (size: number, channels: number) =>
    convolutionInfo([1, size, size, 3], [4, 4, 3, channels], { strides: [2, 2], pad: "same", dataFormat: "NHWC" });
  assertEquals(hasFewPositions(info(16, 33)), true); // 64 positions
  assertEquals(hasFewPositions(info(16, 32)), false);
});

Deno.test("interleave() puts pixel (q, p) of picture (r, c) at (q·s + r, p·s + c)", async () => {
  await useBackend("cpu", { quiet: true });
  tf.tidy(() => {
    // Each picture is [1, 2, 1, 2]: two rows of one pixel with two channels.
    const picture = (first: number) => tf.tensor4d([first, -first, first + 1, -first - 1], [1, 2, 1, 2]);
    const woven = interleave([[picture(10), picture(20), picture(30)], [picture(40), picture(50), picture(60)]]);
    assertEquals(woven.shape, [1, 4, 3, 2]);
    const firstChannel = [10, 20, 30, 40, 50, 60, 11, 21, 31, 41, 51, 61];
    assertEquals([...woven.dataSync()], firstChannel.flatMap((value) => [value, -value]));
  });
});

Deno.test("visited() pads what the filter overhangs and drops what it never reaches", async () => {
  await useBackend("cpu", { quiet: true });
  tf.tidy(() => {
    const x = tf.range(1, 6).reshape([1, 1, 5, 1]) as tf.Tensor4D;
    const info = (pad: "same" | "valid", filter: number, stride: number) =>
      convolutionInfo(x.shape, [1, filter, 1, 1], { strides: [1, stride], pad, dataFormat: "NHWC" });
    assertEquals([...visited(x, info("same", 4, 1)).dataSync()], [0, 1, 2, 3, 4, 5, 0, 0]);
    assertEquals([...visited(x, info("valid", 2, 2)).dataSync()], [1, 2, 3, 4]);
    assertEquals([...visited(x, info("valid", 1, 2)).dataSync()], [1, 2, 3, 4, 5]);
  });
});

Deno.test("patches() has one row for each position, tap by tap", async () => {
  await useBackend("cpu", { quiet: true });
  tf.tidy(() => {
    const x = tf.range(1, 10).reshape([1, 3, 3, 1]) as tf.Tensor4D;
    const info = convolutionInfo(x.shape, [2, 2, 1, 1], { strides: [2, 2], pad: "same", dataFormat: "NHWC" });
    assertEquals(patches(x, info).arraySync(), [[1, 2, 4, 5], [3, 0, 6, 0], [7, 8, 0, 0], [9, 0, 0, 0]]);
  });
});

Deno.test("sumPatches() is patches() transposed: ⟨patches(x), c⟩ = ⟨x, sumPatches(cᵀ)⟩", async () => {
  await useBackend("cpu", { quiet: true });
  for (const [height, width, filter, stride] of [[5, 6, 3, 2], [4, 7, 4, 1], [7, 5, 2, 3], [3, 3, 1, 1]]) {
    tf.tidy(() => {
      const x = values([2, height!, width!, 3], 1) as tf.Tensor4D;
      const info = convolutionInfo(x.shape, [filter!, filter!, 3, 1], {
        strides: [stride!, stride!],
        pad: "same",
        dataFormat: "NHWC",
      });
      const rows = patches(x, info);
      const weights = values(rows.shape, 2) as tf.Tensor2D;
      const left = tf.sum(tf.mul(rows, weights)).dataSync()[0]!;
      const right = tf.sum(tf.mul(x, sumPatches(tf.transpose(weights), info))).dataSync()[0]!;
      assertAlmostEquals(left, right, 1e-4);
    });
  }
});
