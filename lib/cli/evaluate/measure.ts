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
  better: "more" | "less" | "near the real images'";
}

/** Distances of generated images to real ones.
 * @param of prefix of the names in JSON, if several sets are compared: "x_to_y_". */
export function distanceMeasures({ network, frechet, kernel, counts }: FeatureDistances, of = ""): Measure[] {
  const between = `${counts[0]} images to ${counts[1]} real ones, features: ${network}`;
  return [
    { key: `${of}frechet`, says: `squared Fréchet distance of ${between}`, value: frechet, better: "less" },
    { key: `${of}kernel`, says: `kernel distance of ${between}`, value: kernel, better: "less" },
  ];
}

/** One line for each measure. */
export function measureLines(measures: readonly Measure[]): string[] {
  return measures.map(({ says, value, better }) => `${Number(value.toPrecision(4))}  ${says}; better: ${better}`);
}
