/** Code shared by the training steps of all systems: network modes for training, discriminator logits, and optimizer updates.
 * @module */
import { isPlainJavaScript } from "../backend/cpu.ts";
import { BatchNorm, type Mode } from "../layers/batch_norm.ts";
import { Dropout } from "../layers/dropout.ts";
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

/** Applies a network to several batches of images. The batches are joined if that gives the same results faster, that is, unless
 * the network has dropout or batch norm, whose statistics depend on the batch.
 * @param modes The mode for each batch of images.
 * @returns The outputs for each batch of images. */
export function applyToEach(network: tf.LayersModel, batches: tf.Tensor4D[], modes: Mode[]): tf.Tensor4D[] {
  const separate = isPlainJavaScript() || network.layers.some((layer) => layer instanceof BatchNorm || layer instanceof Dropout);
  if (separate || batches.length === 1) {
    return batches.map((images, i) => network.apply(images, { ...modes[i] }) as tf.Tensor4D);
  }
  return tf.split(network.apply(tf.concat(batches), { ...modes[0] }) as tf.Tensor4D, batches.map((images) => images.shape[0]));
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
