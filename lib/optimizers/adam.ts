/** The Adam optimizer (Kingma and Ba 2014, arXiv:1412.6980, Algorithm 1).
 *
 * ```text
 * m ← β₁ m + (1 − β₁) g
 * v ← β₂ v + (1 − β₂) g²
 * θ ← θ − α · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
 * ```
 * @module */
import * as tf from "../tf.ts";
import { type AdamNumbers, fusedAdam, stepScalar, type Update } from "../backend/fused_update.ts";
import { Optimizer } from "./optimizer.ts";

/** Hyperparameters of {@linkcode Adam}. */
export interface AdamSettings {
  /** Learning rate α. pix2pix and CycleGAN: 0.0002. */
  learningRate: number;
  /** β₁, decay rate of the running mean of the gradients. Default 0.5, as in DCGAN, pix2pix and CycleGAN. */
  beta1?: number;
  /** β₂, decay rate of the running mean of the squared gradients. Default 0.999. */
  beta2?: number;
  /** ε, which prevents division by zero. Default 1e-8, as in the paper. */
  epsilon?: number;
}

/** The Adam optimizer. Each variable has a slot variable m, the running mean of its gradients, and a slot variable v, the running
 * mean of its squared gradients. */
export class Adam extends Optimizer {
  /** β₁. */
  readonly beta1: number;
  /** β₂. */
  readonly beta2: number;
  /** ε. */
  readonly epsilon: number;

  /** Creates the optimizer, with the moments of all variables initialized to zero. */
  constructor(settings: AdamSettings, variables: tf.Variable[]) {
    super(settings.learningRate, variables, ["m", "v"]);
    ({ beta1: this.beta1 = 0.5, beta2: this.beta2 = 0.999, epsilon: this.epsilon = 1e-8 } = settings);
  }

  /** Returns the root mean square of the running mean of the gradients, with bias correction. With β₁ = 0.5, this value reflects
   * the last few gradients. */
  override async gradientSize(): Promise<number | undefined> {
    if (this.steps === 0) return undefined;
    const squares = tf.tidy(() => {
      const means = this.memories.filter((_, i) => i % 2 === 0); // m and v alternate
      const values = means.reduce((sum, { size }) => sum + size, 0);
      return tf.div(tf.addN(means.map((m) => tf.sum(tf.square(m)))), values);
    });
    const [mean] = await squares.data();
    squares.dispose();
    return Math.sqrt(mean!) / (1 - this.beta1 ** this.steps);
  }

  protected override step(): Update {
    const numbers: AdamNumbers = [
      () => this.beta1 ** ++this.steps,
      () => this.beta2 ** this.steps,
      () => this.learningRate,
      () => this.epsilon * Math.sqrt(1 - this.beta2 ** this.steps),
    ];
    return fusedAdam(this.beta1, this.beta2, numbers) ?? this.#composed(numbers);
  }

  #composed(numbers: AdamNumbers): Update {
    const [power1, power2, rate, epsilon] = numbers.map(stepScalar) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const scale = tf.mul(rate, tf.div(tf.sqrt(tf.sub(1, power2)), tf.sub(1, power1)));
    return ({ variable, memories }, gradient) => {
      const [m, v] = memories as [tf.Variable, tf.Variable];
      m.assign(tf.add(tf.mul(m, this.beta1), tf.mul(gradient, 1 - this.beta1)));
      v.assign(tf.add(tf.mul(v, this.beta2), tf.mul(tf.square(gradient), 1 - this.beta2)));
      variable.assign(tf.sub(variable, tf.mul(scale, tf.div(m, tf.add(tf.sqrt(v), epsilon)))));
    };
  }
}
