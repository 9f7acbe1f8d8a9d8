/** Two optimizers without bias correction: stochastic gradient descent (SGD) and RMSProp. Algorithm 1 of the first GAN paper uses
 * SGD (Goodfellow et al. 2014, arXiv:1406.2661). The Wasserstein GAN uses RMSProp (Tieleman and Hinton 2012, lecture 6.5;
 * Arjovsky et al. 2017, arXiv:1701.07875, Algorithm 1).
 *
 * ```text
 * SGD        θ ← θ − α g
 * RMSProp    s ← ρ s + (1 − ρ) g²        θ ← θ − α g / √(s + ε)
 * ```
 * @module */
import * as tf from "../tf.ts";
import { fusedRmsProp, fusedSgd, stepScalar, type Update } from "../backend/fused_update.ts";
import { Optimizer } from "./optimizer.ts";

/** Hyperparameters of {@linkcode Sgd}. */
export interface SgdSettings {
  /** Learning rate α. */
  learningRate: number;
}

/** Stochastic gradient descent, without momentum. */
export class Sgd extends Optimizer {
  constructor(settings: SgdSettings, variables: tf.Variable[]) {
    super(settings.learningRate, variables, []);
  }

  protected override step(): Update {
    const rate = stepScalar(() => (this.steps++, this.learningRate));
    return fusedSgd(rate) ?? (({ variable }, gradient) => variable.assign(tf.sub(variable, tf.mul(rate, gradient))));
  }
}

/** Hyperparameters of {@linkcode RmsProp}. */
export interface RmsPropSettings {
  /** Learning rate α. Wasserstein GAN: 0.00005. */
  learningRate: number;
  /** ρ, decay rate of the running mean of the squared gradients. Default 0.9. */
  decay?: number;
  /** ε, added under the square root to prevent division by zero. Default 1e-8. */
  epsilon?: number;
}

/** The RMSProp optimizer. Each variable has two slot variables: s, the running mean of the squared gradients, and a momentum that
 * only TensorFlow's fused op uses. */
export class RmsProp extends Optimizer {
  /** ρ. */
  readonly decay: number;
  /** ε. */
  readonly epsilon: number;

  constructor(settings: RmsPropSettings, variables: tf.Variable[]) {
    super(settings.learningRate, variables, ["s", "momentum"]);
    ({ decay: this.decay = 0.9, epsilon: this.epsilon = 1e-8 } = settings);
  }

  protected override step(): Update {
    const rate = stepScalar(() => (this.steps++, this.learningRate));
    return fusedRmsProp(this.decay, this.epsilon, rate) ?? (({ variable, memories }, gradient) => {
      const [s] = memories as [tf.Variable, tf.Variable];
      s.assign(tf.add(tf.mul(s, this.decay), tf.mul(tf.square(gradient), 1 - this.decay)));
      variable.assign(tf.sub(variable, tf.mul(rate, tf.div(gradient, tf.sqrt(tf.add(s, this.epsilon))))));
    });
  }
}
