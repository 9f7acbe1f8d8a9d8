/** @module */

/** The middle one, or the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Rounded to one digit behind the point. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
