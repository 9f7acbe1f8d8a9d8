/** Interfaces for data sets, one per kind of training data, and for their batches.
 *
 * Epochs are reproducible: the same seed, epoch and batch size give the same batches. An interrupted epoch can be resumed at any
 * batch. The recipient of a batch owns its tensors and must dispose of them.
 * @module */
import type * as tf from "../tf.ts";
import { oneHot } from "../backend/one_hot.ts";
import type { AnyImage } from "./image_bytes.ts";
import type { Reading } from "./side.ts";

/** Options for iterating over a data set for one epoch. */
export interface BatchOptions {
  /** Number of elements per batch; the last batch of an epoch may be smaller. Default 1, as in the pix2pix paper. */
  batch?: number;
  /** Seed for shuffling and augmentation. Default 0. */
  seed?: number;
  /** Zero-based index of the epoch. Each epoch has its own order and augmentation, determined by the seed. Default 0. */
  epoch?: number;
  /** Number of batches to skip at the start without reading them, for resuming an interrupted epoch. Default 0. */
  skip?: number;
  /** Whether to shuffle each epoch. Default true. If false, the data set's own order is kept. */
  shuffle?: boolean;
  /** Whether to apply random jitter (enlarge by a factor of 286/256, then crop) and random mirroring, as in appendix 6.2 of
   * the pix2pix paper. Both images of a pair are augmented identically. In a data set of crops, the crops are at random
   * positions if `augment` is true, and at the centre otherwise. Default true. */
  augment?: boolean;
  /** For a data set of crops, if `augment` is false: whether to return whole images instead of crops. Images that are taller or
   * wider than 1024 pixels are cropped at the centre to at most 1024x1024 pixels. Since whole images differ in size, `batch` must
   * be 1. Has no effect on labelled images or on other data sets. Default false. */
  whole?: boolean;
  /** Part of each batch to return, for a worker of a cluster: every `of`-th element, beginning with the element `index`. If `of`
   * does not divide the last batch of an epoch, its first elements are repeated, so that all workers receive the same number.
   * Default: all elements. */
  share?: { index: number; of: number };
}

/** A file excluded from a data set. */
export interface BadFile {
  /** Name of the file. */
  name: string;
  /** Message of the error thrown when the file was read. */
  reason: string;
}

/** Which half of a side-by-side image is the input: the left one for "AtoB", the right one for "BtoA". */
export type Direction = "AtoB" | "BtoA";

/** Properties and methods that all data sets share. */
export interface DataSet<Batch> {
  /** Display name, such as "facades (train)". */
  readonly name: string;
  /** Number of elements per epoch: pairs, images or points. */
  readonly count: number;
  /** Paths of the files that the data set is read from, ordered by element. Absent if the elements are not stored in separate
   * files. */
  readonly files?: readonly string[];
  /** Returns the batches of one epoch. */
  batches(options?: BatchOptions): AsyncIterable<Batch>;
}

/** A data set of images that all have the same size. */
export interface ImageSet<Batch> extends DataSet<Batch> {
  /** Height of the images, in pixels. */
  readonly height: number;
  /** Width of the images, in pixels. */
  readonly width: number;
  /** For a data set of crops, that is, of parts of larger images: factor by which the images are resized before cropping. */
  readonly scale?: number;
  /** Files excluded because they could not be read, if `skipBad` was set. */
  readonly bad?: readonly BadFile[];
  /** How files are converted to images, if the images come from files. */
  readonly reading?: Reading;
}

/** A pair of images with 8 or 16 bits per channel. */
export interface ImagePair {
  /** Input for the generator. */
  input: AnyImage;
  /** Target image. */
  target: AnyImage;
  /** Origin of the pair: a file name, or the seed of a scene. */
  name: string;
}

/** A batch of image pairs. */
export interface PairBatch {
  /** Inputs for the generator, `[batch, height, width, inputChannels]` in [-1, 1]. */
  input: tf.Tensor4D;
  /** Target images, `[batch, height, width, targetChannels]` in [-1, 1]. */
  target: tf.Tensor4D;
  /** Origin of each pair: its file name, or the seed of its scene. */
  names: string[];
}

/** A data set of image pairs, for pix2pix and BicycleGAN. */
export interface PairData extends ImageSet<PairBatch> {
  /** Number of input channels; 3 for RGB. */
  readonly inputChannels: number;
  /** Number of target channels; 3 for RGB. */
  readonly targetChannels: number;
  /** Direction of the pairs, if the data can be read in either direction. */
  readonly direction?: Direction;
  /** For a data set of crops: reads all pairs of whole images in order. The images are resized by the factor that is used for
   * crops. */
  readonly wholePairs?: () => AsyncIterable<ImagePair>;
}

/** A batch of images from two domains. */
export interface UnpairedBatch {
  /** Images of domain A, `[batch, height, width, aChannels]` in [-1, 1]. */
  a: tf.Tensor4D;
  /** Images of domain B, `[batch, height, width, bChannels]` in [-1, 1]. These images are paired at random with those in `a`. */
  b: tf.Tensor4D;
  /** Origins of the two images at each position in the batch, first from A, then from B, such as "n01.jpg, n17.jpg". */
  names: string[];
}

/** A data set for CycleGAN (Zhu et al., arXiv:1703.10593): unpaired images from two domains. `count`
 * is the size of the larger domain; images from the smaller domain are repeated. The two domains are augmented independently. */
export interface UnpairedData extends ImageSet<UnpairedBatch> {
  /** Number of images in domain A. */
  readonly aCount: number;
  /** Number of images in domain B. */
  readonly bCount: number;
  /** Number of channels in domain A; 3 for RGB. */
  readonly aChannels: number;
  /** Number of channels in domain B; 3 for RGB. */
  readonly bChannels: number;
  /** Ground truth, for generated data sets only: images from A, each paired with its counterpart in B. */
  readonly truth?: PairData;
}

/** A batch of images. */
export interface UnlabelledBatch {
  /** Images, `[batch, height, width, channels]` in [-1, 1]. */
  images: tf.Tensor4D;
  /** Origin of each image: an index in a file, a file name, or a seed. */
  names: string[];
}

/** A data set of images for unconditional GANs; every {@linkcode LabelledData} can be used as such a data set. */
export interface UnlabelledData<Batch extends UnlabelledBatch = UnlabelledBatch> extends ImageSet<Batch> {
  /** Number of channels; 1 for greyscale. */
  readonly channels: number;
}

/** A batch of labelled images. */
export interface LabelledBatch extends UnlabelledBatch {
  /** Class index of each image, `[batch]`, int32, from 0 to `classes - 1`. */
  labels: tf.Tensor1D;
}

/** A data set of labelled images for classifiers and conditional GANs. */
export interface LabelledData extends UnlabelledData<LabelledBatch> {
  /** Number of classes. */
  readonly classes: number;
  /** Names of the classes, ordered by class index. */
  readonly classNames?: readonly string[];
}

/** A batch of captioned images. */
export interface CaptionedBatch extends UnlabelledBatch {
  /** Embedding of each caption, `[batch, conditionSize]`. */
  conditions: tf.Tensor2D;
  /** Text of each caption. */
  captions: string[];
}

/** A data set of captioned images for StackGAN. */
export interface CaptionedData extends UnlabelledData<CaptionedBatch> {
  /** Length of a caption embedding. */
  readonly conditionSize: number;
}

/** A batch of points. */
export interface PointBatch {
  /** Points, `[batch, dimensions]`. */
  points: tf.Tensor2D;
  /** Description of the samples in the batch, such as "points 1 to 4". */
  names: string[];
}

/** A data set of samples from a distribution, for GANs that generate points. New points are drawn for each epoch, based on the
 * seed and the epoch. Minibatches are drawn from the data distribution itself, not from a fixed list, as in Algorithm 1 of
 * arXiv:1406.2661. The options `shuffle` and `augment` have no effect. */
export interface PointData extends DataSet<PointBatch> {
  /** Number of coordinates per point: 1 or 2. */
  readonly dimensions: number;
}

/** Converts a labelled data set to a captioned one, with class names as captions and one-hot class vectors as embeddings.
 * @param names Class names. Default: the data set's `classNames`, or else the class indices as text.
 * @throws {RangeError} If there are fewer than 2 classes. */
export function captionedByClass(data: LabelledData, names: readonly string[] | undefined = data.classNames): CaptionedData {
  const { name, count, height, width, channels, classes, scale } = data;
  if (!(classes >= 2)) {
    const got = `expected at least 2 classes, got ${classes}`;
    throw new RangeError(`Cannot use class names as captions for ${name}: ${got}; choose another data set`);
  }
  return {
    ...{ name, count, height, width, channels, conditionSize: classes, ...scale !== undefined && { scale } },
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
