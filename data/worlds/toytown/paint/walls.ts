/** Painter of walls: plaster, brick, stone, concrete.
 * @module */
import { outline, type Part } from "../scene.ts";
import { boxPath, darker, lighter, mix, type Sheet } from "../svg.ts";
import { type Brush, shadowColour } from "./brush.ts";

/** The wall in its material, darker towards the street, with the marks of the weather. */
export function paintFacade(brush: Brush, part: Part): void {
  const { sheet, scene } = brush;
  const { wall, wallColour } = scene.materials;
  const data = outline(part);
  sheet.path(data, wall === "plaster" ? wallColour : { brick: bricks, stone: blocks, concrete: slabs }[wall](sheet, wallColour));
  if (part.kind === "gable") {
    sheet.path(data, sheet.gradient("down", [0, shadowColour, 0.3 * scene.weather.shadow], [0.5, shadowColour, 0]));
  }
  if (part.kind !== "wall") return;
  stains(brush, part);
  const { x, y, width, height } = part;
  sheet.rect(x, y, width, height, sheet.gradient("down", [0, "#ffffff", 0.08], [0.6, shadowColour, 0], [1, shadowColour, 0.22]));
  const plinth = darker(mix(wallColour, "#8a8680", 0.6), 0.15);
  sheet.rect(x, y + height - 7, width, 7, plinth);
  sheet.rect(x, y + height - 7, width, 1, lighter(plinth, 0.3));
}

/** Soft patches, darker and lighter, where rain and sun have been. */
function stains({ sheet, scene, random }: Brush, { x, y, width, height }: Part): void {
  const { wallColour } = scene.materials;
  const stain = (colour: string) => sheet.gradient("out", [0, colour, 0.26], [1, colour, 0]);
  const kinds = [darker(wallColour, 0.45), lighter(wallColour, 0.6), mix(wallColour, "#6b5a3a", 0.5)].map(stain);
  const within = (start: number, length: number, reach: number) => random.between(start + reach, start + length - reach);
  for (let i = 0; i < 12; i++) {
    const across = random.between(14, 46), down = across * random.between(0.5, 1.4);
    sheet.ellipse(within(x, width, across), within(y, height, down), across, down, kinds[i % 3]!);
  }
}

/** Four courses of five bricks, no two neighbours of one tone. */
export function bricks(sheet: Sheet, colour: string): string {
  const tones = [
    colour,
    lighter(colour, 0.12),
    darker(colour, 0.1),
    lighter(colour, 0.05),
    darker(colour, 0.16),
    lighter(colour, 0.2),
  ];
  const shapes = tones.map(() => "");
  for (let course = 0, number = 0; course < 4; course++) {
    const odd = course % 2;
    // The brick that leaves the pattern on the right comes in again on the left, in the same tone.
    for (let brick = -odd; brick < 5; brick++, number++) {
      const tone = (odd && brick === -1 ? number + 5 : number) * 5 % 7 % tones.length;
      shapes[tone] += boxPath(brick * 8 + odd * 4 + 0.4, course * 4 + 0.4, 7.3, 3.3);
    }
  }
  const mortar = `<rect width="40" height="16" fill="${mix(colour, "#d8cbb8", 0.45)}"/>`;
  return sheet.pattern(40, 16, mortar + shapes.map((shape, i) => `<path d="${shape}" fill="${tones[i]}"/>`).join(""));
}

/** Blocks of cut stone. */
function blocks(sheet: Sheet, colour: string): string {
  const block = (x: number, y: number, tone: string) => `<path d="${boxPath(x, y, 18, 8)}" fill="${tone}"/>`;
  const seam = `<rect width="38" height="18" fill="${darker(colour, 0.16)}"/>`;
  const light = lighter(colour, 0.06), dark = darker(colour, 0.04);
  return sheet.pattern(
    38,
    18,
    seam + block(0.5, 0.5, light) + block(19.5, 0.5, dark) + block(-9, 9.5, colour) + block(10, 9.5, lighter(colour, 0.1)) +
      block(29, 9.5, colour),
  );
}

/** Slabs of concrete, with a seam between them. */
function slabs(sheet: Sheet, colour: string): string {
  const seam = `<path d="M0 0 H32 M0 0 V36" fill="none" stroke="${darker(colour, 0.2)}" stroke-width="1"/>`;
  return sheet.pattern(32, 36, `<rect width="32" height="36" fill="${colour}"/>${seam}`);
}
