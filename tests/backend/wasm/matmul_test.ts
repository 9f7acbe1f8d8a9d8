import { assertLess } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { difference, values } from "../_operations.ts";

Deno.test("batchMatMul() multiplies transposed matrices, also in batches, or one for all of a batch", async () => {
  await useBackend("wasm", { quiet: true });
  for (const [batchA, batchB] of [[[], []], [[2], [2]], [[3], [1]]] as [number[], number[]][]) {
    for (const [turnA, turnB] of [[false, false], [true, false], [false, true], [true, true]] as [boolean, boolean][]) {
      tf.tidy(() => {
        const a = values([...batchA, ...(turnA ? [4, 3] : [3, 4])], 1);
        const b = values([...batchB, ...(turnB ? [5, 4] : [4, 5])], 2);
        // Σₖ a[.., i, k]·b[.., k, j] by broadcasting, which no matrix kernel takes part in.
        const left = tf.expandDims(turnA ? swapped(a) : a, -1);
        const right = tf.expandDims(turnB ? swapped(b) : b, -3);
        const wanted = tf.sum(tf.mul(left, right), -2);
        assertLess(
          difference(tf.matMul(a, b, turnA, turnB).dataSync(), wanted.dataSync()),
          1e-6,
          `${batchA} ${batchB} ${turnA} ${turnB}`,
        );
      });
    }
  }
});

function swapped(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  return tf.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}
