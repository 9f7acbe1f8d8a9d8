/** The maximum seed, in a module without TensorFlow.js, which the script of a page imports, too.
 * @module */

/** Maximum seed: the largest signed 32-bit integer, as TensorFlow requires. */
export const LARGEST_SEED: number = 2 ** 31 - 1;
