import { assertEquals } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { testOnGpu } from "./_gpu.ts";

testOnGpu("makeReadSync() reads what has just been computed, of every dtype", async () => {
  await useBackend("webgpu", { quiet: true });
  tf.tidy(() => {
    const x = tf.range(0, 5000); // above the size that tfjs computes on the CPU instead
    assertEquals(tf.add(x, 0.5).dataSync()[4999], 4999.5);
    assertEquals(tf.add(x.toInt(), 1).dataSync()[4999], 5000);
    const greater = tf.greater(x, 4998).dataSync();
    assertEquals([greater.constructor.name, greater[4998], greater[4999]], ["Uint8Array", 0, 1]);
    assertEquals(tf.complex(tf.add(x, 1), tf.neg(x)).dataSync().slice(-2), new Float32Array([5000, -4999]));
  });
});

testOnGpu("makeReadSync() reads in pieces, again and again, between reads that wait", async () => {
  await useBackend("webgpu", { quiet: true });
  const x = tf.range(0, 2_500_000); // ten megabytes, three pieces
  for (let i = 1; i <= 20; i++) {
    const y = tf.add(x, i);
    const values = i % 5 === 0 ? await y.data() : y.dataSync();
    assertEquals([0, 1_048_575, 1_048_576, 2_499_999].map((at) => values[at]), [i, 1_048_575 + i, 1_048_576 + i, 2_499_999 + i]);
    y.dispose();
  }
  x.dispose();
});

testOnGpu("makeReadSync() lets tensors move to another backend", async () => {
  await useBackend("webgpu", { quiet: true });
  const x = tf.mul(tf.range(0, 3000), 2);
  await useBackend("cpu", { quiet: true });
  assertEquals(tf.tidy(() => tf.max(x).dataSync()[0]), 5998);
  x.dispose();
});
