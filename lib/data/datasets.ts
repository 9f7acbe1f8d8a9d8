/** What a set of picture pairs is, to everything that trains or tests on one.
 * @module */
import type * as tf from "../tf.ts";
import { oneHot } from "../backend/one_hot.ts";

/** Which half is the input: in "AtoB" the left one, in "BtoA" the right one. */
export type Direction = "AtoB" | "BtoA";

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

/** Some pictures. Who receives a batch owns it. */
export interface UnlabelledBatch {
  /** `[batch, height, width, channels]` in [-1, 1]. */
  images: tf.Tensor4D;
  /** Where each picture came from. */
  names: string[];
}

/** A set of pictures: any set of labelled ones is one. */
export interface UnlabelledData {
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
  /** One epoch of batches. */
  batches(options?: BatchOptions): AsyncIterable<UnlabelledBatch>;
}

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

/** Some points, as a tensor. Who receives a batch owns it. */
export interface PointBatch {
  /** `[batch, dimensions]`. */
  points: tf.Tensor2D;
  /** Which draws they are. */
  names: string[];
}

/** A distribution as data to train on. */
export interface PointData {
  /** For people: the distribution's. */
  readonly name: string;
  /** Points in what counts as an epoch. */
  readonly count: number;
  readonly dimensions: number;
  /** One epoch. Each has new points, the same again for the same seed and epoch: a minibatch is drawn "from data generating distribution
   * p_data(x)" (Algorithm 1), not from a list. `shuffle` and `augment` change nothing. */
  batches(options?: BatchOptions): AsyncIterable<PointBatch>;
}
