/** Distributions of points on a line or in a plane. Their densities are known, so a GAN's quality can be measured and plotted, as
 * in Figure 1 of the GAN paper (Goodfellow et al., 2014, arXiv:1406.2661). A mixture of Gaussians has the density
 *
 *     p(x) = Σ wᵢ N(x; μᵢ, σᵢ² I).
 *
 * Symbols: p_data(x) → `density`, x ~ p_data → `sample`, μᵢ → `mean`, σᵢ → `deviation`, wᵢ → `weight`.
 * @module */
import * as tf from "../../lib/tf.ts";
import type { BatchOptions, PointBatch, PointData } from "../../lib/data/datasets.ts";
import { type Random, seededRandom } from "../../lib/data/random.ts";
import { BATCH_DEFAULTS, checkPlan, shareOf } from "../../lib/data/stream.ts";

/** A distribution of points. */
export interface Distribution {
  /** Display name, such as "ring of 8". */
  readonly name: string;
  /** Number of dimensions: 1 for a line, 2 for a plane. */
  readonly dimensions: number;
  /** Interval that contains all but 10⁻⁸ of the probability in each dimension. */
  readonly range: [low: number, high: number];
  /** Returns the probability density p(x) ≥ 0.
   * @param point Coordinates of the point x, one for each dimension. */
  density(point: number[]): number;
  /** Draws one point. */
  sample(random: Random): number[];
}

/** An isotropic Gaussian component of a mixture. */
export interface Component {
  /** Mean: one coordinate on a line, two in a plane. */
  mean: number[];
  /** Standard deviation in each dimension; must be positive. */
  deviation: number;
  /** Relative weight in the mixture; must be positive. Default 1. */
  weight?: number;
}

/** Extent of the range around the means, in standard deviations; the probability of a larger deviation is 2·10⁻⁹. */
const REACH = 6;

/** Creates a mixture of Gaussians.
 * @throws {RangeError} If there are no components, if a mean is not one- or two-dimensional, or if a deviation or weight is
 * not positive. */
export function gaussianMixture(name: string, components: Component[]): Distribution {
  const dimensions = checkComponents(name, components);
  const total = components.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const weights = components.map(({ weight = 1 }) => weight / total);
  const edges = (side: -1 | 1) => components.flatMap(({ mean, deviation }) => mean.map((at) => at + side * REACH * deviation));
  return {
    name,
    dimensions,
    range: [Math.min(...edges(-1)), Math.max(...edges(1))],
    density: (point) => components.reduce((sum, component, i) => sum + weights[i]! * gaussian(point, component), 0),
    sample: (random) => {
      let left = random.next();
      const chosen = components.find((_, i) => (left -= weights[i]!) < 0) ?? components.at(-1)!;
      return chosen.mean.map((at) => at + chosen.deviation * standardNormal(random));
    },
  };
}

function checkComponents(name: string, components: Component[]): number {
  const dimensions = components[0]?.mean.length ?? 0;
  const action = `Cannot build the distribution ${name}:`;
  if (dimensions !== 1 && dimensions !== 2) {
    const cure = "pass a point on a line or in a plane";
    throw new RangeError(`${action} expected a mean with 1 or 2 coordinates, got ${dimensions}; ${cure}`);
  }
  for (const { mean, deviation, weight = 1 } of components) {
    if (mean.length !== dimensions) {
      const got = `${dimensions} and ${mean.length}`;
      throw new RangeError(`${action} all means must have the same number of coordinates, got ${got}; change the mean [${mean}]`);
    }
    if (!(deviation > 0 && weight > 0)) {
      const got = `${deviation} and ${weight}`;
      throw new RangeError(`${action} deviation and weight must be positive, got ${got}; use positive numbers`);
    }
  }
  return dimensions;
}

function gaussian(point: number[], { mean, deviation }: Component): number {
  const squares = mean.reduce((sum, at, i) => sum + (point[i]! - at) ** 2, 0);
  return Math.exp(-squares / (2 * deviation ** 2)) / (2 * Math.PI * deviation ** 2) ** (mean.length / 2);
}

/** Draws from N(0, 1) with the Box–Muller transform (1958). */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Creates a ring of Gaussians around the origin; such rings are a standard test for mode collapse.
 * @param options `modes` is the number of modes (default 8), `radius` the radius of the ring (default 2), and `deviation` the
 * standard deviation of each mode (default 0.1). */
export function gaussianRing(options: { modes?: number; radius?: number; deviation?: number } = {}): Distribution {
  const { modes = 8, radius = 2, deviation = 0.1 } = options;
  const angles = Array.from({ length: modes }, (_, i) => 2 * Math.PI * i / modes);
  const means = angles.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle)]);
  return gaussianMixture(`ring of ${modes}`, means.map((mean) => ({ mean, deviation })));
}

/** Creates a data set of points drawn from a distribution. The options for `batches()` are checked when the iteration begins.
 * @param options `count` is the number of points per epoch (default 1000).
 * @throws {RangeError} If `count` is not a positive integer. */
export function pointsOf(distribution: Distribution, { count = 1000 }: { count?: number } = {}): PointData {
  const { name, dimensions } = distribution;
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`Cannot draw points: count must be a positive integer, got ${count}; change count`);
  }
  async function* batches(options: BatchOptions = {}): AsyncGenerator<PointBatch> {
    const plan = { ...BATCH_DEFAULTS, ...options };
    checkPlan(plan);
    const { batch, seed, epoch, skip } = plan;
    for (let start = skip * batch; start < count; start += batch) {
      const length = Math.min(batch, count - start);
      const draws = shareOf(length, plan).map((i) => distribution.sample(seededRandom(seed, epoch, start + i)));
      yield { points: tf.tensor2d(draws, [draws.length, dimensions]), names: [`points ${start + 1} to ${start + length}`] };
    }
  }
  return { name, count, dimensions, batches };
}
