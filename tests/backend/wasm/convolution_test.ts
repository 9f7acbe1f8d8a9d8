import * as tf from "../../../lib/tf.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import {
  col2im,
  convolutionInfo,
  hasFewPositions,
  im2col,
  interleave,
  paddedInput,
  tapsOf,
} from "../../../lib/backend/wasm/convolution.ts";
import { values } from "../_operations.ts";

Deno.test("tapsOf() returns the taps of one phase", () => {
  assertEquals(tapsOf(4, 2, 0), [0, 2]);
  assertEquals(tapsOf(4, 2, 1), [1, 3]);
  assertEquals(tapsOf(5, 3, 2), [2]);
  assertEquals(tapsOf(2, 3, 2), []);
});

Deno.test("hasFewPositions() compares the numbers of positions and channels", () => {
  const info = (size: number, channels: number) =>
    convolutionInfo([1, size, size, 3], [4, 4, 3, channels], { strides: [2, 2], pad: "same", dataFormat: "NHWC" });
  assertEquals(hasFewPositions(info(16, 33)), true); // 64 positions
  assertEquals(hasFewPositions(info(16, 32)), false);
});

Deno.test("interleave() puts pixel (q, p) of image (r, c) at (q·s + r, p·s + c)", async () => {
  await useBackend("cpu", { quiet: true });
  tf.tidy(() => {
    // Each image is [1, 2, 1, 2]: two rows of one pixel with two channels.
    const image = (first: number) => tf.tensor4d([first, -first, first + 1, -first - 1], [1, 2, 1, 2]);
    const interleaved = interleave([[image(10), image(20), image(30)], [image(40), image(50), image(60)]]);
    assertEquals(interleaved.shape, [1, 4, 3, 2]);
    const firstChannel = [10, 20, 30, 40, 50, 60, 11, 21, 31, 41, 51, 61];
    assertEquals([...interleaved.dataSync()], firstChannel.flatMap((value) => [value, -value]));
  });
});

Deno.test("paddedInput() pads where the filter overhangs and crops what it does not reach", async () => {
  await useBackend("cpu", { quiet: true });
  tf.tidy(() => {
    const x = tf.range(1, 6).reshape([1, 1, 5, 1]) as tf.Tensor4D;
    const info = (pad: "same" | "valid", filter: number, stride: number) =>
      convolutionInfo(x.shape, [1, filter, 1, 1], { strides: [1, stride], pad, dataFormat: "NHWC" });
    assertEquals([...paddedInput(x, info("same", 4, 1)).dataSync()], [0, 1, 2, 3, 4, 5, 0, 0]);
    assertEquals([...paddedInput(x, info("valid", 2, 2)).dataSync()], [1, 2, 3, 4]);
    assertEquals([...paddedInput(x, info("valid", 1, 2)).dataSync()], [1, 2, 3, 4, 5]);
  });
});

Deno.test("im2col() returns one row for each position, tap by tap", async () => {
  await useBackend("cpu", { quiet: true });
  tf.tidy(() => {
    const x = tf.range(1, 10).reshape([1, 3, 3, 1]) as tf.Tensor4D;
    const info = convolutionInfo(x.shape, [2, 2, 1, 1], { strides: [2, 2], pad: "same", dataFormat: "NHWC" });
    assertEquals(im2col(x, info).arraySync(), [[1, 2, 4, 5], [3, 0, 6, 0], [7, 8, 0, 0], [9, 0, 0, 0]]);
  });
});

Deno.test("col2im() is the transpose of im2col(): ⟨im2col(x), c⟩ = ⟨x, col2im(cᵀ)⟩", async () => {
  await useBackend("cpu", { quiet: true });
  for (const [height, width, filter, stride] of [[5, 6, 3, 2], [4, 7, 4, 1], [7, 5, 2, 3], [3, 3, 1, 1]]) {
    tf.tidy(() => {
      const x = values([2, height!, width!, 3], 1) as tf.Tensor4D;
      const info = convolutionInfo(x.shape, [filter!, filter!, 3, 1], {
        strides: [stride!, stride!],
        pad: "same",
        dataFormat: "NHWC",
      });
      const rows = im2col(x, info);
      const weights = values(rows.shape, 2) as tf.Tensor2D;
      const left = tf.sum(tf.mul(rows, weights)).dataSync()[0]!;
      const right = tf.sum(tf.mul(x, col2im(tf.transpose(weights), info))).dataSync()[0]!;
      assertAlmostEquals(left, right, 1e-4);
    });
  }
});
