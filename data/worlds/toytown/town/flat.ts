/** A town without light: its label map, and the map that a traveller reads.
 * @module */
import { drawing } from "../edges.ts";
import { d, sceneSize } from "../svg.ts";
import { townPalette } from "./palette.ts";
import { type Area, outlineOf, type Point, strip, type Town } from "./scene.ts";

/** A town's label map as an SVG picture: each area one flat colour of the {@linkcode townPalette}, without smoothed edges.
 * @param size height and width in pixels. Default 256. */
export function renderTownLabels(town: Town, size: number = sceneSize): string {
  const shapes = town.areas.map((area) => `<path d="${outlineOf(area)}" fill="rgb(${townPalette[area.label].join()})"/>`);
  return picture(size, shapes, 'shape-rendering="crispEdges"');
}

/** A town's outlines as an SVG picture, black on white.
 * @param size height and width in pixels. Default 256. */
export function renderTownEdges(town: Town, size: number = sceneSize): string {
  return drawing(town.areas.slice(1).map(outlineOf), size);
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
  const edges = roads.map((road) => `<path d="${outlineOf(road)}" fill="none" stroke="#cfc8bb" stroke-width="1.6"/>`);
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
  if (area.label === "building") return `<path d="${outlineOf(area)}" fill="#dfd6cc" stroke="#c3b6a7" stroke-width="0.7"/>`;
  return `<path d="${outlineOf(area)}" fill="${fills[area.kind]}"/>`;
}

function tracks(line: Point[]): string {
  const bed = `<path d="${outlineOf({ corners: strip(line, 3.4) })}" fill="#7d7a78"/>`;
  const middle = line.map(([x, y], i) => i === 0 ? d`M${x} ${y}` : d`L${x} ${y}`).join(" ");
  return bed + `<path d="${middle}" fill="none" stroke="#fff" stroke-width="1.8" stroke-dasharray="6 6"/>`;
}

function picture(size: number, shapes: string[], more = ""): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${sceneSize} ${sceneSize}" ${more}>\n` +
    `${shapes.join("\n")}\n</svg>`;
}
