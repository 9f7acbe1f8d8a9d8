/** Options for `train`, and the interface for training data.
 * @module */
import type { BatchOptions, PairBatch } from "../data/datasets.ts";
import type { Reading } from "../data/side.ts";

/** Learning rate of Adam in DCGAN, pix2pix and CycleGAN: α = 0.0002. */
export const LEARNING_RATE = 0.0002;

/** Options that all systems have in common. */
export interface TrainOptions {
  /** Number of passes over the data. */
  epochs: number;
  /** Number of images per step. Default 1, unless the system has a different default. */
  batch?: number;
  /** Seed for the data order, augmentation and noise. Default 0. */
  seed?: number;
  /** Whether to apply random jitter and mirroring. Default true, unless the system has a different default. */
  augment?: boolean;
  /** Learning rate of Adam, for all networks. Default 0.0002, unless the system has a different default. */
  learningRate?: number;
  /** Number of epochs with the full learning rate, after which the rate falls linearly to zero: see {@linkcode linearDecay}.
   * Default: all epochs; for CycleGAN, half of the epochs. */
  decayFrom?: number;
  /** Folder for checkpoints, from which an interrupted training run resumes. Default: no checkpoints. */
  checkpoint?: string;
  /** Number of epochs between checkpoints. Default 1. A checkpoint is also saved at the end and when the run is stopped. */
  checkpointEvery?: number;
  /** Whether to resume from the folder's checkpoint, if there is one. Default false: throws if the folder already has a
   * checkpoint. */
  resume?: boolean;
  /** Whether to resume even if the data has changed since the checkpoint, for example if images were added, removed or
   * replaced. A warning states what has changed. Default false: throws if the data has changed. Identical images under other
   * names are always accepted. */
  acceptData?: boolean;
  /** What to do if a loss is not finite. "stop" ends the run and keeps the last checkpoint. "rollback" restores the last
   * checkpoint and skips the batch, at most five times per run; this value requires the option `checkpoint`. Default "stop". */
  onNan?: "stop" | "rollback";
  /** Epochs after which to yield samples; 0 means before the first step. Default: all epochs. */
  sampleEpochs?: number[];
  /** Signal that stops the run, like the notebook's Stop button and Ctrl-C. When the signal is aborted, the run completes the
   * current step and saves a checkpoint. */
  signal?: AbortSignal;
}

/** Options for training on paired images. */
export interface PairTrainOptions extends TrainOptions {
  /** Fixed pairs whose inputs are translated before the first step and after each epoch. Not disposed. Default: none. */
  samples?: PairBatch;
}

/** Contents of a batch other than its tensors. */
export interface Named {
  /** Origin of each element, such as its file name. */
  names: string[];
}

/** A data set for training: pairs, unpaired images, labelled images, and so on. */
export interface TrainingData<Batch> {
  readonly name: string;
  readonly count: number;
  /** Paths of the files that the data is read from, ordered by element. A resumed run uses these files to check whether the data
   * has changed. Default: the values of the first elements are compared. */
  readonly files?: readonly string[];
  /** Names of the classes, ordered by class index, if available. */
  readonly classNames?: readonly string[];
  /** Direction in which pairs are read, if they can be read in either direction. */
  readonly direction?: "AtoB" | "BtoA";
  /** Options for reading the image files, if the data comes from files. The reading options are stored with the model. */
  readonly reading?: Reading;
  /** For a data set of crops: factor by which images are resized before they are cropped. */
  readonly scale?: number;
  /** Yields the batches of one epoch. The caller owns the batches and must dispose of them. */
  batches(options?: BatchOptions): AsyncIterable<Batch>;
}

/** The type of a data set's batches. */
// deno-lint-ignore no-explicit-any -- if Data is any, the result must be any too, but the inference below would give unknown
export type BatchOf<Data> = 0 extends 1 & Data ? any : Data extends TrainingData<infer Batch> ? Batch : never;

/** Everything that must be unchanged when a training run resumes: the settings of the model and of the run, and the data. */
export function resumeSettings<Batch>(
  settings: Record<string, unknown>,
  { name, count, direction, scale }: TrainingData<Batch>,
  { batch = 1, seed = 0, augment = true, learningRate = LEARNING_RATE, decayFrom }: TrainOptions,
): Record<string, unknown> {
  const directed = direction === undefined ? {} : { direction };
  return { ...settings, batch, seed, augment, learningRate, decayFrom, data: name, count, ...directed, scale };
}

/** @throws {RangeError} If the value is not an integer ≥ 1. */
function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`Cannot train: ${name} must be an integer ≥ 1, got ${value}; change ${name}`);
  }
}

/** @throws {RangeError} If the options are invalid. */
export function checkOptions({ epochs, batch = 1, onNan, checkpoint }: TrainOptions): void {
  checkCount("epochs", epochs);
  checkCount("batch", batch);
  if (onNan !== "rollback" || checkpoint !== undefined) return;
  throw new RangeError('Cannot roll back: expected a checkpoint folder, got none; set checkpoint, or set onNan to "stop"');
}
