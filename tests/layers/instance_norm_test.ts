import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { INSTANCE_EPSILON, InstanceNorm, instanceNorm } from "../../lib/layers/instance_norm.ts";
import { testOnBackends } from "../_backends.ts";
import { assertGradient, sample } from "./_gradient.ts";
import { saveAndLoad } from "./_save.ts";

const [HEIGHT, WIDTH, CHANNELS] = [3, 4, 2];

/** Computes the definition by plain loops. */
function byHand(x: ArrayLike<number>, batch: number, gamma: number[], beta: number[]): number[] {
  const y: number[] = new Array(x.length);
  const pixels = HEIGHT * WIDTH;
  for (let t = 0; t < batch; t++) {
    for (let i = 0; i < CHANNELS; i++) {
      const at = (pixel: number) => (t * pixels + pixel) * CHANNELS + i;
      let [mean, variance] = [0, 0];
      for (let pixel = 0; pixel < pixels; pixel++) mean += x[at(pixel)]! / pixels;
      for (let pixel = 0; pixel < pixels; pixel++) variance += (x[at(pixel)]! - mean) ** 2 / pixels;
      for (let pixel = 0; pixel < pixels; pixel++) {
        y[at(pixel)] = (x[at(pixel)]! - mean) / Math.sqrt(variance + INSTANCE_EPSILON) * gamma[i]! + beta[i]!;
      }
    }
  }
  return y;
}

testOnBackends("instanceNorm() agrees with its definition, per image and channel", () => {
  tf.tidy(() => {
    const x = tf.add(tf.mul(sample([2, HEIGHT, WIDTH, CHANNELS], 1), tf.tensor1d([3, 0.2])), tf.tensor1d([5, -1])) as tf.Tensor4D;
    const [gamma, beta] = [[2, -0.5], [0.25, 3]];
    const affine = instanceNorm(x, { gamma: tf.tensor1d(gamma), beta: tf.tensor1d(beta) }).dataSync();
    byHand(x.dataSync(), 2, gamma, beta).forEach((wanted, i) => assertAlmostEquals(affine[i]!, wanted, 1e-4));
    const plain = instanceNorm(x).dataSync();
    byHand(x.dataSync(), 2, [1, 1], [0, 0]).forEach((wanted, i) => assertAlmostEquals(plain[i]!, wanted, 1e-4));
    // The second image of a batch has the same result as alone.
    const alone = instanceNorm(tf.slice(x, [1, 0, 0, 0], [1, HEIGHT, WIDTH, CHANNELS])).dataSync();
    alone.forEach((value, i) => assertAlmostEquals(value, plain[alone.length + i]!, 1e-6));
  });
});

testOnBackends("instanceNorm() of a flat image is 0, not NaN", () => {
  tf.tidy(() => {
    const flat = tf.fill<tf.Rank.R4>([1, 2, 2, 1], 0.5);
    assertEquals([...instanceNorm(flat).dataSync()], [0, 0, 0, 0]);
    const slope = tf.grad((x) => tf.sum(tf.mul(instanceNorm(x as tf.Tensor4D), tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]))))(flat);
    assertEquals([...slope.dataSync()].every(Number.isFinite), true);
  });
});

testOnBackends("instanceNorm() gradients equal the central differences, for input, gamma and beta", () => {
  const x = sample([2, 3, 3, 2], 2, 3);
  const [gamma, beta] = [tf.tensor1d([1.5, -0.7]), tf.tensor1d([0.3, 2])];
  assertGradient((x) => instanceNorm(x, { gamma, beta }), x);
  assertGradient((gamma) => instanceNorm(x, { gamma, beta }), gamma);
  assertGradient((beta) => instanceNorm(x, { gamma, beta }), beta);
  tf.dispose([x, gamma, beta]);
});

testOnBackends("instanceNorm() has second derivatives, as a gradient penalty needs", () => {
  const x = sample([1, 3, 3, 1], 3, 3);
  const gamma = tf.tensor1d([1.5]);
  const cubed = (x: tf.Tensor, gamma: tf.Tensor) =>
    tf.sum(tf.pow(instanceNorm(x as tf.Tensor4D, { gamma: gamma as tf.Tensor1D }), 3));
  assertGradient((x) => tf.grad((x) => cubed(x, gamma))(x), x);
  assertGradient((gamma) => tf.grad((x) => cubed(x, gamma))(x), gamma);
  tf.dispose([x, gamma]);
});

testOnBackends("instanceNorm() rejects a single pixel", () => {
  const x = tf.zeros<tf.Rank.R4>([4, 1, 1, 8]);
  assertThrows(() => instanceNorm(x), RangeError, "single pixel");
  assertThrows(() => new InstanceNorm().apply(tf.input({ shape: [1, 1, 8] })), RangeError, "single pixel");
  x.dispose();
});

testOnBackends("instanceNorm() leaks no tensor", () => {
  const before = tf.memory().numTensors;
  const x = sample([1, 3, 3, 2], 4);
  tf.dispose([instanceNorm(x), tf.grad((x) => tf.sum(instanceNorm(x as tf.Tensor4D)))(x), x]);
  assertEquals(tf.memory().numTensors, before);
});

testOnBackends("InstanceNorm has trainable gamma and beta, and can be saved and loaded", async () => {
  const before = tf.memory().numTensors;
  const input = tf.input({ shape: [HEIGHT, WIDTH, CHANNELS] });
  const layer = new InstanceNorm({ epsilon: 1e-3, name: "norm" });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
  assertEquals(model.trainableWeights.map(({ originalName }) => originalName), ["norm/gamma", "norm/beta"]);
  tf.tidy(() => model.setWeights([tf.tensor1d([2, 3]), tf.tensor1d([-1, 1])]));
  const loaded = await saveAndLoad(model);
  tf.tidy(() => {
    const x = sample([2, HEIGHT, WIDTH, CHANNELS], 5);
    const wanted = instanceNorm(x, { gamma: tf.tensor1d([2, 3]), beta: tf.tensor1d([-1, 1]), epsilon: 1e-3 }).dataSync();
    assertEquals((model.apply(x, { training: true }) as tf.Tensor).dataSync(), wanted);
    assertEquals((loaded.predict(x) as tf.Tensor).dataSync(), wanted);
  });
  model.dispose();
  loaded.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("InstanceNorm without affine has no weights, even after loading", async () => {
  const input = tf.input({ shape: [4, 4, 3] });
  const model = tf.model({ inputs: input, outputs: new InstanceNorm({ affine: false }).apply(input) as tf.SymbolicTensor });
  assertEquals(model.countParams(), 0);
  assertEquals((await saveAndLoad(model)).countParams(), 0);
});
