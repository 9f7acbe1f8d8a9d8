import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { normalizeBatch } from "../../lib/backend/batch_norm.ts";
import { BatchNorm, EPSILON, MOMENTUM } from "../../lib/layers/batch_norm.ts";
import { testOnBackends } from "../_backends.ts";

const SHAPE: [number, number, number, number] = [2, 3, 3, 2];

function sample(seed: number): tf.Tensor4D {
  return tf.randomNormal(SHAPE, 1, 2, "float32", seed) as tf.Tensor4D;
}

/** Computes the mean and variance of each channel by a plain loop. */
function statistics(x: tf.Tensor4D): { mean: number[]; variance: number[]; count: number } {
  const values = [...x.dataSync()];
  const channels = SHAPE[3];
  const count = values.length / channels;
  const of = (f: (value: number, channel: number) => number) =>
    Array.from(
      { length: channels },
      (_, c) => values.reduce((sum, value, i) => i % channels === c ? sum + f(value, c) : sum, 0) / count,
    );
  const mean = of((value) => value);
  return { mean, variance: of((value, c) => (value - mean[c]!) ** 2), count };
}

testOnBackends("normalizeBatch() normalizes, scales and shifts", () => {
  tf.tidy(() => {
    const x = sample(1);
    const { mean, variance, count } = statistics(x);
    const got = normalizeBatch(x, tf.tensor1d([2, 3]), tf.tensor1d([0.5, -0.5]), EPSILON);
    const [xs, ys] = [x.dataSync(), got.output.dataSync()];
    for (const i of [0, 1, 17, 35]) {
      const c = i % 2;
      const wanted = (xs[i]! - mean[c]!) / Math.sqrt(variance[c]! + EPSILON) * [2, 3][c]! + [0.5, -0.5][c]!;
      assertAlmostEquals(ys[i]!, wanted, 1e-5);
    }
    for (const c of [0, 1]) {
      assertAlmostEquals(got.mean.dataSync()[c]!, mean[c]!, 1e-5);
      assertAlmostEquals(got.variance.dataSync()[c]!, variance[c]! * count / (count - 1), 1e-4);
    }
  });
});

testOnBackends("normalizeBatch() gradients equal the central differences, for all three inputs", () => {
  tf.tidy(() => {
    const [x, weight] = [sample(2), sample(3)];
    const [gamma, beta] = [tf.tensor1d([2, 3]), tf.tensor1d([0.5, -0.5])];
    const value = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      tf.sum(
        tf.mul(normalizeBatch(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, EPSILON).output, weight),
      ) as tf.Scalar;
    const inputs = [x, gamma, beta];
    const gradients = tf.grads(value)(inputs);
    const step = 1e-2;
    inputs.forEach((input, n) => {
      const direction = tf.randomNormal(input.shape, 0, 1, "float32", 9 + n);
      const at = (t: number) =>
        value(
          ...inputs.map((other, m) => m === n ? tf.add(other, tf.mul(direction, t)) : other) as [tf.Tensor, tf.Tensor, tf.Tensor],
        )
          .dataSync()[0]!;
      const exact = tf.sum(tf.mul(gradients[n]!, direction)).dataSync()[0]!;
      assertAlmostEquals(exact, (at(step) - at(-step)) / (2 * step), 2e-3 * Math.max(1, Math.abs(exact)));
    });
  });
});

testOnBackends("BatchNorm updates its moving averages only during training, and uses them otherwise", () => {
  const layer = new BatchNorm({ seed: 1 });
  tf.tidy(() => {
    const x = sample(4);
    layer.apply(x, { training: true, updateStatistics: false });
    layer.apply(x, { batchStatistics: true });
    assertEquals([...layer.getWeights()[2]!.dataSync()], [0, 0]);
    layer.apply(x, { training: true });
    const { mean, variance, count } = statistics(x);
    const [gamma, , movingMean, movingVariance] = layer.getWeights().map((weight) => weight.dataSync());
    assertAlmostEquals(movingMean![1]!, (1 - MOMENTUM) * mean[1]!, 1e-5);
    assertAlmostEquals(movingVariance![1]!, MOMENTUM + (1 - MOMENTUM) * variance[1]! * count / (count - 1), 1e-4);
    const output = (layer.apply(x) as tf.Tensor).dataSync();
    const wanted = (x.dataSync()[1]! - movingMean![1]!) / Math.sqrt(movingVariance![1]! + EPSILON) * gamma![1]!;
    assertAlmostEquals(output[1]!, wanted, 1e-5);
  });
  layer.dispose();
});

testOnBackends("BatchNorm leaks no tensor", () => {
  const layer = new BatchNorm({ seed: 1 });
  const x = sample(5);
  tf.dispose(layer.apply(x, { training: true }) as tf.Tensor);
  const before = tf.memory().numTensors;
  tf.dispose(layer.apply(x, { training: true }) as tf.Tensor);
  tf.dispose(tf.grad((x) => tf.sum(layer.apply(x, { training: true }) as tf.Tensor))(x));
  assertEquals(tf.memory().numTensors, before);
  tf.dispose(x);
  layer.dispose();
});
