/** Painter of roofs and chimneys.
 * @module */
import { outline, type Part, roofInset } from "../scene.ts";
import { darker, lighter, mix, type Sheet, short } from "../svg.ts";
import { type Brush, castShadow, lit, shadowColour } from "./brush.ts";
import { bricks } from "./walls.ts";

/** A roof of tiles or slates, the edge of a gable, or a chimney. */
export function paintRoof(brush: Brush, part: Part): void {
  const { sheet, scene } = brush;
  if (part.kind === "chimney") return chimney(brush, part);
  const { roof, roofColour } = scene.materials;
  const data = outline(part);
  if (part.kind === "edge") return sheet.path(data, roofColour, `stroke="${lighter(roofColour, 0.25)}" stroke-width="1"`);
  sheet.path(data, roof === "tiles" ? tiles(sheet, roofColour) : slates(sheet, roofColour));
  const light = sheet.gradient("down", [0, "#ffffff", 0.2 * scene.weather.shadow], [0.5, "#ffffff", 0], [1, shadowColour, 0.35]);
  sheet.path(data, light);
  const inset = part.shape === "box" ? 0 : roofInset(part.width, part.height);
  sheet.rect(part.x + inset, part.y - 0.5, part.width - 2 * inset, 1.6, darker(roofColour, 0.25));
}

/** Rounded tiles, each row over the one below it. */
function tiles(sheet: Sheet, colour: string): string {
  const tones = [colour, lighter(colour, 0.1), darker(colour, 0.1), lighter(colour, 0.16), darker(colour, 0.05)];
  let content = `<rect width="20" height="8" fill="${darker(colour, 0.3)}"/>`;
  for (let row = 1; row >= -1; row--) {
    const odd = row & 1;
    for (let x = -odd; x < 5; x++) {
      const shape = `M${x * 4 + odd * 2} ${row * 4} v2.6 q2 2.6 4 0 v-2.6 z`;
      content += `<path d="${shape}" fill="${tones[(x + 5 + 2 * odd) % 5]}" stroke="${
        darker(colour, 0.35)
      }" stroke-width="0.5"/>`;
    }
  }
  return sheet.pattern(20, 8, content);
}

function slates(sheet: Sheet, colour: string): string {
  const tones = [colour, lighter(colour, 0.12), darker(colour, 0.1)];
  let content = `<rect width="24" height="8" fill="${darker(colour, 0.3)}"/>`;
  for (let row = 0; row < 2; row++) {
    for (let x = -row; x < 4; x++) {
      content += `<rect x="${x * 6 + row * 3}" y="${row * 4}" width="5.6" height="3.6" fill="${tones[(x + 4 + row) % 3]}"/>`;
    }
  }
  return sheet.pattern(24, 8, content);
}

function chimney(brush: Brush, part: Part): void {
  const { sheet, scene } = brush;
  const { x, y, width, height } = part;
  const colour = mix(scene.materials.wallColour, "#7d4a38", 0.65);
  sheet.rect(x, y, width, height, bricks(sheet, colour));
  const side = scene.weather.sun < 0 ? x + width * 0.6 : x;
  sheet.rect(side, y, width * 0.4, height, shadowColour, `fill-opacity="${short(0.4 * scene.weather.shadow)}"`);
  sheet.rect(x, y, width, 2.2, lit(colour, 0.8, scene));
  castShadow(brush, { ...part, height: 2.2 }, 2, 0);
}
