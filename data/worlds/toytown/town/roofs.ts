/** Painter of buildings from above: roofs with a ridge, hipped and flat ones, halls with skylights.
 * @module */
import { d, darker, lighter, mix } from "../svg.ts";
import type { TownBrush } from "./aerial.ts";
import { type Area, between, outlineOf, type Point } from "./scene.ts";

/** Paints a building; its shadow is there already. */
export function paintBuilding(brush: TownBrush, area: Area): void {
  const { season, random } = brush;
  if (area.kind === "flat" || area.kind === "shed") flat(brush, area);
  else sloped(brush, area, random.pick(season.roofs), area.kind === "hip" ? 0.3 : 0);
}

/** Two slopes, or four: those that look at the sun are lighter. */
function sloped({ sheet, town, fine }: TownBrush, { corners }: Area, colour: string, hip: number): void {
  const [a, b, c, e] = corners as [Point, Point, Point, Point];
  const [left, right] = [between(a, e, 0.5), between(b, c, 0.5)];
  const [from, to] = [between(left, right, hip), between(right, left, hip)];
  const faces: Point[][] = [[a, b, to, from], [c, e, from, to]];
  if (hip > 0) faces.push([b, c, to], [e, a, from]);
  const [x, y] = between(a, c, 0.5);
  for (const face of faces) {
    const [fx, fy] = [
      face.reduce((sum, point) => sum + point[0], 0) / face.length,
      face.reduce((sum, point) => sum + point[1], 0) / face.length,
    ];
    const length = Math.hypot(fx - x, fy - y) || 1;
    const facing = -((fx - x) * town.shadow[0] + (fy - y) * town.shadow[1]) / length; // 1 towards the sun
    sheet.path(outlineOf({ corners: face }), facing > 0 ? lighter(colour, 0.16 * facing) : darker(colour, -0.3 * facing));
  }
  sheet.lines(d`M${from[0]} ${from[1]} L${to[0]} ${to[1]}`, lighter(colour, 0.3), 0.7);
  if (!fine) return;
  const rows = [0.15, 0.3, 0.7, 0.85].map((share) => [between(a, e, share), between(b, c, share)] as const);
  sheet.lines(
    rows.map(([p, q]) => d`M${p[0]} ${p[1]} L${q[0]} ${q[1]}`).join(""),
    darker(colour, 0.25),
    0.4,
    'stroke-opacity="0.6"',
  );
}

function flat({ sheet, season, random }: TownBrush, area: Area): void {
  const colour = random.pick(season.flatRoofs);
  const { corners, kind } = area;
  sheet.path(outlineOf(area), colour);
  const middle = between(corners[0]!, corners[2]!, 0.5);
  const inner = corners.map((corner) => between(corner, middle, 0.12));
  sheet.lines(outlineOf({ corners: inner }), darker(colour, 0.18), 0.6);
  const at = (across: number, down: number) =>
    between(between(corners[0]!, corners[1]!, across), between(corners[3]!, corners[2]!, across), down);
  if (kind === "shed") {
    let lights = "";
    for (let across = 0.15; across < 0.9; across += 0.14) {
      lights += outlineOf({ corners: [at(across, 0.16), at(across + 0.05, 0.16), at(across + 0.05, 0.84), at(across, 0.84)] });
    }
    return sheet.path(lights, mix(colour, "#a0686a", 0.55));
  }
  for (let i = 0; i < 3; i++) {
    const [across, down] = [random.between(0.15, 0.75), random.between(0.15, 0.75)];
    sheet.path(
      outlineOf({ corners: [at(across, down), at(across + 0.1, down), at(across + 0.1, down + 0.12), at(across, down + 0.12)] }),
      darker(colour, 0.3),
    );
  }
}
