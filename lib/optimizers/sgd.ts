/** Stochastic gradient descent: θ ← θ − α g, as in Algorithm 1 of the first GAN paper (Goodfellow et al. 2014, arXiv:1406.2661).
 * @module */
import * as tf from "../tf.ts";
import { eachCall } from "../backend/each_call.ts";
import { activeTensorflow, FLOAT } from "../backend/tensorflow/active.ts";
import { attribute } from "../backend/tensorflow/attributes.ts";
import { updateVariables } from "../backend/tensorflow/variables.ts";
import { Optimizer, type Slot } from "./optimizer.ts";

/** How to step. */
export interface SgdSettings {
  /** α. */
  learningRate: number;
}

/** The optimizer. It remembers nothing. */
export class Sgd extends Optimizer {
  /** Takes the weights to move. */
  constructor(settings: SgdSettings, variables: tf.Variable[]) {
    super(settings.learningRate, variables, []);
  }

  /** The learning rate, and what is done with it. */
  protected override step(): (slot: Slot, gradient: tf.Tensor) => void {
    const rate = eachCall([], "float32", () => (this.steps++, [this.learningRate]));
    const attributes = [FLOAT, attribute.bool("use_locking", false)];
    return ({ variable }, gradient) =>
      activeTensorflow()
        ? updateVariables("ResourceApplyGradientDescent", attributes, [variable], [rate, gradient])
        : variable.assign(tf.sub(variable, tf.mul(rate, gradient)));
  }
}
