/** What the label map of a town says of each pixel, and in which colour.
 * @module */
import { d, lineDrawing, sceneSize } from "../svg.ts";

/** A class of things seen from above. */
export type TownLabel = "ground" | "road" | "rail" | "park" | "water" | "building";

/** Each class's colour, `[red, green, blue]` from 0 to 255. A label map holds these and no others. */
export const townPalette: Readonly<Record<TownLabel, readonly [number, number, number]>> = {
  /** Yards, squares and whatever else is nothing of the following. */
  ground: [230, 220, 170],
  road: [128, 128, 128],
  /** The track with its bed of stones. */
  rail: [90, 30, 90],
  /** Lawns, trees and paths. */
  park: [60, 180, 60],
  /** River and pond. */
  water: [40, 110, 230],
  building: [220, 60, 40],
};

/** All classes, in the palette's order. */
export const townLabelNames: readonly TownLabel[] = Object.keys(townPalette) as TownLabel[];

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
export function areaOutline({ corners }: Pick<Area, "corners">): string {
  return corners.map(([x, y], i) => i === 0 ? d`M${x} ${y}` : d`L${x} ${y}`).join(" ") + " z";
}

/** The outline of a strip along a line.
 * @param width of the stripOutline, in scene units. */
export function stripOutline(line: Point[], width: number): Point[] {
  const side = (way: 1 | -1): Point[] =>
    line.map(([x, y], i) => {
      const [x0, y0] = line[Math.max(0, i - 1)]!, [x1, y1] = line[Math.min(line.length - 1, i + 1)]!;
      const length = Math.hypot(x1 - x0, y1 - y0);
      return [x - way * width / 2 * (y1 - y0) / length, y + way * width / 2 * (x1 - x0) / length];
    });
  return [...side(1), ...side(-1).reverse()];
}

/** A point between two: `share` 0 is the first, 1 the second. */
export function lerp([x0, y0]: Point, [x1, y1]: Point, share: number): Point {
  return [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
}

/** A town's label map as an SVG picture: each area one flat colour of the {@linkcode townPalette}, without smoothed edges.
 * @param size height and width in pixels. Default 256. */
export function renderTownLabels(town: Town, size: number = sceneSize): string {
  const shapes = town.areas.map((area) => `<path d="${areaOutline(area)}" fill="rgb(${townPalette[area.label].join()})"/>`);
  return picture(size, shapes, 'shape-rendering="crispEdges"');
}

/** A town's outlines as an SVG picture, black on white.
 * @param size height and width in pixels. Default 256. */
export function renderTownEdges(town: Town, size: number = sceneSize): string {
  return lineDrawing(town.areas.slice(1).map(areaOutline), size);
}

const fills: Record<string, string> = {
  ...{ park: "#c8e6b4", river: "#a6cdea", pond: "#a6cdea", square: "#f6f1e4", paved: "#ebe8e2", yard: "#f1eee8" },
  ...{ main: "#fbe08f", side: "#ffffff", track: "#f1eee8" },
};

/** A town as a street map, an SVG picture: flat colours, streets with an edge, tracks as a dashed line.
 * @param size height and width in pixels. Default 256. */
export function renderMap(town: Town, size: number = sceneSize): string {
  const shapes = [`<rect width="${sceneSize}" height="${sceneSize}" fill="${fills.yard}"/>`];
  const roads = town.areas.filter(({ label }) => label === "road");
  const edges = roads.map((road) => `<path d="${areaOutline(road)}" fill="none" stroke="#cfc8bb" stroke-width="1.6"/>`);
  let drawnRoads = false;
  for (const area of town.areas.slice(1)) {
    if (area.label === "road" && !drawnRoads) {
      drawnRoads = true;
      shapes.push(...edges); // all edges below all streets, or crossings would be barred
    }
    shapes.push(mapShape(area));
  }
  return picture(size, shapes);
}

function mapShape(area: Area): string {
  if (area.label === "rail") return tracks(area.line!);
  if (area.label === "building") return `<path d="${areaOutline(area)}" fill="#dfd6cc" stroke="#c3b6a7" stroke-width="0.7"/>`;
  return `<path d="${areaOutline(area)}" fill="${fills[area.kind]}"/>`;
}

function tracks(line: Point[]): string {
  const bed = `<path d="${areaOutline({ corners: stripOutline(line, 3.4) })}" fill="#7d7a78"/>`;
  const middle = line.map(([x, y], i) => i === 0 ? d`M${x} ${y}` : d`L${x} ${y}`).join(" ");
  return bed + `<path d="${middle}" fill="none" stroke="#fff" stroke-width="1.8" stroke-dasharray="6 6"/>`;
}

function picture(size: number, shapes: string[], more = ""): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${sceneSize} ${sceneSize}" ${more}>\n` +
    `${shapes.join("\n")}\n</svg>`;
}
