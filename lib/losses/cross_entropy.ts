/** Cross-entropy between class labels and the logits of a classifier.
 * @module */
import * as tf from "../tf.ts";
import { oneHot } from "../backend/one_hot.ts";

/** Computes the mean of −log p(y), where p = softmax(logits). The result is log(classes) if all logits are equal, and near 0
 * if the predictions are correct and confident.
 * @param labels Zero-based class indices y, `[batch]`, int32; an index that is out of range contributes 0.
 * @param logits `[batch, classes]`.
 * @returns Scalar, ≥ 0.
 * @throws {RangeError} If the number of labels differs from the number of rows of logits, or is 0. */
export function crossEntropy(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  if (labels.shape[0] !== logits.shape[0] || logits.size === 0) {
    const got = `got shapes [${labels.shape}] and [${logits.shape}]`;
    throw new RangeError(`Cannot compute crossEntropy: expected one label per row of logits, ${got}; pass matching batches`);
  }
  return tf.tidy(() => {
    const logProbabilities = tf.logSoftmax(logits);
    return tf.neg(tf.mean(tf.sum(tf.mul(oneHot(labels, logits.shape[1]), logProbabilities), 1))) as tf.Scalar;
  });
}
