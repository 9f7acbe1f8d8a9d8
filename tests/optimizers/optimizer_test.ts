import * as tf from "../../lib/tf.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { clipByNorm } from "../../lib/optimizers/optimizer.ts";
import { testOnBackends } from "../_backends.ts";

testOnBackends("clipByNorm() scales all gradients by one factor if their joint norm exceeds the limit", () => {
  const gradients = () => ({ a: tf.tensor1d([3, 0]), b: tf.tensor2d([[4, 12]]) }); // joint norm 13
  const before = tf.memory().numTensors;
  for (const [limit, factor] of [[6.5, 0.5], [13, 1], [100, 1]] as const) {
    const { a, b } = clipByNorm(gradients(), limit);
    assertEquals(tf.memory().numTensors, before + 2); // the arguments are disposed of
    assertEquals(b!.shape, [1, 2]);
    [...a!.dataSync(), ...b!.dataSync()].forEach((value, i) => assertAlmostEquals(value, [3, 0, 4, 12][i]! * factor, 1e-6));
    tf.dispose([a!, b!]);
  }
});

testOnBackends("clipByNorm() does not change zero gradients", () => {
  const { a } = clipByNorm({ a: tf.zeros([2]) }, 1);
  assertEquals([...a!.dataSync()], [0, 0]);
  a!.dispose();
});
