/** Distances between two sets of images, based on the features that a network computes.
 * @module */
import * as tf from "../tf.ts";
import { RANDOM_FEATURES, randomFeatures, randomKernels } from "../models/random_features.ts";
import { frechetDistance, kernelDistance } from "./distribution_distance.ts";

/** A network that computes features of images. */
export interface FeatureNetwork {
  /** Name of the network. Distances are comparable only if they were computed with networks of the same name. */
  readonly name: string;
  /** Computes features.
   * @param images `[count, height, width, channels]` in [-1, 1]. The tensor is not disposed of.
   * @returns `[count, features]`. */
  features(images: tf.Tensor4D): Promise<tf.Tensor2D>;
}

/** Result of {@linkcode featureDistances}. */
export interface FeatureDistances {
  /** Name of the network. */
  network: string;
  /** Squared Fréchet distance, in squared feature units. */
  frechet: number;
  /** Squared maximum mean discrepancy. */
  kernel: number;
  /** Number of images in each set. */
  counts: [number, number];
}

/** The network {@linkcode RANDOM_FEATURES}, which accepts images of any content and size. */
export const randomNetwork: FeatureNetwork = {
  name: RANDOM_FEATURES,
  async features(images) {
    const kernels = randomKernels(images.shape[3]);
    try {
      const features = randomFeatures(images, kernels);
      await features.data(); // some backends compute only when the values are read
      return features;
    } finally {
      tf.dispose(kernels);
    }
  },
};

/** Computes the Fréchet distance and the kernel distance between two sets of images. Only one batch of images is in memory at a
 * time. The features of all images stay in memory, since the kernel distance compares each image with every other;
 * {@linkcode randomNetwork} needs 1.8 kB per image.
 * @param generated Batches of images, which this function disposes of.
 * @param real Batches of images, which this function disposes of.
 * @throws {RangeError} If a set has fewer than two images. */
export async function featureDistances(
  generated: AsyncIterable<tf.Tensor4D>,
  real: AsyncIterable<tf.Tensor4D>,
  network: FeatureNetwork = randomNetwork,
): Promise<FeatureDistances> {
  const sets: tf.Tensor2D[] = [];
  try {
    for (const images of [generated, real]) sets.push(await allFeatures(images, network));
    const [a, b] = sets as [tf.Tensor2D, tf.Tensor2D];
    const [frechet, kernel] = [await frechetDistance(a, b), await kernelDistance(a, b)];
    return { network: network.name, frechet, kernel, counts: [a.shape[0], b.shape[0]] };
  } finally {
    tf.dispose(sets);
  }
}

async function allFeatures(batches: AsyncIterable<tf.Tensor4D>, network: FeatureNetwork): Promise<tf.Tensor2D> {
  const parts: tf.Tensor2D[] = [];
  try {
    for await (const images of batches) parts.push(await network.features(images).finally(() => images.dispose()));
    if (parts.length > 0) return tf.concat(parts, 0);
    throw new RangeError("Cannot compare sets of images: expected at least two images in each set, got none; add images");
  } finally {
    tf.dispose(parts);
  }
}
