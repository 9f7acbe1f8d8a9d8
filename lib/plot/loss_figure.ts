/** Loss curves of a training run.
 *
 * Loss curves show whether training is stable and whether one network overpowers the other. They do not show the quality of the
 * images, since the loss of each network depends on an opponent that also learns.
 * @module */
import { figure } from "./figure.ts";
import { type Figure, line, type Trace } from "./spec.ts";
import { LossHistory, lossNames, type LossPoint, meanPoint } from "./history.ts";
import { coloursOf } from "./style.ts";

/** Options of {@linkcode lossFigure}. */
export interface LossFigureOptions {
  /** Title. Default "Losses". */
  title?: string;
  /** Line below the title, before the settings and the seed. */
  subtitle?: string;
  /** Text below the figure, before the notes on smoothing. */
  caption?: string;
  /** Seed of the run, shown below the title. */
  seed?: number;
  /** Settings of the run, shown below the title as "name value". */
  settings?: Record<string, unknown>;
  /** One point per step, or per epoch: the mean of its steps, or of the points that a {@linkcode LossHistory} keeps of them.
   * Default "step". */
  x?: "step" | "epoch";
  /** Number of steps of the running mean, drawn over the faint curve of the steps themselves. Default 1: no smoothing. */
  smooth?: number;
  /** Whether the loss axis is logarithmic, for losses of different magnitudes, such as L1 and adversarial. Default false. */
  log?: boolean;
  /** Names of the losses to draw. Default: all. */
  losses?: string[];
  /** Height of the figure, in pixels. Default 460. */
  height?: number;
}

/** Draws loss curves, one line per loss.
 * @param history A {@linkcode LossHistory} or other points, such as step or epoch events. Beyond 4000 points, neighbouring ones
 * are averaged.
 * @throws {RangeError} If `smooth` is less than 1, or one of `losses` does not exist. */
export function lossFigure(history: Iterable<LossPoint>, options: LossFigureOptions = {}): Figure {
  const { x = "step", smooth = 1, log = false, title = "Losses", subtitle, height } = options;
  if (!(smooth >= 1)) {
    throw new RangeError(`Cannot draw the losses: smooth must be at least 1 step, got ${smooth}; increase it`);
  }
  const isHistory = history instanceof LossHistory;
  const kept = LossHistory.from(x === "epoch" && !isHistory ? epochMeans(history) : history);
  const points = x === "epoch" ? epochMeans(kept) : [...kept];
  const names = selectLosses(points, options.losses);
  const window = x === "epoch" ? 1 : Math.max(1, Math.round(smooth / kept.stepsPerPoint));
  const colours = coloursOf(names);
  const data = names.flatMap((name, i) => curves(points, name, { colour: colours[i]!, x, window, log }));
  const under = [subtitle, seedAndSettings(options)].filter(Boolean).join(" · ");
  const caption = [options.caption, ...notes(points, names, { window, x, log, stride: kept.stepsPerPoint, isHistory })].filter(
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
    // Steps and epochs are integers: no ticks at fractions.
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
    throw new RangeError(`Cannot draw the loss "${unknown}": this run has the losses ${all.join(", ")}; choose among them`);
  }
  return wanted ?? all;
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
  // With markers, a run of a single step or epoch is visible, too.
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

/** Returns the mean of each value and the `window - 1` values before it, ignoring NaN and infinite values. */
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
  /** Whether the caller passed a {@linkcode LossHistory}, whose stride counts steps even if epochs are drawn. */
  isHistory: boolean;
}

function notes(points: LossPoint[], names: string[], { window, x, log, stride, isHistory }: NoteOptions): string[] {
  const values = points.flatMap((point) => names.map((name) => point.losses[name] ?? NaN));
  const gaps = values.filter((value) => !Number.isFinite(value)).length;
  const low = values.filter((value) => value <= 0).length;
  return [
    stride > 1 && (x === "step" || !isHistory) ? `Each point is the mean of ${stride} ${x}s.` : "",
    stride > 1 && x === "epoch" && isHistory ? `Each epoch is averaged from means of ${stride} steps.` : "",
    window > 1 ? `Bold: mean of the last ${window * stride} steps; faint: ${stride > 1 ? "the points" : "each step"}.` : "",
    gaps > 0 ? `Gaps: ${gaps} ${gaps === 1 ? "value is" : "values are"} not finite.` : "",
    log && low > 0 ? `Not drawn on the log axis: ${low} ${low === 1 ? "value" : "values"} of 0 or less.` : "",
  ];
}
