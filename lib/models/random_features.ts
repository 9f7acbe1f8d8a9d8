/** Image features computed by a convolutional network with random weights.
 *
 * Networks with random weights, called "R64" in the paper, are used to compare sets of images if no network trained on similar
 * images is available (Naeem et al., 2020, arXiv:2002.09797, section 3.3).
 *
 * ```text
 * image - C32 - C64 - C128      4x4 convolutions with stride 2, leaky ReLU
 * ```
 *
 * The features are the mean and the standard deviation of each channel in each layer.
 * @module */
import * as tf from "../tf.ts";
import { KERNEL, LEAK, seedSequence } from "./blocks.ts";

/** Number of filters in each layer. */
const WIDTHS = [32, 64, 128] as const;
/** Seed for the weights. If the seed changes, {@linkcode RANDOM_FEATURES} must change too, since different weights give different
 * features. */
const SEED = 1;

/** Name of the network. Distances are comparable only if the features come from networks with the same name. */
export const RANDOM_FEATURES: string = `random-${2 * WIDTHS.reduce((sum, width) => sum + width, 0)}`;

/** Returns random kernels that preserve the variance from layer to layer, as in arXiv:1502.01852 (He et al., 2015).
 * @param channels Number of image channels. */
export function randomKernels(channels: number): tf.Tensor4D[] {
  const nextSeed = seedSequence(SEED);
  return WIDTHS.map((width, i) => {
    const inputs = WIDTHS[i - 1] ?? channels;
    const deviation = Math.sqrt(2 / (KERNEL * KERNEL * inputs));
    return tf.randomNormal([KERNEL, KERNEL, inputs, width], 0, deviation, "float32", nextSeed());
  });
}

/** Computes the features of images.
 * @param images `[batch, height, width, channels]` in [-1, 1], at least 8x8.
 * @param kernels Kernels from {@linkcode randomKernels}.
 * @returns `[batch, 448]`. */
export function randomFeatures(images: tf.Tensor4D, kernels: tf.Tensor4D[]): tf.Tensor2D {
  return tf.tidy(() => {
    let x = images;
    const features: tf.Tensor[] = [];
    for (const kernel of kernels) {
      x = tf.leakyRelu(tf.conv2d(x, kernel, 2, "same"), LEAK);
      const { mean, variance } = tf.moments(x, [1, 2]);
      features.push(mean, tf.sqrt(variance));
    }
    return tf.concat(features, 1) as tf.Tensor2D;
  });
}
