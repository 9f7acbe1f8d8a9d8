/** The scene of a town viewed from above (a list of areas from bottom to top), and its flat renderings: label map, line drawing
 * and street map. All renderings draw the same areas, so they match pixel for pixel.
 * @module */
import { d, lineDrawing, sceneSize, svgDocument } from "../svg.ts";

/** Class of an area of a town. */
export type TownLabel = "ground" | "road" | "rail" | "park" | "water" | "building";

/** Colour of each class as `[red, green, blue]`, with components from 0 to 255. A label map contains only these colours. */
export const townPalette: Readonly<Record<TownLabel, readonly [number, number, number]>> = {
  /** Yards, squares and other open ground. */
  ground: [230, 220, 170],
  road: [128, 128, 128],
  /** Railway track on its ballast. */
  rail: [90, 30, 90],
  /** Lawns, trees and paths. */
  park: [60, 180, 60],
  /** Rivers and ponds. */
  water: [40, 110, 230],
  building: [220, 60, 40],
};

/** Names of the classes, in palette order. */
export const townLabelNames: readonly TownLabel[] = Object.keys(townPalette) as TownLabel[];

/** A position in scene units, with y pointing downwards. */
export type Point = readonly [x: number, y: number];

/** One area of a town, such as a street, a park or a building. */
export interface Area {
  /** Class in the label map. */
  label: TownLabel;
  /** Corners, in order around the area. The first edge of a building runs along its length. */
  corners: Point[];
  /** Kind of area within its class: "main", "gable", "pond", ... */
  kind: string;
  /** Centre line of a river or a railway track. */
  line?: Point[];
  /** Height of a building, in scene units; determines the length of its shadow. */
  tall?: number;
  /** Seed for details that are visible only in photos. */
  detail: number;
}

/** A town: a plain object that the function {@linkcode town} creates from a seed. */
export interface Town {
  /** Seed of the town. */
  seed: number;
  /** Direction of shadows, as a unit vector. */
  shadow: Point;
  /** Tint of the photo ("#rrggbb"), which suggests the time of day. */
  light: string;
  /** Areas, from bottom to top. */
  areas: Area[];
}

/** Returns the SVG path data of an open line through the points. */
export function polylinePath(points: readonly Point[]): string {
  return points.map(([x, y], i) => i === 0 ? d`M${x} ${y}` : d`L${x} ${y}`).join(" ");
}

/** Returns the SVG path data of a closed polygon. */
export function polygonPath(corners: readonly Point[]): string {
  return polylinePath(corners) + " z";
}

/** Returns the outline of a strip around a line.
 * @param width Width of the strip, in scene units. */
export function stripAround(line: Point[], width: number): Point[] {
  const side = (sign: 1 | -1): Point[] =>
    line.map(([x, y], i) => {
      const [x0, y0] = line[Math.max(0, i - 1)]!, [x1, y1] = line[Math.min(line.length - 1, i + 1)]!;
      const length = Math.hypot(x1 - x0, y1 - y0);
      return [x - sign * width / 2 * (y1 - y0) / length, y + sign * width / 2 * (x1 - x0) / length];
    });
  return [...side(1), ...side(-1).reverse()];
}

/** Interpolates linearly between two points: a `fraction` of 0 gives the first point, 1 the second. */
export function lerp([x0, y0]: Point, [x1, y1]: Point, fraction: number): Point {
  return [x0 + (x1 - x0) * fraction, y0 + (y1 - y0) * fraction];
}

/** Renders the label map of a town as SVG, without antialiasing. Each area has the {@linkcode townPalette} colour of its class.
 * @param size Height and width in pixels. Default 256. */
export function renderTownLabels(town: Town, size: number = sceneSize): string {
  const shapes = town.areas.map(({ corners, label }) =>
    `<path d="${polygonPath(corners)}" fill="rgb(${townPalette[label].join()})"/>`
  );
  return svgDocument(size, shapes.join("\n"), 'shape-rendering="crispEdges"');
}

/** Renders the outlines of a town as SVG, black on white.
 * @param size Height and width in pixels. Default 256. */
export function renderTownEdges(town: Town, size: number = sceneSize): string {
  return lineDrawing(town.areas.slice(1).map(({ corners }) => polygonPath(corners)), size); // the ground has no outline
}

const mapColours: Record<string, string> = {
  ...{ park: "#c8e6b4", river: "#a6cdea", pond: "#a6cdea", square: "#f6f1e4", paved: "#ebe8e2", yard: "#f1eee8" },
  ...{ main: "#fbe08f", side: "#ffffff", track: "#f1eee8" },
};

/** Renders a town as a street map in SVG: flat colours, outlined streets, dashed railway tracks.
 * @param size Height and width in pixels. Default 256. */
export function renderMap(town: Town, size: number = sceneSize): string {
  const shapes = [`<rect width="${sceneSize}" height="${sceneSize}" fill="${mapColours["yard"]}"/>`];
  const roads = town.areas.filter(({ label }) => label === "road");
  const outlines = roads.map(({ corners }) =>
    `<path d="${polygonPath(corners)}" fill="none" stroke="#cfc8bb" stroke-width="1.6"/>`
  );
  for (const area of town.areas.slice(1)) {
    if (area === roads[0]) shapes.push(...outlines); // below all roads, so that no line crosses a junction
    shapes.push(mapShape(area));
  }
  return svgDocument(size, shapes.join("\n"));
}

function mapShape({ label, kind, corners, line }: Area): string {
  if (label === "rail") return mapTrack(line!);
  const path = `<path d="${polygonPath(corners)}"`;
  return label === "building"
    ? `${path} fill="#dfd6cc" stroke="#c3b6a7" stroke-width="0.7"/>`
    : `${path} fill="${mapColours[kind]}"/>`;
}

function mapTrack(line: Point[]): string {
  return `<path d="${polygonPath(stripAround(line, 3.4))}" fill="#7d7a78"/>` +
    `<path d="${polylinePath(line)}" fill="none" stroke="#fff" stroke-width="1.8" stroke-dasharray="6 6"/>`;
}
