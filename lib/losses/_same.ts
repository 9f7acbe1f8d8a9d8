/** What losses of two tensors have to check.
 * @module */
import type * as tf from "../tf.ts";

/** Arithmetic would stretch one to the shape of the other, and the loss would be of something else.
 * @param name the loss, for the message.
 * @throws {RangeError} if the shapes differ, or there is nothing in them. */
export function checkSame(name: string, one: tf.Tensor, other: tf.Tensor): void {
  const shapes = `[${one.shape}] and [${other.shape}]`;
  if (one.shape.join() !== other.shape.join()) {
    throw new RangeError(`Cannot compute ${name}: both must have the same shape, got ${shapes}; give two that belong together`);
  }
  if (one.size === 0) {
    throw new RangeError(`Cannot compute ${name}: wanted at least one element, got ${shapes}; leave empty batches out`);
  }
}
