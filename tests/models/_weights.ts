/** Helpers that count and set the weights of a network.
 * @module */
import * as tf from "../../lib/tf.ts";

/** Returns the number of trainable parameters of a network. */
export function countTrainable(network: tf.LayersModel): number {
  return network.trainableWeights.reduce((sum, weight) => sum + weight.shape.reduce<number>((size, dim) => size * dim!, 1), 0);
}

/** Returns the values of all weights of a network. */
export function weightsOf(network: tf.LayersModel): number[][] {
  return network.getWeights().map((weight) => [...weight.dataSync()]);
}

/** Sets the weights with the given names, and all others to 0.
 * @throws {Error} if the network has no weight of a name. */
export function setWeights(network: tf.LayersModel, values: Record<string, number[]>): void {
  const left = new Set(Object.keys(values));
  for (const weight of network.weights) {
    const given = values[weight.originalName];
    left.delete(weight.originalName);
    tf.tidy(() => void weight.write(given ? tf.tensor(given, weight.shape as number[]) : tf.zeros(weight.shape as number[])));
  }
  if (left.size > 0) {
    throw new Error(`The network has no ${[...left]}, but ${network.weights.map((weight) => weight.originalName)}`);
  }
}
