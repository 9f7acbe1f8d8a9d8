/** Copies of the library's constants for the script of a page, which does not contain TensorFlow.js. A test compares them with
 * the library's.
 * @module */

/** Maximum seed, as in lib/backend/random.ts. */
export const LARGEST_SEED: number = 2 ** 31 - 1;
/** Ratio of the side length of a StackGAN's image to that of its sketch, as in lib/models/stackgan.ts. */
export const STAGE_SCALE = 4;
