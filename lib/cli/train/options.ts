/** What every training can be told.
 * @module */
import { join } from "node:path";
import type { TrainOptions } from "../../train/options.ts";
import { LEARNING_RATE } from "../../train/system.ts";
import { backendOption } from "../backend.ts";
import { choice, flag, integer, number, type Option, text } from "../options.ts";
import { fromWhereCalled } from "../paths.ts";

/** What differs in what all have. */
export interface TrainingDefaults {
  epochs: number;
  batch: number;
  /** What a batch is made of: "pairs". */
  unit: string;
  learningRate?: number;
}

/** Options of how long and how to train, and of what is kept. */
export interface TrainingOptions {
  epochs: Option<number>;
  batch: Option<number>;
  learningRate: Option<number>;
  seed: Option<number>;
  out: Option<string | undefined>;
  checkpointEvery: Option<number>;
  resume: Option<boolean>;
  onNan: Option<"stop" | "rollback">;
  backend: typeof backendOption;
}

/** Their declarations. */
export function trainingOptions({ epochs, batch, unit, learningRate = LEARNING_RATE }: TrainingDefaults): TrainingOptions {
  return {
    epochs: integer({ default: epochs, min: 1, help: "Passes through the data." }),
    batch: integer({ default: batch, min: 1, unit, help: "How many in a step." }),
    learningRate: number({ default: learningRate, min: 0, help: "Of Adam, for all networks." }),
    seed: integer({
      default: 0,
      min: 0,
      max: 2 ** 31 - 1,
      help: "Seed of the initial weights, of the order, and of whatever else is chance.",
    }),
    out: text({
      value: "FOLDER",
      default: undefined,
      help: "Where model, losses, samples and page go. Default: runs/ and the names of the model and the data.",
    }),
    checkpointEvery: integer({
      default: 1,
      min: 1,
      unit: "epochs",
      help: "How often the state is written from which --resume goes on.",
    }),
    resume: flag({
      help: "Go on where a training in the same folder with the same settings was interrupted, or add epochs to it.",
    }),
    onNan: choice(["stop", "rollback"], {
      default: "stop",
      help:
        "At a loss that is no number: stop with the last checkpoint as it was, or go back to it and on without the batch that did it.",
    }),
    backend: backendOption,
  };
}

/** Pictures that are shown as a training goes. */
export const samplesOption: Option<number> = integer({
  default: 4,
  min: 0,
  max: 64,
  help: "How many are translated and shown as the training goes: the first ones, of those held back if there are any.",
});

/** The values of {@linkcode trainingOptions}. */
export type TrainingValues = { [K in keyof TrainingOptions]: TrainingOptions[K] extends Option<infer T> ? T : never };

/** Those of them that the library is told too. */
export function libraryOptions(
  { epochs, batch, seed, learningRate, checkpointEvery, resume, onNan }: TrainingValues,
): Pick<TrainOptions, "epochs" | "batch" | "seed" | "learningRate" | "checkpointEvery" | "resume" | "onNan"> {
  return { epochs, batch, seed, learningRate, checkpointEvery, resume, onNan };
}

/** The folder of the results.
 * @param name of the data: "facades". */
export function outOf({ out }: Pick<TrainingValues, "out">, model: string, name: string): string {
  return out === undefined ? join("runs", `${model}-${name}`) : fromWhereCalled(out);
}
