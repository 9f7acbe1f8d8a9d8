/** Formats the progress of a training run as text, and shows it in terminals and logs.
 * @module */
import type { EpochEvent, StepEvent, TrainEvent } from "../events.ts";

/** Number of recent steps that are used to estimate the remaining time. */
const RECENT_STEPS = 50;

/** Width of the progress bar, in characters. */
const BAR_WIDTH = 20;

/** Collects the events of a training run and formats its progress. */
export class Progress {
  #last: StepEvent | undefined;
  #epochs: number | undefined;
  #times: number[] = [];

  /** Adds an event. Ignores events other than step and epoch events. */
  add(event: TrainEvent): void {
    if (event.type === "epoch") this.#epochs = event.epochs;
    if (event.type !== "step") return;
    this.#times.push(event.milliseconds);
    if (this.#times.length > RECENT_STEPS) this.#times.shift();
    this.#last = event;
  }

  /** Median duration of the recent steps, in milliseconds; 0 before the first step. The median ignores outliers, such as the
   * first step, which also compiles the graph. */
  get milliseconds(): number {
    return this.#times.toSorted((a, b) => a - b)[Math.floor(this.#times.length / 2)] ?? 0;
  }

  /** Formats the progress as one line: bar, percentage, step, epoch, time per step, time left, learning rate and losses. */
  line(): string {
    const last = this.#last;
    if (!last) return "Waiting for the first step";
    const { step, steps, epoch, learningRate, losses } = last;
    const left = (steps - step) * this.milliseconds / 1000;
    return [
      `${bar(step / steps)} ${Math.floor(100 * step / steps)}%`,
      `step ${count(step)} of ${count(steps)}`,
      `epoch ${epoch}${this.#epochs ? ` of ${this.#epochs}` : ""}`,
      `${Math.round(this.milliseconds)} ms/step`,
      step < steps ? `${duration(left)} left` : "done",
      `learning rate ${learningRate}`,
      formatLosses(losses),
    ].join(" · ");
  }
}

/** Formats a finished epoch as one line. */
export function epochLine({ epoch, epochs, seconds, losses }: EpochEvent): string {
  return `Epoch ${epoch} of ${epochs} · ${duration(seconds)} · ${formatLosses(losses)} (means over the epoch)`;
}

/** Formats losses with three significant digits: "discriminator 0.314, l1 0.350". */
function formatLosses(losses: Record<string, number>): string {
  return Object.entries(losses).map(([name, value]) => `${name} ${value.toPrecision(3)}`).join(", ");
}

/** Formats the progress of a task that processes several files: "█████░░░░░ 50% · 5 of 10 · 2 min 5 s left".
 * @param done The number of finished files.
 * @param seconds Elapsed time, in seconds. */
export function workLine(done: number, total: number, seconds: number): string {
  const left = done > 0 && done < total ? [`${duration(seconds / done * (total - done))} left`] : [];
  return [`${bar(done / total)} ${Math.floor(100 * done / total)}%`, `${count(done)} of ${count(total)}`, ...left].join(" · ");
}

/** Formats a duration: "9.9 s", "45 s", "2 min 5 s", "1 h 3 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return seconds < 10 ? `${seconds.toFixed(1)} s` : `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Formats a number with thousands separators: "12,345". */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

function bar(fraction: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
  return "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
}

/** Shows the events of a training run. */
export interface View {
  /** Step of the last event. */
  readonly lastStep: number;
  /** Whether the run's final epoch is complete. */
  readonly finished: boolean;
  /** Shows an event. Resolves when the view has been redrawn or the redraw has been postponed. Never throws, since a display
   * error must not stop training. */
  show(event: TrainEvent): Promise<void>;
  /** Performs any postponed redraw. */
  end(): Promise<void>;
}

/** Minimum time between two progress lines within an epoch, in milliseconds. */
const LINE_INTERVAL = 10_000;

/** A view for terminals and logs: prints a line for each epoch, sample, checkpoint and warning, and progress lines in between. */
export class LinesView implements View {
  lastStep = 0;
  finished = false;
  readonly #print: (line: string) => void;
  readonly #progress = new Progress();
  #lastTime = performance.now();

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
      this.#lastTime = performance.now();
    }
    return Promise.resolve();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  #lineOf(event: TrainEvent): string | undefined {
    switch (event.type) {
      case "step":
        return performance.now() - this.#lastTime > LINE_INTERVAL ? this.#progress.line() : undefined;
      case "epoch":
        return epochLine(event);
      case "sample":
        return `Samples ${event.step === 0 ? "before training" : `after epoch ${event.epoch}`}: ${event.rows.length} images`;
      case "checkpoint":
        return `Checkpoint at step ${count(event.step)}: ${event.folder}`;
      case "warning":
        return `Warning: ${event.message}`;
    }
  }
}
