/** What a training tells while it runs. Every trainer yields these, and everything that shows a training reads only these.
 * @module */
import type { Picture } from "../data/picture.ts";

/** One training step is done. */
export interface StepEvent {
  type: "step";
  /** From 1. */
  epoch: number;
  /** From 1, counted over all epochs. */
  step: number;
  /** Steps in the whole training. */
  steps: number;
  /** Each loss by its name, a mean over the batch: "discriminator", "adversarial", "l1", ... */
  losses: Record<string, number>;
  /** Of the generator's optimizer. */
  learningRate: number;
  /** What the step took, waiting for data included. */
  milliseconds: number;
}

/** One pass through the data is done. */
export interface EpochEvent {
  type: "epoch";
  /** From 1. */
  epoch: number;
  epochs: number;
  step: number;
  /** Each loss, a mean over the epoch's steps. */
  losses: Record<string, number>;
  seconds: number;
}

/** What the generator makes, at this moment, of a few pictures that stay the same for the whole training. */
export interface SampleEvent {
  type: "sample";
  /** Epochs done: 0 is before any training. */
  epoch: number;
  step: number;
  /** One row for each sample; the pictures of a row by what they are, in order: "input", "generated", "target". */
  rows: Record<string, Picture>[];
}

/** The training can be taken up again from here. */
export interface CheckpointEvent {
  type: "checkpoint";
  epoch: number;
  step: number;
  folder: string;
}

/** Something that a person should know, in plain words. */
export interface WarningEvent {
  type: "warning";
  epoch: number;
  step: number;
  message: string;
}

/** Any of them; `type` tells which. */
export type TrainEvent = StepEvent | EpochEvent | SampleEvent | CheckpointEvent | WarningEvent;
