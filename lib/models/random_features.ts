/** A convolutional network that nobody trained, as a fixed way of looking at pictures of any kind: Naeem et al. (2020), "Reliable Fidelity and Diversity
 * Metrics for Generative Models", arXiv:2002.09797, Sec. 3.3, compare sets of pictures by such a one ("R64") where no trained network knows pictures of their
 * kind.
 *
 *     picture - C32 - C64 - C128      4x4 convolutions of stride 2, leaky ReLU; of each layer the mean and the deviation of each channel over all places
 * @module */
import * as tf from "../tf.ts";
import { KERNEL, LEAK, seedSequence } from "./common.ts";

/** Filters of the layers. */
const WIDTHS = [32, 64, 128] as const;
/** Of the weights. It is part of the name: another seed is another way of looking. */
const SEED = 1;

/** What its features are called: distances on features of another name do not compare. */
export const RANDOM_FEATURES: string = `random-${2 * WIDTHS.reduce((sum, width) => sum + width, 0)}`;

/** The network's kernels.
 * @param channels of the pictures. */
export function randomKernels(channels: number): tf.Tensor4D[] {
  const nextSeed = seedSequence(SEED);
  return WIDTHS.map((width, i) => {
    const inputs = WIDTHS[i - 1] ?? channels;
    const deviation = Math.sqrt(2 / (KERNEL * KERNEL * inputs)); // He et al. (2015), arXiv:1502.01852: values stay in size from layer to layer
    return tf.randomNormal([KERNEL, KERNEL, inputs, width], 0, deviation, "float32", nextSeed());
  });
}

/** What it sees.
 * @param images `[batch, height, width, channels]` in [-1, 1], at least 8x8.
 * @param kernels those of {@linkcode randomKernels}.
 * @returns `[batch, 448]`. */
export function randomFeatures(images: tf.Tensor4D, kernels: tf.Tensor4D[]): tf.Tensor2D {
  return tf.tidy(() => {
    let x = images;
    const seen: tf.Tensor[] = [];
    for (const kernel of kernels) {
      x = tf.leakyRelu(tf.conv2d(x, kernel, 2, "same"), LEAK);
      const { mean, variance } = tf.moments(x, [1, 2]);
      seen.push(mean, tf.sqrt(variance));
    }
    return tf.concat(seen, 1) as tf.Tensor2D;
  });
}
