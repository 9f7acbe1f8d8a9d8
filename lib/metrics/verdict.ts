/** Verdicts on variants that were measured with several seeds.
 *
 * A verdict names a variant as the best only if each of its runs is better than all runs of the other variants. If the variants
 * did not differ, each of the N runs of k variants with n seeds would be the best with the same probability, and the runs of one
 * of the variants would all be better than the rest with probability k n! (N − n)! / N!: 1/10 for 2 variants with 3 seeds, 1/126
 * with 5 seeds.
 * @module */

/** Minimum number of seeds for a verdict. */
export const LEAST_SEEDS = 3;

/** Summary of a metric for one variant, over its seeds. */
export interface VariantSummary {
  /** Values in the order of the seeds. */
  values: number[];
  /** Mean of the values. */
  mean: number;
  /** Lowest value. */
  low: number;
  /** Highest value. */
  high: number;
  /** Sample standard deviation, NaN for a single seed. */
  deviation: number;
}

/** A verdict on a metric. */
export interface Verdict {
  /** Name of the best variant; undefined if the runs do not show which variant is best. */
  best?: string;
  /** The verdict and its reason, in words. */
  sentence: string;
}

/** Summarizes values. */
export function summaryOf(values: number[]): VariantSummary {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    values,
    mean,
    low: Math.min(...values),
    high: Math.max(...values),
    deviation: Math.sqrt(squares / (values.length - 1)),
  };
}

/** Returns the verdict on a metric of at least two variants. */
export function verdictOf(metric: string, summaries: [string, VariantSummary][], better: "lower" | "higher"): Verdict {
  const refused = (reason: string): Verdict => ({ sentence: `No verdict on ${metric}: ${reason}.` });
  const seeds = summaries[0]![1].values.length;
  const diverged = summaries.filter(([, { values }]) => !values.every(Number.isFinite)).map(quoted);
  if (diverged.length > 0) return refused(`not all values of ${diverged.join(", ")} are finite`);
  if (seeds < LEAST_SEEDS) {
    return refused(`${seeds} ${seeds === 1 ? "seed is" : "seeds are"} not enough, ${LEAST_SEEDS} are needed`);
  }
  const sign = better === "lower" ? 1 : -1;
  const [first, ...others] = summaries.toSorted(([, a], [, b]) => sign * (a.mean - b.mean));
  const [best, { low, high }] = first!;
  const near = others.filter(([, other]) => other.low <= high && other.high >= low).map(quoted);
  if (near.length > 0) return refused(`the range of ${quoted(first!)} overlaps that of ${near.join(", ")}`);
  const write = writerFor(summaries.map(([, summary]) => summary));
  const numbers = others.map((other) => `${rangeOf(other[1], write)} (${quoted(other)})`).join(", ");
  return {
    best,
    sentence: `${quoted(first!)} has the ${better === "lower" ? "lowest" : "highest"} ${metric} with every seed: ` +
      `${rangeOf({ low, high }, write)}, against ${numbers}. If the variants did not differ, this would be the result ` +
      `of 1 in ${Math.round(oneIn(summaries.length, seeds))} comparisons.`,
  };
}

function quoted([name]: [string, unknown]): string {
  return `“${name}”`;
}

/** Returns the reciprocal of the probability that all runs of one of k equal variants are better than all other runs. */
function oneIn(variants: number, seeds: number): number {
  let ways = 1; // the binomial coefficient: variants · seeds over seeds
  for (let i = 1; i <= seeds; i++) ways *= ((variants - 1) * seeds + i) / i;
  return ways / variants;
}

/** Writes a value. */
export type Writer = (value: number) => string;

/** Largest number that is not written with an exponent, and the smallest one except 0. */
const PLAIN = { most: 1e7, least: 1e-4 };

/** Returns a function that writes values so that three digits of the largest one are shown, and two of the difference between
 * all of them. Integers, such as counts, have no decimals, and their means have one. */
export function writerFor(summaries: VariantSummary[]): Writer {
  const values = summaries.flatMap(({ values }) => values).filter(Number.isFinite);
  const order = (value: number) => value > 0 ? Math.floor(Math.log10(value)) : 0;
  const [largest, span] = [Math.max(0, ...values.map(Math.abs)), Math.max(...values) - Math.min(...values)];
  if (largest >= PLAIN.most || (largest > 0 && largest < PLAIN.least)) {
    const digits = span > 0 ? Math.min(4, Math.max(2, order(largest) - order(span) + 1)) : 2;
    return (value) => value.toExponential(digits);
  }
  if (values.every(Number.isInteger)) return (value) => value.toFixed(Number.isInteger(value) ? 0 : 1);
  const digits = Math.min(6, Math.max(0, 2 - order(largest), span > 0 ? 1 - order(span) : 0));
  return (value) => value.toFixed(digits);
}

/** Writes a mean and its range. */
export function textOf({ mean, ...range }: VariantSummary, write: Writer): string {
  return `${write(mean)} (${rangeOf(range, write)})`;
}

function rangeOf({ low, high }: Pick<VariantSummary, "low" | "high">, write: Writer): string {
  return `${write(low)} to ${write(high)}`;
}
