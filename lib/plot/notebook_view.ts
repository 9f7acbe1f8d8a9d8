/** Live view of a training run in a notebook: a progress line, loss curves and samples, each updated in place.
 *
 * JupyterLab (as of 4.6) can update a PNG in place, but not an interactive figure. During training, the curves are therefore
 * PNGs. When training ends or pauses, an interactive figure with the same display id replaces the last PNG. The view never shows
 * more than four outputs.
 * @module */
import type { SampleEvent, TrainEvent } from "../events.ts";
import { imageGrid } from "./grid.ts";
import { newDisplayId, type Outlet, textOutput } from "./jupyter.ts";
import { lossFigure, type LossFigureOptions, LossHistory } from "./losses.ts";
import { type Figure, startPlotly } from "./plotly.ts";
import { figureOutput, pngOutput, toPng } from "./png.ts";
import { count, Progress, type View } from "./progress.ts";

/** Options for a live view. */
export interface LiveOptions extends Omit<LossFigureOptions, "caption" | "x"> {
  /** Text below the samples, such as a note on how they were chosen. */
  caption?: string;
  /** Scale factor for the samples, as in {@linkcode imageGrid}. */
  scale?: number;
  /** Names of the rows of samples. */
  rows?: string[];
  /** Called for each sample event. The returned figure, such as a {@linkcode patchHeatmap}, is shown below the samples. */
  patches?: (event: SampleEvent) => Promise<Figure> | Figure | undefined;
  /** Limits on drawing. By default, curves are drawn at most once per second, and drawing takes at most 4% of the total time. */
  throttle?: ThrottleOptions;
  /** Destination for the outputs. By default, the outputs appear in the notebook. Outside a notebook, the view prints lines of
   * text. */
  outlet?: Outlet;
  /** Function that prints a line of text if there is no notebook. Default `console.log`. */
  print?: (line: string) => void;
}

/** Maximum number of points per curve: about the width of a figure in pixels. */
const POINTS_PER_CURVE = 1000;
/** Minimum time without events, in milliseconds, before the figure becomes interactive. */
const IDLE_TIME = 3000;

/** A view in a notebook. */
export class NotebookView implements View {
  lastStep = 0;
  finished = false;
  readonly #outlet: Outlet;
  readonly #options: LiveOptions;
  readonly #history = new LossHistory(POINTS_PER_CURVE);
  readonly #progress = new Progress();
  readonly #ids = { progress: newDisplayId(), losses: newDisplayId(), samples: newDisplayId(), patches: newDisplayId() };
  readonly #progressThrottle: Throttle;
  readonly #curvesThrottle: Throttle;
  #warnings = new Set<string>();
  /** Last figure returned by the function in the option `patches`. */
  #heatmap: Figure | undefined;
  #events: Promise<void> = Promise.resolve();
  #opened = false;
  /** Whether the figure is up to date and interactive, or will be after the redraw in progress. */
  #idle = true;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(outlet: Outlet, options: LiveOptions = {}) {
    this.#outlet = outlet;
    this.#options = options;
    this.#progressThrottle = new Throttle(() => this.#drawProgress().catch(() => {}), options.throttle);
    this.#curvesThrottle = new Throttle(() => this.#attempt("the losses", () => this.#drawCurves()), options.throttle);
  }

  show(event: TrainEvent): Promise<void> {
    // Events are handled one after the other, even if the caller does not wait.
    return this.#events = this.#events.then(() => this.#attempt("the event", () => this.#take(event)));
  }

  async #take(event: TrainEvent): Promise<void> {
    this.#progress.add(event);
    this.lastStep = event.step;
    clearTimeout(this.#idleTimer);
    if (!this.#opened) await this.#open();
    if (event.type === "step") {
      this.#history.add(event);
      this.#idle = false;
      await this.#progressThrottle.request();
      await this.#curvesThrottle.request();
      this.#idleLater();
    } else if (event.type === "sample") await this.#attempt("the samples", () => this.#drawSamples(event));
    else if (event.type === "warning") await this.#warn(event.message);
    else if (event.type === "epoch" && event.epoch === event.epochs) {
      this.finished = true;
      await this.end();
    }
  }

  async end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    if (this.#idle) return;
    this.#idle = true;
    await this.#progressThrottle.now();
    await this.#curvesThrottle.now();
    await this.#attempt("the patches", () => this.#drawHeatmap());
  }

  /** Displays the first outputs and loads Plotly, so that the loading time does not count as drawing time. */
  async #open(): Promise<void> {
    this.#opened = true;
    await this.#drawProgress();
    await this.#outlet.display(textOutput("Losses will appear after the first steps"), this.#ids.losses);
    await this.#attempt("the figures", async () => void await startPlotly());
  }

  /** Makes the figure interactive after some time without events, since an interrupted run sends no final event. */
  #idleLater(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.end(), Math.max(IDLE_TIME, 5 * this.#progress.milliseconds));
    Deno.unrefTimer(this.#idleTimer);
  }

  async #drawProgress(): Promise<void> {
    const lines = [this.#progress.line(), ...[...this.#warnings].map((warning) => `Warning: ${warning}`)];
    await this.#outlet.display(textOutput(lines.join("\n")), this.#ids.progress);
  }

  async #drawCurves(): Promise<void> {
    if (this.#history.length === 0) return;
    const { caption: _caption, rows: _rows, ...options } = this.#options;
    const smooth = options.smooth ?? (this.lastStep < 100 ? 1 : Math.round(this.lastStep / 40));
    const figure = lossFigure(this.#history, { ...options, smooth });
    const output = this.#idle ? await figureOutput(figure) : pngOutput(await toPng(figure));
    await this.#outlet.display(output, this.#ids.losses);
  }

  async #drawSamples(event: SampleEvent): Promise<void> {
    const { caption = "", scale, rows, patches } = this.#options;
    const when = event.step === 0 ? "Before training." : `After epoch ${event.epoch}, step ${count(event.step)}.`;
    const grid = await imageGrid(event.rows, {
      caption: `${when} ${caption}`.trim(),
      ...(scale !== undefined && { scale }),
      ...(rows && { rows: rows.slice(0, event.rows.length) }),
    });
    await this.#outlet.display(pngOutput(grid), this.#ids.samples);
    this.#heatmap = await patches?.(event);
    await this.#drawHeatmap();
  }

  async #drawHeatmap(): Promise<void> {
    if (!this.#heatmap) return;
    const output = this.#idle || this.finished ? await figureOutput(this.#heatmap) : pngOutput(await toPng(this.#heatmap));
    await this.#outlet.display(output, this.#ids.patches);
  }

  async #warn(message: string): Promise<void> {
    this.#warnings.add(message);
    await this.#progressThrottle.now();
  }

  async #attempt(what: string, draw: () => Promise<void>): Promise<void> {
    try {
      await draw();
    } catch (error) {
      await this.#warn(`cannot draw ${what}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** Options that limit how often the view is redrawn. */
export interface ThrottleOptions {
  /** Minimum pause between two redraws, in milliseconds. Default 1000. */
  interval?: number;
  /** Maximum fraction of the time spent on drawing, which determines the pause after each redraw. Default 0.04. */
  fraction?: number;
}

/** Limits the rate of redraws. The last request is always fulfilled, at the latest when the pause ends. */
export class Throttle {
  readonly #draw: () => Promise<void>;
  readonly #interval: number;
  readonly #fraction: number;
  /** Durations of the last three redraws, in milliseconds. The durations may include other work, so the shortest one is used. */
  #costs: number[] = [];
  #warm = false;
  /** Time at which the next redraw is allowed, as measured by `performance.now()`. */
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = 0;
  /** Whether a request has been made since the last redraw began. */
  #requested = false;
  /** Queue in which redraws run one after the other. */
  #queue: Promise<void> = Promise.resolve();

  /** Creates a throttle.
   * @param draw Function that draws the current state; it must not throw. */
  constructor(draw: () => Promise<void>, { interval = 1000, fraction = 0.04 }: ThrottleOptions = {}) {
    this.#draw = draw;
    this.#interval = interval;
    this.#fraction = fraction;
  }

  /** Requests a redraw. The promise resolves when the redraw is finished, or immediately if the redraw is postponed. */
  async request(): Promise<void> {
    this.#requested = true;
    const pause = this.#next - performance.now();
    if (this.#running === 0 && this.#timer === undefined && pause <= 0) await this.now();
    else this.#schedule(pause);
  }

  /** Redraws as soon as any redraw in progress is finished, without a pause. */
  now(): Promise<void> {
    this.cancel();
    this.#running++;
    return this.#queue = this.#queue.then(() => this.#drawTimed());
  }

  /** Cancels the postponed redraw, if any. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#requested = false;
  }

  #schedule(pause: number): void {
    if (this.#running > 0 || this.#timer !== undefined) return; // #drawTimed schedules the next one
    this.#timer = setTimeout(() => void this.now(), pause);
    Deno.unrefTimer(this.#timer); // a postponed drawing must not keep the process alive
  }

  async #drawTimed(): Promise<void> {
    const start = performance.now();
    this.#requested = false;
    await this.#draw();
    const end = performance.now();
    // The first redraw includes one-time initialization.
    if (this.#warm) this.#costs = [...this.#costs.slice(-2), end - start];
    this.#warm = true;
    const cost = this.#costs.length > 0 ? Math.min(...this.#costs) : 0;
    const pause = Math.max(this.#interval, cost / this.#fraction);
    this.#next = end + pause;
    this.#running--;
    if (this.#requested) this.#schedule(pause);
  }
}
