/** Writing a digit: a pen that shakes and slants, and the ink that it leaves.
 *
 * Size and place are those of MNIST (LeCun et al. 1998): the digit fills a box of 20 pixels and its centre of mass is the middle of 28 by 28.
 * @module */
import type { Image } from "../../../lib/data/picture.ts";
import type { Random } from "../../../lib/data/random.ts";
import { type PenPoint, type Stroke, type Way, ways } from "./strokes.ts";

/** Height and width of a digit's picture in pixels. */
export const digitSize = 28;
/** The longer side of the ink, in pixels, without the pen's own width. */
const inkBox = 17.5;
/** Half the width of the pen in pixels, thinnest and thickest. */
const pen = [0.7, 1.9] as const;
/** How far a point of a stroke is from where it should be: standard deviation in heights of the digit. */
const shake = 0.06;

/** A digit as somebody wrote it: light ink on black, as in MNIST.
 * @param digit 0 to 9. */
export function renderDigit(digit: number, random: Random): Image {
  const strokes = pickWay(ways[digit]!, random);
  const lines = handwriting(strokes, random).map((stroke) => stroke.straight ? stroke.points : bent(stroke.points));
  const placed = fitted(lines, inkBox * random.between(0.94, 1.06));
  const thick = random.between(...pen);
  const ink = draw(placed, thick);
  return centred(ink, placed, thick);
}

function pickWay(list: readonly Way[], random: Random): Way {
  let left = random.next() * list.reduce((sum, { often }) => sum + often, 0);
  return list.find(({ often }) => (left -= often) < 0) ?? list[0]!;
}

/** The strokes by one hand: a slant, proportions, a slight turn, a smooth warp, and a shake of each point. Strokes that share a point still do. */
function handwriting({ strokes, width }: Way, random: Random): Stroke[] {
  const [slant, turn] = [random.between(-0.1, 0.5) * random.between(0.3, 1), random.between(-0.12, 0.12)];
  const wide = width * random.between(0.75, 1.2);
  const bend = [random.between(-0.1, 0.1), random.between(-0.1, 0.1), random.between(0, 6), random.between(0, 6)] as const;
  const shaken = new Map<string, PenPoint>();
  const move = ([x, y]: PenPoint): PenPoint => {
    const key = `${x} ${y}`;
    const [dx, dy] = shaken.get(key) ?? [normal(random) * shake, normal(random) * shake];
    shaken.set(key, [dx, dy]);
    const [u, v] = [(x - 0.5) * wide + dx, y - 0.5 + dy];
    const [warpedU, warpedV] = [u + bend[0] * Math.sin(2.5 * v + bend[2]), v + bend[1] * Math.sin(2.5 * u + bend[3])];
    const slanted = warpedU - slant * warpedV;
    return [slanted * Math.cos(turn) - warpedV * Math.sin(turn), slanted * Math.sin(turn) + warpedV * Math.cos(turn)];
  };
  return strokes.map(({ points, straight = false }) => ({ points: points.map(move), straight }));
}

/** A Gaussian number of mean 0 and deviation 1, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** A Catmull-Rom spline through the points, in short pieces. */
function bent(points: readonly PenPoint[]): PenPoint[] {
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

/** Lines scaled so that their longer side is `length` pixels, about the middle of the picture. */
function fitted(lines: (readonly PenPoint[])[], length: number): PenPoint[][] {
  const all = lines.flat();
  const bounds = ([0, 1] as const).map((axis) => {
    const values = all.map((point) => point[axis]);
    return { low: Math.min(...values), high: Math.max(...values) };
  }) as [{ low: number; high: number }, { low: number; high: number }];
  const scale = length / Math.max(...bounds.map(({ low, high }) => high - low));
  const place = ([x, y]: PenPoint): PenPoint => [
    (x - (bounds[0].low + bounds[0].high) / 2) * scale + digitSize / 2,
    (y - (bounds[1].low + bounds[1].high) / 2) * scale + digitSize / 2,
  ];
  return lines.map((line) => line.map(place));
}

/** The ink of lines: full within the pen's reach, and fading over one pixel. */
function draw(lines: readonly (readonly PenPoint[])[], thick: number): Uint8Array {
  const ink = new Uint8Array(digitSize ** 2);
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) segment(ink, line[i - 1]!, line[i]!, thick);
  }
  return ink;
}

function segment(ink: Uint8Array, [x0, y0]: PenPoint, [x1, y1]: PenPoint, thick: number): void {
  const reach = thick + 1;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy || 1;
  const first = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const last = (a: number, b: number) => Math.min(digitSize - 1, Math.ceil(Math.max(a, b) + reach));
  for (let y = first(y0, y1); y <= last(y0, y1); y++) {
    for (let x = first(x0, x1); x <= last(x0, x1); x++) {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const along = Math.max(0, Math.min(1, (px * dx + py * dy) / squared));
      const distance = Math.hypot(px - along * dx, py - along * dy);
      const value = Math.round(255 * Math.max(0, Math.min(1, thick + 0.5 - distance)));
      const at = y * digitSize + x;
      if (value > ink[at]!) ink[at] = value;
    }
  }
}

/** The same ink, drawn so that its centre of mass is the middle. */
function centred(ink: Uint8Array, lines: readonly (readonly PenPoint[])[], thick: number): Image {
  let [sum, right, down] = [0, 0, 0];
  ink.forEach((value, at) => {
    sum += value;
    right += value * (at % digitSize + 0.5);
    down += value * (Math.floor(at / digitSize) + 0.5);
  });
  const [dx, dy] = [Math.round(digitSize / 2 - right / sum), Math.round(digitSize / 2 - down / sum)];
  const moved = lines.map((line) => line.map(([x, y]): PenPoint => [x + dx, y + dy]));
  return { data: dx === 0 && dy === 0 ? ink : draw(moved, thick), height: digitSize, width: digitSize, channels: 1 };
}
