/** The losses of a training, kept small however long it runs.
 * @module */

/** The losses at one step, or their means over some steps. A step event and an epoch event are such points. */
export interface LossPoint {
  /** From 1. */
  epoch: number;
  /** From 1, counted over all epochs; for means, the last of the steps. */
  step: number;
  /** Each loss by its name. */
  losses: Record<string, number>;
}

/** Points kept before neighbours are joined. */
export const MOST_POINTS = 4000;

/** Losses in the order of their steps. At {@linkcode MOST_POINTS}, neighbours are joined two by two, each pair into its mean, so that a
 * training of a million steps is drawn as fast as one of four thousand. */
export class LossHistory implements Iterable<LossPoint> {
  readonly #most: number;
  #points: LossPoint[] = [];
  #stride = 1;
  /** The last steps, while they are fewer than make a point. */
  #waiting: LossPoint[] = [];

  /** An empty history.
   * @param most points kept, at least 2; an odd number counts as the even one below.
   * @throws {RangeError} if it is less. */
  constructor(most: number = MOST_POINTS) {
    if (!(most >= 2)) {
      throw new RangeError(`Cannot keep the losses: a history must hold at least 2 points, got ${most}; raise it`);
    }
    this.#most = 2 * Math.floor(most / 2);
  }

  /** Adds a step. */
  add({ epoch, step, losses }: LossPoint): void {
    this.#waiting.push({ epoch, step, losses: { ...losses } });
    if (this.#waiting.length < this.#stride) return;
    this.#points.push(meanPoint(this.#waiting));
    this.#waiting = [];
    if (this.#points.length < this.#most) return;
    this.#points = Array.from({ length: this.#most / 2 }, (_, i) => meanPoint(this.#points.slice(2 * i, 2 * i + 2)));
    this.#stride *= 2;
  }

  /** How many steps each point is the mean of: 1, 2, 4, ... */
  get stepsPerPoint(): number {
    return this.#stride;
  }

  /** How many points there are. */
  get length(): number {
    return this.#points.length + (this.#waiting.length > 0 ? 1 : 0);
  }

  /** What a console or a cell prints of it. */
  [Symbol.for("Deno.customInspect")](): string {
    return `LossHistory of ${this.length} points, each of ${this.#stride} ${this.#stride === 1 ? "step" : "steps"}`;
  }

  /** The points; the last may stand for fewer steps than the others. */
  *[Symbol.iterator](): Iterator<LossPoint> {
    yield* this.#points;
    if (this.#waiting.length > 0) yield meanPoint(this.#waiting);
  }
}

/** Several points as one: the mean of each loss, at the last one's step. A loss that is NaN once stays so: it should be seen. */
export function meanPoint(points: readonly LossPoint[]): LossPoint {
  const last = points.at(-1)!;
  const losses: Record<string, number> = {};
  for (const name of lossNames(points)) {
    const values = points.map((point) => point.losses[name]).filter((value) => value !== undefined);
    losses[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return { epoch: last.epoch, step: last.step, losses };
}

/** The names of all losses, in the order in which they first come. */
export function lossNames(points: Iterable<LossPoint>): string[] {
  const names = new Set<string>();
  for (const point of points) for (const name of Object.keys(point.losses)) names.add(name);
  return [...names];
}
