/** The least squares loss (Mao et al., 2017, arXiv:1611.04076, equation 9), which CycleGAN also uses (arXiv:1703.10593, section
 * 4).
 *
 * ```text
 * min_D ½ E[(D(x) − 1)²] + ½ E[D(G(z))²]        min_G ½ E[(D(G(z)) − 1)²]        (9)
 * ```
 *
 * In the code, D(x) is `realLogits` and D(G(z)) is `fakeLogits`, both without a sigmoid. The labels of equation 2 in the paper
 * are a = 0 (fake images), b = 1 (real images) and c = 1 (G's target).
 *
 * Departure from the paper: both factors ½ are omitted by default, as in CycleGAN. The option `halved` restores the factor in D's
 * objective. The factor in G's objective can be absorbed into the weights of other terms.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.5)
 * @module */
import * as tf from "../tf.ts";
import { type AdversarialLoss, adversarialLoss } from "./adversarial.ts";

/** Least squares loss: D's targets are 1 and 0, so that a generated image far from the decision boundary gives G a gradient
 * even if the image is on the correct side. Both objectives are ≥ 0. */
export const leastSquares: AdversarialLoss = adversarialLoss({
  real: (s, smoothing) => tf.square(tf.sub(s, 1 - smoothing)),
  fake: (s) => tf.square(s),
  generator: (s) => tf.mean(tf.square(tf.sub(s, 1))),
});
