/** The ratio of a StackGAN's stages, in a module without TensorFlow.js, which the script of a page imports, too.
 * @module */

/** Ratio of the side length of an image to that of its sketch; in the paper, the ratio is 256 to 64 pixels. */
export const STAGE_SCALE = 4;
