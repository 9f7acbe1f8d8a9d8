/** Events of a training run, which every model's `train` yields. Progress displays, run folders and logs use only these events.
 * @module */
import type { Image } from "./data/image_bytes.ts";

/** Position in a training run. */
export interface Moment {
  /** Current epoch, counted from 1. Between epochs, the value is the number of completed epochs; before training, the value is
   * 0. */
  epoch: number;
  /** Number of completed steps across all epochs. */
  step: number;
}

/** A completed training step. */
export interface StepEvent extends Moment {
  /** Event type. */
  type: "step";
  /** Total number of steps in the run. */
  steps: number;
  /** Mean of each loss over the batch, keyed by name ("discriminator", "adversarial", "l1", ...). */
  losses: Record<string, number>;
  /** Current learning rate of the generator's optimizer. */
  learningRate: number;
  /** Duration of the step in milliseconds, including the time spent waiting for data and handling the previous event. */
  milliseconds: number;
}

/** A completed epoch, that is, one pass over the data. */
export interface EpochEvent extends Moment {
  /** Event type. */
  type: "epoch";
  /** Total number of epochs in the run. */
  epochs: number;
  /** Mean of each loss over the steps of the epoch, keyed by name. */
  losses: Record<string, number>;
  /** Duration of the epoch, in seconds. */
  seconds: number;
}

/** Current outputs of the generator for a few inputs that stay fixed during the run. */
export interface SampleEvent extends Moment {
  /** Event type. */
  type: "sample";
  /** One row per sample. A row contains the images of one sample, keyed by name, in display order, such as "input", "generated"
   * and "target". */
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

/** Any event of a training run; the `type` field identifies its kind. */
export type TrainEvent = StepEvent | EpochEvent | SampleEvent | CheckpointEvent | WarningEvent;
