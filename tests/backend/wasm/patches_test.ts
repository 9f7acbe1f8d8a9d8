import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { convolutionInfo } from "../../../lib/backend/wasm/convolution.ts";
import { patches, sumPatches } from "../../../lib/backend/wasm/patches.ts";
import { values } from "../_operations.ts";

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
