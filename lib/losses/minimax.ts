/** The minimax loss of the original GAN: Goodfellow et al. (2014), arXiv:1406.2661, Eq. 1 and Algorithm 1.
 *
 *     min_G max_D V(D, G) = E[log D(x)] + E[log(1 − D(G(z)))]                      (1)
 *
 * Symbols: D(x) = σ(realLogits), D(G(z)) = σ(fakeLogits), V(D, G) → `value`, −V(D, G) → `discriminator`, J(D) = −½ V(D, G) →
 * `discriminator` with `halved`; the term of V that depends on G, E[log(1 − D(G(z)))] → `generator`.
 *
 * In logits, with σ(s) = 1 / (1 + e⁻ˢ) and softplus(s) = log(1 + eˢ):
 *
 *     log σ(s)       = −log(1 + e⁻ˢ) = −softplus(−s)
 *     log(1 − σ(s))  = log(e⁻ˢ / (1 + e⁻ˢ)) = −log(eˢ + 1) = −softplus(s)
 *
 * Neither form takes the logarithm of a number that rounds to 0. At s = −100, the first form is −100 with slope 1; in float32,
 * log(sigmoid(s)) has slope ∞ there, and is −∞ at s = −110.
 *
 * Departure from Eq. 1: the discriminator minimises −V, with optional label smoothing.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.3)
 * @module */
import * as tf from "../tf.ts";
import { type AdversarialLoss, adversarialLoss, type AdversarialTerms, type Logits } from "./adversarial.ts";

/** The minimax family: an {@linkcode AdversarialLoss} together with the value function of the game. */
export interface MinimaxLoss extends AdversarialLoss {
  /** V(D, G), Eq. 1, which D maximises and G minimises. At the equilibrium, where D = ½ everywhere, it is −log 4. Takes the same
   * logits as `discriminator`, and throws the same errors.
   * @returns scalar, ≤ 0. */
  value<T extends Logits>(realLogits: T, fakeLogits: T): tf.Scalar;
}

/** The discriminator's terms: the cross-entropies with the labels real and fake. */
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

/** Minimax loss: G minimises E[log(1 − D(G(z)))]. It saturates: where D is confident that an image is fake, G's gradient is near
 * 0. `generator` is ≤ 0 and `discriminator` is ≥ 0. */
export const minimax: MinimaxLoss = {
  ...loss,
  value: (realLogits, fakeLogits) => tf.tidy(() => tf.neg(loss.discriminator(realLogits, fakeLogits))),
};
