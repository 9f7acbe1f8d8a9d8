import { assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { oneHot } from "../../lib/backend/one_hot.ts";
import { testOnBackends } from "../_backends.ts";

testOnBackends("oneHot() puts a float32 1 at each label's index, compiled or not", () => {
  const labels = tf.tensor1d([2, 0, 1, 2], "int32");
  const compiled = compile((labels: tf.Tensor) => oneHot(labels as tf.Tensor1D, 3));
  for (const vectors of [oneHot(labels, 3), compiled(labels) as tf.Tensor2D]) {
    assertEquals([vectors.dtype, vectors.shape], ["float32", [4, 3]]);
    assertEquals(vectors.arraySync(), [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]);
    assertEquals(tf.tidy(() => tf.sum(vectors).dataSync()[0]), 4); // also what other ops make of it
    vectors.dispose();
  }
  compiled.dispose();
  labels.dispose();
});
