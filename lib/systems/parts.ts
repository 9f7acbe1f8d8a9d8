/** Generates samples in parts, which limits memory use.
 * @module */
import * as tf from "../tf.ts";

/** One part of the samples that a model generates. */
export interface GeneratedPart<T extends tf.Tensor = tf.Tensor4D> {
  /** Index of the first sample. */
  start: number;
  /** The samples, which the receiver must dispose of. */
  samples: T;
}

/** The samples that a model generates, in consecutive parts. */
export type Parts<T extends tf.Tensor = tf.Tensor4D> = AsyncGenerator<GeneratedPart<T>, void, void>;

/** Options for generating samples in parts. */
export interface PartsOptions {
  /** Returns whether to skip a part, given the index of its first sample and its number of samples. Default: no part is
   * skipped. */
  skip?: (start: number, length: number) => boolean;
}

/** Concatenates all parts. */
export async function joined<T extends tf.Tensor>(parts: Parts<T>): Promise<T> {
  const all: T[] = [];
  try {
    for await (const { samples } of parts) all.push(samples);
    return tf.concat(all, 0);
  } finally {
    tf.dispose(all);
  }
}
