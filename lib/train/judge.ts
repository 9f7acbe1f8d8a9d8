/** How networks run while they are trained.
 * @module */
import type * as tf from "@tensorflow/tfjs";
import type { Mode } from "../layers/options.ts";

/** A generator that learns. */
export const TRAINING: Mode = { training: true };
/** D's running statistics serve nobody: it is never used outside training. */
const JUDGING: Mode = { training: true, updateStatistics: false };

/** A discriminator's logits on a picture.
 * @param condition what the picture was made of; an unconditional discriminator does not look at it. */
export function judge(discriminator: tf.LayersModel, picture: tf.Tensor4D, condition?: tf.Tensor4D): tf.Tensor4D {
  const given = discriminator.inputs.length === 2 ? [condition!, picture] : picture;
  return discriminator.apply(given, { ...JUDGING }) as tf.Tensor4D;
}
