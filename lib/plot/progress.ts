/** How far a training is, in words.
 * @module */
import type { EpochEvent, StepEvent, TrainEvent } from "../events.ts";

/** Step times that the remaining time is reckoned from: enough to be steady, few enough to notice a change. */
const RECENT_STEPS = 50;

/** Follows a training and says how far it is. */
export class Progress {
  #last: StepEvent | undefined;
  #epochs: number | undefined;
  #times: number[] = [];

  /** Takes note of an event; only steps and epochs matter. */
  add(event: TrainEvent): void {
    if (event.type === "epoch") this.#epochs = event.epochs;
    if (event.type !== "step") return;
    this.#times.push(event.milliseconds);
    if (this.#times.length > RECENT_STEPS) this.#times.shift();
    this.#last = event;
  }

  /** Milliseconds that a step takes lately; 0 before the first. The median, since the first step also builds the graph, and some wait
   * for a sample to be drawn. */
  get milliseconds(): number {
    return this.#times.toSorted((a, b) => a - b)[Math.floor(this.#times.length / 2)] ?? 0;
  }

  /** One line: bar, share, step, epoch, time a step, time left, learning rate, losses. */
  line(): string {
    const last = this.#last;
    if (!last) return "Waiting for the first step";
    const { step, steps, epoch, learningRate, losses } = last;
    const left = (steps - step) * this.milliseconds / 1000;
    const parts = [
      `${bar(step / steps)} ${Math.floor(100 * step / steps)}%`,
      `step ${count(step)} of ${count(steps)}`,
      `epoch ${epoch}${this.#epochs ? ` of ${this.#epochs}` : ""}`,
      `${Math.round(this.milliseconds)} ms/step`,
      step < steps ? `${duration(left)} left` : "done",
      `learning rate ${learningRate}`,
      lossWords(losses),
    ];
    return parts.join(" · ");
  }
}

/** One line for an epoch that is over. */
export function epochLine({ epoch, epochs, seconds, losses }: EpochEvent): string {
  return `Epoch ${epoch} of ${epochs} · ${duration(seconds)} · ${lossWords(losses)} (means over the epoch)`;
}

/** "discriminator 0.314, l1 0.35" */
export function lossWords(losses: Record<string, number>): string {
  return Object.entries(losses).map(([name, value]) => `${name} ${value.toPrecision(3)}`).join(", ");
}

/** "45 s", "2 min 5 s", "1 h 3 min" */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return seconds < 10 ? `${seconds.toFixed(1)} s` : `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "12,345" */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

function bar(share: number): string {
  const width = 20;
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}
