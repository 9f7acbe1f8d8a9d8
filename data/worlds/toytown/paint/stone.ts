/** Painters of what is built of trim and stands out from the wall: cornices, bands, sills, pillars.
 * @module */
import { outline, type Part } from "../scene.ts";
import { boxPath, darker, mix, short } from "../svg.ts";
import { type Brush, castShadow, lit, shadowColour } from "./brush.ts";

/** A piece above a window or door, or the roof of a dormer. */
export function paintCornice(brush: Brush, part: Part): void {
  const { sheet, scene } = brush;
  const { trimColour, roofColour } = scene.materials;
  const colour = part.kind === "dormer" ? mix(roofColour, trimColour, 0.3) : trimColour;
  castShadow(brush, part, part.kind === "canopy" ? 6 : 4);
  const profile = sheet.gradient("down", [0, lit(colour, 1, scene)], [0.7, colour], [1, darker(colour, 0.2)]);
  sheet.path(outline(part), profile, `stroke="${darker(colour, 0.3)}" stroke-width="0.5"`);
  if (part.shape === "box" || part.height < 7) return;
  const { x, y, width, height } = part;
  const field = { shape: part.shape, x: x + width * 0.2, y: y + height * 0.36, width: width * 0.6, height: height * 0.42 };
  sheet.path(outline(field), darker(colour, 0.22));
}

/** A band across the facade, or the heavy one under the roof with its row of blocks. */
export function paintMolding(brush: Brush, part: Part): void {
  const { sheet, scene } = brush;
  const { x, y, width, height, kind } = part;
  const colour = scene.materials.trimColour;
  const overhang = kind === "top" ? 4 : 1; // what stands out beside the wall throws its shadow nowhere
  castShadow(brush, { ...part, x: x + overhang, width: width - 2 * overhang }, kind === "top" ? 11 : 4, 0);
  const light = lit(colour, 1, scene), dark = darker(colour, 0.2);
  sheet.rect(
    x,
    y,
    width,
    height,
    sheet.gradient("down", [0, light], [0.3, colour], [0.34, dark], [0.45, colour], [1, darker(colour, 0.3)]),
  );
  if (kind !== "top") return;
  const tall = short(height * 0.3);
  const block = `<rect x="1" width="2.6" height="${tall}" fill="${light}"/><rect x="3.6" width="1.6" height="${tall}" fill="${
    mix(colour, shadowColour, 0.5)
  }"/>`;
  sheet.rect(x, y + height * 0.6, width, height * 0.3, sheet.pattern(6, height, block, x, y + height * 0.6));
}

/** A ledge, and the dirt that rain washes down from it. */
export function paintSill(brush: Brush, part: Part): void {
  const { sheet, scene, random } = brush;
  const { x, y, width, height } = part;
  const colour = scene.materials.trimColour;
  castShadow(brush, part, 5);
  const streak = (at: number) => boxPath(at, y + height, 2.5, random.between(4, 14));
  sheet.path(streak(x + 0.5) + streak(x + width - 3), sheet.gradient("down", [0, "#3a3428", 0.3], [1, "#3a3428", 0]));
  sheet.rect(x, y, width, height, sheet.gradient("down", [0, lit(colour, 1, scene)], [0.5, colour], [1, darker(colour, 0.25)]));
}

/** A pilaster with base and capital. */
export function paintPillar({ sheet, scene }: Brush, { x, y, width, height }: Part): void {
  const { trimColour } = scene.materials;
  const { sun, shadow } = scene.weather;
  const light = lit(trimColour, 1, scene), dark = lit(trimColour, -1, scene);
  const round = sun < 0 ? [light, trimColour, dark] as const : [dark, trimColour, light] as const;
  sheet.rect(sun < 0 ? x + width : x - 3, y, 3, height, shadowColour, `fill-opacity="${short(0.3 * shadow)}"`);
  sheet.rect(x, y, width, height, sheet.gradient("right", [0, round[0]], [0.5, round[1]], [1, round[2]]));
  const flute = (share: number) => boxPath(x + width * share - 0.3, y + 6, 0.6, height - 11);
  sheet.path(flute(0.35) + flute(0.65), darker(trimColour, 0.2));
  const ends = sheet.gradient("down", [0, light], [1, darker(trimColour, 0.25)]);
  sheet.rect(x - 1, y, width + 2, 5, ends);
  sheet.rect(x - 1, y + height - 4, width + 2, 4, ends);
}
