/** What a set of pictures with descriptions is, to everything that trains or tests on one: StackGAN.
 * @module */
import type * as tf from "../tf.ts";
import { oneHot } from "./one_hot.ts";
import type { LabelledData } from "./labelled.ts";
import type { BatchOptions } from "./pairs.ts";

/** Some pictures with what describes each, as tensors. Who receives a batch owns it, and disposes of both tensors. */
export interface CaptionedBatch {
  /** `[batch, height, width, channels]` in [-1, 1]. */
  images: tf.Tensor4D;
  /** A vector for each picture, `[batch, conditionSize]`. */
  conditions: tf.Tensor2D;
  /** The same in words. */
  captions: string[];
  /** Where each picture came from. */
  names: string[];
}

/** A set of described pictures that can be gone through again and again, from any position. */
export interface CaptionedData {
  /** For people: "houses (train)". */
  readonly name: string;
  /** How many pictures. */
  readonly count: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 3 for RGB. */
  readonly channels: number;
  /** Numbers in the vector that describes a picture. */
  readonly conditionSize: number;
  /** One epoch of batches. */
  batches(options?: BatchOptions): AsyncIterable<CaptionedBatch>;
}

/** Labelled pictures as described ones: the vector is the class, one-hot, the caption its name.
 * @param names of the classes. Default: those that the set gives, or else their numbers.
 * @throws {RangeError} if all are of one class. */
export function captionedByClass(data: LabelledData, names: readonly string[] | undefined = data.classNames): CaptionedData {
  const { name, count, height, width, channels, classes } = data;
  if (!(classes >= 2)) {
    throw new RangeError(
      `Cannot describe ${name} by classes: wanted 2 or more, got ${classes}; give other conditions, or another set`,
    );
  }
  return {
    ...{ name, count, height, width, channels, conditionSize: classes },
    async *batches(options?: BatchOptions): AsyncGenerator<CaptionedBatch> {
      for await (const { images, labels, names: from } of data.batches(options)) {
        const captions = Array.from(labels.dataSync(), (label) => names?.[label] ?? `${label}`);
        const conditions = oneHot(labels, classes);
        labels.dispose();
        yield { images, conditions, captions, names: from };
      }
    },
  };
}
