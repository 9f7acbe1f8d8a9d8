import * as tf from "../../lib/tf.ts";

/** Gives a network weights by their names; all others become 0.
 * @throws {Error} if there is none of a name. */
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
