/** From a seed to a town.
 * @module */
import { type Random, seededRandom } from "../../../../lib/data/random.ts";
import { sceneSize } from "../svg.ts";
import { type Block, blockAreas } from "./blocks.ts";
import { type Area, type Point, strip, type Town } from "./scene.ts";

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
  if (track) high.push({ ...area("rail", strip(track.line, track.width), "track"), line: track.line });
  return {
    seed,
    shadow: direction(random),
    light: random.pick(lights),
    areas: [
      area("ground", [[0, 0], [sceneSize, 0], [sceneSize, sceneSize], [0, sceneSize]], random.pick(["dry", "green", "stony"])),
      ...low.filter(({ label }) => label !== "building"),
      ...streets(false),
      // Side streets end at the river, main streets cross it.
      ...(river ? [{ ...area("water", strip(river.line, river.width), "river"), line: river.line }] : []),
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
