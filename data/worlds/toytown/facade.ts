/** What stands on the wall of a house: bands, pillars, and the floors with what is in their bays.
 * @module */
import { groundFloor } from "./ground_floor.ts";
import type { Span } from "./plan.ts";
import type { Site } from "./site.ts";
import type { Style } from "./styles.ts";
import { type Habit, windowParts } from "./window_parts.ts";

/** Puts the wall and all that is on it. */
export function facadeParts(site: Site): void {
  const { plan, put, style, random } = site;
  const { left, right, wallTop, ground, topBand, floors } = plan;
  const habit = drawHabit(style, plan.bays.length, site);
  put({ label: "facade", x: left, y: wallTop, width: right - left, height: ground - wallTop, kind: "wall" });
  if (random.chance(style.bands)) put({ label: "molding", ...band(site, floors.at(-1)!.start - 3, 6), kind: "band" });
  if (floors.length > 3 && random.chance(style.bands * 0.6)) {
    put({ label: "molding", ...band(site, floors[1]!.start - 2, 4), kind: "band" });
  }
  if (random.chance(style.pillars)) pillars(site);
  const overhang = style.wall === "concrete" ? 0 : 4;
  const depth = style.wall === "concrete" ? 5 : topBand * 0.7;
  put({
    label: "molding",
    x: left - overhang,
    y: wallTop - 2,
    width: right - left + 2 * overhang,
    height: depth,
    kind: overhang ? "top" : "parapet",
  });
  for (const floor of floors.slice(0, -1)) upperFloor(site, habit, floor, floor === floors.at(-2));
  groundFloor(site, habit);
}

function drawHabit(style: Style, bays: number, { random }: Site): Habit {
  // Mostly the right half mirrors the left one.
  const column = (probability: number) => {
    const row = Array.from({ length: bays }, () => random.chance(probability));
    return random.chance(0.7) ? row.map((_, i) => row[Math.min(i, bays - 1 - i)]!) : row;
  };
  const balconies = random.chance(style.balconies);
  const blank = column(0.07);
  return {
    shape: random.pick(style.windows),
    panes: random.pick(style.panes),
    windowWidth: random.between(...style.windowWidth),
    pediments: random.chance(style.pediments),
    pediment: random.pick(["box", "triangle", "segment"]),
    blinds: random.chance(style.blinds),
    deco: random.chance(style.deco),
    balconies: column(balconies ? 0.5 : 0),
    blank: blank.filter(Boolean).length > bays / 3 ? blank.map(() => false) : blank, // no house without windows
  };
}

function band({ plan }: Site, y: number, height: number): { x: number; y: number; width: number; height: number } {
  return { x: plan.left - 1, y, width: plan.right - plan.left + 2, height };
}

function pillars({ plan, put }: Site): void {
  const { bays, floors } = plan;
  const top = floors[0]!.start - 2, bottom = floors.at(-1)!.start - 3;
  const edges = [...bays.map((bay) => bay.start), bays.at(-1)!.start + bays.at(-1)!.length];
  for (const edge of edges) put({ label: "pillar", x: edge - 4, y: top, width: 8, height: bottom - top, kind: "pilaster" });
}

function upperFloor(site: Site, habit: Habit, floor: Span, best: boolean): void {
  const { plan, random, style } = site;
  // Palaces have one long balcony on their best floor instead of many.
  const long = best && style.railing === "balustrade" && habit.balconies.some(Boolean);
  for (const [i, bay] of plan.bays.entries()) {
    if (habit.blank[i]) {
      if (habit.deco) panel(site, bay, floor);
      continue;
    }
    const balcony = style.railing === "balustrade" ? long : habit.balconies[i]!;
    windowParts(site, habit, bay, floor, balcony);
    if (balcony && !long) railing(site, bay.start + bay.length * 0.1, bay.length * 0.8, floor);
  }
  if (!long) return;
  const inset = random.chance(0.5) ? plan.bays[0]!.length : 6;
  railing(site, plan.left + inset, plan.right - plan.left - 2 * inset, floor);
}

function railing({ put, style }: Site, x: number, width: number, floor: Span): void {
  const height = Math.min(floor.length * 0.36, 17);
  put({ label: "balcony", x, y: floor.start + floor.length - height, width, height: height + 2, kind: style.railing });
}

/** An ornament in a bay without a window. */
function panel({ put }: Site, bay: Span, floor: Span): void {
  const width = bay.length * 0.36, height = floor.length * 0.44;
  put({
    label: "deco",
    x: bay.start + (bay.length - width) / 2,
    y: floor.start + floor.length * 0.28,
    width,
    height,
    kind: "relief",
  });
}
