/** Checks and the last step that the adversarial losses share.
 * @module */
import * as tf from "../tf.ts";
import type { DiscriminatorOptions, Logits } from "./adversarial.ts";

/** Throws unless this is a score for each picture or for each patch: most of all it catches pictures given in place of verdicts
 * on them. */
export function checkLogits(name: string, logits: Logits): void {
  const { rank, shape, size } = logits;
  const fail = `Cannot compute an adversarial loss: ${name} must be [batch, 1] or [batch, height, width, 1]`;
  const cure = "give what the discriminator returns, before any sigmoid";
  if (rank !== 2 && rank !== 4) throw new TypeError(`${fail}, got rank ${rank as number}, [${shape}]; ${cure}`);
  if (shape.at(-1) !== 1) throw new RangeError(`${fail}, got [${shape}]; ${cure}`);
  if (size === 0) throw new RangeError(`${fail} with at least one element, got [${shape}]; leave empty batches out`);
}

/** Throws unless both are logits of one kind. Their batches may differ in size, since each has a mean of its own; their patch
 * maps may not. */
export function checkPair(realLogits: Logits, fakeLogits: Logits): void {
  checkLogits("realLogits", realLogits);
  checkLogits("fakeLogits", fakeLogits);
  const shapes = `got [${realLogits.shape}] and [${fakeLogits.shape}]; judge pictures of one size by one discriminator`;
  if (realLogits.rank !== fakeLogits.rank) {
    throw new TypeError(`Cannot compute an adversarial loss: real and fake logits must have the same rank, ${shapes}`);
  }
  if (realLogits.shape.some((dim, i) => i > 0 && dim !== fakeLogits.shape[i])) {
    throw new RangeError(`Cannot compute an adversarial loss: real and fake logits must differ in the batch only, ${shapes}`);
  }
}

/** The smoothing that is asked for.
 * @throws {RangeError} outside [0, 1). */
export function smoothingOf({ labelSmoothing = 0 }: DiscriminatorOptions): number {
  if (labelSmoothing >= 0 && labelSmoothing < 1) return labelSmoothing;
  throw new RangeError(
    `Cannot smooth the labels: labelSmoothing must be in [0, 1), got ${labelSmoothing}; 0.1 is usual, 0 is none`,
  );
}

/** Throws if labels are to be smoothed where there are none: silently not doing it would mislead. */
export function refuseSmoothing(family: string, options: DiscriminatorOptions): void {
  if (smoothingOf(options) === 0) return;
  throw new RangeError(
    `Cannot smooth the labels of the ${family} loss: it compares scores, not labels, got labelSmoothing ` +
      `${options.labelSmoothing}; leave it out, or take minimax, nonSaturating or leastSquares`,
  );
}

/** The sum of the two means, halved if asked for: what every discriminator's objective ends in. */
export function sumOfMeans(realTerms: tf.Tensor, fakeTerms: tf.Tensor, { halved = false }: DiscriminatorOptions): tf.Scalar {
  const sum = tf.add<tf.Scalar>(tf.mean(realTerms), tf.mean(fakeTerms));
  return halved ? tf.mul<tf.Scalar>(sum, 0.5) : sum;
}
