/** What a training tells while it runs. Every trainer yields these, and everything that shows a training reads only these.
 * @module */
import type { Image } from "./data/image_bytes.ts";

/** When something happened. */
export interface Moment {
  /** The epoch that is running, from 1. Between epochs, how many are done: 0 is before any training. */
  epoch: number;
  /** Steps done, counted over all epochs. */
  step: number;
}

/** One training step is done. */
export interface StepEvent extends Moment {
  /** Tells it from the others. */
  type: "step";
  /** Steps in the whole training. */
  steps: number;
  /** Each loss by its name, a mean over the batch: "discriminator", "adversarial", "l1", ... */
  losses: Record<string, number>;
  /** Of the generator's optimizer. */
  learningRate: number;
  /** What the step took, waiting for data included, and what was done with the event before. */
  milliseconds: number;
}

/** One pass through the data is done. */
export interface EpochEvent extends Moment {
  /** Tells it from the others. */
  type: "epoch";
  /** Epochs in the whole training. */
  epochs: number;
  /** Each loss, a mean over the epoch's steps. */
  losses: Record<string, number>;
  /** What the epoch took. */
  seconds: number;
}

/** What the generator makes, at this moment, of a few pictures that stay the same for the whole training. */
export interface SampleEvent extends Moment {
  /** Tells it from the others. */
  type: "sample";
  /** One row for each sample; the pictures of a row by what they are, in order: "input", "generated", "target". */
  rows: Record<string, Image>[];
}

/** The training can be taken up again from here. */
export interface CheckpointEvent extends Moment {
  /** Tells it from the others. */
  type: "checkpoint";
  /** Where it was written. */
  folder: string;
}

/** Something that a person should know. */
export interface WarningEvent extends Moment {
  /** Tells it from the others. */
  type: "warning";
  /** In plain words. */
  message: string;
}

/** Any of them; `type` tells which. */
export type TrainEvent = StepEvent | EpochEvent | SampleEvent | CheckpointEvent | WarningEvent;
