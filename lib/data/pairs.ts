/** What a set of picture pairs is, to everything that trains or tests on one.
 * @module */
import type * as tf from "../tf.ts";

/** Some pairs, as tensors. Who receives a batch owns it, and disposes of both tensors. */
export interface PairBatch {
  /** What the generator is given: `[batch, height, width, inputChannels]` in [-1, 1]. */
  input: tf.Tensor4D;
  /** What it should make of it: `[batch, height, width, targetChannels]` in [-1, 1]. */
  target: tf.Tensor4D;
  /** Where each pair came from: a file's name, or a scene's seed. */
  names: string[];
}

/** How to go through a set of pairs once. */
export interface BatchOptions {
  /** Pairs in a batch; the last one of an epoch may be smaller. Default 1, as in the pix2pix paper. */
  batch?: number;
  /** Seed of the order and of the augmentation. Default 0. */
  seed?: number;
  /** Which epoch, from 0: each has its own order and its own augmentation, the same again for the same seed. Default 0. */
  epoch?: number;
  /** Batches to pass over at the start, unread: how an interrupted epoch goes on. Default 0. */
  skip?: number;
  /** In a new order each epoch. Default true; false is the set's own order. */
  shuffle?: boolean;
  /** Random jitter (enlarge to 286/256 of the size, crop back) and mirroring, alike for both halves; pix2pix paper, appendix 6.2.
   * Default true. */
  augment?: boolean;
}

/** A file that a set leaves out. */
export interface BadFile {
  /** Its name. */
  name: string;
  /** What is wrong with it: the error that reading it gave. */
  reason: string;
}

/** A set of pairs that can be gone through again and again, from any position. */
export interface PairData {
  /** For people: "facades (train)". */
  readonly name: string;
  /** How many pairs. */
  readonly count: number;
  /** Of input and target, in pixels. */
  readonly height: number;
  /** Of input and target, in pixels. */
  readonly width: number;
  /** 3 for RGB. */
  readonly inputChannels: number;
  /** 3 for RGB. */
  readonly targetChannels: number;
  /** Which half is given and which is to be made, of sets that can be read both ways: "AtoB" gives the left one. */
  readonly direction?: "AtoB" | "BtoA";
  /** What was left out because it could not be read, if that was asked for (`skipBad`). */
  readonly bad?: readonly BadFile[];
  /** One epoch of batches, read in the background a few batches ahead. */
  batches(options?: BatchOptions): AsyncIterable<PairBatch>;
}
