/** The interface of the adversarial losses: an objective for the discriminator and one for the generator.
 *
 * Symbols: D(x) before its last sigmoid → `realLogits`, D(G(z)) before its last sigmoid → `fakeLogits`. A critic without a
 * sigmoid (hinge, Wasserstein, least squares) outputs the same two tensors. real = 1, fake = 0.
 *
 * Conventions, the same for all families:
 * - The mean is over all elements: over the images, and over the patches of a patch map.
 * - Both objectives are minimised: where the papers maximise a value V(D, G) over D, D minimises −V(D, G) here.
 * - The discriminator's objective is the sum of two means, one over real and one over fake logits. The papers' J(D) is half of
 *   it: J(D) = −½ E[log D(x)] − ½ E[log(1 − D(G(z)))] = −½ V(D, G) (Goodfellow 2016, arXiv:1701.00160, Sec. 3.2.1). pix2pix
 *   (arXiv:1611.07004, Sec. 3.3) and CycleGAN (arXiv:1703.10593, Sec. 7.1) halve it too. The option `halved` applies the ½; it is
 *   off by default.
 * @module */
import * as tf from "../tf.ts";

/** Output of a discriminator: a score per image, `[batch, 1]`, or per patch, `[batch, height, width, 1]`; any real number. */
export type Logits = tf.Tensor2D | tf.Tensor4D;

/** Options of the discriminator's objective. */
export interface DiscriminatorOptions {
  /** Whether to halve the objective: J(D) instead of −V(D, G). Default false. Adam takes the same steps either way (except for
   * its epsilon); the steps of plain gradient descent are half as long. */
  halved?: boolean;
  /** Amount by which the target for real images is below 1, in [0, 1). Default 0; Salimans et al. (2016), arXiv:1606.03498, Sec.
   * 3.4, use 0.1. One-sided: the target for fake images stays 0, since otherwise the optimal discriminator would reward generated
   * images for staying where they are. Only families with target labels support it: minimax, non-saturating, least squares. */
  labelSmoothing?: number;
}

/** A family of adversarial losses. */
export interface AdversarialLoss {
  /** Objective that the discriminator minimises.
   * @param realLogits D's output for real images.
   * @param fakeLogits D's output for generated images, of the same shape except for the batch: each mean is over its own batch.
   * @returns scalar, the sum of the mean over real and the mean over fake logits.
   * @throws {TypeError} if a rank is not 2 or 4, or the ranks differ.
   * @throws {RangeError} if another dimension is wrong, a batch is empty, or the family does not support an option. */
  discriminator<T extends Logits>(realLogits: T, fakeLogits: T, options?: DiscriminatorOptions): tf.Scalar;
  /** Objective that the generator minimises: a mean over D's output for generated images. Throws the same errors. */
  generator<T extends Logits>(fakeLogits: T): tf.Scalar;
}

/** Terms that define a family, as functions of logits s. */
export interface AdversarialTerms {
  /** D's objective for real logits, before the mean. The target label is 1 − labelSmoothing. */
  real: (s: tf.Tensor, labelSmoothing: number) => tf.Tensor;
  /** D's objective for fake logits, before the mean. */
  fake: (s: tf.Tensor) => tf.Tensor;
  /** G's objective for fake logits, including the mean. */
  generator: (s: tf.Tensor) => tf.Tensor;
  /** Name of a family without target labels, which refuses label smoothing. Default: the family has target labels. */
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

/** Checks that a tensor has the shape of logits; images passed by mistake do not. */
function checkLogits(name: string, { rank, shape, size }: Logits): void {
  const problem = `Cannot compute an adversarial loss: ${name} must be [batch, 1] or [batch, height, width, 1], got [${shape}]`;
  const cure = "pass the discriminator's output, before any sigmoid";
  if (rank !== 2 && rank !== 4) throw new TypeError(`${problem} of rank ${rank as number}; ${cure}`);
  if (shape.at(-1) !== 1) throw new RangeError(`${problem}; ${cure}`);
  if (size === 0) throw new RangeError(`${problem}, which is empty; skip empty batches`);
}

/** Checks that two tensors have the shape of logits, the same except for the batch. */
function checkPair(realLogits: Logits, fakeLogits: Logits): void {
  checkLogits("realLogits", realLogits);
  checkLogits("fakeLogits", fakeLogits);
  const got = `got [${realLogits.shape}] and [${fakeLogits.shape}]; apply one discriminator to images of one size`;
  const fail = "Cannot compute an adversarial loss: real and fake logits";
  if (realLogits.rank !== fakeLogits.rank) throw new TypeError(`${fail} must have the same rank, ${got}`);
  const differs = realLogits.shape.some((dim, i) => i > 0 && dim !== fakeLogits.shape[i]);
  if (differs) throw new RangeError(`${fail} may differ only in the batch size, ${got}`);
}

/** Returns the label smoothing of the options.
 * @throws {RangeError} if it is not in [0, 1), or the family has no labels. */
function smoothingOf({ labelSmoothing = 0 }: DiscriminatorOptions, unlabelled?: string): number {
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new RangeError(`Cannot smooth the labels: labelSmoothing must be a number in [0, 1), got ${labelSmoothing}; use 0.1`);
  }
  if (labelSmoothing === 0 || unlabelled === undefined) return labelSmoothing;
  throw new RangeError(
    `Cannot smooth the labels of the ${unlabelled} loss: it has no labels, got labelSmoothing ${labelSmoothing}; omit it`,
  );
}
