/** What every adversarial loss is: one objective for the discriminator and one for the generator, both to be made small.
 *
 * Symbols: D(x) before its last sigmoid → `realLogits`, D(G(z)) before its last sigmoid → `fakeLogits`. A critic without a
 * sigmoid (hinge, Wasserstein, least squares) has the same two numbers. real = 1, fake = 0.
 *
 * Conventions, the same for all families:
 * - The mean is taken over all elements: over the pictures, and over the patches of a patch map.
 * - Both results are costs: the discriminator of the papers climbs a value V(D, G), here it descends −V(D, G).
 * - The discriminator's objective is the sum of two means, one over real and one over fake. What the papers call J(D) is half of
 *   it: J(D) = −½ E[log D(x)] − ½ E[log(1 − D(G(z)))] = −½ V(D, G) (Goodfellow 2016, arXiv:1701.00160, Sec. 3.2.1). pix2pix
 *   (arXiv:1611.07004, Sec. 3.3) and CycleGAN (arXiv:1703.10593, Sec. 7.1) halve too. The ½ is the trainer's to choose, by the
 *   option `halved`, and is off unless asked for.
 * @module */
import type * as tf from "../tf.ts";

/** What a discriminator says: one score a picture, `[batch, 1]`, or one a patch, `[batch, height, width, 1]`; any real number. */
export type Logits = tf.Tensor2D | tf.Tensor4D;

/** Choices for the discriminator's objective. */
export interface DiscriminatorOptions {
  /** Half of the objective: J(D) in place of −V(D, G). Default false. Adam takes the same steps either way (but for its
   * epsilon), plain gradient descent half as long ones. */
  halved?: boolean;
  /** How far below 1 the target for real pictures is, in [0, 1). Default 0; Salimans et al. (2016), arXiv:1606.03498, Sec. 3.4,
   * use 0.1. One-sided: the target for fake pictures stays 0, as otherwise the optimal discriminator would hold generated
   * pictures where they are. Only families with target labels can smooth them: minimax, non-saturating, least squares. */
  labelSmoothing?: number;
}

/** A family of adversarial losses. */
export interface AdversarialLoss {
  /** What the discriminator makes small.
   * @param realLogits D's verdict on real pictures, `[batch, 1]` or `[batch, height, width, 1]`.
   * @param fakeLogits D's verdict on generated ones, the same shape but for the batch, which may differ: each has a mean of its
   * own.
   * @returns scalar, the sum of the mean over real and the mean over fake.
   * @throws {TypeError} if the rank is not 2 or 4, or differs.
   * @throws {RangeError} if a shape is another than that, a batch is empty, or an option does not suit. */
  discriminator<T extends Logits>(realLogits: T, fakeLogits: T, options?: DiscriminatorOptions): tf.Scalar;
  /** What the generator makes small.
   * @param fakeLogits D's verdict on generated pictures, `[batch, 1]` or `[batch, height, width, 1]`.
   * @returns scalar, a mean.
   * @throws {TypeError} if the rank is not 2 or 4.
   * @throws {RangeError} if the last dimension is not 1, or the batch is empty. */
  generator<T extends Logits>(fakeLogits: T): tf.Scalar;
}
