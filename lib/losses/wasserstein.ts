/** The Wasserstein loss: Arjovsky et al. (2017), arXiv:1701.07875, Eq. 2 and Algorithm 1.
 *
 *     W(p_data, p_g) = max over 1-Lipschitz D of E[D(x)] − E[D(G(z))]               (2)
 *
 * Symbols: D(x), the paper's critic f(x) → `realLogits`, D(G(z)) → `fakeLogits`, without a sigmoid; −(E[D(x)] − E[D(G(z))]) →
 * `discriminator`.
 *
 * The loss says nothing about "1-Lipschitz": without weight clipping (Algorithm 1) or a {@linkcode gradientPenalty} D can make it
 * −∞. With it, minus `discriminator` estimates the distance, so this is a loss curve that means something.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.7)
 * @module */
import * as tf from "../tf.ts";
import type { AdversarialLoss, DiscriminatorOptions, Logits } from "./adversarial.ts";
import { checkLogits, checkPair, refuseSmoothing, sumOfMeans } from "./_logits.ts";

function discriminator<T extends Logits>(realLogits: T, fakeLogits: T, options: DiscriminatorOptions = {}): tf.Scalar {
  checkPair(realLogits, fakeLogits);
  refuseSmoothing("Wasserstein", options);
  return tf.tidy(() => sumOfMeans(tf.neg(realLogits as tf.Tensor), fakeLogits, options));
}

function generator<T extends Logits>(fakeLogits: T): tf.Scalar {
  checkLogits("fakeLogits", fakeLogits);
  return tf.tidy(() => tf.neg(tf.mean<tf.Scalar>(fakeLogits)));
}

/** Wasserstein: E[D(G(z))] − E[D(x)] for the critic, −E[D(G(z))] for G; both any number. */
export const wasserstein: AdversarialLoss = { discriminator, generator };
