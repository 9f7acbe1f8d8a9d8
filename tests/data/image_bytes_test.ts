import { assertEquals, assertThrows } from "@std/assert";
import { toNumber } from "../../lib/data/image_bytes.ts";
import * as tf from "../../lib/tf.ts";
import { testOnBackends } from "../_backends.ts";

testOnBackends("toNumber() returns the value of a tensor, rounded to significant digits if asked", () => {
  assertEquals(toNumber(tf.scalar(2.5)), 2.5);
  assertEquals([toNumber(tf.tensor4d([0.012345], [1, 1, 1, 1]), 3), toNumber(12345, 2)], [0.0123, 12000]);
  assertEquals(toNumber(tf.scalar(NaN), 3), NaN);
  assertThrows(() => toNumber(tf.tensor1d([1, 2])), RangeError, "expected one element, got shape [2]");
});
