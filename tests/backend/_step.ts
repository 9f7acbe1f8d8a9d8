/** A few training steps of a small network with all kinds of layers, on which backends must agree.
 * @module */
import * as tf from "../../lib/tf.ts";
import { values } from "./_operations.ts";

/** Optimizers with the papers' hyperparameters. */
const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  adam: () => tf.train.adam(2e-3, 0.5, 0.999),
  sgd: () => tf.train.sgd(0.05),
  rmsprop: () => tf.train.rmsprop(1e-3),
};

/** Creates a network from images `[8, 8, 3]` and one of five classes to logits, with a skip connection. */
function network(): tf.LayersModel {
  const [image, label] = [tf.input({ shape: [8, 8, 3] }), tf.input({ shape: [1] })];
  const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) => layer.apply(x) as tf.SymbolicTensor;
  const down = apply(tf.layers.conv2d({ filters: 4, kernelSize: 4, strides: 2, padding: "same" }), image);
  const normalized = apply(tf.layers.leakyReLU({ alpha: 0.2 }), apply(tf.layers.batchNormalization(), down));
  const deeper = apply(
    tf.layers.conv2d({ filters: 40, kernelSize: 4, strides: 2, padding: "same", activation: "relu" }),
    normalized,
  );
  const up = apply(tf.layers.conv2dTranspose({ filters: 4, kernelSize: 4, strides: 2, padding: "same" }), deeper);
  const joined = apply(tf.layers.concatenate(), [up, down]);
  const resized = apply(
    tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: "same", activation: "tanh" }),
    apply(tf.layers.upSampling2d({}), joined),
  );
  const pooled = apply(tf.layers.flatten(), apply(tf.layers.maxPooling2d({}), resized));
  const embedded = apply(tf.layers.flatten(), apply(tf.layers.embedding({ inputDim: 5, outputDim: 3 }), label));
  return tf.model({
    inputs: [image, label],
    outputs: apply(tf.layers.dense({ units: 2 }), apply(tf.layers.concatenate(), [pooled, embedded])),
  });
}

/** Trains the network for three steps on the active backend, always from the same weights.
 * @returns the losses, then the final weights. */
export async function train(optimizerName: string): Promise<Float32Array[]> {
  const optimizer = OPTIMIZERS[optimizerName]!();
  const net = network();
  tf.tidy(() => net.setWeights(net.getWeights().map((weight, i) => tf.mul(values(weight.shape, i, weight.rank < 2), 0.3))));
  const [x, label, wanted] = [values([2, 8, 8, 3], 50), tf.tensor2d([[1], [4]]), values([2, 2], 51)];
  const losses: Float32Array[] = [];
  for (let step = 0; step < 3; step++) {
    const loss = optimizer.minimize(() => {
      const logits = net.apply([x, label], { training: true }) as tf.Tensor;
      return tf.add(tf.mean(tf.softplus(logits)), tf.mean(tf.abs(tf.sub(logits, wanted)))) as tf.Scalar;
    }, true)!;
    losses.push(await loss.data() as Float32Array);
    loss.dispose();
  }
  const weights = await Promise.all(net.getWeights().map((weight) => weight.data() as Promise<Float32Array>));
  for (const used of [net, optimizer, x, label, wanted]) used.dispose();
  return [...losses, ...weights];
}

/** Names of the optimizers. */
export const OPTIMIZER_NAMES: string[] = Object.keys(OPTIMIZERS);
