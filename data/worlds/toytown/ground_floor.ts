/** The ground floor: a door, and shops or windows.
 * @module */
import type { Span } from "./plan.ts";
import type { Site } from "./site.ts";
import { type Habit, windowParts } from "./window_parts.ts";

/** Puts what is on the ground floor. */
export function groundFloor(site: Site, habit: Habit): void {
  const { plan, random, style } = site;
  const { bays, doorBay, floors } = plan;
  const floor = floors.at(-1)!;
  const withShops = random.chance(style.shops);
  for (let i = 0; i < bays.length; i++) {
    const bay = bays[i]!;
    if (i === doorBay) {
      door(site, habit, bay, floor);
      continue;
    }
    const next = bays[i + 1];
    if (!withShops) windowParts(site, { ...habit, pediments: false }, bay, floor, false);
    else if (next && i + 1 !== doorBay && random.chance(0.45)) {
      shop(site, { start: bay.start, length: bay.length + next.length }, floor);
      i++;
    } else shop(site, bay, floor);
  }
}

function door({ put, style, random }: Site, habit: Habit, bay: Span, floor: Span): void {
  const wide = style.wall === "stone" || random.chance(0.25);
  const width = Math.min(bay.length * (wide ? 0.6 : 0.44), 30);
  const height = floor.length * 0.74;
  const x = bay.start + (bay.length - width) / 2, y = floor.start + floor.length - height;
  const shape = style.wall === "concrete" ? "box" : habit.shape;
  put({ label: "door", shape, x, y, width, height, kind: style.wall === "concrete" ? "glass" : wide ? "gate" : "panels" });
  if (habit.pediments || style.wall === "concrete") {
    put({ label: "cornice", x: x - 4, y: y - 5, width: width + 8, height: 4, kind: "canopy" });
  } else if (habit.deco) put({ label: "deco", x: x + width / 2 - 4, y: y - 6, width: 8, height: 8, kind: "keystone" });
}

function shop({ put, random }: Site, bay: Span, floor: Span): void {
  const margin = Math.min(bay.length * 0.07, 4);
  const y = floor.start + floor.length * 0.14;
  const kind = random.chance(0.55) ? "awning" : "sign";
  put({
    label: "shop",
    x: bay.start + margin,
    y,
    width: bay.length - 2 * margin,
    height: floor.start + floor.length - y - 1,
    kind,
  });
}
