/** One training step of pix2pix (Isola et al. 2017, arXiv:1611.07004, Eq. 1 to 4 and Sec. 3.3).
 *
 * | paper | here |
 * |---|---|
 * | x, y, G(x, z) | `input`, `target`, `fake`; the noise z comes from dropout in G |
 * | L_cGAN(G, D), equation 1 | `nonSaturating` on D's logits, "rather than minimizing log(1 − D(x, G(x, z)))" (section 3.3) |
 * | L_GAN(G, D), equation 2 | the same with a discriminator that does not see x: `conditional: false` |
 * | L_L1(G), equation 3 | `l1` |
 * | G* = arg min max L_cGAN(G, D) + λ L_L1(G), equation 4 | {@linkcode pix2pixStep} |
 *
 * Taught in: notebooks/07_pix2pix.ipynb, Eq. (7.5), and notebooks/05_from_picture_to_picture.ipynb, Eq. (5.5)
 * @module */
import { withoutTape } from "../backend/tape.ts";
import { l1, l2 } from "../losses/distance.ts";
import { nonSaturating } from "../losses/non_saturating.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Game } from "../plot/game.ts";
import * as tf from "../tf.ts";
import { discriminatorLogits, TRAINING } from "./step.ts";

/** Networks, optimizers and loss settings for a step. The optional settings default to the values in the paper. */
export interface Pix2PixParts {
  /** G. */
  generator: tf.LayersModel;
  /** D. */
  discriminator: tf.LayersModel;
  /** Updates G. */
  generatorOptimizer: Optimizer;
  /** Updates D. */
  discriminatorOptimizer: Optimizer;
  /** λ, weight of the reconstruction loss. */
  lambda: number;
  /** Reconstruction loss. Default "l1". */
  reconstruction?: "l1" | "l2" | "none";
  /** Whether to use the adversarial loss; without it, D is not updated. Default true. */
  adversarial?: boolean;
  /** Order of the updates. Default "alternating". */
  updates?: "alternating" | "simultaneous";
}

/** Losses of a step, as scalars. */
export type Pix2PixLosses = {
  /** Discriminator loss, ½ (mean −log D(x, y) + mean −log(1 − D(x, G(x)))): ln 2 at equilibrium, 0 for a perfect D. Absent if
   * `adversarial` is false. */
  discriminator?: tf.Scalar;
  /** Adversarial loss of the generator, mean −log D(x, G(x)): ln 2 at equilibrium, large for a perfect D. */
  adversarial?: tf.Scalar;
  /** L1 loss, mean |y − G(x)|, not yet weighted by λ; in [0, 2]. */
  l1?: tf.Scalar;
  /** L2 loss, mean (y − G(x))², not yet weighted by λ; in [0, 4]. */
  l2?: tf.Scalar;
};

const DISTANCES = { l1, l2 };

/** Computes the discriminator's loss on a real pair and a generated pair, and the gradients of the loss. The generated image is
 * treated as a constant. As in the paper, the loss is halved, so that the discriminator learns more slowly relative to the
 * generator (Sec. 3.3). */
export function discriminatorGradient(
  { discriminator, discriminatorOptimizer }: Pix2PixParts,
  input: tf.Tensor4D,
  target: tf.Tensor4D,
  fake: tf.Tensor4D,
): { value: tf.Scalar; grads: tf.NamedTensorMap } {
  return tf.variableGrads(() => {
    const realLogits = discriminatorLogits(discriminator, target, input);
    const fakeLogits = discriminatorLogits(discriminator, fake, input);
    return nonSaturating.discriminator(realLogits, fakeLogits, { halved: true });
  }, discriminatorOptimizer.variables);
}

/** Updates D once, on a real pair and a generated pair.
 * @returns D's loss before the update. */
export function discriminatorStep(parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D, fake: tf.Tensor4D): tf.Scalar {
  const { value, grads } = discriminatorGradient(parts, input, target, fake);
  parts.discriminatorOptimizer.apply(grads);
  tf.dispose(grads);
  return value;
}

/** Updates D once, and then G once against the updated D (Sec. 3.3). Both updates use the same forward pass of G.
 * @param input Input images x, `[batch, height, width, channels]` in [-1, 1].
 * @param target Target images y, `[batch, height, width, channels]` in [-1, 1]. */
export function pix2pixStep(
  parts: Pix2PixParts & { adversarial?: true; reconstruction?: "l1" },
  input: tf.Tensor4D,
  target: tf.Tensor4D,
): Record<"discriminator" | "adversarial" | "l1", tf.Scalar>;
/** Performs a pix2pix step without the adversarial loss, or with a different reconstruction loss. */
export function pix2pixStep(parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D): Pix2PixLosses;
export function pix2pixStep(parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D): Pix2PixLosses {
  const { generator, discriminator, lambda, reconstruction = "l1", adversarial = true, updates = "alternating" } = parts;
  return tf.tidy(() => {
    const losses: Pix2PixLosses = {};
    let delayed: tf.NamedTensorMap | undefined;
    const { grads } = tf.variableGrads(() => {
      const fake = generator.apply(input, { ...TRAINING }) as tf.Tensor4D;
      const terms: tf.Scalar[] = [];
      if (adversarial) {
        const { value, grads } = withoutTape(() => discriminatorGradient(parts, input, target, fake));
        losses.discriminator = tf.keep(value);
        if (updates === "alternating") parts.discriminatorOptimizer.apply(grads);
        else delayed = Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [name, tf.keep(gradient)]));
        losses.adversarial = tf.keep(nonSaturating.generator(discriminatorLogits(discriminator, fake, input)));
        terms.push(losses.adversarial);
      }
      if (reconstruction !== "none") {
        const distance = losses[reconstruction] = tf.keep(DISTANCES[reconstruction](target, fake));
        terms.push(tf.mul(distance, lambda));
      }
      return terms.reduce((sum, term) => tf.add(sum, term));
    }, parts.generatorOptimizer.variables);
    if (delayed) parts.discriminatorOptimizer.apply(delayed);
    tf.dispose(delayed ?? []);
    parts.generatorOptimizer.apply(grads);
    return losses;
  });
}

/** Describes {@linkcode pix2pixStep} for `plot.game`. */
export function pix2pixGame(
  settings: Required<Pick<Pix2PixParts, "adversarial" | "reconstruction" | "lambda">> & { conditional: boolean },
): Game {
  const { conditional, adversarial, reconstruction, lambda } = settings;
  const judged = (image: string) => conditional ? `D(x, ${image})` : `D(${image})`;
  const discriminator = { trains: ["D"], losses: { discriminator: [judged("y"), judged("G(x)")] } };
  const losses = {
    ...adversarial && { adversarial: [judged("G(x)")] },
    ...reconstruction !== "none" && { [reconstruction]: ["y", "G(x)"] },
  };
  return {
    title: "pix2pix",
    given: { x: "input", y: "target" },
    networks: { G: "generator", ...adversarial && { D: "discriminator" } },
    updates: [...adversarial ? [discriminator] : [], { trains: ["G"], losses }],
    notes: { discriminator: "log loss", adversarial: "non-saturating", [reconstruction]: `× ${lambda}` },
  };
}
