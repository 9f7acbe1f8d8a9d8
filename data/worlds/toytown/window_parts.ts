/** A window, and what belongs to it: sill, shutters, the piece above it, flowers.
 * @module */
import type { Span } from "./plan.ts";
import type { Shape } from "./scene.ts";
import type { Site } from "./site.ts";

/** What is the same all over one facade. */
export interface Habit {
  shape: Shape;
  panes: string;
  /** Width of a window, of its bay's. */
  windowWidth: number;
  pediments: boolean;
  pediment: Shape;
  /** Shutters at the windows, or roller blinds. */
  blinds: boolean;
  deco: boolean;
  /** For each bay, whether its windows have balconies. */
  balconies: boolean[];
  /** Bays without windows. */
  blank: boolean[];
}

/** A window with what is around it. */
export function windowParts(site: Site, habit: Habit, bay: Span, floor: Span, french: boolean): void {
  const { put, style } = site;
  const width = bay.length * habit.windowWidth;
  const x = bay.start + (bay.length - width) / 2;
  const height = floor.length * (style.wall === "concrete" && !french ? 0.46 : french ? 0.7 : 0.58);
  const y = french ? floor.start + floor.length - height - 3 : floor.start + floor.length * 0.24;
  put({ label: "window", shape: habit.shape, x, y, width, height, kind: habit.panes });
  if (habit.pediments) pediment(site, habit, x, y, width);
  else if (style.wall === "brick" && habit.deco) {
    put({ label: "deco", x: x + width / 2 - 3, y: y - 5, width: 6, height: 7, kind: "keystone" });
  }
  if (habit.blinds) blinds(site, x, y, width, height);
  if (french) return;
  if (style.wall !== "concrete") put({ label: "sill", x: x - 3, y: y + height, width: width + 6, height: 4, kind: "sill" });
  else if (habit.deco) put({ label: "deco", x, y: y + height + 2, width, height: floor.length * 0.18, kind: "panel" });
  if (habit.deco && style.railing === "iron" && site.random.chance(0.4)) {
    put({ label: "deco", x: x - 1, y: y + height - 5, width: width + 2, height: 6, kind: "flowers" });
  }
}

function pediment({ put }: Site, { pediment, shape }: Habit, x: number, y: number, width: number): void {
  const height = pediment === "box" ? 4 : 8;
  const gap = shape === "arch" ? 1 : 3;
  put({ label: "cornice", shape: pediment, x: x - 4, y: y - gap - height, width: width + 8, height, kind: "pediment" });
}

function blinds({ put, random, style }: Site, x: number, y: number, width: number, height: number): void {
  if (style.wall === "concrete") {
    if (random.chance(0.6)) put({ label: "blind", x, y, width, height: height * random.pick([0.3, 0.5, 0.75]), kind: "roller" });
    return;
  }
  if (random.chance(0.14)) return put({ label: "blind", x, y: y + 1, width, height: height - 1, kind: "closed" });
  const leaf = width * 0.52;
  for (const left of [x - leaf - 0.5, x + width + 0.5]) {
    put({ label: "blind", x: left, y: y + 1, width: leaf, height: height - 1, kind: "open" });
  }
}
