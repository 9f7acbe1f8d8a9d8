/** A scene in winter: snow lies on whatever looks up, under a white sky.
 * @module */
import { type Brush, sunlight } from "./paint/brush.ts";
import { paintParts } from "./photo.ts";
import { outline, type Part, type Scene, sceneSize } from "./scene.ts";
import { ovalPath, Sheet } from "./svg.ts";

const snow = "#f6f9fd";
const shade = "#c9d6e6";
/** Snow on a ledge, in scene units. */
const depth = 2.2;

/** A scene in winter as an SVG picture; the camera's grain is added when it is rasterised.
 * @param size height and width in pixels. Default 256. */
export function renderWinter(scene: Scene, size: number = sceneSize): string {
  const sheet = new Sheet();
  const weather: Scene["weather"] = { ...scene.weather, sky: ["#b9c6d8", "#dfe6ef"], clouds: 0, shadow: 0.25 };
  paintParts(sheet, { ...scene, weather }, cover);
  sunlight(sheet, { ...scene, weather });
  return sheet.toString(size);
}

function cover(brush: Brush, part: Part): void {
  const { sheet, random } = brush;
  const { x, y, width, height, label } = part;
  if (label === "background") return haze(brush);
  if (label === "pavement") {
    sheet.rect(x, y, width, height, sheet.gradient("down", [0, shade], [0.4, snow], [1, shade]));
    return sheet.rect(x, y + height * 0.55, width, 1.2, shade);
  }
  if (label === "roof" && part.kind !== "chimney") {
    return sheet.path(outline(part), sheet.gradient("down", [0, snow, 0.97], [0.7, snow, 0.92], [1, shade, 0.9]));
  }
  const ledge = label === "sill" || label === "cornice" || label === "balcony" || label === "molding" || part.kind === "chimney";
  if (!ledge && part.kind !== "flowers") return;
  let drifts = "";
  for (let at = x; at < x + width; at += 5) drifts += ovalPath(at + 2.5, y, 3.4, depth * random.between(0.6, 1.1));
  sheet.path(drifts, snow);
}

/** What is far away lies under snow too, and it is snowing there. */
function haze({ sheet, random }: Brush): void {
  sheet.rect(0, sceneSize * 0.6, sceneSize, sceneSize * 0.4, sheet.gradient("down", [0, snow, 0], [1, snow, 0.65]));
  let flakes = "";
  for (let i = 0; i < 90; i++) {
    const size = random.between(0.5, 1.1);
    flakes += ovalPath(random.between(0, sceneSize), random.between(0, sceneSize), size, size);
  }
  sheet.path(flakes, "#ffffff", 'fill-opacity="0.85"');
}
