/** What two sets of pictures without pairs are, to everything that trains or tests on them: CycleGAN (Zhu et al., arXiv:1703.10593).
 * @module */
import type * as tf from "../tf.ts";
import type { BadFile, BatchOptions, PairData } from "./pairs.ts";

/** Some pictures of either set, as tensors; which of them come together is chance. Who receives a batch owns it, and disposes of both tensors. */
export interface UnpairedBatch {
  /** Of the first set: `[batch, height, width, aChannels]` in [-1, 1]. */
  a: tf.Tensor4D;
  /** Of the second set: `[batch, height, width, bChannels]` in [-1, 1]. */
  b: tf.Tensor4D;
  /** Where they came from: "n01.jpg, n17.jpg" is a picture of a and the one of b beside it. */
  names: string[];
}

/** Two sets of pictures that can be gone through again and again, from any position. */
export interface UnpairedData {
  /** For people: "horse2zebra (train)". */
  readonly name: string;
  /** Pictures of each set in an epoch: as many as the larger set has; of the smaller one some come more than once. */
  readonly count: number;
  /** How many pictures the first set has. */
  readonly aCount: number;
  /** How many pictures the second set has. */
  readonly bCount: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 3 for RGB. */
  readonly aChannels: number;
  /** 3 for RGB. */
  readonly bChannels: number;
  /** For evaluation only: pictures of the first set as input, each with the picture of the second style that truly belongs to it. Generated sets have
   * it, since they know; found ones do not. */
  readonly truth?: PairData;
  /** What was left out because it could not be read, if that was asked for (`skipBad`). */
  readonly bad?: readonly BadFile[];
  /** One epoch of batches, read in the background a few batches ahead. The two pictures of a place are augmented independently. */
  batches(options?: BatchOptions): AsyncIterable<UnpairedBatch>;
}
