/** Painters of what is hung on a facade: shutters, balconies, ornaments.
 * @module */
import { outline, type Part } from "../scene.ts";
import { boxPath, d, darker, lighter, mix, ovalPath, short } from "../svg.ts";
import { type Brush, castShadow, lit } from "./brush.ts";

/** A slatted shutter, or a roller blind. */
export function paintBlind(brush: Brush, part: Part): void {
  const { sheet, scene } = brush;
  const { x, y, width, height, kind } = part;
  const colour = scene.materials.shutterColour;
  if (kind === "open") castShadow(brush, part, 2);
  const slats =
    `<rect width="4" height="2.2" fill="${colour}"/><rect width="4" height="0.9" fill="${lit(colour, 0.9, scene)}"/>` +
    `<rect y="1.5" width="4" height="0.7" fill="${darker(colour, 0.35)}"/>`;
  sheet.rect(x, y, width, height, sheet.pattern(4, 2.2, slats));
  if (kind === "roller") return sheet.rect(x, y + height - 1.5, width, 1.5, darker(colour, 0.4));
  const rail = kind === "closed" ? d`M${x + width / 2} ${y} v${height}` : d`M${x} ${y + height / 2} h${width}`;
  sheet.lines(
    outline({ ...part, x: x + 0.6, y: y + 0.6, width: width - 1.2, height: height - 1.2 }) + rail,
    darker(colour, 0.2),
    1.2,
  );
}

/** Old copper, of which railings are. */
const verdigris = "#3f8068";
/** Glass of balconies: thick, and so green. */
const bottleGreen = "#5f9f7f";

/** A slab with its railing: iron bars, stone balusters or glass. */
export function paintBalcony(brush: Brush, part: Part): void {
  const { sheet, scene } = brush;
  const { x, y, width, height, kind } = part;
  const slab = kind === "glass" ? lighter(scene.materials.wallColour, 0.2) : scene.materials.trimColour;
  const thick = 3.4, rail = height - thick;
  castShadow(brush, part, 9);
  if (kind !== "glass") sheet.rect(x, y, width, rail, verdigris, 'fill-opacity="0.5"'); // plants and rust behind the bars
  const railing = { glass, balustrade }[kind] ?? iron;
  railing(brush, { ...part, height: rail }, slab);
  sheet.rect(x - 0.5, y + rail, width + 1, thick, sheet.gradient("down", [0, lit(slab, 1, scene)], [1, darker(slab, 0.35)]));
}

function glass({ sheet, scene }: Brush, { x, y, width, height }: Part): void {
  const [top, horizon] = scene.weather.sky;
  sheet.rect(
    x,
    y,
    width,
    height,
    sheet.gradient("down", [0, mix(horizon, bottleGreen, 0.5), 0.85], [1, mix(top, bottleGreen, 0.8), 0.75]),
  );
  sheet.rect(x, y, width, 1.2, "#5b6368");
}

function balustrade({ sheet, scene }: Brush, { x, y, width, height }: Part, colour: string): void {
  const baluster =
    `<path d="M1 0 h2 q1.4 3 0 6 h-2 q-1.4 -3 0 -6 z" fill="${colour}" stroke="${darker(colour, 0.4)}" stroke-width="0.4" ` +
    `transform="scale(1 ${short(height / 6)})"/>`;
  sheet.rect(x, y, width, height, sheet.pattern(4.4, height, baluster, x, y));
  sheet.rect(x - 0.5, y, width + 1, 2.4, lit(colour, 1, scene));
}

function iron({ sheet }: Brush, { x, y, width, height }: Part): void {
  sheet.rect(x, y, width, height, sheet.pattern(3, 4, `<rect x="0.8" width="1.1" height="4" fill="${darker(verdigris, 0.5)}"/>`));
  sheet.path(boxPath(x, y, width, 1.2) + boxPath(x, y + height * 0.3, width, 1), darker(verdigris, 0.6));
}

/** Flowers, keystones, reliefs, coloured panels. */
export function paintDeco(brush: Brush, part: Part): void {
  const painter = { flowers, panel, keystone }[part.kind] ?? relief;
  painter(brush, part);
}

function panel({ sheet, scene }: Brush, { x, y, width, height }: Part): void {
  const colour = scene.materials.awningColour;
  sheet.rect(x, y, width, height, sheet.gradient("right", [0, lit(colour, 0.6, scene)], [1, darker(colour, 0.15)]));
}

function keystone({ sheet, scene }: Brush, { x, y, width, height }: Part): void {
  const { trimColour } = scene.materials;
  const wedge = d`M${x} ${y} h${width} l${-width * 0.15} ${height} h${-width * 0.7} z`;
  sheet.path(wedge, sheet.gradient("down", [0, lit(trimColour, 1, scene)], [1, darker(trimColour, 0.15)]));
}

function relief(brush: Brush, part: Part): void {
  const { sheet, scene, random } = brush;
  const { x, y, width, height } = part;
  const { trimColour } = scene.materials;
  castShadow(brush, part, 3);
  sheet.rect(x, y, width, height, trimColour);
  sheet.rect(x + 2, y + 2, width - 4, height - 4, darker(trimColour, 0.18));
  const middle = [x + width / 2, y + height / 2] as const;
  const size = Math.min(width, height) * random.between(0.24, 0.3);
  const round = sheet.gradient("out", [0, lit(trimColour, 1, scene)], [0.7, trimColour], [1, darker(trimColour, 0.3)]);
  sheet.ellipse(...middle, size, size * 1.2, round);
  sheet.ellipse(...middle, size * 0.45, size * 0.55, darker(trimColour, 0.15));
}

function flowers({ sheet, random }: Brush, { x, y, width, height }: Part): void {
  const leaves = ["", "", ""];
  let blossoms = "";
  for (let at = x + 1.4; at < x + width - 0.8; at += 2.1) {
    leaves[random.integer(3)] += ovalPath(at, y + height * random.between(0.35, 0.6), 1.9, height * 0.32);
    if (random.chance(0.75)) {
      blossoms += ovalPath(at + random.between(-0.5, 0.5), y + height * random.between(0.15, 0.5), 1.1, 1.1);
    }
  }
  sheet.rect(x, y, width, height, "#2f5c31", 'fill-opacity="0.75"');
  sheet.rect(x, y + height * 0.62, width, height * 0.38, "#7a4e33");
  for (const [i, green] of ["#3c7036", "#56893f", "#2f5c31"].entries()) sheet.path(leaves[i]!, green);
  sheet.path(blossoms, random.pick(["#d8403f", "#e67fa5", "#f0c53a", "#ffffff", "#8a5bb0"]));
}
