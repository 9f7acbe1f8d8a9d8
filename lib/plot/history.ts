/** Loss history of a training run, in bounded memory.
 * @module */

/** Losses at one step, or their means over several steps. Step events and epoch events are loss points. */
export interface LossPoint {
  /** Epoch, from 1. */
  epoch: number;
  /** Step, from 1, counted over all epochs; for a mean, the last of its steps. */
  step: number;
  /** Each loss by name. */
  losses: Record<string, number>;
}

/** Default maximum length of a {@linkcode LossHistory}. */
export const MAX_POINTS = 4000;

/** Losses in the order of their steps. When the history is full, each pair of neighbouring points is replaced by its mean, so
 * that a run of a million steps is drawn as fast as one of four thousand. */
export class LossHistory implements Iterable<LossPoint> {
  readonly #capacity: number;
  #points: LossPoint[] = [];
  #stride = 1;
  /** The latest steps, until there are enough for a point. */
  #pending: LossPoint[] = [];

  /** Creates an empty history.
   * @param capacity Maximum number of points, at least 2; rounded down to an even number.
   * @throws {RangeError} If the capacity is less than 2. */
  constructor(capacity: number = MAX_POINTS) {
    if (!(capacity >= 2)) {
      throw new RangeError(`Cannot create the loss history: capacity must be at least 2 points, got ${capacity}; increase it`);
    }
    this.#capacity = 2 * Math.floor(capacity / 2);
  }

  /** Returns the points as a history, averaged where there are too many; a history is returned unchanged. */
  static from(points: Iterable<LossPoint>): LossHistory {
    if (points instanceof LossHistory) return points;
    const history = new LossHistory();
    for (const point of points) history.add(point);
    return history;
  }

  /** Appends a step. */
  add({ epoch, step, losses }: LossPoint): void {
    this.#pending.push({ epoch, step, losses: { ...losses } });
    if (this.#pending.length < this.#stride) return;
    this.#points.push(meanPoint(this.#pending));
    this.#pending = [];
    if (this.#points.length < this.#capacity) return;
    this.#points = Array.from({ length: this.#capacity / 2 }, (_, i) => meanPoint(this.#points.slice(2 * i, 2 * i + 2)));
    this.#stride *= 2;
  }

  /** Number of steps averaged in each point: 1, 2, 4, ... */
  get stepsPerPoint(): number {
    return this.#stride;
  }

  /** Number of points. */
  get length(): number {
    return this.#points.length + (this.#pending.length > 0 ? 1 : 0);
  }

  /** Returns a description for consoles and notebook cells. */
  [Symbol.for("Deno.customInspect")](): string {
    return `LossHistory of ${this.length} points, ${this.#stride} ${this.#stride === 1 ? "step" : "steps"} each`;
  }

  /** Iterates over the points. The last one may average fewer steps than the others. */
  *[Symbol.iterator](): Iterator<LossPoint> {
    yield* this.#points;
    if (this.#pending.length > 0) yield meanPoint(this.#pending);
  }
}

/** Averages points: the mean of each loss, at the step of the last point. The mean of a loss that contains NaN is NaN. */
export function meanPoint(points: readonly LossPoint[]): LossPoint {
  const last = points.at(-1)!;
  const losses: Record<string, number> = {};
  for (const name of lossNames(points)) {
    const values = points.map((point) => point.losses[name]).filter((value) => value !== undefined);
    losses[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return { epoch: last.epoch, step: last.step, losses };
}

/** Returns the names of all losses, in order of first appearance. */
export function lossNames(points: Iterable<LossPoint>): string[] {
  const names = new Set<string>();
  for (const point of points) for (const name of Object.keys(point.losses)) names.add(name);
  return [...names];
}
