/** What `deno task evaluate` finds: numbers with names.
 * @module */
import type { FeatureDistances } from "../../metrics/feature_distance.ts";

/** One number. */
export interface Measure {
  /** Its name in JSON. */
  key: string;
  /** What it is, for a person, with its unit. */
  says: string;
  value: number;
  /** Which way is better. */
  better: "more" | "less" | "near the true pictures'";
}

/** The distances of generated pictures to true ones.
 * @param of what is compared, for JSON: "", or "x_to_y_" where there are several. */
export function distanceMeasures({ network, frechet, kernel, counts }: FeatureDistances, of = ""): Measure[] {
  const between = `${counts[0]} pictures to ${counts[1]} true ones, features ${network}`;
  return [
    { key: `${of}frechet`, says: `squared Fréchet distance of ${between}`, value: frechet, better: "less" },
    { key: `${of}kernel`, says: `kernel distance of ${between}`, value: kernel, better: "less" },
  ];
}

/** The measures for a person, a line each. */
export function measureLines(measures: readonly Measure[]): string[] {
  return measures.map(({ says, value, better }) => `${Number(value.toPrecision(4))}  ${says}; better: ${better}`);
}
