/** A scene as a drawing in ink: the outline of each part, without what is hidden behind others.
 * @module */
import { outline, type Scene, sceneSize } from "./scene.ts";

/** Width of a line, in scene units: one pixel at size 128. */
export const lineWidth = 2;

/** A scene's outlines as an SVG picture, black on white.
 * @param size height and width in pixels. Default 256. */
export function renderEdges(scene: Scene, size: number = sceneSize): string {
  return drawing(scene.parts.slice(1).map(outline), size); // the sky has no outline
}

/** Outlines, each before those that came earlier.
 * @param outlines path data, back to front. */
export function drawing(outlines: string[], size: number): string {
  // The lines keep their width in small pictures: thinner than a pixel they would fade.
  const width = Math.max(lineWidth, sceneSize / size);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${sceneSize} ${sceneSize}">\n` +
    `<rect width="${sceneSize}" height="${sceneSize}" fill="#fff"/>\n` +
    `<g fill="#fff" stroke="#000" stroke-width="${width}">${
      outlines.map((data) => `<path d="${data}"/>`).join("\n")
    }</g>\n</svg>`;
}
