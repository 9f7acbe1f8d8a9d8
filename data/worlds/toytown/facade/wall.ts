/** Adds the parts of a wall: bands and pillars, upper floors with windows and balconies, and a ground floor with a door and
 * shops.
 * @module */
import type { Draft, Plan, Span } from "./plan.ts";
import type { Shape } from "./scene.ts";
import type { Style } from "./styles.ts";

/** Design choices that apply to a whole facade. */
interface FacadeDesign {
  shape: Shape;
  panes: string;
  /** Width of a window, as a fraction of the width of its bay. */
  windowWidth: number;
  pediments: boolean;
  pediment: Shape;
  /** Whether windows have shutters or roller blinds. */
  blinds: boolean;
  deco: boolean;
  /** For each bay, whether its windows have balconies. */
  balconies: boolean[];
  /** For each bay, whether it has no windows. */
  blank: boolean[];
}

/** Adds the wall and everything on it. */
export function addWall(draft: Draft): void {
  const { plan, add, style, random } = draft;
  const { left, right, wallTop, ground, topBand, floors } = plan;
  const design = designFacade(style, plan.bays.length, draft);
  add({ label: "facade", x: left, y: wallTop, width: right - left, height: ground - wallTop, kind: "wall" });
  if (random.chance(style.bands)) add({ label: "molding", ...band(plan, floors.at(-1)!.start - 3, 6), kind: "band" });
  if (floors.length > 3 && random.chance(style.bands * 0.6)) {
    add({ label: "molding", ...band(plan, floors[1]!.start - 2, 4), kind: "band" });
  }
  if (random.chance(style.pillars)) addPillars(draft);
  const overhang = style.wall === "concrete" ? 0 : 4;
  const height = style.wall === "concrete" ? 5 : topBand * 0.7;
  const top = { x: left - overhang, y: wallTop - 2, width: right - left + 2 * overhang, height };
  add({ label: "molding", ...top, kind: overhang ? "top" : "parapet" });
  for (const floor of floors.slice(0, -1)) addUpperFloor(draft, design, floor, floor === floors.at(-2));
  addGroundFloor(draft, design);
}

function designFacade(style: Style, bays: number, { random }: Draft): FacadeDesign {
  // Most facades are symmetric.
  const perBay = (probability: number) => {
    const row = Array.from({ length: bays }, () => random.chance(probability));
    return random.chance(0.7) ? row.map((_, i) => row[Math.min(i, bays - 1 - i)]!) : row;
  };
  const balconies = random.chance(style.balconies);
  const blank = perBay(0.07);
  return {
    shape: random.pick(style.windows),
    panes: random.pick(style.panes),
    windowWidth: random.between(...style.windowWidth),
    pediments: random.chance(style.pediments),
    pediment: random.pick(["box", "triangle", "segment"]),
    blinds: random.chance(style.blinds),
    deco: random.chance(style.deco),
    balconies: perBay(balconies ? 0.5 : 0),
    blank: blank.filter(Boolean).length > bays / 3 ? blank.map(() => false) : blank, // no house without windows
  };
}

function band({ left, right }: Plan, y: number, height: number): { x: number; y: number; width: number; height: number } {
  return { x: left - 1, y, width: right - left + 2, height };
}

function addPillars({ plan, add }: Draft): void {
  const { bays, floors } = plan;
  const top = floors[0]!.start - 2, bottom = floors.at(-1)!.start - 3;
  const edges = [...bays.map((bay) => bay.start), bays.at(-1)!.start + bays.at(-1)!.length];
  for (const edge of edges) add({ label: "pillar", x: edge - 4, y: top, width: 8, height: bottom - top, kind: "pilaster" });
}

function addUpperFloor(draft: Draft, design: FacadeDesign, floor: Span, isFirstFloor: boolean): void {
  const { plan, random, style } = draft;
  // Palaces have one long balcony on the first floor instead of individual balconies.
  const long = isFirstFloor && style.railing === "balustrade" && design.balconies.some(Boolean);
  for (const [i, bay] of plan.bays.entries()) {
    if (design.blank[i]) {
      if (design.deco) addPanel(draft, bay, floor);
      continue;
    }
    const balcony = style.railing === "balustrade" ? long : design.balconies[i]!;
    addWindow(draft, design, bay, floor, balcony);
    if (balcony && !long) addBalcony(draft, bay.start + bay.length * 0.1, bay.length * 0.8, floor);
  }
  if (!long) return;
  const inset = random.chance(0.5) ? plan.bays[0]!.length : 6;
  addBalcony(draft, plan.left + inset, plan.right - plan.left - 2 * inset, floor);
}

function addBalcony({ add, style }: Draft, x: number, width: number, floor: Span): void {
  const height = Math.min(floor.length * 0.36, 17);
  add({ label: "balcony", x, y: floor.start + floor.length - height, width, height: height + 2, kind: style.railing });
}

/** Adds an ornament to a bay without windows. */
function addPanel({ add }: Draft, bay: Span, floor: Span): void {
  const width = bay.length * 0.36, height = floor.length * 0.44;
  const x = bay.start + (bay.length - width) / 2, y = floor.start + floor.length * 0.28;
  add({ label: "deco", x, y, width, height, kind: "relief" });
}

/** Adds the ground floor: a door, and shops or windows. */
function addGroundFloor(draft: Draft, design: FacadeDesign): void {
  const { plan, random, style } = draft;
  const { bays, doorBay, floors } = plan;
  const floor = floors.at(-1)!;
  const hasShops = random.chance(style.shops);
  for (let i = 0; i < bays.length; i++) {
    const bay = bays[i]!;
    if (i === doorBay) {
      addDoor(draft, design, bay, floor);
      continue;
    }
    const next = bays[i + 1];
    if (!hasShops) addWindow(draft, { ...design, pediments: false }, bay, floor, false);
    else if (next && i + 1 !== doorBay && random.chance(0.45)) {
      addShop(draft, { start: bay.start, length: bay.length + next.length }, floor);
      i++;
    } else addShop(draft, bay, floor);
  }
}

function addDoor({ add, style, random }: Draft, design: FacadeDesign, bay: Span, floor: Span): void {
  const wide = style.wall === "stone" || random.chance(0.25);
  const width = Math.min(bay.length * (wide ? 0.6 : 0.44), 30);
  const height = floor.length * 0.74;
  const x = bay.start + (bay.length - width) / 2, y = floor.start + floor.length - height;
  const shape = style.wall === "concrete" ? "box" : design.shape;
  add({ label: "door", shape, x, y, width, height, kind: style.wall === "concrete" ? "glass" : wide ? "gate" : "panels" });
  if (design.pediments || style.wall === "concrete") {
    add({ label: "cornice", x: x - 4, y: y - 5, width: width + 8, height: 4, kind: "canopy" });
  } else if (design.deco) add({ label: "deco", x: x + width / 2 - 4, y: y - 6, width: 8, height: 8, kind: "keystone" });
}

function addShop({ add, random }: Draft, bay: Span, floor: Span): void {
  const margin = Math.min(bay.length * 0.07, 4);
  const y = floor.start + floor.length * 0.14;
  const kind = random.chance(0.55) ? "awning" : "sign";
  const box = { x: bay.start + margin, y, width: bay.length - 2 * margin, height: floor.start + floor.length - y - 1 };
  add({ label: "shop", ...box, kind });
}

/** Adds a window with its pediment, keystone, blinds, sill and flowers.
 * @param french Whether the window extends down to the floor and opens onto a balcony. */
function addWindow(draft: Draft, design: FacadeDesign, bay: Span, floor: Span, french: boolean): void {
  const { add, style } = draft;
  const width = bay.length * design.windowWidth;
  const x = bay.start + (bay.length - width) / 2;
  const height = floor.length * (style.wall === "concrete" && !french ? 0.46 : french ? 0.7 : 0.58);
  const y = french ? floor.start + floor.length - height - 3 : floor.start + floor.length * 0.24;
  add({ label: "window", shape: design.shape, x, y, width, height, kind: design.panes });
  if (design.pediments) addPediment(draft, design, x, y, width);
  else if (style.wall === "brick" && design.deco) {
    add({ label: "deco", x: x + width / 2 - 3, y: y - 5, width: 6, height: 7, kind: "keystone" });
  }
  if (design.blinds) addBlinds(draft, x, y, width, height);
  if (french) return;
  if (style.wall !== "concrete") add({ label: "sill", x: x - 3, y: y + height, width: width + 6, height: 4, kind: "sill" });
  else if (design.deco) add({ label: "deco", x, y: y + height + 2, width, height: floor.length * 0.18, kind: "panel" });
  if (design.deco && style.railing === "iron" && draft.random.chance(0.4)) {
    add({ label: "deco", x: x - 1, y: y + height - 5, width: width + 2, height: 6, kind: "flowers" });
  }
}

function addPediment({ add }: Draft, { pediment, shape }: FacadeDesign, x: number, y: number, width: number): void {
  const height = pediment === "box" ? 4 : 8;
  const gap = shape === "arch" ? 1 : 3;
  add({ label: "cornice", shape: pediment, x: x - 4, y: y - gap - height, width: width + 8, height, kind: "pediment" });
}

function addBlinds({ add, random, style }: Draft, x: number, y: number, width: number, height: number): void {
  if (style.wall === "concrete") {
    if (random.chance(0.6)) add({ label: "blind", x, y, width, height: height * random.pick([0.3, 0.5, 0.75]), kind: "roller" });
    return;
  }
  if (random.chance(0.14)) return add({ label: "blind", x, y: y + 1, width, height: height - 1, kind: "closed" });
  const leaf = width * 0.52;
  for (const left of [x - leaf - 0.5, x + width + 0.5]) {
    add({ label: "blind", x: left, y: y + 1, width: leaf, height: height - 1, kind: "open" });
  }
}
