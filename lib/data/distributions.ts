/** Distributions of points on a line or in the plane whose density is known: where a GAN's success can be calculated and seen, as in Fig. 1
 * of Goodfellow et al. (2014), arXiv:1406.2661.
 *
 *     p(x) = Σ wᵢ N(x; μᵢ, σᵢ² I)                      a mixture of Gaussians
 *
 * Symbols: p_data(x) → `density`, x ~ p_data → `sample`, μᵢ → `mean`, σᵢ → `deviation`, wᵢ → `weight`.
 * @module */
import * as tf from "../tf.ts";
import type { BatchOptions, PointBatch, PointData } from "./datasets.ts";
import { type Random, seededRandom } from "./random.ts";
import { checkPlan, wholeEpoch } from "./stream.ts";

/** A distribution of points. */
export interface Distribution {
  /** For people: "ring of 8". */
  readonly name: string;
  /** 1 for a line, 2 for the plane. */
  readonly dimensions: number;
  /** Nearly all of it (all but 10⁻⁸) lies between these, in each dimension. */
  readonly range: [low: number, high: number];
  /** p(x), ≥ 0; over all space its integral is 1.
   * @param point as many numbers as dimensions. */
  density(point: number[]): number;
  /** One point. */
  sample(random: Random): number[];
}

/** One Gaussian of a mixture, alike in all directions. */
export interface Component {
  /** Its middle: one number on a line, two in the plane. */
  mean: number[];
  /** Its standard deviation in each dimension, above 0. */
  deviation: number;
  /** Its share beside the others'. Default 1: all alike. */
  weight?: number;
}

/** Deviations around the means that hold nearly everything: outside of 6 are 2·10⁻⁹ of a Gaussian. */
const REACH = 6;

/** A mixture of Gaussians.
 * @throws {RangeError} if there are none, they are not all of 1 or all of 2 dimensions, or a deviation or weight is not above 0. */
export function gaussianMixture(name: string, components: Component[]): Distribution {
  const dimensions = checkComponents(name, components);
  const total = components.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const shares = components.map(({ weight = 1 }) => weight / total);
  const edges = (side: -1 | 1) => components.flatMap(({ mean, deviation }) => mean.map((at) => at + side * REACH * deviation));
  return {
    name,
    dimensions,
    range: [Math.min(...edges(-1)), Math.max(...edges(1))],
    density: (point) => components.reduce((sum, component, i) => sum + shares[i]! * gaussian(point, component), 0),
    sample: (random) => {
      let left = random.next();
      const chosen = components.find((_, i) => (left -= shares[i]!) < 0) ?? components.at(-1)!;
      return chosen.mean.map((at) => at + chosen.deviation * standardNormal(random));
    },
  };
}

function checkComponents(name: string, components: Component[]): number {
  const dimensions = components[0]?.mean.length ?? 0;
  const fail = `Cannot make the distribution ${name}:`;
  if (dimensions !== 1 && dimensions !== 2) {
    throw new RangeError(`${fail} wanted a mean of 1 or 2 numbers, got ${dimensions}; name a point on a line or in the plane`);
  }
  for (const { mean, deviation, weight = 1 } of components) {
    if (mean.length !== dimensions) {
      throw new RangeError(`${fail} all means must have ${dimensions} numbers as the first, got [${mean}]; give as many`);
    }
    if (!(deviation > 0 && weight > 0)) {
      throw new RangeError(
        `${fail} deviation and weight must be above 0, got ${deviation} and ${weight}; leave out what is none`,
      );
    }
  }
  return dimensions;
}

function gaussian(point: number[], { mean, deviation }: Component): number {
  const squares = mean.reduce((sum, at, i) => sum + (point[i]! - at) ** 2, 0);
  return Math.exp(-squares / (2 * deviation ** 2)) / (2 * Math.PI * deviation ** 2) ** (mean.length / 2);
}

/** Box and Muller (1958). */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Gaussians on a circle around 0, the usual test for a generator that leaves modes out.
 * @param options how many, default 8; radius, default 2; deviation of each, default 0.1. */
export function gaussianRing(options: { modes?: number; radius?: number; deviation?: number } = {}): Distribution {
  const { modes = 8, radius = 2, deviation = 0.1 } = options;
  const angles = Array.from({ length: modes }, (_, i) => 2 * Math.PI * i / modes);
  const means = angles.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle)]);
  return gaussianMixture(`ring of ${modes}`, means.map((mean) => ({ mean, deviation })));
}

/** Points drawn from a distribution.
 * @param options points in an epoch; default 1000.
 * @throws {RangeError} if that is not a number of points; so do its batches of theirs. */
export function pointsOf(distribution: Distribution, { count = 1000 }: { count?: number } = {}): PointData {
  const { name, dimensions } = distribution;
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`Cannot draw points: count must be a whole number from 1, got ${count}; change count`);
  }
  async function* batches(options: BatchOptions = {}): AsyncGenerator<PointBatch> {
    const plan = { ...wholeEpoch, ...options };
    checkPlan(plan);
    const { batch, seed, epoch, skip } = plan;
    for (let start = skip * batch; start < count; start += batch) {
      const length = Math.min(batch, count - start);
      const draws = Array.from({ length }, (_, i) => distribution.sample(seededRandom(seed, epoch, start + i)));
      yield { points: tf.tensor2d(draws, [length, dimensions]), names: [`points ${start + 1} to ${start + length}`] };
    }
  }
  return { name, count, dimensions, batches };
}
