/** Adam (Kingma and Ba 2014, arXiv:1412.6980, Algorithm 1).
 *
 *     m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²        θ ← θ − α · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
 * @module */
import * as tf from "../tf.ts";
import { eachCall } from "../backend/each_call.ts";
import { activeTensorflow, FLOAT } from "../backend/tensorflow/active.ts";
import { attribute } from "../backend/tensorflow/attributes.ts";
import { updateVariables } from "../backend/tensorflow/variables.ts";
import { adamStep } from "../backend/webgpu/adam.ts";
import { hasShaders } from "../backend/webgpu/shader.ts";
import { Optimizer, type Slot } from "./optimizer.ts";

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

/** The numbers of one step, scalars. */
interface Numbers {
  /** β₁ᵗ and β₂ᵗ. */
  power1: tf.Tensor;
  power2: tf.Tensor;
  rate: tf.Tensor;
  epsilon: tf.Tensor;
}

/** The optimizer. It remembers m and v of each variable. */
export class Adam extends Optimizer {
  /** β₁. */
  readonly beta1: number;
  /** β₂. */
  readonly beta2: number;
  /** ε. */
  readonly epsilon: number;

  /** Makes the moments, at zero.
   * @param variables the weights to move. */
  constructor(settings: AdamSettings, variables: tf.Variable[]) {
    super(settings.learningRate, variables, ["m", "v"]);
    ({ beta1: this.beta1 = 0.5, beta2: this.beta2 = 0.999, epsilon: this.epsilon = 1e-8 } = settings);
  }

  /** Of m: with β₁ = 0.5 the last few gradients. */
  override async gradientSize(): Promise<number | undefined> {
    if (this.steps === 0) return undefined;
    const squares = tf.tidy(() => {
      const means = this.memories.filter((_, i) => i % 2 === 0); // m and v of each variable
      const values = means.reduce((sum, { size }) => sum + size, 0);
      return tf.div(tf.addN(means.map((m) => tf.sum(tf.square(m)))), values);
    });
    const [mean] = await squares.data();
    squares.dispose();
    return Math.sqrt(mean!) / (1 - this.beta1 ** this.steps);
  }

  /** t and what follows from it. */
  protected override step(): (slot: Slot, gradient: tf.Tensor) => void {
    if (hasShaders()) return this.#shaded();
    const numbers: Numbers = {
      power1: eachCall([], "float32", () => [this.beta1 ** ++this.steps]),
      power2: eachCall([], "float32", () => [this.beta2 ** this.steps]),
      rate: eachCall([], "float32", () => [this.learningRate]),
      // TensorFlow's op adds its epsilon to √v instead of √(v/(1 − β₂ᵗ)): the "epsilon hat" of the paper's Sec. 2.
      epsilon: eachCall([], "float32", () => [this.epsilon * Math.sqrt(1 - this.beta2 ** this.steps)]),
    };
    if (activeTensorflow()) return (slot, gradient) => this.#fused(slot, gradient, numbers);
    const { power1, power2, rate } = numbers;
    const scale = tf.mul(rate, tf.div(tf.sqrt(tf.sub(1, power2)), tf.sub(1, power1)));
    return (slot, gradient) => this.#composed(slot, gradient, scale, numbers.epsilon);
  }

  #shaded(): (slot: Slot, gradient: tf.Tensor) => void {
    const { beta1, beta2, learningRate } = this;
    const root = Math.sqrt(1 - beta2 ** ++this.steps);
    const numbers = { beta1, beta2, scale: learningRate * root / (1 - beta1 ** this.steps), epsilon: this.epsilon * root };
    return ({ variable, memories }, gradient) => adamStep(variable, memories as [tf.Variable, tf.Variable], gradient, numbers);
  }

  #fused({ variable, memories }: Slot, gradient: tf.Tensor, { power1, power2, rate, epsilon }: Numbers): void {
    const attributes = [FLOAT, attribute.bool("use_locking", false), attribute.bool("use_nesterov", false)];
    const numbers = [power1, power2, rate, tf.scalar(this.beta1), tf.scalar(this.beta2), epsilon];
    updateVariables("ResourceApplyAdam", attributes, [variable, ...memories], [...numbers, gradient]);
  }

  #composed({ variable, memories }: Slot, gradient: tf.Tensor, scale: tf.Tensor, epsilon: tf.Tensor): void {
    const [m, v] = memories as [tf.Variable, tf.Variable];
    m.assign(tf.add(tf.mul(m, this.beta1), tf.mul(gradient, 1 - this.beta1)));
    v.assign(tf.add(tf.mul(v, this.beta2), tf.mul(tf.square(gradient), 1 - this.beta2)));
    variable.assign(tf.sub(variable, tf.mul(scale, tf.div(m, tf.add(tf.sqrt(v), epsilon)))));
  }
}
