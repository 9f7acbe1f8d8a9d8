/** Painters for the parts that project from a wall: cornices, mouldings, sills, pillars, blinds, balconies and ornaments.
 * @module */
import { boxPath, d, darken, lighten, mix, ovalPath, round2 } from "../../svg.ts";
import { outline, type Part } from "../scene.ts";
import { castShadow, type PaintContext, shade, shadowColour } from "./shading.ts";

/** Paints a pediment, a canopy above a door, or the roof of a dormer. */
export function paintCornice(context: PaintContext, part: Part): void {
  const { canvas, scene } = context;
  const { trimColour, roofColour } = scene.materials;
  const colour = part.kind === "dormer" ? mix(roofColour, trimColour, 0.3) : trimColour;
  castShadow(context, part, part.kind === "canopy" ? 6 : 4);
  const profile = canvas.gradient("down", [0, shade(colour, 1, scene)], [0.7, colour], [1, darken(colour, 0.2)]);
  canvas.path(outline(part), profile, `stroke="${darken(colour, 0.3)}" stroke-width="0.5"`);
  if (part.shape === "box" || part.height < 7) return;
  const { x, y, width, height } = part;
  const field = { shape: part.shape, x: x + width * 0.2, y: y + height * 0.36, width: width * 0.6, height: height * 0.42 };
  canvas.path(outline(field), darken(colour, 0.22));
}

/** Paints a band across the facade, or the cornice (with a row of dentils) below the roof. */
export function paintMolding(context: PaintContext, part: Part): void {
  const { canvas, scene } = context;
  const { x, y, width, height, kind } = part;
  const colour = scene.materials.trimColour;
  const overhang = kind === "top" ? 4 : 1; // beyond the wall there is nothing to cast a shadow on
  castShadow(context, { ...part, x: x + overhang, width: width - 2 * overhang }, kind === "top" ? 11 : 4, 0);
  const light = shade(colour, 1, scene), dark = darken(colour, 0.2);
  const profile = canvas.gradient("down", [0, light], [0.3, colour], [0.34, dark], [0.45, colour], [1, darken(colour, 0.3)]);
  canvas.rect(x, y, width, height, profile);
  if (kind !== "top") return;
  const top = y + height * 0.6, size = `height="${round2(height * 0.3)}"`;
  const dentil = `<rect x="1" width="2.6" ${size} fill="${light}"/>` +
    `<rect x="3.6" width="1.6" ${size} fill="${mix(colour, shadowColour, 0.5)}"/>`;
  canvas.rect(x, top, width, height * 0.3, canvas.pattern(6, height, dentil, x, top));
}

/** Paints a window sill, with streaks of dirt below it. */
export function paintSill(context: PaintContext, part: Part): void {
  const { canvas, scene, random } = context;
  const { x, y, width, height } = part;
  const colour = scene.materials.trimColour;
  castShadow(context, part, 5);
  const streak = (at: number) => boxPath(at, y + height, 2.5, random.between(4, 14));
  canvas.path(streak(x + 0.5) + streak(x + width - 3), canvas.gradient("down", [0, "#3a3428", 0.3], [1, "#3a3428", 0]));
  const profile = canvas.gradient("down", [0, shade(colour, 1, scene)], [0.5, colour], [1, darken(colour, 0.25)]);
  canvas.rect(x, y, width, height, profile);
}

/** Paints a pilaster with a base and a capital. */
export function paintPillar({ canvas, scene }: PaintContext, { x, y, width, height }: Part): void {
  const { trimColour } = scene.materials;
  const { sun, shadow } = scene.weather;
  const light = shade(trimColour, 1, scene), dark = shade(trimColour, -1, scene);
  const round = sun < 0 ? [light, trimColour, dark] as const : [dark, trimColour, light] as const;
  canvas.rect(sun < 0 ? x + width : x - 3, y, 3, height, shadowColour, `fill-opacity="${round2(0.3 * shadow)}"`);
  canvas.rect(x, y, width, height, canvas.gradient("right", [0, round[0]], [0.5, round[1]], [1, round[2]]));
  const flute = (fraction: number) => boxPath(x + width * fraction - 0.3, y + 6, 0.6, height - 11);
  canvas.path(flute(0.35) + flute(0.65), darken(trimColour, 0.2));
  const ends = canvas.gradient("down", [0, light], [1, darken(trimColour, 0.25)]);
  canvas.rect(x - 1, y, width + 2, 5, ends);
  canvas.rect(x - 1, y + height - 4, width + 2, 4, ends);
}

/** Paints a slatted shutter or a roller blind. */
export function paintBlind(context: PaintContext, part: Part): void {
  const { canvas, scene } = context;
  const { x, y, width, height, kind } = part;
  const colour = scene.materials.shutterColour;
  if (kind === "open") castShadow(context, part, 2);
  const slats =
    `<rect width="4" height="2.2" fill="${colour}"/><rect width="4" height="0.9" fill="${shade(colour, 0.9, scene)}"/>` +
    `<rect y="1.5" width="4" height="0.7" fill="${darken(colour, 0.35)}"/>`;
  canvas.rect(x, y, width, height, canvas.pattern(4, 2.2, slats));
  if (kind === "roller") return canvas.rect(x, y + height - 1.5, width, 1.5, darken(colour, 0.4));
  const rail = kind === "closed" ? d`M${x + width / 2} ${y} v${height}` : d`M${x} ${y + height / 2} h${width}`;
  const frame = outline({ ...part, x: x + 0.6, y: y + 0.6, width: width - 1.2, height: height - 1.2 });
  canvas.lines(frame + rail, darken(colour, 0.2), 1.2);
}

/** Colour of iron railings, and of the plants behind them. */
const verdigris = "#3f8068";
/** Colour of the thick glass in balcony railings. */
const bottleGreen = "#5f9f7f";

/** Paints the slab of a balcony, and a railing made of iron bars, stone balusters or glass. */
export function paintBalcony(context: PaintContext, part: Part): void {
  const { canvas, scene } = context;
  const { x, y, width, height, kind } = part;
  const slab = kind === "glass" ? lighten(scene.materials.wallColour, 0.2) : scene.materials.trimColour;
  const thickness = 3.4, rail = height - thickness;
  castShadow(context, part, 9);
  if (kind !== "glass") canvas.rect(x, y, width, rail, verdigris, 'fill-opacity="0.5"');
  const paintRailing = { glass: paintGlass, balustrade: paintBalustrade }[kind] ?? paintIronBars;
  paintRailing(context, { ...part, height: rail }, slab);
  canvas.rect(
    x - 0.5,
    y + rail,
    width + 1,
    thickness,
    canvas.gradient("down", [0, shade(slab, 1, scene)], [1, darken(slab, 0.35)]),
  );
}

function paintGlass({ canvas, scene }: PaintContext, { x, y, width, height }: Part): void {
  const [top, horizon] = scene.weather.sky;
  const glass = canvas.gradient("down", [0, mix(horizon, bottleGreen, 0.5), 0.85], [1, mix(top, bottleGreen, 0.8), 0.75]);
  canvas.rect(x, y, width, height, glass);
  canvas.rect(x, y, width, 1.2, "#5b6368");
}

function paintBalustrade({ canvas, scene }: PaintContext, { x, y, width, height }: Part, colour: string): void {
  const baluster =
    `<path d="M1 0 h2 q1.4 3 0 6 h-2 q-1.4 -3 0 -6 z" fill="${colour}" stroke="${darken(colour, 0.4)}" stroke-width="0.4" ` +
    `transform="scale(1 ${round2(height / 6)})"/>`;
  canvas.rect(x, y, width, height, canvas.pattern(4.4, height, baluster, x, y));
  canvas.rect(x - 0.5, y, width + 1, 2.4, shade(colour, 1, scene));
}

function paintIronBars({ canvas }: PaintContext, { x, y, width, height }: Part): void {
  const bar = `<rect x="0.8" width="1.1" height="4" fill="${darken(verdigris, 0.5)}"/>`;
  canvas.rect(x, y, width, height, canvas.pattern(3, 4, bar));
  canvas.path(boxPath(x, y, width, 1.2) + boxPath(x, y + height * 0.3, width, 1), darken(verdigris, 0.6));
}

/** Paints flowers, a coloured panel, a keystone or a relief. */
export function paintDeco(context: PaintContext, part: Part): void {
  const paint = { flowers: paintFlowers, panel: paintPanel, keystone: paintKeystone }[part.kind] ?? paintRelief;
  paint(context, part);
}

function paintPanel({ canvas, scene }: PaintContext, { x, y, width, height }: Part): void {
  const colour = scene.materials.awningColour;
  canvas.rect(x, y, width, height, canvas.gradient("right", [0, shade(colour, 0.6, scene)], [1, darken(colour, 0.15)]));
}

function paintKeystone({ canvas, scene }: PaintContext, { x, y, width, height }: Part): void {
  const { trimColour } = scene.materials;
  const wedge = d`M${x} ${y} h${width} l${-width * 0.15} ${height} h${-width * 0.7} z`;
  canvas.path(wedge, canvas.gradient("down", [0, shade(trimColour, 1, scene)], [1, darken(trimColour, 0.15)]));
}

function paintRelief(context: PaintContext, part: Part): void {
  const { canvas, scene, random } = context;
  const { x, y, width, height } = part;
  const { trimColour } = scene.materials;
  castShadow(context, part, 3);
  canvas.rect(x, y, width, height, trimColour);
  canvas.rect(x + 2, y + 2, width - 4, height - 4, darken(trimColour, 0.18));
  const middle = [x + width / 2, y + height / 2] as const;
  const size = Math.min(width, height) * random.between(0.24, 0.3);
  const round = canvas.gradient("out", [0, shade(trimColour, 1, scene)], [0.7, trimColour], [1, darken(trimColour, 0.3)]);
  canvas.ellipse(...middle, size, size * 1.2, round);
  canvas.ellipse(...middle, size * 0.45, size * 0.55, darken(trimColour, 0.15));
}

function paintFlowers({ canvas, random }: PaintContext, { x, y, width, height }: Part): void {
  const leaves = ["", "", ""];
  let blossoms = "";
  for (let at = x + 1.4; at < x + width - 0.8; at += 2.1) {
    leaves[random.integer(3)] += ovalPath(at, y + height * random.between(0.35, 0.6), 1.9, height * 0.32);
    if (random.chance(0.75)) {
      blossoms += ovalPath(at + random.between(-0.5, 0.5), y + height * random.between(0.15, 0.5), 1.1, 1.1);
    }
  }
  canvas.rect(x, y, width, height, "#2f5c31", 'fill-opacity="0.75"');
  canvas.rect(x, y + height * 0.62, width, height * 0.38, "#7a4e33");
  for (const [i, green] of ["#3c7036", "#56893f", "#2f5c31"].entries()) canvas.path(leaves[i]!, green);
  canvas.path(blossoms, random.pick(["#d8403f", "#e67fa5", "#f0c53a", "#ffffff", "#8a5bb0"]));
}
