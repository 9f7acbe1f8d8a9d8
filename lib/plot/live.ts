/** A training to look at while it runs.
 *
 * ```ts
 * await plot.live({ title: "pix2pix on facades", seed: 1 }).watch(model.train(pairs, { epochs: 10, seed: 1 }));
 * ```
 * or, with something to do at each event,
 * ```ts
 * const view = plot.live({ seed: 1 });
 * for await (const event of view.follow(model.train(pairs, { epochs: 10, seed: 1 }))) if (event.type === "epoch") console.log(event.seconds);
 * ```
 * In a notebook: progress, loss curves and samples, updated in place. Elsewhere: lines.
 * @module */
import type { TrainEvent } from "../events.ts";
import { LossHistory } from "./history.ts";
import { notebook } from "./jupyter.ts";
import { type LiveOptions, NotebookView, type View } from "./notebook_view.ts";
import { count, epochLine, Progress } from "./progress.ts";

/** A view, and ways to feed it. */
export interface Live extends View {
  /** Passes events on, and shows each before it does. Ends the view when the events end, however they do. */
  follow<Event extends TrainEvent>(events: AsyncIterable<Event>): AsyncGenerator<Event>;
  /** Goes through all events and shows them.
   * @returns the losses, for `lossFigure`. */
  watch(events: AsyncIterable<TrainEvent>): Promise<LossHistory>;
}

/** A view of a training that updates in place. */
export function live(options: LiveOptions = {}): Live {
  const outlet = options.outlet ?? notebook();
  const view: View = outlet ? new NotebookView(outlet, options) : new LinesView(options.print);
  async function* follow<Event extends TrainEvent>(events: AsyncIterable<Event>): AsyncGenerator<Event> {
    try {
      for await (const event of events) {
        await view.show(event);
        yield event;
      }
    } finally {
      await view.end();
    }
  }
  return Object.assign(view, {
    follow,
    async watch(events: AsyncIterable<TrainEvent>): Promise<LossHistory> {
      const history = new LossHistory();
      for await (const event of follow(events)) if (event.type === "step") history.add(event);
      return history;
    },
  });
}

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
