/** What stands between the streets: houses in rows, halls, parks with ponds, squares.
 * @module */
import type { Random } from "../../../../lib/data/random.ts";
import type { Upright, Winding } from "./compose.ts";
import type { Area, Point } from "./scene.ts";

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
