/** Losses of a training run: a history that uses bounded memory, and loss curves.
 *
 * Loss curves show whether training is stable and whether one network overpowers the other. Loss curves do not show image
 * quality, since the loss of each network depends on an opponent that is learning too.
 * @module */
import { figure, type FigureOptions, line } from "./figure.ts";
import type { Figure, Trace } from "./plotly.ts";
import { coloursOf } from "./style.ts";

/** Losses at one step, or mean losses over several steps. Step events and epoch events can be used as loss points. */
export interface LossPoint {
  /** Number of the epoch, starting at 1. */
  epoch: number;
  /** Number of the step, starting at 1 and counted across epochs; for a mean, the number of the last step. */
  step: number;
  /** Losses, keyed by name. */
  losses: Record<string, number>;
}

/** Default maximum length of a {@linkcode LossHistory}. */
export const MAX_POINTS = 4000;

/** History of losses, ordered by step. When the history is full, each pair of neighbouring points is replaced by its mean. A run
 * of a million steps can therefore be drawn as fast as a run of four thousand steps. */
export class LossHistory implements Iterable<LossPoint> {
  readonly #capacity: number;
  #points: LossPoint[] = [];
  #stride = 1;
  /** Most recent steps, kept until there are enough to be averaged into a point. */
  #pending: LossPoint[] = [];

  /** Creates an empty history.
   * @param capacity Maximum number of points, at least 2; rounded down to an even number.
   * @throws {RangeError} If the capacity is less than 2. */
  constructor(capacity: number = MAX_POINTS) {
    if (!(capacity >= 2)) {
      throw new RangeError(
        `Cannot create the loss history: capacity must be at least 2 points, got ${capacity}; increase capacity`,
      );
    }
    this.#capacity = 2 * Math.floor(capacity / 2);
  }

  /** Creates a history from points, averaging them if there are too many; an existing history is returned unchanged. */
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

  /** Iterates over the points. The last point may be the mean of fewer steps than the others. */
  *[Symbol.iterator](): Iterator<LossPoint> {
    yield* this.#points;
    if (this.#pending.length > 0) yield meanPoint(this.#pending);
  }
}

/** Returns the mean of each loss over several points, with the epoch and step of the last point. If a loss is NaN at any of the
 * points, the mean of that loss is NaN. */
export function meanPoint(points: readonly LossPoint[]): LossPoint {
  const last = points.at(-1)!;
  const losses: Record<string, number> = {};
  for (const name of lossNames(points)) {
    const values = points.map((point) => point.losses[name]).filter((value) => value !== undefined);
    losses[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return { epoch: last.epoch, step: last.step, losses };
}

/** Returns the names of all losses, in the order in which they first appear. */
export function lossNames(points: Iterable<LossPoint>): string[] {
  return [...new Set(Array.from(points, ({ losses }) => Object.keys(losses)).flat())];
}

/** Options for {@linkcode lossFigure}. The default title is "Losses". The settings and the seed are added to the subtitle, and
 * notes on smoothing to the caption. */
export interface LossFigureOptions
  extends Partial<Pick<FigureOptions, "title" | "subtitle" | "caption" | "height" | "levels" | "marks">> {
  /** Seed of the run, shown below the title. */
  seed?: number;
  /** Settings of the run, each shown below the title as "name value". */
  settings?: Record<string, unknown>;
  /** Whether to draw one point per step or per epoch. The point of an epoch is the mean over its steps, or, in a
   * {@linkcode LossHistory}, over the points kept for that epoch. Default "step". */
  x?: "step" | "epoch";
  /** Window of the running mean, in steps. The mean is drawn over a faint curve of the individual steps. Default 1: no
   * smoothing. */
  smooth?: number;
  /** Whether to use a logarithmic loss axis, for losses of different magnitudes, such as L1 and GAN losses. Default false. */
  log?: boolean;
  /** Names of the losses to draw. Default: all. */
  losses?: string[];
}

/** Draws loss curves, one line per loss.
 * @param history A {@linkcode LossHistory} or other points, such as step or epoch events. If there are more than 4000 points,
 * neighbouring points are averaged.
 * @throws {RangeError} If `smooth` is less than 1, or if `losses` names an unknown loss. */
export function lossFigure(history: Iterable<LossPoint>, options: LossFigureOptions = {}): Figure {
  const { x = "step", smooth = 1, log = false, title = "Losses", subtitle, height, levels, marks } = options;
  if (!(smooth >= 1)) {
    throw new RangeError(`Cannot draw the losses: smooth must be at least 1 step, got ${smooth}; increase smooth`);
  }
  const isHistory = history instanceof LossHistory;
  const kept = LossHistory.from(x === "epoch" && !isHistory ? epochMeans(history) : history);
  const points = x === "epoch" ? epochMeans(kept) : [...kept];
  const names = selectLosses(points, options.losses);
  const window = x === "epoch" ? 1 : Math.max(1, Math.round(smooth / kept.stepsPerPoint));
  const colours = coloursOf(names);
  const drawing = { x, window, log, stride: kept.stepsPerPoint, isHistory };
  const data = names.flatMap((name, i) => curves(points, name, colours[i]!, drawing));
  const under = [subtitle, seedAndSettings(options)].filter(Boolean).join(" · ");
  const remarks = notes(points, names, drawing);
  const caption = [options.caption, ...remarks].filter(Boolean).join(" ");
  const last = points.at(-1)?.[x] ?? 0;
  return figure(data, {
    title,
    ...(under && { subtitle: under }),
    ...(caption && { caption }),
    ...(height !== undefined && { height }),
    ...(levels && { levels }),
    ...(marks && { marks }),
    alt: `${title}: curves of ${names.join(", ")} over ${last} ${x}${last === 1 ? "" : "s"}`,
    // Steps and epochs are integers, so short axes get ticks only at integers.
    x: { title: x === "step" ? "Step" : "Epoch", ...(last <= 12 && { tick: 1 }) },
    y: { title: `Loss (mean over the ${x === "step" ? "batch" : "epoch"})`, log },
  });
}

function epochMeans(points: Iterable<LossPoint>): LossPoint[] {
  const epochs = new Map<number, LossPoint[]>();
  for (const point of points) epochs.set(point.epoch, [...epochs.get(point.epoch) ?? [], point]);
  return [...epochs.values()].map(meanPoint);
}

function selectLosses(points: LossPoint[], wanted: string[] | undefined): string[] {
  const all = lossNames(points);
  const unknown = wanted?.find((name) => !all.includes(name));
  if (unknown !== undefined && points.length > 0) {
    throw new RangeError(`Cannot draw the loss "${unknown}": this run has the losses ${all.join(", ")}; choose from these`);
  }
  return wanted ?? all;
}

interface Drawing {
  x: "step" | "epoch";
  /** Number of points in the running mean. */
  window: number;
  log: boolean;
  /** Number of steps averaged in each point, or number of epochs if `x` is "epoch" and `isHistory` is false. */
  stride: number;
  /** Whether the caller passed a {@linkcode LossHistory}. */
  isHistory: boolean;
}

function curves(points: LossPoint[], name: string, colour: string, { x, window, log }: Drawing): Trace[] {
  const at = points.map((point) => point[x]);
  const values = points.map((point) => point.losses[name] ?? NaN).map((value) => log && value <= 0 ? NaN : value);
  const hover = { hovertemplate: `%{fullData.name} %{y:.4g}<extra>${x} %{x}</extra>` };
  // Markers make a run with a single step or epoch visible.
  const dots = points.length < 30 ? { mode: "lines+markers" } : {};
  if (window === 1) {
    return [line(at, values, { name, colour, ...hover, ...dots, line: { width: points.length > 300 ? 1.5 : 2.5 } })];
  }
  const faint = { legendgroup: name, showlegend: false, hoverinfo: "skip", opacity: 0.25, line: { width: 1 } };
  return [
    line(at, values, { name, colour, ...faint }),
    line(at, runningMean(values, window), { name, colour, legendgroup: name, ...hover }),
  ];
}

/** Averages each value with the `window - 1` values before it, ignoring NaN and infinite values. */
export function runningMean(values: readonly number[], window: number): number[] {
  // A sum that is updated from value to value would keep the rounding error of a very large one.
  return values.map((_, i) => {
    let [sum, count] = [0, 0];
    for (let at = Math.max(0, i - window + 1); at <= i; at++) {
      if (Number.isFinite(values[at])) [sum, count] = [sum + values[at]!, count + 1];
    }
    return count > 0 ? sum / count : NaN;
  });
}

function seedAndSettings({ seed, settings = {} }: LossFigureOptions): string {
  const all = { ...settings, ...(seed !== undefined && { seed }) };
  return Object.entries(all).map(([name, value]) => `${name} ${value}`).join(", ");
}

function notes(points: LossPoint[], names: string[], { window, x, log, stride, isHistory }: Drawing): string[] {
  const values = points.flatMap((point) => names.map((name) => point.losses[name] ?? NaN));
  const gaps = values.filter((value) => !Number.isFinite(value)).length;
  const low = values.filter((value) => value <= 0).length;
  return [
    stride > 1 && (x === "step" || !isHistory) ? `Each point is the mean of ${stride} ${x}s.` : "",
    stride > 1 && x === "epoch" && isHistory ? `Each epoch is averaged over means of ${stride} steps.` : "",
    window > 1 ? `Bold: running mean over ${window * stride} steps; faint: individual ${stride > 1 ? "points" : "steps"}.` : "",
    gaps > 0 ? `Gaps: ${gaps} ${gaps === 1 ? "value is" : "values are"} not finite.` : "",
    log && low > 0 ? `Not drawn on the log axis: ${low} ${low === 1 ? "value" : "values"} ≤ 0.` : "",
  ];
}
