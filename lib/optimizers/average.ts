/** Exponential moving average of a network's weights. During GAN training, the weights oscillate around a point at which the
 * network often generates better images (Yazıcı et al. 2019, arXiv:1806.04498, Eq. 7; Karras et al. 2018, arXiv:1710.10196, Sec.
 * 6).
 *
 * ```text
 * θ̄ ← β θ̄ + (1 − β) θ
 * ```
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.3)
 * @module */
import * as tf from "../tf.ts";
import { eachCall } from "../backend/compile.ts";

/** Returns the decay β for a step. β starts low, so that the initial weights quickly lose influence, as in TensorFlow's
 * `ExponentialMovingAverage` with `num_updates`.
 * @param decay The final value of β.
 * @param steps The number of steps taken so far. */
export function decayAt(decay: number, steps: number): number {
  return Math.min(decay, (1 + steps) / (10 + steps));
}

/** Updates the averages of the weights and of batch norm's running statistics. This function can be called in a compiled training
 * step.
 * @param average The network that holds the averages; initially a copy of `network`.
 * @param decayNow A function that returns β, in [0, 1), for the current step; see {@linkcode decayAt}. With β = 0.999, the
 * average covers about 1000 steps. */
export function followWeights(average: tf.LayersModel, network: tf.LayersModel, decayNow: () => number): void {
  tf.tidy(() => {
    const decay = eachCall([], "float32", () => [decayNow()]);
    const rest = tf.sub(1, decay);
    for (const [i, weight] of average.weights.entries()) {
      weight.write(tf.add(tf.mul(weight.read(), decay), tf.mul(network.weights[i]!.read(), rest)));
    }
  });
}
