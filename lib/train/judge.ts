/** How networks run while they are trained.
 * @module */
import type * as tf from "../tf.ts";
import type { Mode } from "../layers/batch_norm.ts";

/** A generator that learns. */
export const TRAINING: Mode = { training: true };
/** As in training, but batch norm remembers nothing of it: for any D, which is never used outside training, so that its running statistics
 * serve nobody; for a G that does not learn now; and for a G given what it will not be given when it is used. */
export const STATISTICS_STAY: Mode = { training: true, updateStatistics: false };

/** A discriminator's logits on a picture.
 * @param condition what the picture was made of; an unconditional discriminator does not look at it. */
export function judge(discriminator: tf.LayersModel, picture: tf.Tensor4D, condition?: tf.Tensor4D): tf.Tensor4D {
  const given = discriminator.inputs.length === 2 ? [condition!, picture] : picture;
  return discriminator.apply(given, { ...STATISTICS_STAY }) as tf.Tensor4D;
}
