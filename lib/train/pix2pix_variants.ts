/** One training step of what pix2pix is compared with: without its adversarial loss, without its L1, or with L2 in its place (Isola et al. 2017,
 * arXiv:1611.07004, Sec. 3.1 and Table 1); and with both networks moved at once (see `updates` of the settings).
 *
 *     G* = arg min max [L_cGAN(G, D)] + [λ L_L1(G) or λ L_L2(G)]                     (4), each bracket there or not
 *
 * With an unconditional discriminator L_cGAN is L_GAN, Eq. 2. The paper's own step, with both brackets, is pix2pix_step.ts.
 *
 * Taught in: notebooks/05_from_picture_to_picture.ipynb, Eq. (5.5)
 * @module */
import * as tf from "../tf.ts";
import { withoutTape } from "../backend/tape.ts";
import { l1, l2 } from "../losses/distance.ts";
import { nonSaturating } from "../losses/non_saturating.ts";
import { judge, TRAINING } from "./judge.ts";
import type { Reconstruction, Updates } from "./pix2pix_settings.ts";
import { discriminatorGradient, type Pix2PixLosses, type Pix2PixParts } from "./pix2pix_step.ts";

/** What a step works on. */
export interface VariantParts extends Pix2PixParts {
  /** What λ is the weight of. */
  reconstruction: Reconstruction;
  /** Whether there is an adversarial loss. Without it D stays as it is. */
  adversarial: boolean;
  /** Whether G is judged by D as it was before the step or by the updated one. */
  updates: Updates;
}

/** The losses of a step, those that there are. */
export type VariantLosses = Partial<Pix2PixLosses> & {
  /** mean (y − G(x))², before λ; in [0, 4]. */
  l2?: tf.Scalar;
};

const DISTANCES = { l1, l2 };

/** What G makes small, with D's step on the way.
 * @param losses is given the parts.
 * @param later is given D's gradient if it is not to be applied yet. */
function generatorLoss(
  parts: VariantParts,
  { input, target, fake }: Record<"input" | "target" | "fake", tf.Tensor4D>,
  losses: VariantLosses,
  later: tf.NamedTensorMap,
): tf.Scalar {
  const { discriminator, discriminatorOptimizer, lambda, reconstruction, adversarial, updates } = parts;
  const terms: tf.Scalar[] = [];
  if (adversarial) {
    const { value, grads } = withoutTape(() => discriminatorGradient(parts, input, target, fake));
    losses.discriminator = tf.keep(value);
    if (updates === "alternating") discriminatorOptimizer.apply(grads);
    else for (const [name, gradient] of Object.entries(grads)) later[name] = tf.keep(gradient);
    // The graph of a compiled simultaneous step has this judgement once: it is the one above, on the same picture and weights.
    losses.adversarial = tf.keep(nonSaturating.generator(judge(discriminator, fake, input)));
    terms.push(losses.adversarial);
  }
  if (reconstruction !== "none") {
    const distance = losses[reconstruction] = tf.keep(DISTANCES[reconstruction](target, fake));
    terms.push(tf.mul(distance, lambda));
  }
  return terms.reduce((sum, term) => tf.add(sum, term));
}

/** One step of D, if there is an adversarial loss, and one of G. With L1, an adversarial loss and alternating updates it is `pix2pixStep`.
 * @param input x, `[batch, height, width, channels]` in [-1, 1].
 * @param target y, likewise. */
export function variantStep(parts: VariantParts, input: tf.Tensor4D, target: tf.Tensor4D): VariantLosses {
  const { generator, generatorOptimizer, discriminatorOptimizer } = parts;
  return tf.tidy(() => {
    const losses: VariantLosses = {};
    const later: tf.NamedTensorMap = {};
    const { grads } = tf.variableGrads(() => {
      const fake = generator.apply(input, { ...TRAINING }) as tf.Tensor4D;
      return generatorLoss(parts, { input, target, fake }, losses, later);
    }, generatorOptimizer.variables);
    if (Object.keys(later).length > 0) discriminatorOptimizer.apply(later);
    tf.dispose(later); // kept from the gradient's own tidy
    generatorOptimizer.apply(grads);
    return losses;
  });
}
