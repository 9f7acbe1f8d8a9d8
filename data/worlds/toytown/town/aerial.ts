/** A town as a photo from above, in summer and in winter.
 * @module */
import { type Random, seededRandom } from "../../../../lib/data/random.ts";
import { boxPath, d, darker, lighter, ovalPath, sceneSize, Sheet } from "../svg.ts";
import { paintBuilding } from "./roofs.ts";
import { type Area, between, outlineOf, type Point, type Town } from "./scene.ts";
import { type Season, seasons } from "./seasons.ts";

/** What every painter of a town has in hand. */
export interface TownBrush {
  sheet: Sheet;
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
  const sheet = new Sheet();
  const colours = seasons[season];
  let shadowed = false;
  for (const area of town.areas) {
    if (area.label === "building" && !shadowed) {
      shadowed = true;
      shadows(sheet, town); // below all roofs: what one house throws on another would hide its roof
    }
    const brush = { sheet, town, season: colours, fine: size >= leastFine, random: seededRandom(area.detail) };
    ({ ground, road, rail, park, water, building: paintBuilding })[area.label](brush, area);
  }
  sheet.rect(0, 0, sceneSize, sceneSize, town.light, 'fill-opacity="0.08"');
  return sheet.toString(size);
}

/** In smaller pictures lines of tiles would be far thinner than a pixel: they cost time and show nothing. */
const leastFine = 192;
/** How long a shadow is, of the building's height. */
const shadowLength = 0.8;

function shadows(sheet: Sheet, { areas, shadow }: Town): void {
  let paths = "";
  for (const { corners, tall = 0 } of areas) {
    if (!tall) continue;
    const moved = corners.map(([x, y]): Point => [x + shadow[0] * tall * shadowLength, y + shadow[1] * tall * shadowLength]);
    paths += outlineOf({ corners: moved }) +
      corners.map((corner, i) => outlineOf({ corners: [corner, corners[(i + 1) % 4]!, moved[(i + 1) % 4]!, moved[i]!] })).join(
        "",
      );
  }
  if (paths) sheet.path(paths, "#1a2130", 'fill-opacity="0.42"');
}

function ground(brush: TownBrush, area: Area): void {
  const { sheet, season, random } = brush;
  const colour = random.pick(season.ground[area.kind] ?? season.ground.dry!);
  sheet.path(outlineOf(area), colour);
  if (area.kind === "yard") {
    return trees(brush, Array.from({ length: 4 }, () => place(area, random)), [1.6, 2.6], season.hedge);
  }
  const spots = Array.from({ length: area.corners[0]![0] === 0 ? 40 : 6 }, () => place(area, random));
  const patch = (tone: string, of: Point[]) =>
    sheet.path(
      of.map(([x, y]) => ovalPath(x, y, random.between(2, 6), random.between(2, 5))).join(""),
      tone,
      'fill-opacity="0.3"',
    );
  patch(darker(colour, 0.15), spots.slice(0, spots.length / 2));
  patch(lighter(colour, 0.2), spots.slice(spots.length / 2));
  if (brush.fine && (area.kind === "square" || area.kind === "paved")) lines(brush, area);
}

/** A point within a four-sided area. */
function place({ corners }: Area, random: Random): Point {
  const [across, down] = [random.between(0.06, 0.94), random.between(0.06, 0.94)];
  return between(between(corners[0]!, corners[1]!, across), between(corners[3]!, corners[2]!, across), down);
}

/** The seams of slabs. */
function lines({ sheet, season }: TownBrush, { corners }: Area): void {
  let seams = "";
  for (let i = 1; i < 6; i++) {
    for (const [a, b, c, e] of [[0, 1, 3, 2], [0, 3, 1, 2]] as const) {
      const [from, to] = [between(corners[a]!, corners[b]!, i / 6), between(corners[c]!, corners[e]!, i / 6)];
      seams += d`M${from[0]} ${from[1]} L${to[0]} ${to[1]}`;
    }
  }
  sheet.lines(seams, season.seam, 0.5, 'stroke-opacity="0.6"');
}

function trees(
  { sheet, town: { shadow } }: TownBrush,
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
  sheet.path(dark, "#14241c", 'fill-opacity="0.4"');
  for (const [i, tone] of tones.entries()) if (crowns[i]) sheet.path(crowns[i]!, tone);
  sheet.path(tops.data, lighter(tones[0]!, 0.35), 'fill-opacity="0.35"');
}

function park(brush: TownBrush, area: Area): void {
  const { sheet, season, random } = brush;
  sheet.path(outlineOf(area), random.pick(season.lawn));
  const { corners } = area;
  const [from, to] = [
    between(corners[0]!, corners[1]!, random.between(0.2, 0.8)),
    between(corners[3]!, corners[2]!, random.between(0.2, 0.8)),
  ];
  const bend = place(area, random);
  sheet.lines(d`M${from[0]} ${from[1]} Q${bend[0]} ${bend[1]} ${to[0]} ${to[1]}`, season.path, 1.1);
  trees(brush, Array.from({ length: 12 + random.integer(26) }, () => place(area, random)), [2, 4.2], season.crowns);
}

function road({ sheet, season, random }: TownBrush, area: Area): void {
  const { corners, kind } = area;
  sheet.path(outlineOf(area), season.asphalt);
  sheet.lines(outlineOf(area), season.kerb, 0.6);
  const lengthwise = Math.hypot(corners[1]![0] - corners[0]![0], corners[1]![1] - corners[0]![1]) >
    Math.hypot(corners[3]![0] - corners[0]![0], corners[3]![1] - corners[0]![1]);
  const [a, b, c, e] = lengthwise
    ? corners as [Point, Point, Point, Point]
    : [corners[1]!, corners[2]!, corners[3]!, corners[0]!];
  const [from, to] = [between(a, e, 0.5), between(b, c, 0.5)];
  if (kind === "main") sheet.lines(d`M${from[0]} ${from[1]} L${to[0]} ${to[1]}`, season.marking, 0.8, 'stroke-dasharray="4 4"');
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  for (let at = random.between(4, 30); at < length; at += random.between(18, 70)) {
    const lane = random.pick([0.3, 0.7]);
    const [front, back] = [
      between(between(a, e, lane), between(b, c, lane), at / length),
      between(between(a, e, lane), between(b, c, lane), (at + 3.6) / length),
    ];
    sheet.lines(d`M${front[0]} ${front[1]} L${back[0]} ${back[1]}`, random.pick(season.cars), 1.7);
  }
}

function rail({ sheet, season }: TownBrush, area: Area): void {
  const middle = area.line!.map(([x, y], i) => i === 0 ? d`M${x} ${y}` : d`L${x} ${y}`).join(" ");
  sheet.path(outlineOf(area), season.ballast);
  sheet.lines(middle, darker(season.ballast, 0.45), 5, 'stroke-dasharray="1 1.6"');
  sheet.lines(middle, "#c9b9b4", 3.6);
  sheet.lines(middle, darker(season.ballast, 0.1), 2.4);
}

function water({ sheet, season, random }: TownBrush, area: Area): void {
  const colour = random.pick(season.water);
  sheet.path(outlineOf(area), season.shore, `stroke="${season.shore}" stroke-width="0.1"`);
  sheet.path(outlineOf(area), colour);
  let ripples = "";
  const [xs, ys] = [area.corners.map(([x]) => x), area.corners.map(([, y]) => y)];
  const inside = area.line ??
    Array.from({ length: 12 }, () => between(area.corners[0]!, area.corners[area.corners.length >> 1]!, random.next()));
  const room = area.line ? 5 : Math.min(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) * 0.1;
  for (const [x, y] of inside) {
    ripples += boxPath(x + random.between(-room, room), y + random.between(-room, room), random.between(2, 5), 0.5);
  }
  sheet.path(ripples, "#ffffff", 'fill-opacity="0.35"');
}
