/** Code shared by the training steps of all systems: network modes for training, discriminator logits, and optimizer updates.
 * @module */
import type { Mode } from "../layers/batch_norm.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import * as tf from "../tf.ts";

/** Mode of a generator that is being trained. */
export const TRAINING: Mode = { training: true };
/** Like {@linkcode TRAINING}, but batch norm does not update its running statistics. This mode is for discriminators, which run
 * only during training; for generators that are not updated in the current step; and for generators whose inputs differ from
 * those at inference. */
export const FIXED_STATISTICS: Mode = { training: true, updateStatistics: false };

/** Returns a discriminator's logits for a batch of images.
 * @param condition The inputs that belong to the images; ignored by an unconditional discriminator. */
export function discriminatorLogits(discriminator: tf.LayersModel, image: tf.Tensor4D, condition?: tf.Tensor4D): tf.Tensor4D {
  const inputs = discriminator.inputs.length === 2 ? [condition!, image] : image;
  return discriminator.apply(inputs, { ...FIXED_STATISTICS }) as tf.Tensor4D;
}

/** Performs one update: computes the gradients of a loss with respect to the optimizer's variables, and applies them.
 * @param change A function that transforms the gradients before they are applied, for example by clipping them.
 * @returns The loss before the update. */
export function minimize(
  optimizer: Optimizer,
  loss: () => tf.Scalar,
  change?: (gradients: tf.NamedTensorMap) => tf.NamedTensorMap,
): tf.Scalar {
  const { value, grads } = tf.variableGrads(loss, optimizer.variables);
  optimizer.apply(grads, change);
  tf.dispose(grads);
  return value;
}
