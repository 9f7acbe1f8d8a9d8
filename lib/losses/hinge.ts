/** The hinge loss (Lim and Ye, 2017, arXiv:1705.02894), in the form given in arXiv:1802.05957 (Miyato et al., 2018, equations 16
 * and 17).
 *
 * ```text
 * V_D = E[min(0, −1 + D(x))] + E[min(0, −1 − D(G(z)))]                          (16)
 * V_G = −E[D(G(z))]                                                            (17)
 * ```
 *
 * In the code, D(x) is `realLogits` and D(G(z)) is `fakeLogits`, both without a sigmoid. `discriminator` computes −V_D, and
 * `generator` computes V_G.
 *
 * For real logits s, −min(0, −1 + s) = relu(1 − s); for fake logits s, −min(0, −1 − s) = relu(1 + s). At the kink of relu, tfjs's
 * gradient is 0.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.6)
 * @module */
import * as tf from "../tf.ts";
import { type AdversarialLoss, adversarialLoss } from "./adversarial.ts";

/** Hinge loss: D learns only from images that it does not classify correctly with a margin of 1. `discriminator` is ≥ 0. */
export const hinge: AdversarialLoss = adversarialLoss({
  real: (s) => tf.relu(tf.sub(1, s)),
  fake: (s) => tf.relu(tf.add(1, s)),
  generator: (s) => tf.neg(tf.mean(s)),
  unlabelled: "hinge",
});
