/** Results of `deno task evaluate`: numbers with names.
 * @module */
import type { FeatureDistances } from "../../metrics/feature_distance.ts";

/** One number. */
export interface Measure {
  /** Name in JSON. */
  key: string;
  /** Description with the unit. */
  says: string;
  value: number;
  /** Direction of improvement. */
  better: "higher" | "lower" | "closer to the real images' value";
}

/** Distances of generated images to real ones.
 * @param of prefix of the names in JSON, if several sets are compared: "x_to_y_". */
export function distanceMeasures({ network, frechet, kernel, counts }: FeatureDistances, of = ""): Measure[] {
  const between = `between ${counts[0]} images and ${counts[1]} real images, features: ${network}`;
  return [
    { key: `${of}frechet`, says: `squared Fréchet distance ${between}`, value: frechet, better: "lower" },
    { key: `${of}kernel`, says: `kernel distance ${between}`, value: kernel, better: "lower" },
  ];
}

/** One line for each measure. */
export function measureLines(measures: readonly Measure[]): string[] {
  return measures.map(({ says, value, better }) => `${Number(value.toPrecision(4))}  ${says}; ${better} is better`);
}
