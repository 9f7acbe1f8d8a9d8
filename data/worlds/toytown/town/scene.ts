/** What a town is: a list of areas, bottom to top. Its renderings go through the same list, and so they agree to the pixel about what is where.
 * @module */
import { d } from "../svg.ts";
import type { TownLabel } from "./palette.ts";

/** A place, in scene units from the left and from the top. */
export type Point = readonly [x: number, y: number];

/** One thing in a town, seen from above. */
export interface Area {
  /** What the label map says of it. */
  label: TownLabel;
  /** Its corners in order; of a rectangle four, the first two along its length. */
  corners: Point[];
  /** What kind of such a thing it is: "main", "gable", "pond", ... */
  kind: string;
  /** Its middle line, if it is a river or a track. */
  line?: Point[];
  /** Height of a building in scene units: its shadow is as long at noon. */
  tall?: number;
  /** Seed of what only the photo shows of it. */
  detail: number;
}

/** A town: a plain value, made by {@linkcode town} from a seed. */
export interface Town {
  /** What it was made from. */
  seed: number;
  /** Where shadows fall, a vector of length 1. */
  shadow: Point;
  /** How the photo is tinted by the hour: "#rrggbb". */
  light: string;
  /** Bottom to top. */
  areas: Area[];
}

/** The outline of an area as SVG path data. */
export function outlineOf({ corners }: Pick<Area, "corners">): string {
  return corners.map(([x, y], i) => i === 0 ? d`M${x} ${y}` : d`L${x} ${y}`).join(" ") + " z";
}

/** The outline of a strip along a line.
 * @param width of the strip, in scene units. */
export function strip(line: Point[], width: number): Point[] {
  const side = (way: 1 | -1): Point[] =>
    line.map(([x, y], i) => {
      const [x0, y0] = line[Math.max(0, i - 1)]!, [x1, y1] = line[Math.min(line.length - 1, i + 1)]!;
      const length = Math.hypot(x1 - x0, y1 - y0);
      return [x - way * width / 2 * (y1 - y0) / length, y + way * width / 2 * (x1 - x0) / length];
    });
  return [...side(1), ...side(-1).reverse()];
}

/** A point between two: `share` 0 is the first, 1 the second. */
export function between([x0, y0]: Point, [x1, y1]: Point, share: number): Point {
  return [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
}
