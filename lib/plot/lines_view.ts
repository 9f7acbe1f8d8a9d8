/** A training as a terminal or a log shows it: a line for each epoch, sample, checkpoint and warning, and now and then one between.
 * @module */
import type { TrainEvent } from "../events.ts";
import type { View } from "./notebook_view.ts";
import { count, epochLine, Progress } from "./progress.ts";

/** Milliseconds between two lines within an epoch. */
const QUIET = 10_000;

/** A view in lines. */
export class LinesView implements View {
  lastStep = 0;
  finished = false;
  readonly #print: (line: string) => void;
  readonly #progress = new Progress();
  #last = performance.now();

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  show(event: TrainEvent): Promise<void> {
    this.#progress.add(event);
    this.lastStep = event.step;
    if (event.type === "epoch") this.finished = event.epoch === event.epochs;
    const line = this.#lineOf(event);
    if (line) {
      this.#print(line);
      this.#last = performance.now();
    }
    return Promise.resolve();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  #lineOf(event: TrainEvent): string | undefined {
    switch (event.type) {
      case "step":
        return performance.now() - this.#last > QUIET ? this.#progress.line() : undefined;
      case "epoch":
        return epochLine(event);
      case "sample":
        return `Samples ${event.step === 0 ? "before training" : `after epoch ${event.epoch}`}: ${event.rows.length} pictures`;
      case "checkpoint":
        return `Checkpoint at step ${count(event.step)}: ${event.folder}`;
      case "warning":
        return `Warning: ${event.message}`;
    }
  }
}
