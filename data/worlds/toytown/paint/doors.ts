/** Painter of doors.
 * @module */
import { archRise, outline, type Part } from "../scene.ts";
import { boxPath, d, darker, mix } from "../svg.ts";
import { type Brush, lit, shadowColour } from "./brush.ts";

/** A door with panels, a wide gate, or a door of glass; a light over it, and a shadow from the sun's side. */
export function paintDoor(brush: Brush, part: Part): void {
  const { sheet, scene } = brush;
  const { x, y, width, height, shape, kind } = part;
  const { doorColour, trimColour } = scene.materials;
  const { sun, shadow } = scene.weather;
  const glass = sheet.gradient("down", [0, mix(scene.weather.sky[0], "#2e3a48", 0.5)], [1, "#1f2731"]);
  sheet.lines(outline(part), trimColour, 4.6);
  sheet.path(outline(part), kind === "glass" ? glass : sheet.gradient("down", [0, darker(doorColour, 0.15)], [1, doorColour]));
  const top = y + Math.max(archRise(shape, width), height * 0.18);
  if (kind !== "glass") sheet.path(outline({ shape, x: x + 2, y: y + 2, width: width - 4, height: top - y - 3 }), glass);
  leaves(brush, { ...part, y: top, height: y + height - top });
  const side = sheet.gradient("right", [sun < 0 ? 0 : 1, shadowColour, 0.55 * shadow], [sun < 0 ? 1 : 0, shadowColour, 0]);
  sheet.rect(sun < 0 ? x : x + width * 0.75, top, width * 0.25, y + height - top, side);
}

/** One leaf or two, each with panels or panes. */
function leaves({ sheet, scene }: Brush, { x, y, width, height, kind }: Part): void {
  const { doorColour } = scene.materials;
  const count = kind === "panels" ? 1 : 2;
  const wide = width / count;
  const rows = kind === "glass" ? [[0.06, 0.9] as const] : [[0.06, 0.4] as const, [0.52, 0.4] as const];
  let fields = "";
  for (let leaf = 0; leaf < count; leaf++) {
    for (const [from, tall] of rows) fields += boxPath(x + (leaf + 0.18) * wide, y + height * from, wide * 0.64, height * tall);
  }
  const dark = darker(doorColour, 0.4);
  sheet.path(fields, kind === "glass" ? "none" : lit(doorColour, 0.7, scene), `stroke="${dark}" stroke-width="0.9"`);
  if (count === 2) sheet.lines(d`M${x + wide} ${y} v${height}`, dark, 1);
  sheet.ellipse(x + width * (count === 2 ? 0.56 : 0.86), y + height * 0.5, 0.9, 0.9, "#e8c667");
}
