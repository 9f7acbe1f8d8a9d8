import { assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { resizeConvolution } from "../../lib/layers/resize_convolution.ts";
import { testOnBackends } from "../_backends.ts";
import { assertGradient, sample } from "./_gradient.ts";
import { saveAndLoad } from "./_save.ts";

function model(shape: number[], settings: Parameters<typeof resizeConvolution>[1]): tf.LayersModel {
  const input = tf.input({ shape });
  return tf.model({ inputs: input, outputs: resizeConvolution(input, settings) });
}

testOnBackends("resizeConvolution() repeats pixels, then convolves", () => {
  const net = model([2, 2, 1], { filters: 1, kernelSize: 1, kernelInitializer: "ones", useBias: false });
  const y = tf.tidy(() => (net.predict(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1])) as tf.Tensor).dataSync());
  assertEquals([...y], [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  net.dispose();
});

testOnBackends("resizeConvolution() produces no checkerboard pattern, unlike a transposed convolution", () => {
  const flat = tf.ones([1, 4, 4, 1]);
  const settings = { filters: 1, kernelSize: 3, kernelInitializer: "ones" as const, useBias: false };
  const resized = model([4, 4, 1], settings);
  const transposed = tf.sequential({
    layers: [tf.layers.conv2dTranspose({ ...settings, strides: 2, padding: "same", inputShape: [4, 4, 1] })],
  });
  const spread = (net: tf.LayersModel) =>
    tf.tidy(() => {
      const inside = tf.slice(net.predict(flat) as tf.Tensor4D, [0, 2, 2, 0], [1, 4, 4, 1]);
      return tf.sub(tf.max(inside), tf.min(inside)).dataSync()[0]!;
    });
  assertAlmostEquals(spread(resized), 0, 1e-6);
  assertGreater(spread(transposed), 1);
  for (const used of [flat, resized, transposed]) used.dispose();
});

testOnBackends("resizeConvolution() gradient equals the central difference, for all images of a batch", () => {
  const net = model([3, 2, 2], { filters: 2, scale: 3 });
  const x = sample([3, 3, 2, 2], 1);
  assertGradient((x) => net.apply(x) as tf.Tensor, x);
  const kernel = net.trainableWeights[0]!;
  const start = kernel.read().clone();
  const before = (start as tf.Tensor4D).dataSync();
  const weights = sample([3, 9, 6, 2], 2);
  const loss = () => tf.sum(tf.mul(net.apply(x) as tf.Tensor, weights)) as tf.Scalar;
  const exact = tf.tidy(() => Object.values(tf.variableGrads(loss).grads)[0]!.dataSync());
  for (const i of [0, 7, before.length - 1]) {
    const at = (step: number) =>
      tf.tidy(() => {
        kernel.write(tf.tensor(before.map((value, j) => (j === i ? value + step : value)), start.shape));
        return loss().dataSync()[0]!;
      });
    assertAlmostEquals(exact[i]!, (at(0.1) - at(-0.1)) / 0.2, 1e-4 * Math.max(1, Math.abs(exact[i]!)));
  }
  for (const used of [x, start, weights, net]) used.dispose();
});

testOnBackends("resizeConvolution() is saved as plain tfjs layers, and leaks no tensor", async () => {
  const before = tf.memory().numTensors;
  const net = model([4, 6, 3], {
    filters: 5,
    scale: 2,
    name: "up",
    kernelInitializer: tf.initializers.randomNormal({ seed: 1 }),
  });
  assertEquals(net.outputs[0]!.shape, [null, 8, 12, 5]);
  assertEquals(net.layers.map((layer) => `${layer.name} ${layer.getClassName()}`).slice(1), [
    "up_resize UpSampling2D",
    "up_convolution Conv2D",
  ]);
  const loaded = await saveAndLoad(net);
  tf.tidy(() => {
    const x = sample([2, 4, 6, 3], 3);
    assertEquals((loaded.predict(x) as tf.Tensor).dataSync(), (net.predict(x) as tf.Tensor).dataSync());
  });
  for (const used of [net, loaded]) used.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("resizeConvolution() rejects a scale that is not an integer ≥ 1", () => {
  const input = tf.input({ shape: [4, 4, 1] });
  for (const scale of [0, 1.5, NaN]) {
    assertThrows(() => resizeConvolution(input, { filters: 1, scale }), RangeError, `got ${scale}`);
  }
});
