/** Options of `train`, and what data must offer to be trained on.
 * @module */
import type { BatchOptions, PairBatch } from "../data/datasets.ts";

/** Learning rate of Adam in DCGAN, pix2pix and CycleGAN: α = 0.0002. */
export const LEARNING_RATE = 0.0002;

/** Options that every system has. */
export interface TrainOptions {
  /** Passes through the data. */
  epochs: number;
  /** Images per step. Default 1, unless the system says otherwise. */
  batch?: number;
  /** Seed of the order of the data, of its augmentation and of the noise. Default 0. */
  seed?: number;
  /** Random jitter and mirroring. Default true, unless the system says otherwise. */
  augment?: boolean;
  /** Learning rate of Adam, for all networks. Default 0.0002. */
  learningRate?: number;
  /** Number of epochs with the full learning rate; in those after them it falls linearly to zero: see {@linkcode linearDecay}.
   * Default: all epochs; for CycleGAN half of them. */
  decayFrom?: number;
  /** Folder for checkpoints, from which an interrupted training run resumes. Default: no checkpoints. */
  checkpoint?: string;
  /** Epochs between checkpoints. Default 1. The last epoch and a stopped run always write one. */
  checkpointEvery?: number;
  /** Resume from the checkpoint in the folder, if there is one. Default false: a folder with a checkpoint is then refused. */
  resume?: boolean;
  /** Reaction to a non-finite loss. "stop" ends the run and leaves the last checkpoint as it is; "rollback" returns to that
   * checkpoint and skips the batch, at most a few times, and needs `checkpoint`. Default "stop". */
  onNan?: "stop" | "rollback";
  /** Epochs after which to yield samples; 0 is before the first step. Default: all. */
  sampleEpochs?: number[];
  /** Ends the run after the current step, with a checkpoint. The notebook's Stop button and Ctrl-C do the same. */
  signal?: AbortSignal;
}

/** Options of `train` on pairs. */
export interface PairTrainOptions extends TrainOptions {
  /** Pairs to translate before the first step and after the epochs, always the same. Not disposed. Default: none. */
  samples?: PairBatch;
}

/** What a batch has besides its tensors. */
export interface Named {
  /** Source of each element. */
  names: string[];
}

/** A data set that can be trained on: pairs, unpaired images, labelled images, and so on. */
export interface TrainingData<Batch> {
  readonly name: string;
  readonly count: number;
  /** Names of the classes, in the order of their numbers, if they have names. */
  readonly classNames?: readonly string[];
  /** Direction in which pairs are read, if the data can be read in both. */
  readonly direction?: "AtoB" | "BtoA";
  /** One epoch. The receiver of a batch owns it. */
  batches(options?: BatchOptions): AsyncIterable<Batch>;
}

/** The batches of a data set. */
// deno-lint-ignore no-explicit-any -- of data of any type the batches have any type, where the inference below would say unknown
export type BatchOf<Data> = 0 extends 1 & Data ? any : Data extends TrainingData<infer Batch> ? Batch : never;

/** All that must be unchanged when a training run resumes: settings of the model, of the run, and the data. */
export function resumeSettings<Batch>(
  settings: Record<string, unknown>,
  { name, count, direction }: TrainingData<Batch>,
  { batch = 1, seed = 0, augment = true, learningRate = LEARNING_RATE, decayFrom }: TrainOptions,
): Record<string, unknown> {
  const directed = direction === undefined ? {} : { direction };
  return { ...settings, batch, seed, augment, learningRate, decayFrom, data: name, count, ...directed };
}

/** @throws {RangeError} if the number is not an integer of at least 1. */
export function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`Cannot train: ${name} must be an integer ≥ 1, got ${value}; change ${name}`);
  }
}

/** @throws {RangeError} if the options are not possible. */
export function checkOptions({ epochs, batch = 1, onNan, checkpoint }: TrainOptions): void {
  checkCount("epochs", epochs);
  checkCount("batch", batch);
  if (onNan !== "rollback" || checkpoint !== undefined) return;
  throw new RangeError('Cannot roll back: expected a checkpoint folder, got none; set checkpoint, or set onNan to "stop"');
}
