import { assertEquals } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { testOnBackends } from "../../_backends.ts";

testOnBackends("Texts on TensorFlow are its own: they outlive the bytes that they were made of, in every shape", () => {
  const text = (n: number) => `text number ${n}, long enough to lie outside of TensorFlow's own 24 bytes`;
  const texts = Array.from({ length: 4 }, (_, n) => text(n));
  const made = [tf.scalar(text(0), "string"), tf.tensor1d(texts), tf.tensor2d(texts, [2, 2]), tf.tensor1d([], "string")];
  const twice = made.map((tensor) => tf.stack([tensor, tensor])); // which sends them to TensorFlow
  for (let i = 0; i < 300; i++) Array.from({ length: 2000 }, () => new Uint8Array(text(0).length).fill(88)); // overwrites what is free
  assertEquals(made.map((tensor) => tensor.shape), [[], [4], [2, 2], [0]]);
  assertEquals(made.map((tensor) => [...tensor.dataSync()] as unknown[]), [[text(0)], texts, texts, []]);
  assertEquals(twice.map((tensor) => [...tensor.dataSync()] as unknown[]), [[text(0), text(0)], [...texts, ...texts], [
    ...texts,
    ...texts,
  ], []]);
  tf.dispose([made, twice]);
}, ["tensorflow"]);
