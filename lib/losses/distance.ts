/** How far pictures are from their targets: the reconstruction terms of pix2pix, Isola et al. (2017), arXiv:1611.07004, Eq. 3.
 *
 *     L_L1(G) = E[‖y − G(x, z)‖₁]                                                  (3)
 *
 * Symbols: G(x, z) → `images`, y → `targets`; λ = 100 belongs to the trainer.
 *
 * Departure from Eq. 3: the mean over all elements, batch, pixels and channels, as in the authors' code, not the sum over a
 * picture; λ is meant for the mean.
 *
 * Taught in: notebooks/05_from_picture_to_picture.ipynb, Eq. (5.6)
 * @module */
import * as tf from "../tf.ts";
import { checkSame } from "./_same.ts";

/** |x| with the slope 0 at 0. tfjs's own gradient of abs takes −1 there, and so pushes pictures that have nothing wrong. */
function absolute(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((x, save) => {
    const input = x as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return { value: tf.abs(input), gradFunc: (dy, [saved]) => tf.mul(dy, tf.sign(saved!)) };
  })(x);
}

/** Mean of |image − target| over all elements.
 * @param images `[batch, height, width, channels]`, or points `[batch, features]`.
 * @param targets the same shape.
 * @returns scalar, in the units of the pictures: for pictures in [-1, 1] it is in [0, 2].
 * @throws {RangeError} if the shapes differ, or the batch is empty. */
export function l1<T extends tf.Tensor2D | tf.Tensor4D>(images: T, targets: T): tf.Scalar {
  checkSame("l1", images, targets);
  return tf.tidy(() => tf.mean<tf.Scalar>(absolute(tf.sub(images, targets))));
}

/** Mean of (image − target)² over all elements: the loss whose best answer is the average of all plausible pictures, hence blur.
 * @param images `[batch, height, width, channels]`, or points `[batch, features]`.
 * @param targets the same shape.
 * @returns scalar, in squared units of the pictures: for pictures in [-1, 1] it is in [0, 4].
 * @throws {RangeError} if the shapes differ, or the batch is empty. */
export function l2<T extends tf.Tensor2D | tf.Tensor4D>(images: T, targets: T): tf.Scalar {
  checkSame("l2", images, targets);
  return tf.tidy(() => tf.mean<tf.Scalar>(tf.square(tf.sub(images, targets))));
}
