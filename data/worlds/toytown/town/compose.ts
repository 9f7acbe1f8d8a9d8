/** Composes a town from a seed: main roads and side streets divide the town into blocks, and each block becomes a park, a square,
 * or a site for sheds or houses. The town is laid out in axis-aligned rectangles and then rotated.
 * @module */
import { type Random, seededRandom } from "../../../../lib/data/random.ts";
import { sceneSize } from "../svg.ts";
import { type Area, type Point, stripAround, type Town } from "./scene.ts";

/** An axis-aligned rectangle, before the town is rotated. */
type Rect = { x: number; y: number; width: number; height: number };
type Road = Rect & { main: boolean };

/** The course of a river or a railway track. */
interface Course {
  line: Point[];
  width: number;
}

/** Origin and side length of the square layout, which covers the image at any angle of rotation. */
const [layoutStart, layoutSize] = [-56, sceneSize + 112];
const lights = ["#ffe9c4", "#fff4dc", "#ffffff", "#f1f4ff"] as const;

/** Creates the town for a seed; the same seed always gives the same town.
 * @param seed A safe integer.
 * @throws {RangeError} If the seed is not a safe integer. */
export function town(seed: number): Town {
  const random = seededRandom(seed, 7);
  const rotate = rotation(random.between(0, Math.PI / 2));
  const river = random.chance(0.5) ? randomCourse(random, random.between(16, 30), random.between(6, 18)) : undefined;
  const track = random.chance(0.55) ? randomCourse(random, 8, random.between(0, 6)) : undefined;
  const roads: Road[] = [];
  const blocks: Rect[] = [];
  divide({ x: layoutStart, y: layoutStart, width: layoutSize, height: layoutSize }, 0, random, roads, blocks);
  const area = (label: Area["label"], corners: Point[], kind: string): Area => {
    return { label, corners, kind, detail: random.integer(2 ** 31) };
  };
  const streets = (main: boolean) =>
    roads.filter((road) => road.main === main).map((road) => area("road", rotate(road), main ? "main" : "side"));
  const fill = blockAreas(blocks, rotate, random, [river, track].filter((course) => course !== undefined));
  const rail = track && { ...area("rail", stripAround(track.line, track.width), "track"), line: track.line };
  return {
    seed,
    shadow: shadowDirection(random),
    light: random.pick(lights),
    areas: [
      area("ground", [[0, 0], [sceneSize, 0], [sceneSize, sceneSize], [0, sceneSize]], random.pick(["dry", "green", "stony"])),
      ...fill.filter(({ label }) => label !== "building"),
      ...streets(false),
      // Side streets end at the river; main roads cross it.
      ...(river ? [{ ...area("water", stripAround(river.line, river.width), "river"), line: river.line }] : []),
      ...streets(true),
      ...fill.filter(({ label }) => label === "building"),
      ...(rail ? [rail] : []),
    ].filter(isVisible),
  };
}

/** Returns whether any part of an area, or of its shadow, may be visible in the image. */
function isVisible({ corners }: Area): boolean {
  const margin = 10;
  const overlaps = (values: number[]) => Math.max(...values) > -margin && Math.min(...values) < sceneSize + margin;
  return overlaps(corners.map(([x]) => x)) && overlaps(corners.map(([, y]) => y));
}

/** Returns a function that rotates rectangles around the centre of the image and returns their corners. */
function rotation(angle: number): (rect: Rect) => Point[] {
  const [cos, sin, middle] = [Math.cos(angle), Math.sin(angle), sceneSize / 2];
  const at = (x: number, y: number): Point => [
    middle + (x - middle) * cos - (y - middle) * sin,
    middle + (x - middle) * sin + (y - middle) * cos,
  ];
  return ({ x, y, width, height }) => [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)];
}

/** Recursively divides a rectangle with roads, until the parts are small enough to be blocks. */
function divide(rect: Rect, depth: number, random: Random, roads: Road[], blocks: Rect[]): void {
  const length = Math.max(rect.width, rect.height);
  if (length < random.between(62, 96)) return void blocks.push(rect);
  const main = depth < 2 + random.integer(2);
  const road = main ? random.between(11, 14) : random.between(6.5, 8.5);
  const cut = length * random.between(0.36, 0.64) - road / 2;
  const isWide = rect.width > rect.height;
  const start = isWide ? rect.x : rect.y;
  const slice = (at: number, size: number): Rect => isWide ? { ...rect, x: at, width: size } : { ...rect, y: at, height: size };
  roads.push({ ...slice(start + cut, road), main });
  divide(slice(start, cut), depth + 1, random, roads, blocks);
  divide(slice(start + cut + road, length - cut - road), depth + 1, random, roads, blocks);
}

/** Returns a course that crosses the whole image, oscillating around a straight line.
 * @param swing Amplitude of the oscillation, in scene units. */
function randomCourse(random: Random, width: number, swing: number): Course {
  const [angle, offset] = [random.between(0, Math.PI), random.between(-70, 70)];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [waves, phase] = [random.between(0.6, 1.6), random.between(0, 2 * Math.PI)];
  const line = Array.from({ length: 49 }, (_, i): Point => {
    const along = (i / 48 - 0.5) * 420, aside = offset + swing * Math.sin(phase + i / 48 * 2 * Math.PI * waves);
    return [sceneSize / 2 + along * cos - aside * sin, sceneSize / 2 + along * sin + aside * cos];
  });
  return { line, width };
}

function shadowDirection(random: Random): Point {
  const angle = random.between(0.15, 0.85) * Math.PI; // the sun is in the south, so shadows point upwards
  return [Math.cos(angle), -Math.sin(angle)];
}

/** State shared by the functions that fill the blocks. */
interface BlockContext {
  rotate: (rect: Rect) => Point[];
  random: Random;
  /** Rivers and tracks, on which nothing may be built. */
  courses: Course[];
  areas: Area[];
}

/** Fills the blocks with parks, squares, sheds and houses.
 * @param rotate Function that maps a rectangle to its corners in the image.
 * @param courses Rivers and tracks, on which nothing may be built. */
function blockAreas(blocks: Rect[], rotate: BlockContext["rotate"], random: Random, courses: Course[]): Area[] {
  const context: BlockContext = { rotate, random, courses, areas: [] };
  for (const block of blocks) {
    const choice = random.next();
    if (choice < 0.2) addPark(context, block);
    else if (choice < 0.28) addArea(context, "ground", inset(block, 3), "square");
    else if (choice < 0.42) addSheds(context, block);
    else addHouses(context, block);
  }
  return context.areas;
}

function inset({ x, y, width, height }: Rect, by: number): Rect {
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by };
}

function addArea({ rotate, random, areas }: BlockContext, label: Area["label"], rect: Rect, kind: string): void {
  areas.push({ label, corners: rotate(rect), kind, detail: random.integer(2 ** 31) });
}

/** Adds a park, which may contain a round pond with a wavy shore. */
function addPark(context: BlockContext, block: Rect): void {
  const { random, rotate, areas } = context;
  addArea(context, "park", inset(block, 2), "park");
  if (!random.chance(0.4) || Math.min(block.width, block.height) < 40) return;
  const [width, height] = [block.width * random.between(0.3, 0.5), block.height * random.between(0.3, 0.5)];
  const [x, y] = [
    block.x + (block.width - width) * random.between(0.3, 0.7),
    block.y + (block.height - height) * random.between(0.3, 0.7),
  ];
  const phases = [random.between(0, 6), random.between(0, 6)] as const;
  const corners = Array.from({ length: 28 }, (_, i) => {
    const angle = i / 28 * 2 * Math.PI;
    const radius = 0.46 + 0.06 * Math.sin(2 * angle + phases[0]) + 0.03 * Math.sin(3 * angle + phases[1]);
    const [px, py] = [x + width * (0.5 + radius * Math.cos(angle)), y + height * (0.5 + radius * Math.sin(angle))];
    return rotate({ x: px, y: py, width: 0, height: 0 })[0]!;
  });
  areas.push({ label: "water", corners, kind: "pond", detail: random.integer(2 ** 31) });
}

/** Adds one or two large flat-roofed buildings on a paved yard. */
function addSheds(context: BlockContext, block: Rect): void {
  const { random } = context;
  addArea(context, "ground", inset(block, 2), "paved");
  const count = Math.max(block.width, block.height) > 56 ? 2 : 1;
  for (let i = 0; i < count; i++) {
    const isWide = block.width >= block.height;
    const part: Rect = isWide
      ? { ...block, x: block.x + i * block.width / count, width: block.width / count }
      : { ...block, y: block.y + i * block.height / count, height: block.height / count };
    addBuilding(context, inset(part, random.between(4, 8)), random.chance(0.6) ? "flat" : "shed", random.between(7, 12));
  }
}

/** Adds houses on most lots of a block, in one row or in two rows back to back. */
function addHouses(context: BlockContext, block: Rect): void {
  const { random } = context;
  addArea(context, "ground", inset(block, 1.5), "yard");
  const isWide = block.width >= block.height;
  const [long, short] = isWide ? [block.width, block.height] : [block.height, block.width];
  const rows = short > 34 ? 2 : 1;
  const lots = Math.max(1, Math.round(long / random.between(15, 27)));
  const depth = random.between(0.5, 0.72), terraced = random.chance(0.3);
  const kind = random.pick(["gable", "gable", "hip", "flat"]);
  for (let row = 0; row < rows; row++) {
    for (let lot = 0; lot < lots; lot++) {
      if (random.chance(0.1)) continue;
      const gap = terraced ? 0.1 : random.between(1.5, 3.2);
      const [from, length] = [lot * long / lots + gap, long / lots - 2 * gap];
      const houseDepth = short / rows * depth * (terraced ? 1 : random.between(0.85, 1.15));
      const start = row === 0 ? 3 : short - 3 - houseDepth; // along the street
      const house: Rect = isWide
        ? { x: block.x + from, y: block.y + start, width: length, height: houseDepth }
        : { x: block.x + start, y: block.y + from, width: houseDepth, height: length };
      addBuilding(context, house, random.chance(0.85) ? kind : random.pick(["gable", "hip", "flat"]), random.between(4, 9));
    }
  }
}

/** Adds a building, unless it is tiny or would stand on a river or track. */
function addBuilding({ rotate, random, courses, areas }: BlockContext, rect: Rect, kind: string, tall: number): void {
  if (Math.min(rect.width, rect.height) < 5) return;
  const corners = rotate(rect);
  const radius = Math.hypot(rect.width, rect.height) / 2 + 1;
  const [x, y] = [(corners[0]![0] + corners[2]![0]) / 2, (corners[0]![1] + corners[2]![1]) / 2];
  const isBlocked = courses.some(({ line, width }) =>
    line.some((point) => Math.hypot(point[0] - x, point[1] - y) < radius + width / 2)
  );
  if (isBlocked) return;
  // The first edge runs along the length of the building, parallel to the ridge of its roof.
  const ordered = rect.width >= rect.height ? corners : [...corners.slice(1), corners[0]!];
  areas.push({ label: "building", corners: ordered, kind, tall, detail: random.integer(2 ** 31) });
}
