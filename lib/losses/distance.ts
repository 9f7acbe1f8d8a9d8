/** Distances between images and targets: the reconstruction losses of pix2pix (Isola et al., 2017, arXiv:1611.07004, equation 3).
 *
 * ```text
 * L_L1(G) = E[‖y − G(x, z)‖₁]                                                  (3)
 * ```
 *
 * In the code, G(x, z) is `images` and y is `targets`. The training step multiplies the loss by the weight λ = 100.
 *
 * Departure from the paper: as in the authors' code, the loss is the mean over all elements (batch, pixels and channels) and not
 * the sum over an image. The weight λ = 100 assumes the mean.
 *
 * Taught in: notebooks/05_from_picture_to_picture.ipynb, Eq. (5.6)
 * @module */
import * as tf from "../tf.ts";

/** Checks that two tensors have the same shape, since arithmetic operations would silently broadcast different shapes.
 * @param name Name of the loss, for the error message.
 * @throws {RangeError} If the shapes differ, or the tensors are empty. */
export function checkSameShape(name: string, a: tf.Tensor, b: tf.Tensor): void {
  const [fail, got] = [`Cannot compute ${name}`, `got [${a.shape}] and [${b.shape}]`];
  if (!tf.util.arraysEqual(a.shape, b.shape)) {
    throw new RangeError(`${fail}: both tensors must have the same shape, ${got}; pass matching batches`);
  }
  if (a.size === 0) throw new RangeError(`${fail}: expected at least one element, ${got}; skip empty batches`);
}

/** Computes |x| with a gradient of 0 at x = 0. The gradient of tfjs's own function is −1 at x = 0, which would change pixels that
 * are already correct. */
function absolute(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((x, save) => {
    const input = x as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return { value: tf.abs(input), gradFunc: (dy, [saved]) => tf.mul(dy, tf.sign(saved!)) };
  })(x);
}

/** Computes the mean of |image − target| over all elements.
 * @param images `[batch, height, width, channels]`, or points `[batch, features]`.
 * @param targets Tensor of the same shape.
 * @returns Scalar, in the units of the images: in [0, 2] for images in [-1, 1].
 * @throws {RangeError} If the shapes differ, or the batch is empty. */
export function l1<T extends tf.Tensor2D | tf.Tensor4D>(images: T, targets: T): tf.Scalar {
  checkSameShape("l1", images, targets);
  return tf.tidy(() => tf.mean<tf.Scalar>(absolute(tf.sub(images, targets))));
}

/** Computes the mean of (image − target)² over all elements. Takes the same parameters as {@linkcode l1}, and throws the same
 * errors. The image that minimizes this loss is the mean of all plausible images, which is blurry.
 * @returns Scalar, in squared units of the images: in [0, 4] for images in [-1, 1]. */
export function l2<T extends tf.Tensor2D | tf.Tensor4D>(images: T, targets: T): tf.Scalar {
  checkSameShape("l2", images, targets);
  return tf.tidy(() => tf.mean<tf.Scalar>(tf.square(tf.sub(images, targets))));
}
