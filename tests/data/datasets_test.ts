import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { captionedByClass } from "../../lib/data/datasets.ts";
import { testOnBackends } from "../_backends.ts";
import { noiseDigits } from "../systems/_noise_data.ts";

testOnBackends("captionedByClass() converts each label to its one-hot vector and its name", async () => {
  const set = captionedByClass(noiseDigits(3), ["nought", "one", "two"]);
  assertEquals([set.conditionSize, set.count, set.height], [3, 3, 8]);
  const before = tf.memory().numTensors;
  for await (const { images, conditions, captions } of set.batches({ batch: 3 })) {
    assertEquals(captions, ["nought", "one", "two"]);
    assertEquals(conditions.arraySync(), [[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
    tf.dispose([images, conditions]);
  }
  assertEquals(tf.memory().numTensors, before);
}, ["wasm", "cpu"]);

testOnBackends("captionedByClass() uses the class names of the data set", async () => {
  const set = captionedByClass({ ...noiseDigits(2), classNames: ["even", "odd"] });
  for await (const { images, conditions, captions } of set.batches({ batch: 2 })) {
    assertEquals(captions, ["even", "odd"]);
    tf.dispose([images, conditions]);
  }
}, ["cpu"]);

Deno.test("captionedByClass() throws on a data set of one class", () => {
  const set = { ...noiseDigits(2), classes: 1 };
  assertThrows(
    () => captionedByClass(set),
    RangeError,
    "expected at least 2 classes, got 1",
  );
});
