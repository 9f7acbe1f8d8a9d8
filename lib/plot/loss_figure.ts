/** Loss curves.
 *
 * What they can say: whether a training runs, and whether one player has overpowered the other. What they cannot: how good the
 * pictures are, since each player's loss is measured against an opponent who learns too.
 * @module */
import { figure } from "./figure.ts";
import { type Figure, line, type Trace } from "./spec.ts";
import { LossHistory, lossNames, type LossPoint, meanPoint } from "./history.ts";
import { coloursOf } from "./style.ts";

/** How loss curves are drawn. */
export interface LossFigureOptions {
  /** Default "Losses". */
  title?: string;
  /** Shown under the title, with the seed and the settings. */
  subtitle?: string;
  /** Shown under the figure, before what is said of smoothing. */
  caption?: string;
  /** Of the training; shown under the title. */
  seed?: number;
  /** Shown under the title, as "name value". */
  settings?: Record<string, unknown>;
  /** One point a step, or one an epoch: the mean of its steps; of a {@linkcode LossHistory} that has joined steps, of what it kept of them.
   * Default "step". */
  x?: "step" | "epoch";
  /** Draw the mean of the last so many steps over the steps themselves, which then turn faint. Default 1: none. */
  smooth?: number;
  /** A logarithmic loss axis: for losses of different size, such as an L1 in [-1, 1] units beside an adversarial loss. Default false. */
  log?: boolean;
  /** Only these losses. Default: all. */
  losses?: string[];
  /** Height in pixels. Default 460. */
  height?: number;
}

/** Loss curves, one line a loss.
 * @param history a {@linkcode LossHistory}, or any points: step events, or epoch events. Beyond 4000, neighbours are joined.
 * @throws {RangeError} if `smooth` is not 1 or more, or a loss is asked for that is not there. */
export function lossFigure(history: Iterable<LossPoint>, options: LossFigureOptions = {}): Figure {
  const { x = "step", smooth = 1, log = false, title = "Losses", subtitle, height } = options;
  if (!(smooth >= 1)) {
    throw new RangeError(
      `Cannot smooth the losses over ${smooth} steps: it takes 1 (not at all) or more; set smooth to 1 or more`,
    );
  }
  const joined = history instanceof LossHistory;
  const kept = joined ? history : fill(x === "epoch" ? epochMeans(history) : history);
  const points = x === "epoch" ? epochMeans(kept) : [...kept];
  const names = chosen(points, options.losses);
  const window = x === "epoch" ? 1 : Math.max(1, Math.round(smooth / kept.stepsPerPoint));
  const colours = coloursOf(names);
  const data = names.flatMap((name, i) => curves(points, name, { colour: colours[i]!, x, window, log }));
  const under = [subtitle, seedAndSettings(options)].filter(Boolean).join(" · ");
  const caption = [options.caption, ...notes(points, names, { window, x, log, stride: kept.stepsPerPoint, joined })].filter(
    Boolean,
  )
    .join(" ");
  const last = points.at(-1)?.[x] ?? 0;
  return figure(data, {
    title,
    ...(under && { subtitle: under }),
    ...(caption && { caption }),
    ...(height !== undefined && { height }),
    alt: `${title}: curves of ${names.join(", ")} over ${last} ${x}${last === 1 ? "" : "s"}`,
    // Steps and epochs are whole numbers, also where there are few.
    x: { title: x === "step" ? "Step" : "Epoch", ...(last <= 12 && { tick: 1 }) },
    y: { title: `Loss (mean over the ${x === "step" ? "batch" : "epoch"})`, log },
  });
}

function fill(points: Iterable<LossPoint>): LossHistory {
  const history = new LossHistory();
  for (const point of points) history.add(point);
  return history;
}

function epochMeans(points: Iterable<LossPoint>): LossPoint[] {
  const epochs = new Map<number, LossPoint[]>();
  for (const point of points) epochs.set(point.epoch, [...epochs.get(point.epoch) ?? [], point]);
  return [...epochs.values()].map(meanPoint);
}

function chosen(points: LossPoint[], wanted: string[] | undefined): string[] {
  const there = lossNames(points);
  const strange = wanted?.find((name) => !there.includes(name));
  if (strange !== undefined && points.length > 0) {
    throw new RangeError(`Cannot draw the loss "${strange}": this training has ${there.join(", ")}; choose among these`);
  }
  return wanted ?? there;
}

interface CurveOptions {
  colour: string;
  x: "step" | "epoch";
  window: number;
  log: boolean;
}

function curves(points: LossPoint[], name: string, { colour, x, window, log }: CurveOptions): Trace[] {
  const at = points.map((point) => point[x]);
  const values = points.map((point) => point.losses[name] ?? NaN).map((value) => log && value <= 0 ? NaN : value);
  const hover = { hovertemplate: `%{fullData.name} %{y:.4g}<extra>${x} %{x}</extra>` };
  // A single point makes no line: a training of one step or one epoch shows dots.
  const dots = points.length < 30 ? { mode: "lines+markers" } : {};
  if (window === 1) {
    return [line(at, values, { name, colour, ...hover, ...dots, line: { width: points.length > 300 ? 1.5 : 2.5 } })];
  }
  return [
    line(at, values, {
      name,
      colour,
      legendgroup: name,
      showlegend: false,
      hoverinfo: "skip",
      opacity: 0.25,
      line: { width: 1 },
    }),
    line(at, runningMean(values, window), { name, colour, legendgroup: name, ...hover }),
  ];
}

/** The mean of each value and the `window - 1` before it, as far as they are numbers. */
export function runningMean(values: readonly number[], window: number): number[] {
  let sum = 0;
  let count = 0;
  return values.map((value, i) => {
    if (Number.isFinite(value)) [sum, count] = [sum + value, count + 1];
    const leaving = values[i - window];
    if (leaving !== undefined && Number.isFinite(leaving)) [sum, count] = [sum - leaving, count - 1];
    return count > 0 ? sum / count : NaN;
  });
}

function seedAndSettings({ seed, settings = {} }: LossFigureOptions): string {
  const all = { ...settings, ...(seed !== undefined && { seed }) };
  return Object.entries(all).map(([name, value]) => `${name} ${value}`).join(", ");
}

interface NoteOptions {
  window: number;
  x: "step" | "epoch";
  log: boolean;
  stride: number;
  /** The points came joined already: by steps, whatever is drawn. */
  joined: boolean;
}

function notes(points: LossPoint[], names: string[], { window, x, log, stride, joined }: NoteOptions): string[] {
  const values = points.flatMap((point) => names.map((name) => point.losses[name] ?? NaN));
  const gaps = values.filter((value) => !Number.isFinite(value)).length;
  const low = values.filter((value) => value <= 0).length;
  return [
    stride > 1 && (x === "step" || !joined) ? `Each point is the mean of ${stride} ${x}s.` : "",
    stride > 1 && x === "epoch" && joined ? `Each epoch is put together from means of ${stride} steps.` : "",
    window > 1 ? `Bold: mean of the last ${window * stride} steps; faint: ${stride > 1 ? "the points" : "each step"}.` : "",
    gaps > 0 ? `Gaps: ${gaps} ${gaps === 1 ? "value is" : "values are"} not finite.` : "",
    log && low > 0 ? `Not drawn on the log axis: ${low} ${low === 1 ? "value" : "values"} of 0 or less.` : "",
  ];
}
