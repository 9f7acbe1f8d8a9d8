import * as tf from "../../lib/tf.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { clipByNorm } from "../../lib/optimizers/optimizer.ts";
import { testOnBackends } from "../_backends.ts";

testOnBackends("clipByNorm() shortens all gradients by one factor where together they are too long, and only there", () => {
  const gradients = () => ({ a: tf.tensor1d([3, 0]), b: tf.tensor2d([[4, 12]]) }); // 13 long
  const before = tf.memory().numTensors;
  for (const [limit, factor] of [[6.5, 0.5], [13, 1], [100, 1]] as const) {
    const { a, b } = clipByNorm(gradients(), limit);
    assertEquals(tf.memory().numTensors, before + 2); // those given are gone
    assertEquals(b!.shape, [1, 2]);
    [...a!.dataSync(), ...b!.dataSync()].forEach((value, i) => assertAlmostEquals(value, [3, 0, 4, 12][i]! * factor, 1e-6));
    tf.dispose([a!, b!]);
  }
});

testOnBackends("clipByNorm() leaves gradients of 0 as they are", () => {
  const { a } = clipByNorm({ a: tf.zeros([2]) }, 1);
  assertEquals([...a!.dataSync()], [0, 0]);
  a!.dispose();
});
