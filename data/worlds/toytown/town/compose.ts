/** From a seed to a town.
 * @module */
import { type Random, seededRandom } from "../../../../lib/data/random.ts";
import { sceneSize } from "../svg.ts";
import { type Area, type Point, stripOutline, type Town } from "./scene.ts";

/** The town is laid out on a square that reaches beyond the picture's corners however it is turned. */
const reach = [-56, sceneSize + 56] as const;
const lights = ["#ffe9c4", "#fff4dc", "#ffffff", "#f1f4ff"] as const;

/** The town that belongs to a seed: the same one each time.
 * @param seed a safe integer.
 * @throws {RangeError} if it is none. */
export function town(seed: number): Town {
  const random = seededRandom(seed, 7);
  const turn = turning(random.between(0, Math.PI / 2));
  const river = random.chance(0.5) ? winding(random, random.between(16, 30), random.between(6, 18)) : undefined;
  const track = random.chance(0.55) ? winding(random, 8, random.between(0, 6)) : undefined;
  const roads: Road[] = [];
  const blocks: Block[] = [];
  divide({ x: reach[0], y: reach[0], width: reach[1] - reach[0], height: reach[1] - reach[0] }, 0, random, roads, blocks);
  const area = (label: Area["label"], corners: Point[], kind: string): Area => ({
    label,
    corners,
    kind,
    detail: random.integer(2 ** 31),
  });
  const streets = (main: boolean) =>
    roads.filter((road) => road.main === main).map((road) => area("road", turn(road), main ? "main" : "side"));
  const [low, high] = [blockAreas(blocks, turn, random, [river, track].filter((line) => line !== undefined)), [] as Area[]];
  if (track) high.push({ ...area("rail", stripOutline(track.line, track.width), "track"), line: track.line });
  return {
    seed,
    shadow: direction(random),
    light: random.pick(lights),
    areas: [
      area("ground", [[0, 0], [sceneSize, 0], [sceneSize, sceneSize], [0, sceneSize]], random.pick(["dry", "green", "stony"])),
      ...low.filter(({ label }) => label !== "building"),
      ...streets(false),
      // Side streets end at the river, main streets cross it.
      ...(river ? [{ ...area("water", stripOutline(river.line, river.width), "river"), line: river.line }] : []),
      ...streets(true),
      ...low.filter(({ label }) => label === "building"),
      ...high,
    ].filter(isSeen),
  };
}

/** Whether something of an area, or of its shadow, can lie within the picture. */
function isSeen({ corners }: Area): boolean {
  const margin = 10;
  const crosses = (values: number[]) => Math.max(...values) > -margin && Math.min(...values) < sceneSize + margin;
  return crosses(corners.map(([x]) => x)) && crosses(corners.map(([, y]) => y));
}

/** A river or a track. */
export interface Winding {
  line: Point[];
  width: number;
}

/** A rectangle that stands upright before the town is turned. */
export type Upright = { x: number; y: number; width: number; height: number };

type Road = Upright & { main: boolean };

/** Turns upright rectangles about the picture's middle; gives their corners. */
function turning(angle: number): (box: Upright) => Point[] {
  const [cos, sin, middle] = [Math.cos(angle), Math.sin(angle), sceneSize / 2];
  const at = (x: number, y: number): Point => [
    middle + (x - middle) * cos - (y - middle) * sin,
    middle + (x - middle) * sin + (y - middle) * cos,
  ];
  return ({ x, y, width, height }) => [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)];
}

/** Cuts a part of the town in two by a road, and goes on until its parts are blocks. */
function divide(box: Upright, depth: number, random: Random, roads: Road[], blocks: Block[]): void {
  const long = Math.max(box.width, box.height);
  if (long < random.between(62, 96)) return void blocks.push(box);
  const main = depth < 2 + random.integer(2);
  const road = main ? random.between(11, 14) : random.between(6.5, 8.5);
  const cut = long * random.between(0.36, 0.64) - road / 2;
  const [first, street, second]: Upright[] = box.width > box.height
    ? [{ ...box, width: cut }, { ...box, x: box.x + cut, width: road }, {
      ...box,
      x: box.x + cut + road,
      width: long - cut - road,
    }]
    : [{ ...box, height: cut }, { ...box, y: box.y + cut, height: road }, {
      ...box,
      y: box.y + cut + road,
      height: long - cut - road,
    }];
  roads.push({ ...street!, main });
  divide(first!, depth + 1, random, roads, blocks);
  divide(second!, depth + 1, random, roads, blocks);
}

/** A line from one side of the picture to the other that swings about a straight one. */
function winding(random: Random, width: number, swing: number): Winding {
  const [angle, offset] = [random.between(0, Math.PI), random.between(-70, 70)];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [waves, phase] = [random.between(0.6, 1.6), random.between(0, 2 * Math.PI)];
  const line = Array.from({ length: 49 }, (_, i): Point => {
    const along = (i / 48 - 0.5) * 420, aside = offset + swing * Math.sin(phase + i / 48 * 2 * Math.PI * waves);
    return [sceneSize / 2 + along * cos - aside * sin, sceneSize / 2 + along * sin + aside * cos];
  });
  return { line, width };
}

function direction(random: Random): Point {
  const angle = random.between(0.15, 0.85) * Math.PI; // the sun never stands in the north: shadows fall upwards
  return [Math.cos(angle), -Math.sin(angle)];
}

/** A part of the town between streets, before the town is turned. */
export type Block = Upright;

/** What composing blocks has at hand. */
interface Ground {
  turn: (box: Upright) => Point[];
  random: Random;
  /** Nothing is built on these. */
  free: Winding[];
  areas: Area[];
}

/** The areas of all blocks.
 * @param turn from an upright rectangle to its corners in the picture.
 * @param free rivers and tracks, which no building may touch. */
export function blockAreas(blocks: Block[], turn: Ground["turn"], random: Random, free: Winding[]): Area[] {
  const ground: Ground = { turn, random, free, areas: [] };
  for (const block of blocks) {
    const choice = random.next();
    if (choice < 0.2) park(ground, block);
    else if (choice < 0.28) put(ground, "ground", inset(block, 3), "square");
    else if (choice < 0.42) halls(ground, block);
    else houses(ground, block);
  }
  return ground.areas;
}

function inset({ x, y, width, height }: Upright, by: number): Upright {
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by };
}

function put({ turn, random, areas }: Ground, label: Area["label"], box: Upright, kind: string, more: Partial<Area> = {}): void {
  areas.push({ label, corners: turn(box), kind, detail: random.integer(2 ** 31), ...more });
}

function park(ground: Ground, block: Block): void {
  const { random } = ground;
  put(ground, "park", inset(block, 2), "park");
  if (!random.chance(0.4) || Math.min(block.width, block.height) < 40) return;
  const [width, height] = [block.width * random.between(0.3, 0.5), block.height * random.between(0.3, 0.5)];
  const [x, y] = [
    block.x + (block.width - width) * random.between(0.3, 0.7),
    block.y + (block.height - height) * random.between(0.3, 0.7),
  ];
  const waves = [random.between(0, 6), random.between(0, 6)] as const;
  // Round, with a shore that swings in and out.
  const corners = Array.from({ length: 28 }, (_, i) => {
    const angle = i / 28 * 2 * Math.PI;
    const out = 0.46 + 0.06 * Math.sin(2 * angle + waves[0]) + 0.03 * Math.sin(3 * angle + waves[1]);
    const at = {
      x: x + width * (0.5 + out * Math.cos(angle)),
      y: y + height * (0.5 + out * Math.sin(angle)),
      width: 0,
      height: 0,
    };
    return ground.turn(at)[0]!;
  });
  put(ground, "water", block, "pond", { corners });
}

/** One or two large flat buildings on a paved yard. */
function halls(ground: Ground, block: Block): void {
  const { random } = ground;
  put(ground, "ground", inset(block, 2), "paved");
  const count = Math.max(block.width, block.height) > 56 ? 2 : 1;
  for (let i = 0; i < count; i++) {
    const wide = block.width >= block.height;
    const part: Upright = wide
      ? { ...block, x: block.x + i * block.width / count, width: block.width / count }
      : { ...block, y: block.y + i * block.height / count, height: block.height / count };
    build(ground, inset(part, random.between(4, 8)), random.chance(0.6) ? "flat" : "shed", random.between(7, 12));
  }
}

/** Lots with a house on most of them, in one row or in two, back to back. */
function houses(ground: Ground, block: Block): void {
  const { random } = ground;
  put(ground, "ground", inset(block, 1.5), "yard");
  const wide = block.width >= block.height;
  const [long, short] = wide ? [block.width, block.height] : [block.height, block.width];
  const rows = short > 34 ? 2 : 1;
  const lots = Math.max(1, Math.round(long / random.between(15, 27)));
  const depth = random.between(0.5, 0.72), closed = random.chance(0.3);
  const kind = random.pick(["gable", "gable", "hip", "flat"]);
  for (let row = 0; row < rows; row++) {
    for (let lot = 0; lot < lots; lot++) {
      if (random.chance(0.1)) continue;
      const gap = closed ? 0.1 : random.between(1.5, 3.2);
      const [from, length] = [lot * long / lots + gap, long / lots - 2 * gap];
      const deep = short / rows * depth * (closed ? 1 : random.between(0.85, 1.15));
      const start = row === 0 ? 3 : short - 3 - deep; // at the street
      const box: Upright = wide
        ? { x: block.x + from, y: block.y + start, width: length, height: deep }
        : { x: block.x + start, y: block.y + from, width: deep, height: length };
      build(ground, box, random.chance(0.85) ? kind : random.pick(["gable", "hip", "flat"]), random.between(4, 9));
    }
  }
}

function build(ground: Ground, box: Upright, kind: string, tall: number): void {
  if (Math.min(box.width, box.height) < 5) return;
  const corners = ground.turn(box);
  const reach = Math.hypot(box.width, box.height) / 2 + 1;
  const [x, y] = [(corners[0]![0] + corners[2]![0]) / 2, (corners[0]![1] + corners[2]![1]) / 2];
  const blocked = ground.free.some(({ line, width }) =>
    line.some((point) => Math.hypot(point[0] - x, point[1] - y) < reach + width / 2)
  );
  if (blocked) return;
  // The first two corners along the length: that is where a ridge runs.
  const turned = box.width >= box.height ? corners : [...corners.slice(1), corners[0]!];
  ground.areas.push({ label: "building", corners: turned, kind, tall, detail: ground.random.integer(2 ** 31) });
}
