/** The minimax loss of the original GAN (Goodfellow et al., 2014, arXiv:1406.2661, equation 1 and Algorithm 1).
 *
 * ```text
 * min_G max_D V(D, G) = E[log D(x)] + E[log(1 − D(G(z)))]                      (1)
 * ```
 *
 * In the code, D(x) = σ(realLogits) and D(G(z)) = σ(fakeLogits). `value` computes V(D, G). `discriminator` computes −V(D, G) or,
 * with the option `halved`, J(D) = −½ V(D, G). `generator` computes E[log(1 − D(G(z)))], the term of V(D, G) that depends on G.
 *
 * The logarithms are computed from the logits s, with σ(s) = 1 / (1 + e⁻ˢ) and softplus(s) = log(1 + eˢ).
 *
 * ```text
 * log σ(s)       = −log(1 + e⁻ˢ) = −softplus(−s)
 * log(1 − σ(s))  = log(e⁻ˢ / (1 + e⁻ˢ)) = −log(eˢ + 1) = −softplus(s)
 * ```
 *
 * The expressions with softplus avoid taking the logarithm of a number that rounds to 0. At s = −100, −softplus(−s) is −100 and
 * has a slope of 1. In float32, log(sigmoid(s)) has an infinite slope at s = −100 and is −∞ at s = −110.
 *
 * Departure from the paper: the discriminator minimizes −V, with optional label smoothing.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.3)
 * @module */
import * as tf from "../tf.ts";
import { type AdversarialLoss, adversarialLoss, type AdversarialTerms, type Logits } from "./adversarial.ts";

/** The minimax family: an {@linkcode AdversarialLoss} together with the value function of the game. */
export interface MinimaxLoss extends AdversarialLoss {
  /** Computes V(D, G) (equation 1), which D maximizes and G minimizes. At the equilibrium, where D = ½ everywhere, the value is
   * −log 4. Takes the same logits as `discriminator`, and throws the same errors.
   * @returns Scalar, ≤ 0. */
  value<T extends Logits>(realLogits: T, fakeLogits: T): tf.Scalar;
}

/** The discriminator's terms: the cross-entropies with the labels of real and fake images. */
export const labelTerms: Pick<AdversarialTerms, "real" | "fake"> = {
  // With the target t = 1 − smoothing, the cross-entropy of a real image is
  //     −t log σ(s) − (1 − t) log(1 − σ(s)) = t softplus(−s) + (1 − t) softplus(s) = softplus(−s) + (1 − t) s,
  // since softplus(s) = softplus(−s) + s. The last form has one extra term, which is skipped if there is no smoothing.
  real: (s, smoothing) => {
    const unsmoothed = tf.softplus(tf.neg(s));
    return smoothing === 0 ? unsmoothed : tf.add(unsmoothed, tf.mul(s, smoothing));
  },
  fake: (s) => tf.softplus(s),
};

const loss = adversarialLoss({ ...labelTerms, generator: (s) => tf.neg(tf.mean(tf.softplus(s))) });

/** Minimax loss: G minimizes E[log(1 − D(G(z)))]. This loss saturates: where D is confident that an image is fake, G's gradient
 * is near 0. The value of `generator` is ≤ 0, and the value of `discriminator` is ≥ 0. */
export const minimax: MinimaxLoss = {
  ...loss,
  value: (realLogits, fakeLogits) => tf.tidy(() => tf.neg(loss.discriminator(realLogits, fakeLogits))),
};
