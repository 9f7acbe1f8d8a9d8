/** Draws aerial photos of towns, in summer or in winter. Each area of the label map is painted by the painter for its class.
 * @module */
import { type Random, seededRandom } from "../../../../lib/data/random.ts";
import { boxPath, d, darken, lighten, mix, ovalPath, sceneSize, SvgCanvas } from "../svg.ts";
import { type Area, lerp, type Point, polygonPath, polylinePath, type Town } from "./scene.ts";
import { type Season, seasons } from "./seasons.ts";

/** Context that each painter receives. */
interface TownContext {
  canvas: SvgCanvas;
  town: Town;
  season: Season;
  /** Whether the image is large enough to show tiles and seams. */
  fine: boolean;
  /** Random numbers for the details of the painted area. */
  random: Random;
}

/** Minimum image size at which tiles and seams are drawn; in smaller images, they would be far thinner than a pixel. */
const fineSize = 192;
/** Length of a shadow, as a fraction of the building's height. */
const shadowLength = 0.8;

/** Renders an aerial photo of a town as SVG.
 * @param size Height and width in pixels. Default 256. */
export function renderAerial(town: Town, size: number = sceneSize, season: "summer" | "winter" = "summer"): string {
  const canvas = new SvgCanvas();
  const firstBuilding = town.areas.find(({ label }) => label === "building");
  for (const area of town.areas) {
    // All shadows are painted below all roofs, since the shadow of one house would otherwise hide the roof of the next.
    if (area === firstBuilding) paintShadows(canvas, town);
    const random = seededRandom(area.detail);
    painters[area.label]({ canvas, town, season: seasons[season], fine: size >= fineSize, random }, area);
  }
  canvas.rect(0, 0, sceneSize, sceneSize, town.light, 'fill-opacity="0.08"');
  return canvas.toString(size);
}

const painters: Record<Area["label"], (context: TownContext, area: Area) => void> = {
  ground: paintGround,
  road: paintRoad,
  rail: paintRail,
  park: paintPark,
  water: paintWater,
  building: paintBuilding,
};

function paintShadows(canvas: SvgCanvas, { areas, shadow }: Town): void {
  let paths = "";
  for (const { corners, tall = 0 } of areas) {
    if (!tall) continue;
    const tips = corners.map(([x, y]): Point => [x + shadow[0] * tall * shadowLength, y + shadow[1] * tall * shadowLength]);
    const sides = corners.map((corner, i) => polygonPath([corner, corners[(i + 1) % 4]!, tips[(i + 1) % 4]!, tips[i]!]));
    paths += polygonPath(tips) + sides.join("");
  }
  if (paths) canvas.path(paths, "#1a2130", 'fill-opacity="0.42"');
}

function paintGround(context: TownContext, area: Area): void {
  const { canvas, season, random } = context;
  const colour = random.pick(season.ground[area.kind] ?? season.ground["dry"]!);
  canvas.path(polygonPath(area.corners), colour);
  if (area.kind === "yard") {
    return paintTrees(context, Array.from({ length: 4 }, () => randomPoint(area, random)), [1.6, 2.6], season.hedge);
  }
  const isWholeImage = area.corners[0]![0] === 0;
  const spots = Array.from({ length: isWholeImage ? 40 : 6 }, () => randomPoint(area, random));
  const patches = (tone: string, points: Point[]) => {
    const ovals = points.map(([x, y]) => ovalPath(x, y, random.between(2, 6), random.between(2, 5)));
    canvas.path(ovals.join(""), tone, 'fill-opacity="0.3"');
  };
  patches(darken(colour, 0.15), spots.slice(0, spots.length / 2));
  patches(lighten(colour, 0.2), spots.slice(spots.length / 2));
  if (context.fine && (area.kind === "square" || area.kind === "paved")) paintSeams(context, area);
}

/** Returns the point at the given fractions of the width and height of a quadrilateral. */
function pointAt([a, b, c, e]: readonly Point[], across: number, down: number): Point {
  return lerp(lerp(a!, b!, across), lerp(e!, c!, across), down);
}

function randomPoint({ corners }: Area, random: Random): Point {
  const [across, down] = [random.between(0.06, 0.94), random.between(0.06, 0.94)];
  return pointAt(corners, across, down);
}

/** Paints the seams between paving slabs. */
function paintSeams({ canvas, season }: TownContext, { corners }: Area): void {
  let seams = "";
  for (let i = 1; i < 6; i++) {
    for (const [a, b, c, e] of [[0, 1, 3, 2], [0, 3, 1, 2]] as const) {
      seams += polylinePath([lerp(corners[a]!, corners[b]!, i / 6), lerp(corners[c]!, corners[e]!, i / 6)]);
    }
  }
  canvas.lines(seams, season.seam, 0.5, 'stroke-opacity="0.6"');
}

/** Paints trees as round crowns with a shadow and a highlight. */
function paintTrees(
  { canvas, town: { shadow } }: TownContext,
  spots: Point[],
  [smallest, largest]: [number, number],
  tones: readonly string[],
): void {
  const crowns = tones.map(() => "");
  let shadows = "", highlights = "";
  for (const [i, [x, y]] of spots.entries()) {
    const radius = smallest + (largest - smallest) * ((i * 7) % 10) / 9;
    shadows += ovalPath(x + shadow[0] * radius * 0.6, y + shadow[1] * radius * 0.6, radius, radius);
    crowns[i % tones.length] += ovalPath(x, y, radius, radius);
    highlights += ovalPath(x - shadow[0] * radius * 0.3, y - shadow[1] * radius * 0.3, radius * 0.5, radius * 0.5);
  }
  canvas.path(shadows, "#14241c", 'fill-opacity="0.4"');
  for (const [i, tone] of tones.entries()) if (crowns[i]) canvas.path(crowns[i]!, tone);
  canvas.path(highlights, lighten(tones[0]!, 0.35), 'fill-opacity="0.35"');
}

function paintPark(context: TownContext, area: Area): void {
  const { canvas, season, random } = context;
  const [a, b, c, e] = area.corners as [Point, Point, Point, Point];
  canvas.path(polygonPath(area.corners), random.pick(season.lawn));
  const [from, to] = [lerp(a, b, random.between(0.2, 0.8)), lerp(e, c, random.between(0.2, 0.8))];
  const bend = randomPoint(area, random);
  canvas.lines(d`M${from[0]} ${from[1]} Q${bend[0]} ${bend[1]} ${to[0]} ${to[1]}`, season.path, 1.1);
  const trees = Array.from({ length: 12 + random.integer(26) }, () => randomPoint(area, random));
  paintTrees(context, trees, [2, 4.2], season.crowns);
}

/** Paints a road with kerbs and cars, and, on main roads, a centre line. */
function paintRoad({ canvas, season, random }: TownContext, { corners, kind }: Area): void {
  canvas.path(polygonPath(corners), season.asphalt);
  canvas.lines(polygonPath(corners), season.kerb, 0.6);
  const distance = (p: Point, q: Point) => Math.hypot(q[0] - p[0], q[1] - p[1]);
  const [first, second, third, fourth] = corners as [Point, Point, Point, Point];
  const [a, b, c, e] = distance(first, second) > distance(first, fourth)
    ? [first, second, third, fourth]
    : [second, third, fourth, first];
  const [from, to] = [lerp(a, e, 0.5), lerp(b, c, 0.5)];
  if (kind === "main") canvas.lines(polylinePath([from, to]), season.marking, 0.8, 'stroke-dasharray="4 4"');
  const length = distance(from, to);
  for (let at = random.between(4, 30); at < length; at += random.between(18, 70)) {
    const lane = random.pick([0.3, 0.7]);
    const [start, end] = [lerp(a, e, lane), lerp(b, c, lane)];
    const car = [lerp(start, end, at / length), lerp(start, end, (at + 3.6) / length)];
    canvas.lines(polylinePath(car), random.pick(season.cars), 1.7);
  }
}

/** Paints ballast, sleepers and rails. */
function paintRail({ canvas, season }: TownContext, area: Area): void {
  const line = polylinePath(area.line!);
  canvas.path(polygonPath(area.corners), season.ballast);
  canvas.lines(line, darken(season.ballast, 0.45), 5, 'stroke-dasharray="1 1.6"');
  canvas.lines(line, "#c9b9b4", 3.6);
  canvas.lines(line, darken(season.ballast, 0.1), 2.4);
}

/** Paints a river or a pond with ripples. */
function paintWater({ canvas, season, random }: TownContext, { corners, line }: Area): void {
  const colour = random.pick(season.water);
  canvas.path(polygonPath(corners), season.shore, `stroke="${season.shore}" stroke-width="0.1"`);
  canvas.path(polygonPath(corners), colour);
  let ripples = "";
  const range = (values: number[]) => Math.max(...values) - Math.min(...values);
  const points = line ?? Array.from({ length: 12 }, () => lerp(corners[0]!, corners[corners.length >> 1]!, random.next()));
  const spread = line ? 5 : Math.min(range(corners.map(([x]) => x)), range(corners.map(([, y]) => y))) * 0.1;
  for (const [x, y] of points) {
    ripples += boxPath(x + random.between(-spread, spread), y + random.between(-spread, spread), random.between(2, 5), 0.5);
  }
  canvas.path(ripples, "#ffffff", 'fill-opacity="0.35"');
}

/** Paints the roof of a building; its shadow has already been painted. */
function paintBuilding(context: TownContext, area: Area): void {
  const { season, random } = context;
  if (area.kind === "flat" || area.kind === "shed") paintFlatRoof(context, area);
  else paintSlopedRoof(context, area, random.pick(season.roofs), area.kind === "hip" ? 0.3 : 0);
}

/** Paints a roof with two slopes, or with four if `hip` is positive. Slopes that face the sun are lighter.
 * @param hip Inset of the ridge at each end, as a fraction of the roof's length. */
function paintSlopedRoof({ canvas, town, fine }: TownContext, { corners }: Area, colour: string, hip: number): void {
  const [a, b, c, e] = corners as [Point, Point, Point, Point];
  const [left, right] = [lerp(a, e, 0.5), lerp(b, c, 0.5)];
  const [from, to] = [lerp(left, right, hip), lerp(right, left, hip)];
  const slopes: Point[][] = [[a, b, to, from], [c, e, from, to]];
  if (hip > 0) slopes.push([b, c, to], [e, a, from]);
  const [x, y] = lerp(a, c, 0.5);
  for (const slope of slopes) {
    const mean = (axis: 0 | 1) => slope.reduce((sum, point) => sum + point[axis], 0) / slope.length;
    const [slopeX, slopeY] = [mean(0), mean(1)];
    const length = Math.hypot(slopeX - x, slopeY - y) || 1;
    const facing = -((slopeX - x) * town.shadow[0] + (slopeY - y) * town.shadow[1]) / length; // 1 towards the sun
    canvas.path(polygonPath(slope), facing > 0 ? lighten(colour, 0.16 * facing) : darken(colour, -0.3 * facing));
  }
  canvas.lines(polylinePath([from, to]), lighten(colour, 0.3), 0.7);
  if (!fine) return;
  const rows = [0.15, 0.3, 0.7, 0.85].map((fraction) => polylinePath([lerp(a, e, fraction), lerp(b, c, fraction)]));
  canvas.lines(rows.join(""), darken(colour, 0.25), 0.4, 'stroke-opacity="0.6"');
}

/** Paints a flat roof with a parapet, and with skylights (on sheds) or rooftop equipment (on other buildings). */
function paintFlatRoof({ canvas, season, random }: TownContext, { corners, kind }: Area): void {
  const colour = random.pick(season.flatRoofs);
  canvas.path(polygonPath(corners), colour);
  const middle = lerp(corners[0]!, corners[2]!, 0.5);
  const parapet = corners.map((corner) => lerp(corner, middle, 0.12));
  canvas.lines(polygonPath(parapet), darken(colour, 0.18), 0.6);
  const box = (left: number, top: number, right: number, bottom: number) =>
    polygonPath([[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => pointAt(corners, x!, y!)));
  if (kind === "shed") {
    let skylights = "";
    for (let left = 0.15; left < 0.9; left += 0.14) skylights += box(left, 0.16, left + 0.05, 0.84);
    return canvas.path(skylights, mix(colour, "#a0686a", 0.55));
  }
  for (let i = 0; i < 3; i++) {
    const [left, top] = [random.between(0.15, 0.75), random.between(0.15, 0.75)];
    canvas.path(box(left, top, left + 0.1, top + 0.12), darken(colour, 0.3));
  }
}
