/** The Wasserstein loss: Arjovsky et al. (2017), arXiv:1701.07875, Eq. 2 and Algorithm 1.
 *
 *     W(p_data, p_g) = max over 1-Lipschitz D of E[D(x)] − E[D(G(z))]               (2)
 *
 * Symbols: D(x) (the paper's f(x)) → `realLogits`; D(G(z)) → `fakeLogits`, both without a sigmoid; −(E[D(x)] − E[D(G(z))]) →
 * `discriminator`.
 *
 * The loss itself does not make D 1-Lipschitz: without weight clipping (Algorithm 1) or a {@linkcode gradientPenalty}, it is
 * unbounded below. With such a constraint, −`discriminator` estimates the distance, so the loss curve measures progress.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.7)
 * @module */
import * as tf from "../tf.ts";
import { type AdversarialLoss, adversarialLoss } from "./adversarial.ts";

/** Wasserstein loss: E[D(G(z))] − E[D(x)] for the critic and −E[D(G(z))] for G; both are unbounded. */
export const wasserstein: AdversarialLoss = adversarialLoss({
  real: (s) => tf.neg(s),
  fake: (s) => s,
  generator: (s) => tf.neg(tf.mean(s)),
  unlabelled: "Wasserstein",
});
