/** Results of `deno task evaluate`: named values.
 * @module */
import { featureDistances, type FeatureNetwork } from "../../metrics/feature_distance.ts";
import type * as tf from "../../tf.ts";
import { counted } from "../data/describe.ts";

export interface Measure {
  /** Name in JSON. */
  key: string;
  /** Description, including the unit. */
  says: string;
  /** Value, or `undefined` if the value cannot be computed; `says` then gives the reason. */
  value: number | undefined;
  better: "higher" | "lower" | "closer to the real images' value";
}

/** Returns a measure for which higher values are better. */
export function higher(key: string, says: string, value: number): Measure {
  return { key, says, value, better: "higher" };
}

/** Returns a measure for which lower values are better. */
export function lower(key: string, says: string, value: number | undefined): Measure {
  return { key, says, value, better: "lower" };
}

/** Measures the distances between generated and real images, and disposes of the images. If either set has fewer than two images,
 * the distance is undefined and the result states the reason. If there are several comparisons, `of` is a prefix for the names
 * in JSON, such as "x_to_y_".
 * @param counts Number of generated images and number of real images. */
export async function distanceMeasures(
  generated: AsyncIterable<tf.Tensor4D>,
  real: AsyncIterable<tf.Tensor4D>,
  counts: readonly [number, number],
  { of = "", network }: { of?: string; network?: FeatureNetwork } = {},
): Promise<Measure[]> {
  const between = `between ${counts[0]} generated and ${counted(counts[1], "real image")}`;
  if (Math.min(...counts) < 2) {
    const says = `squared Fréchet distance and kernel distance ${between}: they need at least 2 images of each kind`;
    return [lower(`${of}frechet`, says, undefined)];
  }
  const { network: name, frechet, kernel } = await featureDistances(generated, real, network);
  return [
    lower(`${of}frechet`, `squared Fréchet distance ${between}, features: ${name}`, frechet),
    lower(`${of}kernel`, `kernel distance ${between}, features: ${name}`, kernel),
  ];
}

/** Formats each metric on its own line. */
export function measureLines(measures: readonly Measure[]): string[] {
  return measures.map(({ says, value, better }) =>
    value === undefined ? `Left out: ${says}` : `${Number(value.toPrecision(4))}  ${says}; ${better} is better`
  );
}
