/** How far training has moved weights, compared with an independent implementation. A comparison of losses, or of the norms of
 * gradients, misses small faults of the optimizer: all weights after a few steps show them.
 * @module */
import { Adam } from "../../lib/optimizers/adam.ts";
import * as tf from "../../lib/tf.ts";
import type { OracleArray } from "./_load.ts";

/** Arrays of several networks, keyed by the names of the network and of the weight. */
export type OracleNetworks = Record<string, Record<string, OracleArray>>;

/** An oracle that has trained its networks. */
export interface TrainedOracle {
  /** The weights before training. */
  networks: OracleNetworks;
  /** How far training has moved them, in units of the learning rate. Weights without a gradient are left out. */
  changes: OracleNetworks;
}

/** Learning rate of all oracles. */
export const LEARNING_RATE = 2e-4;

/** Largest {@linkcode errorOfChanges} that float32 explains. It rounds a weight of 0.1 by up to 4e-9, 2e-5 learning rates, in each
 * step, and the gradients too. */
export const TOLERANCE = 1.5e-4;

/** Returns the 90th percentile of the differences between the changes of a network's weights and those of the oracle, in units
 * of the learning rate. The largest differences are left out: where a gradient is almost 0, rounding decides on the direction of
 * Adam's update.
 * @param name Name of the network in the oracle.
 * @param nameOf Returns the oracle's name of a weight. */
export function errorOfChanges(
  network: tf.LayersModel,
  name: string,
  { networks, changes }: TrainedOracle,
  nameOf = (weight: string): string => weight,
): number {
  const errors = network.trainableWeights.flatMap((weight) => {
    const [before, wanted] = [networks, changes].map((all) => all[name]![nameOf(weight.originalName)]);
    if (!wanted && !weight.originalName.endsWith("/bias")) throw new Error(`The oracle has not moved ${weight.originalName}`);
    return [...wanted ? weight.read().dataSync() : []].map((value, i) =>
      Math.abs((value - before!.values[i]!) / LEARNING_RATE - wanted!.values[i]!)
    );
  });
  return errors.sort((a, b) => a - b)[Math.floor(0.9 * errors.length)]!;
}

/** An optimizer, or one with a fault. */
export interface Fault {
  epsilon?: number;
  /** Weight decay: this multiple of a weight is added to its gradient. */
  decay?: number;
}

/** Faults that a comparison with an oracle must notice, keyed by their description. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  "an epsilon of 1e-6": { epsilon: 1e-6 },
  "an epsilon of 1e-5": { epsilon: 1e-5 },
  "a weight decay of 1e-3": { decay: 1e-3 },
};

/** Creates an optimizer as in the papers, or one with a fault. */
export function adamWith({ decay = 0, ...settings }: Fault, variables: tf.Variable[]): Adam {
  const adam = new Adam({ learningRate: LEARNING_RATE, ...settings }, variables);
  if (decay > 0) {
    const apply = adam.apply.bind(adam);
    const decayed = (gradients: tf.NamedTensorMap) =>
      Object.fromEntries(variables.map((one) => [one.name, tf.add(gradients[one.name]!, tf.mul(one, decay))]));
    adam.apply = (gradients) => apply(gradients, decayed);
  }
  return adam;
}
