/** Renders handwritten digits: distorts the strokes of a glyph to imitate handwriting, and draws them with a pen of random width.
 *
 * Size and position follow MNIST (LeCun et al., 1998): the digit fits into a 20x20 pixel box, and its centre of mass is at
 * the centre of a 28x28 image.
 * @module */
import type { Image } from "../../../lib/data/image_bytes.ts";
import type { Random } from "../../../lib/data/random.ts";
import { type Glyph, glyphs, type PenPoint, type Stroke } from "./strokes.ts";

/** Height and width of a digit image, in pixels. */
export const digitSize = 28;
/** Length of the longer side of the strokes' bounding box, in pixels, excluding the pen width. */
const boxSize = 17.5;
/** Minimum and maximum radius of the pen, in pixels. */
const penRadii = [0.7, 1.9] as const;
/** Standard deviation of the random displacement of points, as a fraction of the digit's height. */
const tremor = 0.06;

/** Renders a digit in white on black, as in MNIST.
 * @param digit An integer from 0 to 9. */
export function renderDigit(digit: number, random: Random): Image {
  const glyph = pickGlyph(glyphs[digit]!, random);
  const lines = handwrite(glyph, random).map((stroke) => stroke.straight ? stroke.points : spline(stroke.points));
  const placed = fitted(lines, boxSize * random.between(0.94, 1.06));
  const radius = random.between(...penRadii);
  const ink = drawLines(placed, radius);
  return centred(ink, placed, radius);
}

function pickGlyph(list: readonly Glyph[], random: Random): Glyph {
  let rest = random.next() * list.reduce((sum, { weight }) => sum + weight, 0);
  return list.find(({ weight }) => (rest -= weight) < 0) ?? list[0]!;
}

/** Distorts the strokes of a glyph: changes the aspect ratio, displaces each point, and then warps, slants and rotates the whole
 * glyph. Points that are shared by several strokes stay together. */
function handwrite({ strokes, width }: Glyph, random: Random): Stroke[] {
  const [slant, angle] = [random.between(-0.1, 0.5) * random.between(0.3, 1), random.between(-0.12, 0.12)];
  const aspect = width * random.between(0.75, 1.2);
  const warp = [random.between(-0.1, 0.1), random.between(-0.1, 0.1), random.between(0, 6), random.between(0, 6)] as const;
  const displacements = new Map<string, PenPoint>();
  const distort = ([x, y]: PenPoint): PenPoint => {
    const key = `${x} ${y}`;
    const [dx, dy] = displacements.get(key) ?? [gaussian(random) * tremor, gaussian(random) * tremor];
    displacements.set(key, [dx, dy]);
    const [u, v] = [(x - 0.5) * aspect + dx, y - 0.5 + dy];
    const [warpedU, warpedV] = [u + warp[0] * Math.sin(2.5 * v + warp[2]), v + warp[1] * Math.sin(2.5 * u + warp[3])];
    const slanted = warpedU - slant * warpedV;
    return [slanted * Math.cos(angle) - warpedV * Math.sin(angle), slanted * Math.sin(angle) + warpedV * Math.cos(angle)];
  };
  return strokes.map(({ points, straight = false }) => ({ points: points.map(distort), straight }));
}

/** Draws a number from the standard normal distribution, with the Box–Muller transform. */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Returns a polyline that follows the Catmull-Rom spline through the points. */
function spline(points: readonly PenPoint[]): PenPoint[] {
  const at = (i: number) => points[Math.max(0, Math.min(points.length - 1, i))]!;
  const line: PenPoint[] = [points[0]!];
  const steps = 6;
  for (let i = 0; i < points.length - 1; i++) {
    const [p, q, r, s] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const along = (t: number, axis: 0 | 1) =>
      0.5 * (2 * q[axis] + (r[axis] - p[axis]) * t + (2 * p[axis] - 5 * q[axis] + 4 * r[axis] - s[axis]) * t * t +
        (3 * q[axis] - p[axis] - 3 * r[axis] + s[axis]) * t ** 3);
    for (let step = 1; step <= steps; step++) line.push([along(step / steps, 0), along(step / steps, 1)]);
  }
  return line;
}

/** Scales lines so that the longer side of their bounding box is `length` pixels long, and centres the box in the image. */
function fitted(lines: (readonly PenPoint[])[], length: number): PenPoint[][] {
  const points = lines.flat();
  const bounds = (axis: 0 | 1) => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [[left, right], [top, bottom]] = [bounds(0), bounds(1)];
  const scale = length / Math.max(right - left, bottom - top);
  const place = ([x, y]: PenPoint): PenPoint => [
    (x - (left + right) / 2) * scale + digitSize / 2,
    (y - (top + bottom) / 2) * scale + digitSize / 2,
  ];
  return lines.map((line) => line.map(place));
}

/** Draws lines with a round pen whose edge is antialiased over one pixel.
 * @returns `digitSize * digitSize` bytes. */
function drawLines(lines: readonly (readonly PenPoint[])[], radius: number): Uint8Array {
  const ink = new Uint8Array(digitSize ** 2);
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) drawSegment(ink, line[i - 1]!, line[i]!, radius);
  }
  return ink;
}

function drawSegment(ink: Uint8Array, [x0, y0]: PenPoint, [x1, y1]: PenPoint, radius: number): void {
  const reach = radius + 1;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squaredLength = dx * dx + dy * dy || 1;
  const first = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const last = (a: number, b: number) => Math.min(digitSize - 1, Math.ceil(Math.max(a, b) + reach));
  for (let y = first(y0, y1); y <= last(y0, y1); y++) {
    for (let x = first(x0, x1); x <= last(x0, x1); x++) {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const along = Math.max(0, Math.min(1, (px * dx + py * dy) / squaredLength));
      const distance = Math.hypot(px - along * dx, py - along * dy);
      const value = Math.round(255 * Math.max(0, Math.min(1, radius + 0.5 - distance)));
      const at = y * digitSize + x;
      if (value > ink[at]!) ink[at] = value;
    }
  }
}

/** Moves the lines so that the ink's centre of mass is at the centre of the image, and draws them again. */
function centred(ink: Uint8Array, lines: readonly (readonly PenPoint[])[], radius: number): Image {
  let [sum, sumX, sumY] = [0, 0, 0];
  ink.forEach((value, at) => {
    sum += value;
    sumX += value * (at % digitSize + 0.5);
    sumY += value * (Math.floor(at / digitSize) + 0.5);
  });
  const [dx, dy] = [Math.round(digitSize / 2 - sumX / sum), Math.round(digitSize / 2 - sumY / sum)];
  const moved = lines.map((line) => line.map(([x, y]): PenPoint => [x + dx, y + dy]));
  return { data: dx === 0 && dy === 0 ? ink : drawLines(moved, radius), height: digitSize, width: digitSize, channels: 1 };
}
