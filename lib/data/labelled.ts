/** What a set of pictures with labels is, to everything that trains or tests on one.
 * @module */
import type * as tf from "../tf.ts";
import type { BadFile, BatchOptions } from "./pairs.ts";

/** Some pictures with their labels, as tensors. Who receives a batch owns it, and disposes of both tensors. */
export interface LabelledBatch {
  /** `[batch, height, width, channels]` in [-1, 1]. */
  images: tf.Tensor4D;
  /** The class of each, `[batch]`, int32, from 0 to `classes - 1`. */
  labels: tf.Tensor1D;
  /** Where each picture came from: its number in a file, or a seed. */
  names: string[];
}

/** A set of pictures with labels that can be gone through again and again, from any position. */
export interface LabelledData {
  /** For people: "mnist (train)". */
  readonly name: string;
  /** How many pictures. */
  readonly count: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 1 for grey. */
  readonly channels: number;
  /** How many classes. */
  readonly classes: number;
  /** Their names, in the order of their numbers, where they have names. */
  readonly classNames?: readonly string[];
  /** What was left out because it could not be read, if that was asked for (`skipBad`). */
  readonly bad?: readonly BadFile[];
  /** One epoch of batches. */
  batches(options?: BatchOptions): AsyncIterable<LabelledBatch>;
}
