import type * as tf from "../../lib/tf.ts";

/** How many numbers a network learns. */
export function countTrainable(network: tf.LayersModel): number {
  return network.trainableWeights.reduce((sum, weight) => sum + weight.shape.reduce<number>((size, dim) => size * dim!, 1), 0);
}
