/** Interfaces of the data sets, one for each kind of training data, and of their batches.
 *
 * Epochs are reproducible: the same seed, epoch and batch size give the same batches, and an epoch can start at any batch. The
 * receiver of a batch owns its tensors and disposes of them.
 * @module */
import type * as tf from "../tf.ts";
import { oneHot } from "../backend/one_hot.ts";

/** How to iterate over a data set for one epoch. */
export interface BatchOptions {
  /** Elements per batch; the last batch of an epoch may be smaller. Default 1, as in the pix2pix paper. */
  batch?: number;
  /** Seed of the order and of the augmentation. Default 0. */
  seed?: number;
  /** Index of the epoch, from 0. Each epoch has its own order and augmentation, determined by the seed. Default 0. */
  epoch?: number;
  /** Batches to skip at the start without reading them, to resume an interrupted epoch. Default 0. */
  skip?: number;
  /** Shuffles each epoch. Default true; false keeps the data set's own order. */
  shuffle?: boolean;
  /** Applies random jitter (resize to 286/256 of the size, then crop) and random mirroring, the same to both images of a pair;
   * pix2pix paper, appendix 6.2. Default true. */
  augment?: boolean;
}

/** A file left out of a data set. */
export interface BadFile {
  /** Name of the file. */
  name: string;
  /** Message of the error that reading the file raised. */
  reason: string;
}

/** Which half of a side-by-side image is the input: "AtoB" the left one, "BtoA" the right one. */
export type Direction = "AtoB" | "BtoA";

/** What all data sets have in common. */
export interface DataSet<Batch> {
  /** Display name, such as "facades (train)". */
  readonly name: string;
  /** Number of elements per epoch: pairs, images or points. */
  readonly count: number;
  /** Returns one epoch of batches. */
  batches(options?: BatchOptions): AsyncIterable<Batch>;
}

/** A data set of images of one size. */
export interface ImageSet<Batch> extends DataSet<Batch> {
  /** Height of the images, in pixels. */
  readonly height: number;
  /** Width of the images, in pixels. */
  readonly width: number;
  /** Files left out because they could not be read, if `skipBad` was set. */
  readonly bad?: readonly BadFile[];
}

/** A batch of pairs of images. */
export interface PairBatch {
  /** Inputs of the generator, `[batch, height, width, inputChannels]` in [-1, 1]. */
  input: tf.Tensor4D;
  /** Target outputs, `[batch, height, width, targetChannels]` in [-1, 1]. */
  target: tf.Tensor4D;
  /** Origin of each pair: file name, or seed of a scene. */
  names: string[];
}

/** A data set of pairs of images of one size, for pix2pix and BicycleGAN. */
export interface PairData extends ImageSet<PairBatch> {
  /** Channels of the input; 3 for RGB. */
  readonly inputChannels: number;
  /** Channels of the target; 3 for RGB. */
  readonly targetChannels: number;
  /** Direction of the pairs, if the data can be read both ways. */
  readonly direction?: Direction;
}

/** A batch of images from two domains. */
export interface UnpairedBatch {
  /** Images of domain A, `[batch, height, width, aChannels]` in [-1, 1]. */
  a: tf.Tensor4D;
  /** Images of domain B, `[batch, height, width, bChannels]` in [-1, 1]. Their pairing with `a` is random. */
  b: tf.Tensor4D;
  /** Origins of the images: "n01.jpg, n17.jpg" names an image of A and the one of B beside it. */
  names: string[];
}

/** An unpaired data set: images of two domains without correspondence, for CycleGAN (Zhu et al., arXiv:1703.10593). `count` is
 * the size of the larger domain; images of the smaller one repeat. Both domains are augmented independently. */
export interface UnpairedData extends ImageSet<UnpairedBatch> {
  /** Number of images in domain A. */
  readonly aCount: number;
  /** Number of images in domain B. */
  readonly bCount: number;
  /** Channels of domain A; 3 for RGB. */
  readonly aChannels: number;
  /** Channels of domain B; 3 for RGB. */
  readonly bChannels: number;
  /** Ground truth, for evaluation: images of A, each with its counterpart in B. Only generated data sets have it. */
  readonly truth?: PairData;
}

/** A batch of images. */
export interface UnlabelledBatch {
  /** `[batch, height, width, channels]` in [-1, 1]. */
  images: tf.Tensor4D;
  /** Origin of each image: its index in a file, a file name, or a seed. */
  names: string[];
}

/** A data set of images, for unconditional GANs. Every {@linkcode LabelledData} is one. */
export interface UnlabelledData<Batch extends UnlabelledBatch = UnlabelledBatch> extends ImageSet<Batch> {
  /** Channels; 1 for greyscale. */
  readonly channels: number;
}

/** A batch of labelled images. */
export interface LabelledBatch extends UnlabelledBatch {
  /** Class of each image, `[batch]`, int32, from 0 to `classes - 1`. */
  labels: tf.Tensor1D;
}

/** A data set of labelled images, for classifiers and conditional GANs. */
export interface LabelledData extends UnlabelledData<LabelledBatch> {
  /** Number of classes. */
  readonly classes: number;
  /** Names of the classes, in the order of their labels. */
  readonly classNames?: readonly string[];
}

/** A batch of images with captions. */
export interface CaptionedBatch extends UnlabelledBatch {
  /** Embedding of each caption, `[batch, conditionSize]`. */
  conditions: tf.Tensor2D;
  /** Captions as text. */
  captions: string[];
}

/** A data set of images with captions, for StackGAN. */
export interface CaptionedData extends UnlabelledData<CaptionedBatch> {
  /** Length of a caption's embedding. */
  readonly conditionSize: number;
}

/** A batch of points. */
export interface PointBatch {
  /** `[batch, dimensions]`. */
  points: tf.Tensor2D;
  /** Which draws the batch contains, such as "points 1 to 4". */
  names: string[];
}

/** Samples of a distribution as a data set, for GANs of points. Each epoch has new points, determined by seed and epoch: a
 * minibatch is drawn "from data generating distribution p_data(x)" (Algorithm 1), not from a list. The options `shuffle` and
 * `augment` have no effect. */
export interface PointData extends DataSet<PointBatch> {
  /** Number of coordinates of a point: 1 or 2. */
  readonly dimensions: number;
}

/** Turns a labelled data set into a captioned one: the embedding is the one-hot class, the caption its name.
 * @param names class names. Default: `classNames` of the data set, or else the labels as text.
 * @throws {RangeError} if there are fewer than 2 classes. */
export function captionedByClass(data: LabelledData, names: readonly string[] | undefined = data.classNames): CaptionedData {
  const { name, count, height, width, channels, classes } = data;
  if (!(classes >= 2)) {
    const got = `expected at least 2 classes, got ${classes}`;
    throw new RangeError(`Cannot caption ${name} by class: ${got}; choose another data set`);
  }
  return {
    ...{ name, count, height, width, channels, conditionSize: classes },
    async *batches(options?: BatchOptions): AsyncGenerator<CaptionedBatch> {
      for await (const { images, labels, names: origins } of data.batches(options)) {
        const captions = Array.from(labels.dataSync(), (label) => names?.[label] ?? `${label}`);
        const conditions = oneHot(labels, classes);
        labels.dispose();
        yield { images, conditions, captions, names: origins };
      }
    },
  };
}
