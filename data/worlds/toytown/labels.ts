/** A scene as a label map.
 * @module */
import { palette } from "./palette.ts";
import { outline, type Scene, sceneSize } from "./scene.ts";

/** A scene's label map as an SVG picture: each part one flat colour of the {@linkcode palette}, without smoothed edges.
 * @param size height and width in pixels. Default 256. */
export function renderLabels(scene: Scene, size: number = sceneSize): string {
  const shapes = scene.parts.map((part) => `<path d="${outline(part)}" fill="rgb(${palette[part.label].join()})"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${sceneSize} ${sceneSize}" ` +
    `shape-rendering="crispEdges">\n${shapes.join("\n")}\n</svg>`;
}
