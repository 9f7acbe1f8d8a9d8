/** CycleGAN's losses for unpaired images: Zhu et al. (2017), arXiv:1703.10593, Eq. 2 and Sec. 5.2.
 *
 *     L_cyc(G, F)      = E[‖F(G(x)) − x‖₁] + E[‖G(F(y)) − y‖₁]                      (2)
 *     L_identity(G, F) = E[‖G(y) − y‖₁] + E[‖F(x) − x‖₁]                            (Sec. 5.2)
 *
 * Symbols: G: X → Y is `xToY`, F: Y → X is `yToX`. The field names below state the generator and its input, because the two
 * are easily confused in the identity loss: F, which maps to X, must leave x unchanged.
 *
 * Departure from the paper: each expectation is the mean over all elements, as in the authors' code. The training step applies
 * the weights λ (10 for the cycle loss, half as much for the identity loss). The batches of X and Y may differ in image size and
 * in the number of images.
 *
 * Taught in: notebooks/10_cyclegan.ipynb, Eq. (10.2)
 * @module */
import * as tf from "../tf.ts";
import { l1 } from "./distance.ts";

/** Images and their reconstructions, each `[batch, height, width, channels]` (or points, `[batch, features]`). */
export interface CycleImages<T extends tf.Tensor2D | tf.Tensor4D> {
  /** Images of domain X. */
  x: T;
  /** F(G(x)): `yToX(xToY(x))`, with the shape of x. */
  xAgain: T;
  /** Images of domain Y. */
  y: T;
  /** G(F(y)): `xToY(yToX(y))`, with the shape of y. */
  yAgain: T;
}

/** Images, and the results of mapping them *into their own* domain: `yToX` applied to x, and `xToY` applied to y. */
export interface IdentityImages<T extends tf.Tensor2D | tf.Tensor4D> extends Pick<CycleImages<T>, "x" | "y"> {
  /** F(x): `yToX(x)`, with the shape of x. */
  yToXOfX: T;
  /** G(y): `xToY(y)`, with the shape of y. */
  xToYOfY: T;
}

/** Computes Eq. 2: the forward and the backward cycle loss, each as a mean over all elements.
 * @returns scalar, the sum of the two means; in [0, 4] for images in [-1, 1].
 * @throws {RangeError} if an image and its reconstruction differ in shape. */
export function cycle<T extends tf.Tensor2D | tf.Tensor4D>({ x, xAgain, y, yAgain }: CycleImages<T>): tf.Scalar {
  return tf.tidy(() => tf.add(l1(xAgain, x), l1(yAgain, y)));
}

/** Computes the identity loss (Sec. 5.2), each term as a mean over all elements. It penalises a generator for changing images
 * that are already in its output domain.
 * @returns scalar, the sum of the two means; in [0, 4] for images in [-1, 1].
 * @throws {RangeError} if an image and its output differ in shape. */
export function identity<T extends tf.Tensor2D | tf.Tensor4D>({ x, yToXOfX, y, xToYOfY }: IdentityImages<T>): tf.Scalar {
  return tf.tidy(() => tf.add(l1(yToXOfX, x), l1(xToYOfY, y)));
}
