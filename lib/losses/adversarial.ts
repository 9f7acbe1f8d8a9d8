/** Interface of the adversarial losses: one objective for the discriminator and one for the generator.
 *
 * `realLogits` is D(x) and `fakeLogits` is D(G(z)), both before the final sigmoid. The hinge, Wasserstein and least squares
 * losses use no sigmoid: the critic's output is used directly. Real images have the label 1, and fake images have the label 0.
 *
 * All families follow the same conventions.
 * - Means are taken over all elements: over the images and, for a patch discriminator, also over the patches.
 * - Both objectives are minimized. Where a paper maximizes a value V(D, G) over D, the discriminator minimizes −V(D, G) here.
 * - The discriminator's objective is the sum of two means, one over real and one over fake logits. Goodfellow's tutorial halves
 *   this sum: J(D) = −½ V(D, G) (2016, arXiv:1701.00160, section 3.2.1). pix2pix (arXiv:1611.07004, section 3.3) and CycleGAN
 *   (arXiv:1703.10593, section 7.1) also halve the discriminator's objective. The option `halved` applies the factor ½; it is off
 *   by default.
 * @module */
import * as tf from "../tf.ts";

/** Output of a discriminator: a real-valued score per image, `[batch, 1]`, or per patch, `[batch, height, width, 1]`. */
export type Logits = tf.Tensor2D | tf.Tensor4D;

/** Options for the discriminator's objective. */
export interface DiscriminatorOptions {
  /** Whether to halve the objective, that is, to minimize J(D) = −½ V(D, G) instead of −V(D, G). Default false. Halving affects
   * Adam only through its epsilon, but halves the steps of plain gradient descent. */
  halved?: boolean;
  /** Amount in [0, 1) by which the target label for real images is lowered from 1. Default 0; a value of 0.1 is used in
   * arXiv:1606.03498 (Salimans et al., 2016, section 3.4). Smoothing is one-sided: the target for fake images stays 0. If the
   * target for fake images were above 0, generated images far from the real images would have no incentive to move closer. Only
   * the families with target labels support smoothing: minimax, non-saturating and least squares. */
  labelSmoothing?: number;
}

/** A family of adversarial losses. */
export interface AdversarialLoss {
  /** Objective that the discriminator minimizes.
   * @param realLogits D's output for real images.
   * @param fakeLogits D's output for generated images, of the same shape except for the batch size, which may differ.
   * @returns Scalar, the mean over the real logits plus the mean over the fake logits.
   * @throws {TypeError} If a tensor's rank is not 2 or 4, or the two ranks differ.
   * @throws {RangeError} If a dimension is invalid, a batch is empty, or the family does not support an option. */
  discriminator<T extends Logits>(realLogits: T, fakeLogits: T, options?: DiscriminatorOptions): tf.Scalar;
  /** Objective that the generator minimizes: a mean over D's output for generated images. Throws like `discriminator`. */
  generator<T extends Logits>(fakeLogits: T): tf.Scalar;
}

/** Terms that define a family of losses, as functions of a tensor of logits s. */
export interface AdversarialTerms {
  /** D's objective for each real logit, before averaging. The target label is `1 - labelSmoothing`. */
  real: (s: tf.Tensor, labelSmoothing: number) => tf.Tensor;
  /** D's objective for each fake logit, before averaging. */
  fake: (s: tf.Tensor) => tf.Tensor;
  /** G's objective, averaged over the fake logits. */
  generator: (s: tf.Tensor) => tf.Tensor;
  /** Name of the family, set only for families without target labels, which reject label smoothing. */
  unlabelled?: string;
}

/** Creates a family of adversarial losses from its terms. */
export function adversarialLoss({ real, fake, generator, unlabelled }: AdversarialTerms): AdversarialLoss {
  return {
    discriminator(realLogits, fakeLogits, options = {}) {
      checkPair(realLogits, fakeLogits);
      const smoothing = smoothingOf(options, unlabelled);
      return tf.tidy(() => {
        const sum = tf.add<tf.Scalar>(tf.mean(real(realLogits, smoothing)), tf.mean(fake(fakeLogits)));
        return options.halved ? tf.mul<tf.Scalar>(sum, 0.5) : sum;
      });
    },
    generator(fakeLogits) {
      checkLogits("fakeLogits", fakeLogits);
      return tf.tidy(() => generator(fakeLogits) as tf.Scalar);
    },
  };
}

/** Checks that a tensor has the shape of logits, to catch images passed by mistake. */
function checkLogits(name: string, { rank, shape, size }: Logits): void {
  const problem = `Cannot compute an adversarial loss: ${name} must be [batch, 1] or [batch, height, width, 1], got [${shape}]`;
  const cure = "pass the discriminator's output, before any sigmoid";
  if (rank !== 2 && rank !== 4) throw new TypeError(`${problem} of rank ${rank as number}; ${cure}`);
  if (shape.at(-1) !== 1) throw new RangeError(`${problem}; ${cure}`);
  if (size === 0) {
    throw new RangeError(`Cannot compute an adversarial loss: ${name} is empty, got [${shape}]; skip empty batches`);
  }
}

/** Checks that two tensors have the shape of logits and differ at most in the batch size. */
function checkPair(realLogits: Logits, fakeLogits: Logits): void {
  checkLogits("realLogits", realLogits);
  checkLogits("fakeLogits", fakeLogits);
  const got = `got [${realLogits.shape}] and [${fakeLogits.shape}]; apply one discriminator to images of one size`;
  const fail = "Cannot compute an adversarial loss";
  if (realLogits.rank !== fakeLogits.rank) throw new TypeError(`${fail}: real and fake logits must have the same rank, ${got}`);
  const differs = realLogits.shape.some((dim, i) => i > 0 && dim !== fakeLogits.shape[i]);
  if (differs) throw new RangeError(`${fail}: real and fake logits may differ only in the batch size, ${got}`);
}

/** Returns the amount of label smoothing that the options specify.
 * @throws {RangeError} If the value is not in [0, 1), or if it is greater than 0 and the family has no labels. */
function smoothingOf({ labelSmoothing = 0 }: DiscriminatorOptions, unlabelled?: string): number {
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new RangeError(`Cannot smooth the labels: labelSmoothing must be a number in [0, 1), got ${labelSmoothing}; use 0.1`);
  }
  if (labelSmoothing === 0 || unlabelled === undefined) return labelSmoothing;
  throw new RangeError(
    `Cannot smooth the labels of the ${unlabelled} loss: it has no labels, got labelSmoothing ${labelSmoothing}; omit the option`,
  );
}
