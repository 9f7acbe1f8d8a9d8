/** Distributions of the real points. Each is a mixture of equal Gaussians: a few modes, or many Gaussians along a curve.
 * @module */
import { PLANE, type ShapeName } from "./settings.ts";

/** A point of the plane. */
export type Point = [x: number, y: number];

/** A mixture of Gaussians with equal weights. */
export interface Mixture {
  means: Point[];
  deviation: number;
  /** Whether the Gaussians are separate modes that can be counted. */
  heaps: boolean;
}

/** Standard deviation of a mode, and of the points around a curve. */
const DEVIATION = 0.1;
/** Distance between two means along a curve: small enough that they form a continuous line. */
const SPACING = 0.1;
/** Maximum number of means along a drawn curve, which limits the time for drawing a sample. */
const MOST_MEANS = 400;

const TURN = 2 * Math.PI;

/** Functions that map a parameter in [0, 1] to a point on a curve. */
function along(curve: (t: number) => Point, count: number): Point[] {
  return Array.from({ length: count }, (_, i) => curve(count === 1 ? 0 : i / (count - 1)));
}

function moon(side: 1 | -1): Point[] {
  return along((t) => {
    const angle = Math.PI * t;
    return [1.3 * Math.cos(angle) - side * 0.65, side * (1.3 * Math.sin(angle) - 0.3)];
  }, 40);
}

const MEANS: Record<Exclude<ShapeName, "drawn">, () => Point[]> = {
  ring: () => Array.from({ length: 8 }, (_, i) => [2 * Math.cos(TURN * i / 8), 2 * Math.sin(TURN * i / 8)]),
  grid: () => [-1.8, -0.6, 0.6, 1.8].flatMap((x) => [-1.8, -0.6, 0.6, 1.8].map((y): Point => [x, y])),
  moons: () => [...moon(1), ...moon(-1)],
  spiral: () => {
    // The square root spaces the points evenly: the length of the curve grows with the square of the angle.
    return along((t) => {
      const turns = 0.25 + 1.75 * Math.sqrt(t);
      return [1.2 * turns * Math.cos(TURN * turns), 1.2 * turns * Math.sin(TURN * turns)];
    }, 110);
  },
  line: () => along((t) => [4 * t - 2, 2.4 * t - 1.2], 48),
};

/** Returns the mixture of a distribution. A drawing without strokes gives one mode in the middle. */
export function mixtureOf(shape: ShapeName, strokes: number[][]): Mixture {
  const heaps = shape === "ring" || shape === "grid";
  if (shape !== "drawn") return { means: MEANS[shape](), deviation: DEVIATION, heaps };
  const length = strokes.reduce((sum, stroke) => sum + lengthOf(stroke), 0);
  const spacing = Math.max(SPACING, length / MOST_MEANS);
  const means = strokes.slice(0, MOST_MEANS).flatMap((stroke) => resampled(stroke, spacing));
  return { means: means.length > 0 ? means : [[0, 0]], deviation: DEVIATION * 0.8, heaps };
}

function pointsOf(stroke: number[]): Point[] {
  const limit = (value: number) => Math.min(PLANE, Math.max(-PLANE, value));
  return Array.from({ length: stroke.length >> 1 }, (_, i) => [limit(stroke[2 * i]!), limit(stroke[2 * i + 1]!)]);
}

function lengthOf(stroke: number[]): number {
  const points = pointsOf(stroke);
  return points.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - points[i]![0], y - points[i]![1]), 0);
}

/** Returns points at equal distances along a stroke, regardless of the drawing speed. A tap gives one point. */
function resampled(stroke: number[], spacing: number): Point[] {
  const points = pointsOf(stroke);
  const result = points.slice(0, 1);
  let left = spacing;
  for (const [i, [x, y]] of points.slice(1).entries()) {
    const [fromX, fromY] = points[i]!;
    const length = Math.hypot(x - fromX, y - fromY);
    for (; left <= length + 1e-9; left += spacing) {
      result.push([fromX + (x - fromX) * left / length, fromY + (y - fromY) * left / length]);
    }
    left -= length;
  }
  return result;
}
