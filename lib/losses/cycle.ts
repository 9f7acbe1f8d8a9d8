/** The losses of CycleGAN that need no pairs: Zhu et al. (2017), arXiv:1703.10593, Eq. 2 and Sec. 5.2.
 *
 *     L_cyc(G, F)      = E[‖F(G(x)) − x‖₁] + E[‖G(F(y)) − y‖₁]                      (2)
 *     L_identity(G, F) = E[‖G(y) − y‖₁] + E[‖F(x) − x‖₁]                            (Sec. 5.2)
 *
 * Symbols: G: X → Y is `xToY`, F: Y → X is `yToX`; the fields below say which generator has made what of what, since the identity
 * loss is easily written the wrong way round: F, which makes an X of anything, is the one that must leave an x alone.
 *
 * Departure: each expectation is the mean over all elements, as in the authors' code, and the weights λ (10 for the cycle, half
 * of that for the identity) belong to the trainer. The pictures of X and of Y may differ in size and number.
 *
 * Taught in: notebooks/10_cyclegan.ipynb, Eq. (10.2)
 * @module */
import * as tf from "../tf.ts";
import { l1 } from "./distance.ts";

/** Pictures and what has come back from the other domain, each `[batch, height, width, channels]` (or points, `[batch,
 * features]`). */
export interface CycleImages<T extends tf.Tensor2D | tf.Tensor4D> {
  /** Of domain X. */
  x: T;
  /** F(G(x)): `yToX(xToY(x))`, as x. */
  xAgain: T;
  /** Of domain Y. */
  y: T;
  /** G(F(y)): `xToY(yToX(y))`, as y. */
  yAgain: T;
}

/** Pictures and what the generator *into their own* domain has made of them, each `[batch, height, width, channels]` (or points,
 * `[batch, features]`). */
export interface IdentityImages<T extends tf.Tensor2D | tf.Tensor4D> {
  /** Of domain X. */
  x: T;
  /** F(x): `yToX(x)`, as x. */
  yToXOfX: T;
  /** Of domain Y. */
  y: T;
  /** G(y): `xToY(y)`, as y. */
  xToYOfY: T;
}

/** Eq. 2: the forward and the backward cycle, mean over all elements of each.
 * @returns scalar, the sum of the two means; for pictures in [-1, 1] in [0, 4].
 * @throws {RangeError} if a picture and what came back of it differ in shape. */
export function cycle<T extends tf.Tensor2D | tf.Tensor4D>({ x, xAgain, y, yAgain }: CycleImages<T>): tf.Scalar {
  return tf.tidy(() => tf.add(l1(xAgain, x), l1(yAgain, y)));
}

/** Sec. 5.2: a generator leaves alone what is already in the domain it makes; mean over all elements of each.
 * @returns scalar, the sum of the two means; for pictures in [-1, 1] in [0, 4].
 * @throws {RangeError} if a picture and what was made of it differ in shape. */
export function identity<T extends tf.Tensor2D | tf.Tensor4D>({ x, yToXOfX, y, xToYOfY }: IdentityImages<T>): tf.Scalar {
  return tf.tidy(() => tf.add(l1(yToXOfX, x), l1(xToYOfY, y)));
}
