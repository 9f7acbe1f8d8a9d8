/** The base class of the optimizers, gradient clipping, and a function that lists the variables to update.
 * @module */
import * as tf from "../tf.ts";
import type { Slot, Update } from "../backend/fused_update.ts";
import { activeCluster } from "../backend/tensorflow/active_cluster.ts";

export type { Slot };

/** Returns the trainable variables of one or more networks. */
export function variablesOf(...networks: tf.LayersModel[]): tf.Variable[] {
  return networks.flatMap(({ trainableWeights }) => trainableWeights.map((weight) => weight.read() as tf.Variable));
}

let optimizers = 0;

/** Optimizer for a fixed list of variables. Unlike tfjs's optimizers, this optimizer allows the learning rate to change at any
 * time, exposes its entire state for saving and, on TensorFlow, updates each variable with one fused op rather than several. */
export abstract class Optimizer {
  /** Learning rate. The learning rate is read at each step, even if the step is compiled. */
  learningRate: number;
  /** Number of steps taken. */
  steps = 0;
  readonly #slots: Map<string, Slot>;

  /** Creates the slot variables, initialized to zero.
   * @param learningRate α.
   * @param variables The weights to update.
   * @param memories The names of the slot variables to create for each variable. */
  constructor(learningRate: number, variables: tf.Variable[], memories: string[]) {
    this.learningRate = learningRate;
    const own = `optimizer${optimizers++}`;
    const zeros = (variable: tf.Variable, memory: string) =>
      tf.tidy(() => tf.variable(tf.zeros(variable.shape), false, `${own}/${memory}/${variable.name}`));
    this.#slots = new Map(
      variables.map((variable) => [variable.name, { variable, memories: memories.map((memory) => zeros(variable, memory)) }]),
    );
  }

  /** Variables that the optimizer updates, to be passed to `tf.variableGrads`. */
  get variables(): tf.Variable[] {
    return [...this.#slots.values()].map((slot) => slot.variable);
  }

  /** All slot variables, in the order of the variables to which they belong. The slot variables and `steps` are the entire state
   * of the optimizer. */
  get memories(): tf.Variable[] {
    return [...this.#slots.values()].flatMap((slot) => slot.memories);
  }

  /** Takes one step. In a cluster, the step uses the mean of the gradients of all workers.
   * @param gradients The gradients, keyed by variable name, as returned by `tf.variableGrads`. Not disposed.
   * @param change Function that transforms the gradients before the step, for example by clipping them.
   * @throws {RangeError} If a gradient belongs to a variable that was not passed to the constructor. */
  apply(gradients: tf.NamedTensorMap, change = (gradients: tf.NamedTensorMap): tf.NamedTensorMap => gradients): void {
    tf.tidy(() => {
      const changed = change(activeCluster()?.mean(gradients) ?? gradients);
      const update = this.step();
      for (const [name, gradient] of Object.entries(changed)) {
        const slot = this.#slots.get(name);
        if (!slot) {
          const cure = "pass it to the optimizer's constructor";
          throw new RangeError(`Cannot take a step: the optimizer does not know the variable ${name}; ${cure}`);
        }
        update(slot, gradient);
      }
    });
  }

  /** Estimates the magnitude of recent gradients: their root mean square over all weights, computed from the optimizer's state.
   * @returns The estimate, or `undefined` before the first step and for optimizers that keep no average of the gradients. */
  gradientSize(): Promise<number | undefined> {
    return Promise.resolve(undefined);
  }

  /** Advances the step count and returns the function that updates one variable. Numbers that change between steps must be read
   * through `eachCall`, so that compiled steps use the current numbers. */
  protected abstract step(): Update;

  /** Disposes of the slot variables, but not of the variables that the optimizer updates. */
  dispose(): void {
    for (const memory of this.memories) memory.dispose();
  }
}

/** Clips the gradients of a network by their global norm: scales all gradients by the same factor, so that their global norm is
 * at most `limit` (Pascanu et al. 2013, arXiv:1211.5063, Algorithm 1).
 * @param gradients The gradients, keyed by variable name, as returned by `tf.variableGrads`. Disposed of.
 * @param limit The maximum norm, greater than 0.
 * @returns The clipped gradients, keyed by variable name. */
export function clipByNorm(gradients: tf.NamedTensorMap, limit: number): tf.NamedTensorMap {
  const clipped = tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares));
    const factor = tf.div(limit, tf.maximum(norm, limit)); // 1 where the norm is below the limit
    return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
  });
  tf.dispose(gradients);
  return clipped;
}
