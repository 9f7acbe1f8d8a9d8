/** Drawing now and then, so that it never costs the work that it shows more than a few hundredths.
 * @module */

/** How often. */
export interface PaceOptions {
  /** Milliseconds between two drawings, at least. Default 1000. */
  least?: number;
  /** Share of the time that drawing may take: after a drawing of 100 ms, a pause of 100 ms / share. Default 0.04. */
  share?: number;
}

/** Draws when asked, but not too often; the last wish is always met, at the latest when the pause is over. */
export class Pace {
  readonly #draw: () => Promise<void>;
  readonly #least: number;
  readonly #share: number;
  /** What the last drawings took. Work that went on meanwhile counts in; the shortest holds the least of it. */
  #costs: number[] = [];
  #warm = false;
  /** When the next drawing is allowed. */
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = 0;
  /** Whether there is anything that no drawing has seen yet. */
  #wished = false;
  /** Drawings come one after the other. */
  #queue: Promise<void> = Promise.resolve();

  /** @param draw shows what is newest when it is called, and does not throw. */
  constructor(draw: () => Promise<void>, { least = 1000, share = 0.04 }: PaceOptions = {}) {
    this.#draw = draw;
    this.#least = least;
    this.#share = share;
  }

  /** There is something new. Resolves when it is drawn if that is done now, and at once if it comes later. */
  async wish(): Promise<void> {
    this.#wished = true;
    const pause = this.#next - performance.now();
    if (this.#running === 0 && this.#timer === undefined && pause <= 0) await this.now();
    else this.#later(pause);
  }

  /** Draws now, after the drawings that are on their way. */
  now(): Promise<void> {
    this.forget();
    this.#running++;
    return this.#queue = this.#queue.then(() => this.#timed());
  }

  /** No drawing later. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wished = false;
  }

  #later(pause: number): void {
    if (this.#running > 0 || this.#timer !== undefined) return; // one is coming, or is set when this one is done
    this.#timer = setTimeout(() => void this.now(), pause);
    Deno.unrefTimer(this.#timer); // a drawing to come must not keep a program alive
  }

  async #timed(): Promise<void> {
    const start = performance.now();
    this.#wished = false;
    await this.#draw();
    const end = performance.now();
    // The first drawing also starts things up, and says nothing of the next ones.
    if (this.#warm) this.#costs = [...this.#costs.slice(-2), end - start];
    this.#warm = true;
    const cost = this.#costs.length > 0 ? Math.min(...this.#costs) : 0;
    const pause = Math.max(this.#least, cost / this.#share);
    this.#next = end + pause;
    this.#running--;
    if (this.#wished) this.#later(pause);
  }
}
