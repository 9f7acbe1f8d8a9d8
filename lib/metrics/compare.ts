/** Fair comparisons: variants of a training run that differ in one respect, each with several seeds.
 *
 * Two training runs that differ only in their seeds also end with different metrics. A difference between two variants is
 * therefore evidence only if it is larger than the differences between seeds. A verdict (see `verdict.ts`) names a best variant
 * only if its runs are better than all runs of the others.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb
 * @module */
import { oneLine } from "../data/errors.ts";
import { VERSION } from "../packages.ts";
import { comparisonDrawing } from "../plot/comparison.ts";
import { type Drawing, drawingOutput } from "../plot/drawing.ts";
import { displayable } from "../plot/jupyter.ts";
import * as tf from "../tf.ts";
import { summaryOf, textOf, type VariantSummary, type Verdict, verdictOf, writerFor } from "./verdict.ts";

/** Options of {@linkcode compare}. */
export interface CompareOptions<Variant, Metric extends string> {
  /** The factor that differs between the variants, such as "loss". */
  what: string;
  /** The variants, keyed by name; at least two. */
  variants: Record<string, Variant>;
  /** Seeds, the same for each variant. A verdict needs at least three. */
  seeds: number[];
  /** Trains a variant with a seed, and measures it. The seed must determine all random numbers. */
  run: (variant: Variant, seed: number) => Record<Metric, number> | Promise<Record<Metric, number>>;
  /** The metrics, and whether lower or higher values of each are better. */
  better: Record<Metric, "lower" | "higher">;
}

/** The metrics of one variant with one seed. */
export interface ComparedRun<Metric extends string = string> {
  /** Name of the variant. */
  variant: string;
  /** Seed of the run. */
  seed: number;
  /** Value of each metric. */
  metrics: Record<Metric, number>;
}

/** Origin of a comparison. */
export interface ComparisonOrigin {
  /** Command that repeats the comparison. */
  command: string;
  /** Date on which the comparison was saved, such as "2026-11-30". */
  date: string;
  /** Duration of all runs, in seconds. */
  seconds: number;
  /** Version of this library. */
  forger: string;
  /** Name of the backend. */
  backend: string;
}

/** The runs of a comparison. A notebook displays a comparison if it is the last value in a cell. */
export class Comparison<Metric extends string = string> {
  /** The factor that differs between the variants. */
  readonly what: string;
  /** The metrics, and whether lower or higher values of each are better. */
  readonly better: Record<Metric, "lower" | "higher">;
  /** All runs. */
  readonly runs: readonly ComparedRun<Metric>[];
  /** Duration of all runs, in seconds. */
  readonly seconds: number;
  /** Origin of the comparison, if it was loaded from a file. */
  readonly origin: ComparisonOrigin | undefined;

  /** Creates a comparison from its runs. */
  constructor(
    { what, better, runs, seconds, origin }:
      & Pick<Comparison<Metric>, "what" | "better" | "runs" | "seconds">
      & { origin?: ComparisonOrigin | undefined },
  ) {
    this.what = what;
    this.better = better;
    this.runs = runs;
    this.seconds = seconds;
    this.origin = origin;
    displayable(this, () => drawingOutput(this.drawing()));
  }

  /** Summarizes a metric for each variant. */
  summary(metric: Metric): Record<string, VariantSummary> {
    const byVariant = Map.groupBy(this.runs, ({ variant }) => variant);
    return Object.fromEntries(
      [...byVariant].map(([variant, runs]) => [variant, summaryOf(runs.map((run) => run.metrics[metric]))]),
    );
  }

  /** Returns the best variant according to a metric, or the reason why the runs do not show which one is best.
   * @param variants Names of the variants to compare, at least two. Default: all.
   * @throws {RangeError} If there is no such metric or variant. */
  verdict(metric: Metric, variants?: string[]): Verdict {
    const all = Object.entries(this.summary(metric));
    const chosen = all.filter(([name]) => variants?.includes(name) ?? true);
    if (!(metric in this.better) || chosen.length < Math.max(2, variants?.length ?? 0)) {
      const wanted = `one of ${Object.keys(this.better).join(", ")}, and at least two of ${all.map(([name]) => name).join(", ")}`;
      const got = [metric, ...variants ?? []].join(", ");
      throw new RangeError(`Cannot give a verdict: expected ${wanted}, got ${got}; change the names`);
    }
    return verdictOf(metric, chosen, this.better[metric]);
  }

  /** Draws the values of all runs, with the mean and the range of each variant, and the verdicts. */
  drawing(): Drawing {
    const seeds = new Set(this.runs.map(({ seed }) => seed)).size;
    const panels = (Object.keys(this.better) as Metric[]).map((metric) => {
      const summaries = this.summary(metric);
      const write = writerFor(Object.values(summaries));
      const rows = Object.entries(summaries).map(([name, summary]) => ({ name, ...summary, text: textOf(summary, write) }));
      return { heading: `${metric} (${this.better[metric]} is better)`, rows, note: this.verdict(metric).sentence };
    });
    const made = this.origin && `Made on ${this.origin.date} in ${durationOf(this.seconds)} with: ${this.origin.command}`;
    return comparisonDrawing(
      `Comparison: ${this.what}`,
      `${seeds} ${seeds === 1 ? "seed" : "seeds"}: mean (range)`,
      panels,
      made,
    );
  }

  /** Saves the comparison as a JSON file, which is kept with the program that computes it.
   * @param command Command that repeats the comparison. */
  async save(path: string, command: string): Promise<void> {
    const date = new Date().toISOString().slice(0, 10);
    const { what, better, runs, seconds } = this;
    const origin: ComparisonOrigin = { command, date, seconds, forger: VERSION, backend: tf.getBackend() };
    const text = JSON.stringify({ comparison: what, better, ...origin, runs }, undefined, 1);
    try {
      await Deno.writeTextFile(path, `${text}\n`);
    } catch (error) {
      throw new Error(`Cannot save the comparison to ${path}: ${oneLine(error)}; choose a file in a writable folder`);
    }
  }
}

/** Trains and measures each variant with each seed.
 *
 * @example
 * ```ts
 * import { compare, losses } from "./mod.ts";
 *
 * const result = await compare({
 *   what: "number of neurons",
 *   variants: { small: 8, large: 64 },
 *   seeds: [1, 2, 3],
 *   run: (neurons, seed) => ({ loss: 1 / neurons + Math.abs(Math.sin(seed)) / 100 }), // train and measure here
 *   better: { loss: "lower" },
 * });
 * console.log(result.verdict("loss").sentence);
 * await result.save("neurons.json", "deno run -A neurons.ts");
 * ```
 * @throws {RangeError} If there are fewer than two variants, no seeds, a duplicate seed, or no metrics.
 * @throws {Error} If a run fails, or does not measure one of the metrics. */
export async function compare<Variant, Metric extends string>(
  { what, variants, seeds, run, better }: CompareOptions<Variant, Metric>,
): Promise<Comparison<Metric>> {
  const [names, metrics] = [Object.keys(variants), Object.keys(better) as Metric[]];
  if (names.length < 2 || seeds.length < 1 || new Set(seeds).size < seeds.length || metrics.length < 1) {
    const got = `${names.length} variants, seeds [${seeds.join(", ")}] and ${metrics.length} metrics; change the options`;
    throw new RangeError(`Cannot compare ${what}: expected at least 2 variants, different seeds and a metric, got ${got}`);
  }
  const start = performance.now();
  const runs: ComparedRun<Metric>[] = [];
  for (const seed of seeds) {
    for (const [variant, value] of Object.entries(variants)) {
      const failed = (reason: string) => `Cannot compare ${what}: "${variant}" with seed ${seed} ${reason}`;
      const measured = await Promise.resolve().then(() => run(value, seed)).catch((cause) => {
        throw new Error(failed(`failed: ${oneLine(cause)}`), { cause });
      });
      const missing = metrics.find((metric) => typeof measured?.[metric] !== "number");
      if (missing) throw new Error(failed(`has no number for ${missing}; return it from run`));
      runs.push({ variant, seed, metrics: measured });
    }
  }
  return new Comparison({ what, better, runs, seconds: (performance.now() - start) / 1000 });
}

/** Loads a comparison that {@linkcode Comparison.save} has saved.
 * @param path Path of the file, or name of a comparison of the course, such as "10_losses", which is in notebooks/comparisons.
 * @throws {Error} If the file cannot be read, or is not a comparison. */
export async function loadComparison(path: string | URL): Promise<Comparison> {
  const named = typeof path === "string" && /^\w+$/.test(path);
  const file = named ? new URL(`../../notebooks/comparisons/${path}.json`, import.meta.url) : path;
  try {
    const { comparison, better, runs, ...origin } = JSON.parse(await Deno.readTextFile(file));
    if (runs.length === 0) throw new Error("the file contains no runs");
    const numbers = ({ metrics, ...run }: ComparedRun): ComparedRun => ({
      ...run,
      metrics: Object.fromEntries(Object.keys(better).map((name) => [name, metrics[name] ?? NaN])), // JSON writes NaN as null
    });
    return new Comparison({ what: comparison, better, runs: runs.map(numbers), seconds: origin.seconds, origin });
  } catch (error) {
    throw new Error(`Cannot load a comparison from ${path}: ${oneLine(error)}; pass a file that save() has written`);
  }
}

function durationOf(seconds: number): string {
  return seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7200
    ? `${Math.round(seconds / 60)} min`
    : `${Math.round(seconds / 3600)} h`;
}
