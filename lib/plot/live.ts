/** Live view of a training run.
 *
 * ```ts
 * await plot.live({ title: "pix2pix on facades", seed: 1 }).watch(model.train(pairs, { epochs: 10, seed: 1 }));
 * ```
 * or, to handle the events as well,
 * ```ts
 * const view = plot.live({ seed: 1 });
 * for await (const event of view.follow(model.train(pairs, { epochs: 10, seed: 1 }))) {
 *   if (event.type === "epoch") console.log(event.seconds);
 * }
 * ```
 * A notebook shows progress, loss curves and samples, updated in place. A terminal shows lines of text.
 * @module */
import type { TrainEvent } from "../events.ts";
import { LossHistory } from "./history.ts";
import { notebook } from "./jupyter.ts";
import { type LiveOptions, NotebookView, type View } from "./notebook_view.ts";
import { count, epochLine, Progress } from "./progress.ts";

/** A live view of a training run. */
export interface Live extends View {
  /** Shows each event before it yields it. Ends the view when the iteration ends, also by `break` or an error. */
  follow<Event extends TrainEvent>(events: AsyncIterable<Event>): AsyncGenerator<Event>;
  /** Shows all events.
   * @returns The losses of the run, for {@linkcode lossFigure}. */
  watch(events: AsyncIterable<TrainEvent>): Promise<LossHistory>;
}

/** Creates a live view: in a notebook figures that update in place, elsewhere lines of text. */
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

/** Minimum time between two progress lines within an epoch, in milliseconds. */
const LINE_INTERVAL = 10_000;

/** A view for terminals and logs: one line for each epoch, sample, checkpoint and warning, and progress lines between them. */
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
