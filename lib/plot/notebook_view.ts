/** A training as a notebook shows it: a line of progress, the loss curves, the samples, each in its place and kept up to date.
 *
 * JupyterLab redraws a still picture in place, but not an interactive figure (seen in 4.6). So the curves are stills while the training
 * runs, and become interactive under the same display id when it ends or rests. However long it runs, the outputs stay the same few.
 * @module */
import type { SampleEvent, TrainEvent } from "../events.ts";
import { figureOutput, pngOutput, toPng } from "./png.ts";
import type { Figure } from "./spec.ts";
import { imageGrid } from "./grid.ts";
import { LossHistory } from "./history.ts";
import { newDisplayId, type Outlet, textOutput } from "./jupyter.ts";
import { lossFigure, type LossFigureOptions } from "./loss_figure.ts";
import { Throttle, type ThrottleOptions } from "./throttle.ts";
import { startPlotly } from "./headless_plotly.ts";
import { count, Progress } from "./progress.ts";

/** What a live view shows, and how. */
export interface LiveOptions extends Omit<LossFigureOptions, "caption" | "x"> {
  /** Under the samples: how they were chosen. */
  caption?: string;
  /** Pixels of the screen for each of a sample, as in `imageGrid`. */
  scale?: number;
  /** Called at each sample; the figure that it gives (such as `patchHeatmap`) is shown under the samples. */
  patches?: (event: SampleEvent) => Promise<Figure> | Figure | undefined;
  /** How often the curves are drawn. Default: once a second, and at most 4% of the time. */
  throttle?: ThrottleOptions;
  /** Where to. Default: the notebook, or lines in a terminal. */
  outlet?: Outlet;
  /** Prints a line in a terminal. Default `console.log`. */
  print?: (line: string) => void;
}

/** Points kept for the curves: as many as a figure has pixels. */
const POINTS = 1000;
/** Milliseconds without news after which a view makes its figure interactive. */
const REST = 3000;

/** Something that is fed with events and shows them. */
export interface View {
  /** The step of the last event. */
  readonly lastStep: number;
  /** Whether the training went to its end. */
  readonly finished: boolean;
  /** Resolves when what this event causes at once is shown. Does not throw: a figure that cannot be drawn must not end a training. */
  show(event: TrainEvent): Promise<void>;
  /** Shows what is not shown yet. */
  end(): Promise<void>;
}

/** A view in a notebook. */
export class NotebookView implements View {
  lastStep = 0;
  finished = false;
  readonly #outlet: Outlet;
  readonly #options: LiveOptions;
  readonly #history = new LossHistory(POINTS);
  readonly #progress = new Progress();
  readonly #ids = { progress: newDisplayId(), losses: newDisplayId(), samples: newDisplayId(), patches: newDisplayId() };
  readonly #line: Throttle;
  readonly #curves: Throttle;
  #warnings = new Set<string>();
  /** The last figure of the samples' patches. */
  #map: Figure | undefined;
  #events: Promise<void> = Promise.resolve();
  #opened = false;
  /** Whether the figure is, or is about to be, interactive, and all that came is in it. */
  #resting = true;
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(outlet: Outlet, options: LiveOptions = {}) {
    this.#outlet = outlet;
    this.#options = options;
    this.#line = new Throttle(() => this.#drawLine().catch(() => {}), options.throttle); // a lost line is no harm
    this.#curves = new Throttle(() => this.#guarded("the losses", () => this.#drawCurves()), options.throttle);
  }

  show(event: TrainEvent): Promise<void> {
    // In their order, also where nobody waits for them.
    return this.#events = this.#events.then(() => this.#guarded("an event", () => this.#take(event)));
  }

  async #take(event: TrainEvent): Promise<void> {
    this.#progress.add(event);
    this.lastStep = event.step;
    clearTimeout(this.#restTimer);
    if (!this.#opened) await this.#open();
    if (event.type === "step") {
      this.#history.add(event);
      this.#resting = false;
      await this.#line.request();
      await this.#curves.request();
      this.#restLater();
    } else if (event.type === "sample") await this.#guarded("the samples", () => this.#drawSamples(event));
    else if (event.type === "warning") await this.#warn(event.message);
    else if (event.type === "epoch" && event.epoch === event.epochs) {
      this.finished = true;
      await this.end();
    }
  }

  async end(): Promise<void> {
    clearTimeout(this.#restTimer);
    if (this.#resting) return;
    this.#resting = true;
    await this.#line.now();
    await this.#curves.now();
    await this.#guarded("the patches", () => this.#drawMap());
  }

  /** Claims the places in their order. Plotly starts here, so that its second does not count as the time of a drawing. */
  async #open(): Promise<void> {
    this.#opened = true;
    await this.#drawLine();
    await this.#outlet.display(textOutput("The losses come after the first steps"), this.#ids.losses);
    await this.#guarded("figures", async () => void await startPlotly());
  }

  /** A training that was stopped, or left, sends no last event: silence tells. */
  #restLater(): void {
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => void this.end(), Math.max(REST, 5 * this.#progress.milliseconds));
    Deno.unrefTimer(this.#restTimer);
  }

  async #drawLine(): Promise<void> {
    const lines = [this.#progress.line(), ...[...this.#warnings].map((warning) => `Warning: ${warning}`)];
    await this.#outlet.display(textOutput(lines.join("\n")), this.#ids.progress);
  }

  async #drawCurves(): Promise<void> {
    if (this.#history.length === 0) return;
    const { caption: _, ...options } = this.#options;
    const smooth = options.smooth ?? (this.lastStep < 100 ? 1 : Math.round(this.lastStep / 40));
    const figure = lossFigure(this.#history, { ...options, smooth });
    const output = this.#resting ? await figureOutput(figure) : pngOutput(await toPng(figure));
    await this.#outlet.display(output, this.#ids.losses);
  }

  async #drawSamples(event: SampleEvent): Promise<void> {
    const { caption = "", scale, patches } = this.#options;
    const when = event.step === 0 ? "Before training." : `After epoch ${event.epoch}, step ${count(event.step)}.`;
    const grid = await imageGrid(event.rows, { caption: `${when} ${caption}`.trim(), ...(scale !== undefined && { scale }) });
    await this.#outlet.display(pngOutput(grid), this.#ids.samples);
    this.#map = await patches?.(event);
    await this.#drawMap();
  }

  async #drawMap(): Promise<void> {
    if (!this.#map) return;
    const output = this.#resting || this.finished ? await figureOutput(this.#map) : pngOutput(await toPng(this.#map));
    await this.#outlet.display(output, this.#ids.patches);
  }

  async #warn(message: string): Promise<void> {
    this.#warnings.add(message);
    await this.#line.now();
  }

  async #guarded(what: string, draw: () => Promise<void>): Promise<void> {
    try {
      await draw();
    } catch (error) {
      await this.#warn(`cannot draw ${what}: ${error instanceof Error ? error.message : error}`);
    }
  }
}
