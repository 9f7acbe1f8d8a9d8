/** Painters for surfaces: walls made of plaster, brick, stone or concrete; roofs made of tiles or slates; chimneys.
 * @module */
import { boxPath, darken, lighten, mix, round2, type SvgCanvas } from "../../svg.ts";
import { outline, type Part, roofInset } from "../scene.ts";
import { castShadow, type PaintContext, shade, shadowColour } from "./shading.ts";

/** Paints a wall: the pattern of its material, stains, and a gradient that darkens the wall towards the street. */
export function paintFacade(context: PaintContext, part: Part): void {
  const { canvas, scene } = context;
  const { wall, wallColour } = scene.materials;
  const data = outline(part);
  const pattern = wall === "plaster" ? undefined : { brick: bricks, stone: blocks, concrete: slabs }[wall];
  canvas.path(data, pattern?.(canvas, wallColour) ?? wallColour);
  if (part.kind === "gable") {
    canvas.path(data, canvas.gradient("down", [0, shadowColour, 0.3 * scene.weather.shadow], [0.5, shadowColour, 0]));
  }
  if (part.kind !== "wall") return;
  paintStains(context, part);
  const { x, y, width, height } = part;
  const light = canvas.gradient("down", [0, "#ffffff", 0.08], [0.6, shadowColour, 0], [1, shadowColour, 0.22]);
  canvas.rect(x, y, width, height, light);
  const plinth = darken(mix(wallColour, "#8a8680", 0.6), 0.15);
  canvas.rect(x, y + height - 7, width, 7, plinth);
  canvas.rect(x, y + height - 7, width, 1, lighten(plinth, 0.3));
}

/** Paints the soft dark and light stains that rain and sun leave on a wall. */
function paintStains({ canvas, scene, random }: PaintContext, { x, y, width, height }: Part): void {
  const { wallColour } = scene.materials;
  const stain = (colour: string) => canvas.gradient("out", [0, colour, 0.26], [1, colour, 0]);
  const kinds = [darken(wallColour, 0.45), lighten(wallColour, 0.6), mix(wallColour, "#6b5a3a", 0.5)].map(stain);
  const inside = (start: number, length: number, radius: number) => random.between(start + radius, start + length - radius);
  for (let i = 0; i < 12; i++) {
    const radiusX = random.between(14, 46), radiusY = radiusX * random.between(0.5, 1.4);
    canvas.ellipse(inside(x, width, radiusX), inside(y, height, radiusY), radiusX, radiusY, kinds[i % 3]!);
  }
}

/** Returns a pattern of four courses of five bricks, in which neighbouring bricks differ in tone. */
export function bricks(canvas: SvgCanvas, colour: string): string {
  const [light, dark] = [(amount: number) => lighten(colour, amount), (amount: number) => darken(colour, amount)];
  const tones = [colour, light(0.12), dark(0.1), light(0.05), dark(0.16), light(0.2)];
  const shapes = tones.map(() => "");
  for (let course = 0, number = 0; course < 4; course++) {
    const odd = course % 2;
    // A brick cut by the right edge continues at the left edge, in the same tone.
    for (let brick = -odd; brick < 5; brick++, number++) {
      const tone = (odd && brick === -1 ? number + 5 : number) * 5 % 7 % tones.length;
      shapes[tone] += boxPath(brick * 8 + odd * 4 + 0.4, course * 4 + 0.4, 7.3, 3.3);
    }
  }
  const mortar = `<rect width="40" height="16" fill="${mix(colour, "#d8cbb8", 0.45)}"/>`;
  return canvas.pattern(40, 16, mortar + shapes.map((shape, i) => `<path d="${shape}" fill="${tones[i]}"/>`).join(""));
}

/** Returns a pattern of cut stone blocks. */
function blocks(canvas: SvgCanvas, colour: string): string {
  const block = (x: number, y: number, tone: string) => `<path d="${boxPath(x, y, 18, 8)}" fill="${tone}"/>`;
  const seam = `<rect width="38" height="18" fill="${darken(colour, 0.16)}"/>`;
  const light = lighten(colour, 0.06), dark = darken(colour, 0.04);
  const upper = block(0.5, 0.5, light) + block(19.5, 0.5, dark);
  const lower = block(-9, 9.5, colour) + block(10, 9.5, lighten(colour, 0.1)) + block(29, 9.5, colour);
  return canvas.pattern(38, 18, seam + upper + lower);
}

/** Returns a pattern of concrete slabs with seams. */
function slabs(canvas: SvgCanvas, colour: string): string {
  const seam = `<path d="M0 0 H32 M0 0 V36" fill="none" stroke="${darken(colour, 0.2)}" stroke-width="1"/>`;
  return canvas.pattern(32, 36, `<rect width="32" height="36" fill="${colour}"/>${seam}`);
}

/** Paints a roof of tiles or slates, the edge of a gable, or a chimney. */
export function paintRoof(context: PaintContext, part: Part): void {
  const { canvas, scene } = context;
  if (part.kind === "chimney") return paintChimney(context, part);
  const { roof, roofColour } = scene.materials;
  const data = outline(part);
  if (part.kind === "edge") return canvas.path(data, roofColour, `stroke="${lighten(roofColour, 0.25)}" stroke-width="1"`);
  canvas.path(data, roof === "tiles" ? tiles(canvas, roofColour) : slates(canvas, roofColour));
  const light = canvas.gradient("down", [0, "#ffffff", 0.2 * scene.weather.shadow], [0.5, "#ffffff", 0], [1, shadowColour, 0.35]);
  canvas.path(data, light);
  const inset = part.shape === "box" ? 0 : roofInset(part.width, part.height);
  canvas.rect(part.x + inset, part.y - 0.5, part.width - 2 * inset, 1.6, darken(roofColour, 0.25));
}

/** Returns a pattern of rounded tiles; each row overlaps the one below. */
function tiles(canvas: SvgCanvas, colour: string): string {
  const tones = [colour, lighten(colour, 0.1), darken(colour, 0.1), lighten(colour, 0.16), darken(colour, 0.05)];
  const joint = darken(colour, 0.35);
  let content = `<rect width="20" height="8" fill="${darken(colour, 0.3)}"/>`;
  for (let row = 1; row >= -1; row--) {
    const odd = row & 1;
    for (let x = -odd; x < 5; x++) {
      const shape = `M${x * 4 + odd * 2} ${row * 4} v2.6 q2 2.6 4 0 v-2.6 z`;
      content += `<path d="${shape}" fill="${tones[(x + 5 + 2 * odd) % 5]}" stroke="${joint}" stroke-width="0.5"/>`;
    }
  }
  return canvas.pattern(20, 8, content);
}

/** Returns a pattern of rectangular slates. */
function slates(canvas: SvgCanvas, colour: string): string {
  const tones = [colour, lighten(colour, 0.12), darken(colour, 0.1)];
  let content = `<rect width="24" height="8" fill="${darken(colour, 0.3)}"/>`;
  for (let row = 0; row < 2; row++) {
    for (let x = -row; x < 4; x++) {
      content += `<rect x="${x * 6 + row * 3}" y="${row * 4}" width="5.6" height="3.6" fill="${tones[(x + 4 + row) % 3]}"/>`;
    }
  }
  return canvas.pattern(24, 8, content);
}

function paintChimney(context: PaintContext, part: Part): void {
  const { canvas, scene } = context;
  const { x, y, width, height } = part;
  const colour = mix(scene.materials.wallColour, "#7d4a38", 0.65);
  canvas.rect(x, y, width, height, bricks(canvas, colour));
  const side = scene.weather.sun < 0 ? x + width * 0.6 : x;
  canvas.rect(side, y, width * 0.4, height, shadowColour, `fill-opacity="${round2(0.4 * scene.weather.shadow)}"`);
  canvas.rect(x, y, width, 2.2, shade(colour, 0.8, scene));
  castShadow(context, { ...part, height: 2.2 }, 2, 0);
}
