/** Adam (Kingma and Ba 2014, arXiv:1412.6980, Algorithm 1).
 *
 *     m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²        θ ← θ − α · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * On TensorFlow one fused op for each variable, where tfjs's Adam takes eight passes over its memory. Here, unlike there, the learning rate
 * may change at any time, and all of the state can be saved.
 * @module */
import * as tf from "@tensorflow/tfjs";
import { eachCall } from "../backend/each_call.ts";
import { activeTensorflow, FLOAT } from "../backend/tensorflow/active.ts";
import { attribute } from "../backend/tensorflow/attributes.ts";
import { updateVariables } from "../backend/tensorflow/variables.ts";

/** How to step. */
export interface AdamSettings {
  /** α. pix2pix and CycleGAN: 0.0002. */
  learningRate: number;
  /** β₁, how much of the mean of the gradients stays. Default 0.5, as in DCGAN, pix2pix and CycleGAN. */
  beta1?: number;
  /** β₂, how much of the mean of their squares stays. Default 0.999. */
  beta2?: number;
  /** ε, against division by zero. Default 1e-8, as in the paper. */
  epsilon?: number;
}

/** A variable with its two moments. */
interface Slot {
  variable: tf.Variable;
  m: tf.Variable;
  v: tf.Variable;
}

/** t, counted once for each run of a step, with the numbers that follow from it. */
interface Schedule {
  power1: tf.Tensor;
  power2: tf.Tensor;
  rate: tf.Tensor;
  epsilon: tf.Tensor;
}

let optimizers = 0;

/** An optimizer of a fixed list of variables, which it alone moves. */
export class Adam {
  /** α, read anew at each step, also by a compiled one. */
  learningRate: number;
  /** t, the steps taken. */
  steps = 0;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly #slots: Map<string, Slot>;

  /** @param variables the weights to move; their moments are made here, at zero. */
  constructor(settings: AdamSettings, variables: tf.Variable[]) {
    const { learningRate, beta1 = 0.5, beta2 = 0.999, epsilon = 1e-8 } = settings;
    [this.learningRate, this.beta1, this.beta2, this.epsilon] = [learningRate, beta1, beta2, epsilon];
    const own = `adam${optimizers++}`;
    const zero = (variable: tf.Variable, moment: string) =>
      tf.tidy(() => tf.variable(tf.zeros(variable.shape), false, `${own}/${moment}/${variable.name}`));
    this.#slots = new Map(
      variables.map((variable) => [variable.name, { variable, m: zero(variable, "m"), v: zero(variable, "v") }]),
    );
  }

  /** The variables that it moves, for `tf.variableGrads`. */
  get variables(): tf.Variable[] {
    return [...this.#slots.values()].map((slot) => slot.variable);
  }

  /** m and v of every variable, in order: with `steps`, all the state that there is. */
  get moments(): tf.Variable[] {
    return [...this.#slots.values()].flatMap((slot) => [slot.m, slot.v]);
  }

  /** One step. @param gradients by the variables' names, as `tf.variableGrads` gives them; not disposed. */
  apply(gradients: tf.NamedTensorMap): void {
    tf.tidy(() => {
      const schedule = this.#schedule();
      for (const [name, gradient] of Object.entries(gradients)) {
        const slot = this.#slots.get(name);
        if (!slot) {
          throw new RangeError(`Cannot apply a gradient: the optimizer was not given variable ${name}; give it at the start`);
        }
        if (activeTensorflow()) this.#fused(slot, gradient, schedule);
        else this.#composed(slot, gradient, schedule);
      }
    });
  }

  #schedule(): Schedule {
    return {
      power1: eachCall([], "float32", () => [this.beta1 ** ++this.steps]),
      power2: eachCall([], "float32", () => [this.beta2 ** this.steps]),
      rate: eachCall([], "float32", () => [this.learningRate]),
      // TensorFlow's op adds its epsilon to √v instead of √(v/(1 − β₂ᵗ)): the "epsilon hat" of the paper's Sec. 2.
      epsilon: eachCall([], "float32", () => [this.epsilon * Math.sqrt(1 - this.beta2 ** this.steps)]),
    };
  }

  #fused({ variable, m, v }: Slot, gradient: tf.Tensor, { power1, power2, rate, epsilon }: Schedule): void {
    const attributes = [FLOAT, attribute.bool("use_locking", false), attribute.bool("use_nesterov", false)];
    const numbers = [power1, power2, rate, tf.scalar(this.beta1), tf.scalar(this.beta2), epsilon];
    updateVariables("ResourceApplyAdam", attributes, [variable, m, v], [...numbers, gradient]);
  }

  #composed({ variable, m, v }: Slot, gradient: tf.Tensor, { power1, power2, rate, epsilon }: Schedule): void {
    m.assign(tf.add(tf.mul(m, this.beta1), tf.mul(gradient, 1 - this.beta1)));
    v.assign(tf.add(tf.mul(v, this.beta2), tf.mul(tf.square(gradient), 1 - this.beta2)));
    const scale = tf.mul(rate, tf.div(tf.sqrt(tf.sub(1, power2)), tf.sub(1, power1)));
    variable.assign(tf.sub(variable, tf.mul(scale, tf.div(m, tf.add(tf.sqrt(v), epsilon)))));
  }

  /** Frees the moments; the variables stay. */
  dispose(): void {
    for (const moment of this.moments) moment.dispose();
  }
}
