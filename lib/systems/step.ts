/** What the training steps of all systems share: how networks run in training, D's logits, and one update by an optimizer.
 * @module */
import type { Mode } from "../layers/batch_norm.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import * as tf from "../tf.ts";

/** Mode of a generator in training. */
export const TRAINING: Mode = { training: true };
/** As in training, but batch norm does not update its running statistics: for every discriminator, which is never used outside
 * training; for a generator that is not trained in this step; and for a generator on inputs unlike those that it will be used
 * on. */
export const FIXED_STATISTICS: Mode = { training: true, updateStatistics: false };

/** Logits of a discriminator on an image.
 * @param condition what the image was generated from; an unconditional discriminator ignores it. */
export function discriminatorLogits(discriminator: tf.LayersModel, image: tf.Tensor4D, condition?: tf.Tensor4D): tf.Tensor4D {
  const inputs = discriminator.inputs.length === 2 ? [condition!, image] : image;
  return discriminator.apply(inputs, { ...FIXED_STATISTICS }) as tf.Tensor4D;
}

/** One update: computes the gradients of a loss with respect to the optimizer's variables, and applies them.
 * @param change maps the gradients before they are applied: clipping, for example.
 * @returns the loss before the update. */
export function minimize(
  optimizer: Optimizer,
  loss: () => tf.Scalar,
  change: (gradients: tf.NamedTensorMap) => tf.NamedTensorMap = (gradients) => gradients,
): tf.Scalar {
  const { value, grads } = tf.variableGrads(loss, optimizer.variables);
  const gradients = change(grads);
  optimizer.apply(gradients);
  tf.dispose(gradients);
  return value;
}
