import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";

Deno.test("unsortedSegmentSum() adds rows up by their segment", async () => {
  await useBackend("wasm", { quiet: true });
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2], [3, 4], [5, 6], [7, 8]]);
    const ids = tf.tensor1d([2, 0, 2, -1], "int32"); // a negative one belongs nowhere
    assertEquals(tf.unsortedSegmentSum(x, ids, 4).arraySync(), [[3, 4], [0, 0], [6, 8], [0, 0]]);
    const whole = tf.unsortedSegmentSum(x.toInt(), ids, 3);
    assertEquals([whole.dtype, whole.arraySync()], ["int32", [[3, 4], [0, 0], [6, 8]]]);
    assertThrows(() => tf.unsortedSegmentSum(x, ids, 2), RangeError, "wanted ids below 2, got 2");
  });
});

Deno.test("unsortedSegmentSum() makes the gradient of an embedding", async () => {
  await useBackend("wasm", { quiet: true });
  tf.tidy(() => {
    const rows = tf.tensor1d([1, 1, 0], "int32");
    const gradient = tf.grad((table) => tf.sum(tf.gather(table, rows)))(tf.ones([3, 2]));
    assertEquals(gradient.arraySync(), [[1, 1], [2, 2], [0, 0]]);
  });
});
