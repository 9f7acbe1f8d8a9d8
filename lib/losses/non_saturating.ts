/** The non-saturating loss (Goodfellow et al., 2014, arXiv:1406.2661, end of section 3), which pix2pix also uses
 * (arXiv:1611.07004).
 *
 * G maximizes E[log D(G(z))] instead of minimizing E[log(1 − D(G(z)))]. D's objective is unchanged.
 *
 * In the code, D(x) = σ(realLogits) and D(G(z)) = σ(fakeLogits).
 *
 * For a logit s, the loss is −log σ(s) = softplus(−s), as derived in minimax.ts. Its slope, −σ(−s) = −(1 − D(G(z))), is near −1
 * where D is confident that an image is fake, so G learns most from such images. For these images, the slope of the minimax loss,
 * −D(G(z)), is near 0.
 *
 * Departure from Goodfellow's tutorial, where J(G) = −½ E[log D(G(z))] (arXiv:1701.00160, section 3.2.3): the factor ½ is
 * omitted, as in pix2pix. In pix2pix, the factor would change the balance with the L1 term.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.7)
 * @module */
import * as tf from "../tf.ts";
import { type AdversarialLoss, adversarialLoss } from "./adversarial.ts";
import { labelTerms } from "./minimax.ts";

/** Non-saturating loss: G minimizes −E[log D(G(z))], which is ≥ 0. The discriminator's objective is that of `minimax`; the option
 * `halved` corresponds to pix2pix's "we divide the objective by 2 while optimizing D". */
export const nonSaturating: AdversarialLoss = adversarialLoss({
  ...labelTerms,
  generator: (s) => tf.mean(tf.softplus(tf.neg(s))),
});
