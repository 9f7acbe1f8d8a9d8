import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { ReflectionPad, reflectionPad } from "../../lib/layers/reflection_pad.ts";
import { testOnBackends } from "../_backends.ts";
import { assertGradient, sample } from "./_gradient.ts";
import { saveAndLoad } from "./_save.ts";

testOnBackends("reflectionPad() mirrors rows and columns without the border", () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const wanted = [
      [9, 8, 7, 8, 9, 8, 7],
      [6, 5, 4, 5, 6, 5, 4],
      [3, 2, 1, 2, 3, 2, 1],
      [6, 5, 4, 5, 6, 5, 4],
      [9, 8, 7, 8, 9, 8, 7],
      [6, 5, 4, 5, 6, 5, 4],
      [3, 2, 1, 2, 3, 2, 1],
    ];
    assertEquals([...reflectionPad(x, 2).dataSync()], wanted.flat());
    assertEquals([...reflectionPad(x, 0).dataSync()], [...x.dataSync()]);
  });
});

testOnBackends("reflectionPad() agrees with mirrorPad, for batches and channels", () => {
  tf.tidy(() => {
    const x = sample([2, 4, 5, 3], 1);
    const padded = reflectionPad(x, 3);
    assertEquals(padded.shape, [2, 10, 11, 3]);
    assertEquals(padded.dataSync(), tf.mirrorPad(x, [[0, 0], [3, 3], [3, 3], [0, 0]], "reflect").dataSync());
  });
});

testOnBackends("reflectionPad() gradient equals the central difference", () => {
  const x = sample([2, 3, 4, 2], 2);
  for (const padding of [1, 2]) assertGradient((x) => reflectionPad(x, padding), x);
  // In a 2 × 2 image padded by 1 each pixel appears four times.
  const four = tf.tidy(() => tf.grad((x) => tf.sum(reflectionPad(x as tf.Tensor4D, 1)))(tf.ones([1, 2, 2, 1])).dataSync());
  assertEquals([...four], [4, 4, 4, 4]);
  x.dispose();
});

testOnBackends("reflectionPad() has second derivatives", () => {
  const x = sample([1, 3, 3, 1], 3);
  // The gradient of a cube is not constant, so that its own gradient depends on the padding's.
  assertGradient((x) => tf.grad((x) => tf.sum(tf.pow(reflectionPad(x as tf.Tensor4D, 2), 3)))(x), x);
  x.dispose();
});

testOnBackends("reflectionPad() rejects padding that is not smaller than the image", () => {
  const x = tf.zeros<tf.Rank.R4>([1, 4, 3, 1]);
  for (const padding of [3, 4, -1, 1.5, NaN]) {
    assertThrows(() => reflectionPad(x, padding), RangeError, `got ${padding} for [4, 3]`);
  }
  x.dispose();
});

testOnBackends("reflectionPad() leaks no tensor", () => {
  const before = tf.memory().numTensors;
  const x = sample([1, 4, 4, 2], 4);
  reflectionPad(x, 1).dispose();
  tf.dispose([x, tf.grad((x) => tf.sum(reflectionPad(x as tf.Tensor4D, 1)))(x)]);
  assertEquals(tf.memory().numTensors, before);
});

testOnBackends("ReflectionPad pads images of any size in a model, and can be saved and loaded", async () => {
  const before = tf.memory().numTensors;
  const input = tf.input({ shape: [null, null, 2] });
  const model = tf.model({
    inputs: input,
    outputs: new ReflectionPad({ padding: 2, name: "mirror" }).apply(input) as tf.SymbolicTensor,
  });
  assertEquals(model.outputs[0]!.shape, [null, null, null, 2]);
  const loaded = await saveAndLoad(model);
  assertEquals(loaded.layers[1]!.name, "mirror");
  tf.tidy(() => {
    const x = sample([1, 4, 5, 2], 5);
    assertEquals((loaded.predict(x) as tf.Tensor).dataSync(), reflectionPad(x, 2).dataSync());
  });
  const fixed = tf.input({ shape: [8, 6, 3] });
  assertEquals((new ReflectionPad({ padding: 3 }).apply(fixed) as tf.SymbolicTensor).shape, [null, 14, 12, 3]);
  assertEquals(tf.memory().numTensors, before);
});
