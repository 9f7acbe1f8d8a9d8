/** The Wasserstein loss (Arjovsky et al., 2017, arXiv:1701.07875, equation 2 and Algorithm 1).
 *
 * ```text
 * W(p_data, p_g) = max over 1-Lipschitz D of E[D(x)] − E[D(G(z))]               (2)
 * ```
 *
 * In the code, D(x), which is f(x) in the paper, is `realLogits` and D(G(z)) is `fakeLogits`, both without a sigmoid.
 * `discriminator` computes −(E[D(x)] − E[D(G(z))]).
 *
 * The loss itself does not make D 1-Lipschitz. Without weight clipping (Algorithm 1) or a {@linkcode gradientPenalty}, the loss
 * is unbounded below. With one of these constraints, the negative of `discriminator` estimates the Wasserstein distance, so the
 * loss curve shows progress.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.10)
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
