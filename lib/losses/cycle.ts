/** CycleGAN's losses for unpaired images (Zhu et al., 2017, arXiv:1703.10593, equation 2 and section 5.2).
 *
 * ```text
 * L_cyc(G, F)      = E[‖F(G(x)) − x‖₁] + E[‖G(F(y)) − y‖₁]                      (2)
 * L_identity(G, F) = E[‖G(y) − y‖₁] + E[‖F(x) − x‖₁]                            (Sec. 5.2)
 * ```
 *
 * In the code, the generator G: X → Y is `xToY`, and F: Y → X is `yToX`. The field names below state the generator and its input,
 * since the generators are easily confused in the identity loss: F, which maps to domain X, must leave x unchanged.
 *
 * Departure from the paper: each expectation is the mean over all elements, as in the authors' code. The training step multiplies
 * the cycle loss by λ = 10 and the identity loss by λ / 2. The batches of X and Y may differ in image size and in the number of
 * images.
 *
 * Taught in: notebooks/10_cyclegan.ipynb, Eq. (10.2)
 * @module */
import * as tf from "../tf.ts";
import { l1 } from "./distance.ts";

/** Images and their reconstructions, each `[batch, height, width, channels]` or, for points, `[batch, features]`. */
export interface CycleImages<T extends tf.Tensor2D | tf.Tensor4D> {
  /** Images of domain X. */
  x: T;
  /** The reconstruction F(G(x)), that is, `yToX(xToY(x))`, with the shape of `x`. */
  xAgain: T;
  /** Images of domain Y. */
  y: T;
  /** The reconstruction G(F(y)), that is, `xToY(yToX(y))`, with the shape of `y`. */
  yAgain: T;
}

/** Images, and the outputs of the generators that map *into the domain of these images*: `yToX` for x, and `xToY` for y. */
export interface IdentityImages<T extends tf.Tensor2D | tf.Tensor4D> extends Pick<CycleImages<T>, "x" | "y"> {
  /** The output F(x), that is, `yToX(x)`, with the shape of `x`. */
  yToXOfX: T;
  /** The output G(y), that is, `xToY(y)`, with the shape of `y`. */
  xToYOfY: T;
}

/** Computes the cycle loss (equation 2): the sum of the forward and the backward loss, each a mean over all elements.
 * @returns Scalar, the sum of the two means; in [0, 4] for images in [-1, 1].
 * @throws {RangeError} If an image and its reconstruction differ in shape. */
export function cycle<T extends tf.Tensor2D | tf.Tensor4D>({ x, xAgain, y, yAgain }: CycleImages<T>): tf.Scalar {
  return tf.tidy(() => tf.add(l1(xAgain, x), l1(yAgain, y)));
}

/** Computes the identity loss (section 5.2), in which each term is a mean over all elements. This loss penalizes a generator for
 * changing images that are already in its output domain.
 * @returns Scalar, the sum of the two means; in [0, 4] for images in [-1, 1].
 * @throws {RangeError} If an image and its output differ in shape. */
export function identity<T extends tf.Tensor2D | tf.Tensor4D>({ x, yToXOfX, y, xToYOfY }: IdentityImages<T>): tf.Scalar {
  return tf.tidy(() => tf.add(l1(yToXOfX, x), l1(xToYOfY, y)));
}
