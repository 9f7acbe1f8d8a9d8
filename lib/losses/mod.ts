/** Loss functions: pure functions of logits or images, one family per file.
 *
 * ```ts
 * import * as tf from "../tf.ts";
 * import { nonSaturating } from "./mod.ts";
 *
 * const real = tf.tensor2d([[2], [1]]); // D's output for two real images, before the sigmoid
 * const fake = tf.tensor2d([[-1], [0]]);
 * nonSaturating.discriminator(real, fake, { halved: true }).print(); // 0.3617
 * nonSaturating.generator(fake).print(); // 1.0032
 * ```
 * @module */
export type { AdversarialLoss, DiscriminatorOptions, Logits } from "./adversarial.ts";
export { minimax, type MinimaxLoss } from "./minimax.ts";
export { nonSaturating } from "./non_saturating.ts";
export { leastSquares } from "./least_squares.ts";
export { hinge } from "./hinge.ts";
export { wasserstein } from "./wasserstein.ts";
export { gradientPenalty, gradientPenaltyWeight } from "./gradient_penalty.ts";
export { crossEntropy } from "./cross_entropy.ts";
export { klDivergence } from "./kl_divergence.ts";
export { l1, l2 } from "./distance.ts";
export { cycle, type CycleImages, identity, type IdentityImages } from "./cycle.ts";
