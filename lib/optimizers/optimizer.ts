/** What all optimizers have in common: the variables that they move, what they remember of each, and the count of their steps.
 * @module */
import * as tf from "../tf.ts";
import type { Slot } from "../backend/fused_update.ts";

/** The weights that a training moves, of one network or of several. */
export function variablesOf(...networks: tf.LayersModel[]): tf.Variable[] {
  return networks.flatMap(({ trainableWeights }) => trainableWeights.map((weight) => weight.read() as tf.Variable));
}

export type { Slot };

let optimizers = 0;

/** An optimizer of a fixed list of variables. Unlike tfjs's, its learning rate may change at any time, all of its state can be saved, and on
 * TensorFlow it takes one fused op for each variable instead of several passes over its memory. */
export abstract class Optimizer {
  /** Read anew at each step, also by a compiled one. */
  learningRate: number;
  /** Steps taken. */
  steps = 0;
  readonly #slots: Map<string, Slot>;

  /** Makes what is remembered, at zero.
   * @param learningRate α.
   * @param variables the weights to move.
   * @param memories names of what is remembered of each. */
  constructor(learningRate: number, variables: tf.Variable[], memories: string[]) {
    this.learningRate = learningRate;
    const own = `optimizer${optimizers++}`;
    const zeros = (variable: tf.Variable, memory: string) =>
      tf.tidy(() => tf.variable(tf.zeros(variable.shape), false, `${own}/${memory}/${variable.name}`));
    this.#slots = new Map(
      variables.map((variable) => [variable.name, { variable, memories: memories.map((memory) => zeros(variable, memory)) }]),
    );
  }

  /** The variables that it moves, for `tf.variableGrads`. */
  get variables(): tf.Variable[] {
    return [...this.#slots.values()].map((slot) => slot.variable);
  }

  /** All that is remembered, variable by variable: with `steps`, the whole state. */
  get memories(): tf.Variable[] {
    return [...this.#slots.values()].flatMap((slot) => slot.memories);
  }

  /** One step.
   * @param gradients by the variables' names, as `tf.variableGrads` gives them; not disposed.
   * @throws {RangeError} if one is of a variable that the optimizer was not given. */
  apply(gradients: tf.NamedTensorMap): void {
    tf.tidy(() => {
      const update = this.step();
      for (const [name, gradient] of Object.entries(gradients)) {
        const slot = this.#slots.get(name);
        if (!slot) {
          throw new RangeError(`Cannot apply a gradient: the optimizer was not given variable ${name}; give it at the start`);
        }
        update(slot, gradient);
      }
    });
  }

  /** How large the last gradients were: the root of the mean of their squares over all weights, as far as the optimizer remembers them.
   * @returns undefined before the first step, and of an optimizer that does not remember gradients. */
  gradientSize(): Promise<number | undefined> {
    return Promise.resolve(undefined);
  }

  /** Makes the numbers of this step, with `eachCall`, and gives the function that moves a variable by them. */
  protected abstract step(): (slot: Slot, gradient: tf.Tensor) => void;

  /** Frees what is remembered; the variables stay. */
  dispose(): void {
    for (const memory of this.memories) memory.dispose();
  }
}

/** Gradient clipping (Pascanu et al. 2013, arXiv:1211.5063, Algorithm 1).
 * (merged) */

/** Shortens the gradients of a network, all by the same factor, so that together they are no longer than `limit`: their direction stays.
 * @param gradients by the variables' names, as `tf.variableGrads` gives them. Disposed.
 * @param limit above 0.
 * @returns the gradients under the same names. */
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
