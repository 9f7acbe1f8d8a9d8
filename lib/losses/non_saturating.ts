/** The non-saturating loss: Goodfellow et al. (2014), arXiv:1406.2661, end of Sec. 3; used by pix2pix (arXiv:1611.07004).
 *
 *     G maximises E[log D(G(z))] instead of minimising E[log(1 − D(G(z)))]; D's objective is unchanged
 *
 * Symbols: D(x) = σ(realLogits), D(G(z)) = σ(fakeLogits).
 *
 * In terms of logits, the loss is −log σ(s) = softplus(−s) (derived in minimax.ts). Its slope is −σ(−s) = −(1 − D(G(z))): near −1
 * where D is confident that an image is fake, so that G learns most there. The minimax loss's slope, −D(G(z)), is near 0 there.
 *
 * Departure from the papers: Goodfellow's tutorial (arXiv:1701.00160, Sec. 3.2.3) has J(G) = −½ E[log D(G(z))]. The factor ½ is
 * omitted, as in pix2pix, where it would change the balance with the L1 term.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.7)
 * @module */
import * as tf from "../tf.ts";
import { type AdversarialLoss, adversarialLoss } from "./adversarial.ts";
import { labelTerms } from "./minimax.ts";

/** Non-saturating loss: G minimises −E[log D(G(z))], which is ≥ 0. The discriminator's objective is that of `minimax`; the
 * option `halved` corresponds to pix2pix's "we divide the objective by 2 while optimizing D". */
export const nonSaturating: AdversarialLoss = adversarialLoss({
  ...labelTerms,
  generator: (s) => tf.mean(tf.softplus(tf.neg(s))),
});
