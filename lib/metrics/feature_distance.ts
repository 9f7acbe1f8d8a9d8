/** How far two sets of pictures are apart, by the features of a network that has a name.
 * @module */
import * as tf from "../tf.ts";
import { RANDOM_FEATURES, randomFeatures, randomKernels } from "../models/random_features.ts";
import { frechetDistance } from "./frechet.ts";
import { kernelDistance } from "./kernel_distance.ts";

/** A way of looking at pictures. */
export interface FeatureNetwork {
  /** What it is called: distances by networks of other names do not compare. */
  readonly name: string;
  /** @param images `[count, height, width, channels]` in [-1, 1]. Not disposed.
   * @returns `[count, features]`. */
  features(images: tf.Tensor4D): Promise<tf.Tensor2D>;
}

/** Both distances, and by what. */
export interface FeatureDistances {
  /** Name of the network. */
  network: string;
  /** Squared Fréchet distance, in squared units of the network's features. */
  frechet: number;
  /** Squared maximum mean discrepancy. */
  kernel: number;
  /** Pictures of the one set, and of the other. */
  counts: [number, number];
}

/** The network of {@linkcode RANDOM_FEATURES}: for pictures of any kind and size. */
export const randomNetwork: FeatureNetwork = {
  name: RANDOM_FEATURES,
  async features(images) {
    const kernels = randomKernels(images.shape[3]);
    try {
      const seen = randomFeatures(images, kernels);
      await seen.data(); // some backends compute only now
      return seen;
    } finally {
      tf.dispose(kernels);
    }
  },
};

/** Compares two sets.
 * @param generated batches of pictures, which are disposed of here.
 * @param real the same.
 * @throws {RangeError} if a set has fewer than two pictures. */
export async function featureDistances(
  generated: AsyncIterable<tf.Tensor4D>,
  real: AsyncIterable<tf.Tensor4D>,
  network: FeatureNetwork = randomNetwork,
): Promise<FeatureDistances> {
  const sets: tf.Tensor2D[] = [];
  try {
    for (const pictures of [generated, real]) sets.push(await allFeatures(pictures, network));
    const [a, b] = sets as [tf.Tensor2D, tf.Tensor2D];
    const [frechet, kernel] = [await frechetDistance(a, b), await kernelDistance(a, b)];
    return { network: network.name, frechet, kernel, counts: [a.shape[0], b.shape[0]] };
  } finally {
    tf.dispose(sets);
  }
}

async function allFeatures(pictures: AsyncIterable<tf.Tensor4D>, network: FeatureNetwork): Promise<tf.Tensor2D> {
  const parts: tf.Tensor2D[] = [];
  try {
    for await (const images of pictures) parts.push(await network.features(images).finally(() => images.dispose()));
    if (parts.length > 0) return tf.concat(parts, 0);
    throw new RangeError("Cannot compare sets of pictures: wanted at least two in each, got none; give more");
  } finally {
    tf.dispose(parts);
  }
}
