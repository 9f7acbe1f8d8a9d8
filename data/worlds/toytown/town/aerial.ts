/** A town as a photo from above, in summer and in winter.
 * @module */
import { type Random, seededRandom } from "../../../../lib/data/random.ts";
import { boxPath, d, darken, lighten, mix, ovalPath, sceneSize, SvgCanvas } from "../svg.ts";
import { type Area, areaOutline, lerp, type Point, type Town } from "./scene.ts";
import { type Season, seasons } from "./seasons.ts";

/** What every painter of a town has in hand. */
export interface TownContext {
  canvas: SvgCanvas;
  town: Town;
  season: Season;
  /** Whether the picture is large enough to show tiles and seams. */
  fine: boolean;
  /** Of the area that is painted. */
  random: Random;
}

/** A town's photo from above as an SVG picture; the camera's grain is added when it is rasterised.
 * @param size height and width in pixels. Default 256. */
export function renderAerial(town: Town, size: number = sceneSize, season: "summer" | "winter" = "summer"): string {
  const canvas = new SvgCanvas();
  const colours = seasons[season];
  let shadowed = false;
  for (const area of town.areas) {
    if (area.label === "building" && !shadowed) {
      shadowed = true;
      shadows(canvas, town); // below all roofs: what one house throws on another would hide its roof
    }
    const context = { canvas, town, season: colours, fine: size >= leastFine, random: seededRandom(area.detail) };
    ({ ground, road, rail, park, water, building: paintBuilding })[area.label](context, area);
  }
  canvas.rect(0, 0, sceneSize, sceneSize, town.light, 'fill-opacity="0.08"');
  return canvas.toString(size);
}

/** In smaller pictures lines of tiles would be far thinner than a pixel: they cost time and show nothing. */
const leastFine = 192;
/** How long a shadow is, of the building's height. */
const shadowLength = 0.8;

function shadows(canvas: SvgCanvas, { areas, shadow }: Town): void {
  let paths = "";
  for (const { corners, tall = 0 } of areas) {
    if (!tall) continue;
    const moved = corners.map(([x, y]): Point => [x + shadow[0] * tall * shadowLength, y + shadow[1] * tall * shadowLength]);
    paths += areaOutline({ corners: moved }) +
      corners.map((corner, i) => areaOutline({ corners: [corner, corners[(i + 1) % 4]!, moved[(i + 1) % 4]!, moved[i]!] })).join(
        "",
      );
  }
  if (paths) canvas.path(paths, "#1a2130", 'fill-opacity="0.42"');
}

function ground(context: TownContext, area: Area): void {
  const { canvas, season, random } = context;
  const colour = random.pick(season.ground[area.kind] ?? season.ground.dry!);
  canvas.path(areaOutline(area), colour);
  if (area.kind === "yard") {
    return trees(context, Array.from({ length: 4 }, () => place(area, random)), [1.6, 2.6], season.hedge);
  }
  const spots = Array.from({ length: area.corners[0]![0] === 0 ? 40 : 6 }, () => place(area, random));
  const patch = (tone: string, of: Point[]) =>
    canvas.path(
      of.map(([x, y]) => ovalPath(x, y, random.between(2, 6), random.between(2, 5))).join(""),
      tone,
      'fill-opacity="0.3"',
    );
  patch(darken(colour, 0.15), spots.slice(0, spots.length / 2));
  patch(lighten(colour, 0.2), spots.slice(spots.length / 2));
  if (context.fine && (area.kind === "square" || area.kind === "paved")) lines(context, area);
}

/** A point within a four-sided area. */
function place({ corners }: Area, random: Random): Point {
  const [across, down] = [random.between(0.06, 0.94), random.between(0.06, 0.94)];
  return lerp(lerp(corners[0]!, corners[1]!, across), lerp(corners[3]!, corners[2]!, across), down);
}

/** The seams of slabs. */
function lines({ canvas, season }: TownContext, { corners }: Area): void {
  let seams = "";
  for (let i = 1; i < 6; i++) {
    for (const [a, b, c, e] of [[0, 1, 3, 2], [0, 3, 1, 2]] as const) {
      const [from, to] = [lerp(corners[a]!, corners[b]!, i / 6), lerp(corners[c]!, corners[e]!, i / 6)];
      seams += d`M${from[0]} ${from[1]} L${to[0]} ${to[1]}`;
    }
  }
  canvas.lines(seams, season.seam, 0.5, 'stroke-opacity="0.6"');
}

function trees(
  { canvas, town: { shadow } }: TownContext,
  spots: Point[],
  [small, large]: [number, number],
  tones: readonly string[],
): void {
  const crowns = tones.map(() => ""), tops = { data: "" };
  let dark = "";
  for (const [i, [x, y]] of spots.entries()) {
    const size = small + (large - small) * ((i * 7) % 10) / 9;
    dark += ovalPath(x + shadow[0] * size * 0.6, y + shadow[1] * size * 0.6, size, size);
    crowns[i % tones.length] += ovalPath(x, y, size, size);
    tops.data += ovalPath(x - shadow[0] * size * 0.3, y - shadow[1] * size * 0.3, size * 0.5, size * 0.5);
  }
  canvas.path(dark, "#14241c", 'fill-opacity="0.4"');
  for (const [i, tone] of tones.entries()) if (crowns[i]) canvas.path(crowns[i]!, tone);
  canvas.path(tops.data, lighten(tones[0]!, 0.35), 'fill-opacity="0.35"');
}

function park(context: TownContext, area: Area): void {
  const { canvas, season, random } = context;
  canvas.path(areaOutline(area), random.pick(season.lawn));
  const { corners } = area;
  const [from, to] = [
    lerp(corners[0]!, corners[1]!, random.between(0.2, 0.8)),
    lerp(corners[3]!, corners[2]!, random.between(0.2, 0.8)),
  ];
  const bend = place(area, random);
  canvas.lines(d`M${from[0]} ${from[1]} Q${bend[0]} ${bend[1]} ${to[0]} ${to[1]}`, season.path, 1.1);
  trees(context, Array.from({ length: 12 + random.integer(26) }, () => place(area, random)), [2, 4.2], season.crowns);
}

function road({ canvas, season, random }: TownContext, area: Area): void {
  const { corners, kind } = area;
  canvas.path(areaOutline(area), season.asphalt);
  canvas.lines(areaOutline(area), season.kerb, 0.6);
  const lengthwise = Math.hypot(corners[1]![0] - corners[0]![0], corners[1]![1] - corners[0]![1]) >
    Math.hypot(corners[3]![0] - corners[0]![0], corners[3]![1] - corners[0]![1]);
  const [a, b, c, e] = lengthwise
    ? corners as [Point, Point, Point, Point]
    : [corners[1]!, corners[2]!, corners[3]!, corners[0]!];
  const [from, to] = [lerp(a, e, 0.5), lerp(b, c, 0.5)];
  if (kind === "main") canvas.lines(d`M${from[0]} ${from[1]} L${to[0]} ${to[1]}`, season.marking, 0.8, 'stroke-dasharray="4 4"');
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  for (let at = random.between(4, 30); at < length; at += random.between(18, 70)) {
    const lane = random.pick([0.3, 0.7]);
    const [front, back] = [
      lerp(lerp(a, e, lane), lerp(b, c, lane), at / length),
      lerp(lerp(a, e, lane), lerp(b, c, lane), (at + 3.6) / length),
    ];
    canvas.lines(d`M${front[0]} ${front[1]} L${back[0]} ${back[1]}`, random.pick(season.cars), 1.7);
  }
}

function rail({ canvas, season }: TownContext, area: Area): void {
  const middle = area.line!.map(([x, y], i) => i === 0 ? d`M${x} ${y}` : d`L${x} ${y}`).join(" ");
  canvas.path(areaOutline(area), season.ballast);
  canvas.lines(middle, darken(season.ballast, 0.45), 5, 'stroke-dasharray="1 1.6"');
  canvas.lines(middle, "#c9b9b4", 3.6);
  canvas.lines(middle, darken(season.ballast, 0.1), 2.4);
}

function water({ canvas, season, random }: TownContext, area: Area): void {
  const colour = random.pick(season.water);
  canvas.path(areaOutline(area), season.shore, `stroke="${season.shore}" stroke-width="0.1"`);
  canvas.path(areaOutline(area), colour);
  let ripples = "";
  const [xs, ys] = [area.corners.map(([x]) => x), area.corners.map(([, y]) => y)];
  const inside = area.line ??
    Array.from({ length: 12 }, () => lerp(area.corners[0]!, area.corners[area.corners.length >> 1]!, random.next()));
  const room = area.line ? 5 : Math.min(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) * 0.1;
  for (const [x, y] of inside) {
    ripples += boxPath(x + random.between(-room, room), y + random.between(-room, room), random.between(2, 5), 0.5);
  }
  canvas.path(ripples, "#ffffff", 'fill-opacity="0.35"');
}

/** Paints a building; its shadow is there already. */
export function paintBuilding(context: TownContext, area: Area): void {
  const { season, random } = context;
  if (area.kind === "flat" || area.kind === "shed") flat(context, area);
  else sloped(context, area, random.pick(season.roofs), area.kind === "hip" ? 0.3 : 0);
}

/** Two slopes, or four: those that look at the sun are lighter. */
function sloped({ canvas, town, fine }: TownContext, { corners }: Area, colour: string, hip: number): void {
  const [a, b, c, e] = corners as [Point, Point, Point, Point];
  const [left, right] = [lerp(a, e, 0.5), lerp(b, c, 0.5)];
  const [from, to] = [lerp(left, right, hip), lerp(right, left, hip)];
  const faces: Point[][] = [[a, b, to, from], [c, e, from, to]];
  if (hip > 0) faces.push([b, c, to], [e, a, from]);
  const [x, y] = lerp(a, c, 0.5);
  for (const face of faces) {
    const [fx, fy] = [
      face.reduce((sum, point) => sum + point[0], 0) / face.length,
      face.reduce((sum, point) => sum + point[1], 0) / face.length,
    ];
    const length = Math.hypot(fx - x, fy - y) || 1;
    const facing = -((fx - x) * town.shadow[0] + (fy - y) * town.shadow[1]) / length; // 1 towards the sun
    canvas.path(areaOutline({ corners: face }), facing > 0 ? lighten(colour, 0.16 * facing) : darken(colour, -0.3 * facing));
  }
  canvas.lines(d`M${from[0]} ${from[1]} L${to[0]} ${to[1]}`, lighten(colour, 0.3), 0.7);
  if (!fine) return;
  const rows = [0.15, 0.3, 0.7, 0.85].map((share) => [lerp(a, e, share), lerp(b, c, share)] as const);
  canvas.lines(
    rows.map(([p, q]) => d`M${p[0]} ${p[1]} L${q[0]} ${q[1]}`).join(""),
    darken(colour, 0.25),
    0.4,
    'stroke-opacity="0.6"',
  );
}

function flat({ canvas, season, random }: TownContext, area: Area): void {
  const colour = random.pick(season.flatRoofs);
  const { corners, kind } = area;
  canvas.path(areaOutline(area), colour);
  const middle = lerp(corners[0]!, corners[2]!, 0.5);
  const inner = corners.map((corner) => lerp(corner, middle, 0.12));
  canvas.lines(areaOutline({ corners: inner }), darken(colour, 0.18), 0.6);
  const at = (across: number, down: number) =>
    lerp(lerp(corners[0]!, corners[1]!, across), lerp(corners[3]!, corners[2]!, across), down);
  if (kind === "shed") {
    let lights = "";
    for (let across = 0.15; across < 0.9; across += 0.14) {
      lights += areaOutline({ corners: [at(across, 0.16), at(across + 0.05, 0.16), at(across + 0.05, 0.84), at(across, 0.84)] });
    }
    return canvas.path(lights, mix(colour, "#a0686a", 0.55));
  }
  for (let i = 0; i < 3; i++) {
    const [across, down] = [random.between(0.15, 0.75), random.between(0.15, 0.75)];
    canvas.path(
      areaOutline({
        corners: [at(across, down), at(across + 0.1, down), at(across + 0.1, down + 0.12), at(across, down + 0.12)],
      }),
      darken(colour, 0.3),
    );
  }
}
