/** Measures how close two sets of points in the plane are. A set is an array of coordinates x, y, x, y and so on.
 *
 * **Distance**: the sliced Wasserstein distance (Rabin et al. 2011, "Wasserstein Barycenter and Its Application to Texture
 * Mixing"), the mean distance by which points must move, averaged over projections onto lines in several directions.
 *
 * **Coverage and precision** count neighbours, similar to Kynkäänniemi et al. (2019), arXiv:1904.06991, with a fixed radius.
 * @module */
import type { Mixture } from "./distributions.ts";

/** Measures of how well the generated points imitate the real points. */
export interface Measures {
  /** Sliced Wasserstein distance, in units of the plane; not exactly 0 for two samples from the same distribution. */
  distance: number;
  /** Share of the real points that have a generated point nearby. */
  coverage: number;
  /** Share of the generated points that have a real point nearby. */
  precision: number;
  /** Number of covered modes, if the real distribution has separate modes. */
  heaps?: { covered: number; of: number };
  /** Mean of the generated points. */
  middle: [x: number, y: number];
}

/** Number of directions onto which points are projected. */
const DIRECTIONS = 12;
/** Maximum distance between neighbours, in units of the plane. */
const NEARBY = 0.25;
/** A mode is covered if it has at least this fraction of an equal share of the generated points. */
const FAIR_PART = 0.25;
/** Radius of a mode, in standard deviations. */
const REACH = 4;

/** Computes the measures. Both sets must have the same number of points. */
export function measure(real: Float32Array, generated: Float32Array, mixture: Mixture): Measures {
  let [x, y] = [0, 0];
  const count = generated.length / 2;
  for (let i = 0; i < count; i++) {
    x += generated[2 * i]! / count;
    y += generated[2 * i + 1]! / count;
  }
  return {
    distance: slicedDistance(real, generated),
    coverage: nearShare(real, generated),
    precision: nearShare(generated, real),
    ...mixture.heaps && { heaps: { covered: coveredHeaps(generated, mixture), of: mixture.means.length } },
    middle: [x, y],
  };
}

/** Returns the sliced Wasserstein distance between two sets with the same number of points. */
export function slicedDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < DIRECTIONS; d++) {
    const angle = Math.PI * d / DIRECTIONS;
    const [left, right] = [projected(a, angle), projected(b, angle)];
    for (let i = 0; i < left.length; i++) sum += Math.abs(left[i]! - right[i]!);
  }
  return sum / (DIRECTIONS * a.length / 2);
}

function projected(points: Float32Array, angle: number): Float32Array {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return new Float32Array(points.length / 2).map((_, i) => points[2 * i]! * cos + points[2 * i + 1]! * sin).sort();
}

/** Returns the share of `points` that have one of `others` nearby. */
function nearShare(points: Float32Array, others: Float32Array): number {
  let near = 0;
  for (let i = 0; i < points.length; i += 2) {
    for (let j = 0; j < others.length; j += 2) {
      const [dx, dy] = [points[i]! - others[j]!, points[i + 1]! - others[j + 1]!];
      if (dx * dx + dy * dy > NEARBY * NEARBY) continue;
      near++;
      break;
    }
  }
  return near / (points.length / 2);
}

/** Returns the number of modes that the points cover. */
export function coveredHeaps(points: Float32Array, { means, deviation }: Mixture): number {
  const enough = FAIR_PART * points.length / 2 / means.length;
  return means.filter(([x, y]) => {
    let inside = 0;
    for (let i = 0; i < points.length; i += 2) {
      if (Math.hypot(points[i]! - x, points[i + 1]! - y) < REACH * deviation) inside++;
    }
    return inside >= enough;
  }).length;
}
