/** Results of `deno task evaluate`: named values.
 * @module */
import type { FeatureDistances } from "../../metrics/feature_distance.ts";

/** A named value. */
export interface Measure {
  /** Name in JSON. */
  key: string;
  /** Description, including the unit. */
  says: string;
  value: number;
  /** Which values are better. */
  better: "higher" | "lower" | "closer to the real images' value";
}

/** Returns the distances between generated and real images.
 * @param of prefix for the names in JSON, such as "x_to_y_", if there are several comparisons. */
export function distanceMeasures({ network, frechet, kernel, counts }: FeatureDistances, of = ""): Measure[] {
  const between = `between ${counts[0]} generated and ${counts[1]} real images, features: ${network}`;
  return [
    { key: `${of}frechet`, says: `squared Fréchet distance ${between}`, value: frechet, better: "lower" },
    { key: `${of}kernel`, says: `kernel distance ${between}`, value: kernel, better: "lower" },
  ];
}

/** Formats each metric on its own line. */
export function measureLines(measures: readonly Measure[]): string[] {
  return measures.map(({ says, value, better }) => `${Number(value.toPrecision(4))}  ${says}; ${better} is better`);
}
