/** Results of `deno task evaluate`: named values.
 * @module */
import { featureDistances, type FeatureNetwork } from "../../metrics/feature_distance.ts";
import type * as tf from "../../tf.ts";
import { counted } from "../data/describe.ts";

/** A named value. */
export interface Measure {
  /** Name in JSON. */
  key: string;
  /** Description, including the unit. */
  says: string;
  /** Value; `undefined` if it cannot be computed, for the reason in `says`. */
  value: number | undefined;
  /** Which values are better. */
  better: "higher" | "lower" | "closer to the real images' value";
}

/** Measures the distances between generated and real images, which it disposes of. With fewer than two images in a set, there is
 * no distance, and the measure says so.
 * @param counts numbers of generated and of real images.
 * @param of prefix for the names in JSON, such as "x_to_y_", if there are several comparisons. */
export async function distanceMeasures(
  generated: AsyncIterable<tf.Tensor4D>,
  real: AsyncIterable<tf.Tensor4D>,
  counts: readonly [number, number],
  { of = "", network }: { of?: string; network?: FeatureNetwork } = {},
): Promise<Measure[]> {
  const better = "lower";
  const between = `between ${counts[0]} generated and ${counted(counts[1], "real image")}`;
  if (Math.min(...counts) < 2) {
    const says = `squared Fréchet distance and kernel distance ${between}: they need at least 2 images of each kind`;
    return [{ key: `${of}frechet`, says, value: undefined, better }];
  }
  const { network: name, frechet, kernel } = await featureDistances(generated, real, network);
  return [
    { key: `${of}frechet`, says: `squared Fréchet distance ${between}, features: ${name}`, value: frechet, better },
    { key: `${of}kernel`, says: `kernel distance ${between}, features: ${name}`, value: kernel, better },
  ];
}

/** Formats each metric on its own line. */
export function measureLines(measures: readonly Measure[]): string[] {
  return measures.map(({ says, value, better }) =>
    value === undefined ? `Left out: ${says}` : `${Number(value.toPrecision(4))}  ${says}; ${better} is better`
  );
}
