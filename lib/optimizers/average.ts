/** The moving average of a network's weights. The two players circle around each other, and so do their weights: the middle of the circle
 * often makes the better pictures (Yazıcı et al. 2019, arXiv:1806.04498, Eq. 7; Karras et al. 2018, arXiv:1710.10196, Sec. 6).
 *
 *     θ̄ ← β θ̄ + (1 − β) θ
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.3)
 * @module */
import * as tf from "../tf.ts";
import { eachCall } from "../backend/compile.ts";

/** β of a step: at first less than asked for, lest the initial weights stay in the average for long. As in TensorFlow's
 * `ExponentialMovingAverage` with `num_updates`.
 * @param decay β in the long run.
 * @param steps taken so far. */
export function decayAt(decay: number, steps: number): number {
  return Math.min(decay, (1 + steps) / (10 + steps));
}

/** Moves the average towards the network by one step, batch norm's statistics too. May be part of a compiled step.
 * @param average of the same architecture; it starts with the network's own weights.
 * @param decayNow gives β, in [0, 1), at each call: see {@linkcode decayAt}. 0.999 remembers about 1000 steps. */
export function followWeights(average: tf.LayersModel, network: tf.LayersModel, decayNow: () => number): void {
  tf.tidy(() => {
    const decay = eachCall([], "float32", () => [decayNow()]);
    const rest = tf.sub(1, decay);
    for (const [i, weight] of average.weights.entries()) {
      weight.write(tf.add(tf.mul(weight.read(), decay), tf.mul(network.weights[i]!.read(), rest)));
    }
  });
}
