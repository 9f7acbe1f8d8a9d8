/** RMSProp (Tieleman and Hinton 2012, lecture 6.5), which the Wasserstein GAN was first trained with (Arjovsky et al. 2017,
 * arXiv:1701.07875, Algorithm 1).
 *
 *     s ← ρ s + (1 − ρ) g²        θ ← θ − α g / √(s + ε)
 * @module */
import * as tf from "../tf.ts";
import { eachCall } from "../backend/each_call.ts";
import { activeTensorflow, FLOAT } from "../backend/tensorflow/active.ts";
import { attribute } from "../backend/tensorflow/attributes.ts";
import { updateVariables } from "../backend/tensorflow/variables.ts";
import { Optimizer, type Slot } from "./optimizer.ts";

/** How to step. */
export interface RmsPropSettings {
  /** α. The Wasserstein GAN: 0.00005. */
  learningRate: number;
  /** ρ, how much of the mean of the squares stays. Default 0.9. */
  decay?: number;
  /** ε, against division by zero, under the root. Default 1e-8. */
  epsilon?: number;
}

/** The optimizer. It remembers s of each variable; the second memory is TensorFlow's momentum, which stays unused. */
export class RmsProp extends Optimizer {
  /** ρ. */
  readonly decay: number;
  /** ε. */
  readonly epsilon: number;

  /** Makes s, at zero.
   * @param variables the weights to move. */
  constructor(settings: RmsPropSettings, variables: tf.Variable[]) {
    super(settings.learningRate, variables, ["s", "momentum"]);
    ({ decay: this.decay = 0.9, epsilon: this.epsilon = 1e-8 } = settings);
  }

  /** The learning rate, and what is done with it. */
  protected override step(): (slot: Slot, gradient: tf.Tensor) => void {
    const rate = eachCall([], "float32", () => (this.steps++, [this.learningRate]));
    return (slot, gradient) => activeTensorflow() ? this.#fused(slot, gradient, rate) : this.#composed(slot, gradient, rate);
  }

  #fused({ variable, memories }: Slot, gradient: tf.Tensor, rate: tf.Tensor): void {
    const numbers = [rate, tf.scalar(this.decay), tf.scalar(0), tf.scalar(this.epsilon)]; // the third is the momentum
    const attributes = [FLOAT, attribute.bool("use_locking", false)];
    updateVariables("ResourceApplyRMSProp", attributes, [variable, ...memories], [...numbers, gradient]);
  }

  #composed({ variable, memories }: Slot, gradient: tf.Tensor, rate: tf.Tensor): void {
    const [s] = memories as [tf.Variable, tf.Variable];
    s.assign(tf.add(tf.mul(s, this.decay), tf.mul(tf.square(gradient), 1 - this.decay)));
    variable.assign(tf.sub(variable, tf.mul(rate, tf.div(gradient, tf.sqrt(tf.add(s, this.epsilon))))));
  }
}
