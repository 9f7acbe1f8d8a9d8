/** A throttle for drawing, so that a live view takes only a few percent of the training time.
 * @module */

/** How often to draw. */
export interface ThrottleOptions {
  /** Minimum pause between two drawings, in milliseconds. Default 1000. */
  interval?: number;
  /** Maximum fraction of the time spent drawing: a pause lasts as long as the drawing before it, divided by this. Default
   * 0.04. */
  fraction?: number;
}

/** Limits the rate of drawings. The last request is always drawn, at the latest when the pause ends. */
export class Throttle {
  readonly #draw: () => Promise<void>;
  readonly #interval: number;
  readonly #fraction: number;
  /** Durations of the last three drawings, in milliseconds. They include other work; the minimum includes the least of it. */
  #costs: number[] = [];
  #warm = false;
  /** Time of the next allowed drawing, on the clock of `performance.now()`. */
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = 0;
  /** Whether a request came after the last drawing began. */
  #requested = false;
  /** Runs drawings one after the other. */
  #queue: Promise<void> = Promise.resolve();

  /** Creates a throttle.
   * @param draw Draws the current state; must not throw. */
  constructor(draw: () => Promise<void>, { interval = 1000, fraction = 0.04 }: ThrottleOptions = {}) {
    this.#draw = draw;
    this.#interval = interval;
    this.#fraction = fraction;
  }

  /** Requests a drawing. Resolves after the drawing if it starts now, and immediately if it is postponed. */
  async request(): Promise<void> {
    this.#requested = true;
    const pause = this.#next - performance.now();
    if (this.#running === 0 && this.#timer === undefined && pause <= 0) await this.now();
    else this.#schedule(pause);
  }

  /** Draws without a pause, after any drawings in progress. */
  now(): Promise<void> {
    this.cancel();
    this.#running++;
    return this.#queue = this.#queue.then(() => this.#drawTimed());
  }

  /** Cancels the postponed drawing, if any. */
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
    // The first drawing includes one-time initialization.
    if (this.#warm) this.#costs = [...this.#costs.slice(-2), end - start];
    this.#warm = true;
    const cost = this.#costs.length > 0 ? Math.min(...this.#costs) : 0;
    const pause = Math.max(this.#interval, cost / this.#fraction);
    this.#next = end + pause;
    this.#running--;
    if (this.#requested) this.#schedule(pause);
  }
}
