/** Events of a training run. Every model's `train` yields them; progress displays, run folders and logs depend
 * only on them.
 * @module */
import type { Image } from "./data/image_bytes.ts";

/** Position in a training run. */
export interface Moment {
  /** Current epoch, from 1. Between epochs, the number of completed epochs; 0 before training. */
  epoch: number;
  /** Number of completed steps, over all epochs. */
  step: number;
}

/** A completed training step. */
export interface StepEvent extends Moment {
  /** Event type. */
  type: "step";
  /** Total number of steps of the run. */
  steps: number;
  /** Each loss by name ("discriminator", "adversarial", "l1", ...): its mean over the batch. */
  losses: Record<string, number>;
  /** Current learning rate of the generator's optimizer. */
  learningRate: number;
  /** Duration of the step in milliseconds, including the wait for data and the handling of the previous event. */
  milliseconds: number;
}

/** A completed epoch, that is, one pass over the data. */
export interface EpochEvent extends Moment {
  /** Event type. */
  type: "epoch";
  /** Total number of epochs of the run. */
  epochs: number;
  /** Each loss by name: its mean over the steps of the epoch. */
  losses: Record<string, number>;
  /** Duration of the epoch, in seconds. */
  seconds: number;
}

/** Current outputs of the generator for a few inputs that stay fixed during the run. */
export interface SampleEvent extends Moment {
  /** Event type. */
  type: "sample";
  /** One row per sample: its images by name, in order, such as "input", "generated", "target". */
  rows: Record<string, Image>[];
}

/** A saved checkpoint, from which training can be resumed. */
export interface CheckpointEvent extends Moment {
  /** Event type. */
  type: "checkpoint";
  /** Folder of the checkpoint. */
  folder: string;
}

/** A possible problem that the user should know about. */
export interface WarningEvent extends Moment {
  /** Event type. */
  type: "warning";
  /** Description of the problem, as plain text. */
  message: string;
}

/** Any event of a training run; the field `type` tells them apart. */
export type TrainEvent = StepEvent | EpochEvent | SampleEvent | CheckpointEvent | WarningEvent;
