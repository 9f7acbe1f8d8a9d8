/** How to train: what all trainers have in common.
 * @module */
import type { PairBatch } from "../data/datasets.ts";

/** Options of `train`. */
export interface TrainOptions {
  /** Passes through the data. pix2pix's facades: 200. */
  epochs: number;
  /** Pictures in a step. Default 1, as in the papers. */
  batch?: number;
  /** Seed of the order of the data and of its augmentation. Default 0. */
  seed?: number;
  /** Random jitter and mirroring. Default true. */
  augment?: boolean;
  /** α of Adam, for both networks. Default 0.0002. */
  learningRate?: number;
  /** Epochs before the learning rate begins to fall linearly to zero: see {@linkcode linearDecay}. Default: it never falls; for CycleGAN
   * half of the epochs. */
  decayFrom?: number;
  /** A folder: the state of the training is written there, to go on from if it is interrupted. Default: none is written. */
  checkpoint?: string;
  /** Epochs between checkpoints. Default 1. The last epoch's, and that of a stopped training, are always written. */
  checkpointEvery?: number;
  /** Go on from the checkpoint in the folder, if there is one. Default false, and then a folder that has one is refused. */
  resume?: boolean;
  /** What to do at a loss that is not a finite number: "stop", with the last checkpoint as it was, or "rollback" to it and go on without the batch that
   * did it, a few times at most; needs `checkpoint`. Default "stop". */
  onNan?: "stop" | "rollback";
  /** Epochs after which to show what the generator makes; 0 is before the training. Default: all. */
  sampleEpochs?: number[];
  /** Ends the training after the step that is running, with everything kept. The notebook's Stop button and Ctrl-C do the same. */
  signal?: AbortSignal;
}

/** Options of `train` on pairs. */
export interface PairTrainOptions extends TrainOptions {
  /** Pairs to translate before the training, and then as it goes: the same each time. Not disposed. Default: none. */
  samples?: PairBatch;
}
