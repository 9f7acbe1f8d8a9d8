/** The least squares loss: Mao et al. (2017), arXiv:1611.04076, Eq. 9; what CycleGAN trains with (arXiv:1703.10593, Sec. 4).
 *
 *     min_D ½ E[(D(x) − 1)²] + ½ E[D(G(z))²]        min_G ½ E[(D(G(z)) − 1)²]        (9)
 *
 * Symbols: D(x) → `realLogits`, D(G(z)) → `fakeLogits`, both without a sigmoid; the labels a, b, c of Eq. 2 are 0 for fake, 1 for
 * real, 1 for what G wants.
 *
 * Departure: neither ½ is in the default, as in CycleGAN. D's is the option `halved`; G's scales one whole objective and, where
 * others are added to it, belongs to the weights between them.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.5)
 * @module */
import * as tf from "../tf.ts";
import type { AdversarialLoss, DiscriminatorOptions, Logits } from "./adversarial.ts";
import { checkLogits, checkPair, smoothingOf, sumOfMeans } from "./_logits.ts";

function discriminator<T extends Logits>(realLogits: T, fakeLogits: T, options: DiscriminatorOptions = {}): tf.Scalar {
  checkPair(realLogits, fakeLogits);
  const target = 1 - smoothingOf(options);
  return tf.tidy(() => sumOfMeans(tf.square(tf.sub(realLogits, target)), tf.square(fakeLogits as tf.Tensor), options));
}

function generator<T extends Logits>(fakeLogits: T): tf.Scalar {
  checkLogits("fakeLogits", fakeLogits);
  return tf.tidy(() => tf.mean<tf.Scalar>(tf.square(tf.sub(fakeLogits, 1))));
}

/** Least squares: verdicts are drawn to 1 and 0, and a picture on the right side of the border but far from it still moves G.
 * Both are ≥ 0. */
export const leastSquares: AdversarialLoss = { discriminator, generator };
