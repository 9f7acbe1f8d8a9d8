/** The cross-entropy between classes and what a classifier says of them.
 * @module */
import * as tf from "../tf.ts";
import { oneHot } from "../backend/one_hot.ts";

/** Mean of −log p(y), p = softmax of the logits: log of the number of classes when nothing is known, 0 when all is sure and right.
 * @param labels y, `[batch]`, int32, from 0: one that is no class costs nothing.
 * @param logits `[batch, classes]`.
 * @returns scalar, ≥ 0.
 * @throws {RangeError} if there are not as many labels as logits, or none. */
export function crossEntropy(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  if (labels.shape[0] !== logits.shape[0] || logits.size === 0) {
    throw new RangeError(
      `Cannot compute crossEntropy: wanted labels [batch] and logits [batch, classes], got [${labels.shape}] and [${logits.shape}]; ` +
        `give a label for each`,
    );
  }
  return tf.tidy(() => {
    const logProbabilities = tf.logSoftmax(logits);
    return tf.neg(tf.mean(tf.sum(tf.mul(oneHot(labels, logits.shape[1]), logProbabilities), 1))) as tf.Scalar;
  });
}
