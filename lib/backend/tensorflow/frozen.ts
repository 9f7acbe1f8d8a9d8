/** What a compiled step may not do, because JavaScript runs it only once: a value would be frozen into its graph.
 * @module */
import type * as tf from "../../tf.ts";

/** A value that JavaScript computes inside a traced step would be the same at every call. Small ones are constants of the formula; a float
 * array of more elements than this, and not all alike, is most likely noise or data. */
const LARGEST_CONSTANT = 64;

/** Said to who reads a tensor's values in a compiled step. */
export const NO_VALUES =
  "Cannot read a tensor's values inside a compiled step: they differ from call to call, and JavaScript runs only once, " +
  "so it cannot branch on them either; return the tensor and read it outside, or select with tf.where";

/** Said to who kept a tensor that a compiled step made on its way. */
export const NO_VALUES_OUTSIDE =
  "Cannot use a tensor of a compiled step outside it: only what the step returns has values; return it from the step";

/** Refuses an array of numbers made while a step is traced, if it looks like noise or data.
 * @throws {Error} that says what to do instead. */
export function refuseFrozenValues(values: tf.BackendValues): void {
  if (!(values instanceof Float32Array) || values.length <= LARGEST_CONSTANT) return;
  if (values.every((value) => value === values[0])) return;
  throw new Error(
    `Cannot compile a step that makes a tensor of ${values.length} numbers in JavaScript: it would be the same at every call; ` +
      `make it outside the step, pass it as an argument, or draw random numbers from a RandomStream`,
  );
}
