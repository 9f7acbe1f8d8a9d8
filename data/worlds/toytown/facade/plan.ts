/** The proportions of a house: where its ground, floors, bays and roof are, before anything is add on it.
 * @module */
import type { Random } from "../../../../lib/data/random.ts";
import { sceneSize } from "../svg.ts";
import type { Part } from "./scene.ts";
import type { Style } from "./styles.ts";

/** A stretch along one axis, in scene units. */
export interface Span {
  start: number;
  length: number;
}

/** Where everything is, in scene units. */
export interface Plan {
  left: number;
  right: number;
  /** Where wall and pavement meet. */
  ground: number;
  wallTop: number;
  roofTop: number;
  roof: "hip" | "mansard" | "flat" | "gable";
  /** From the top floor down to the ground floor. */
  floors: Span[];
  /** From left to right. */
  bays: Span[];
  /** The bay with the door. */
  doorBay: number;
  /** Height of the zone above the uppermost floor. */
  topBand: number;
}

const roofHeights: Record<Plan["roof"], [number, number]> = { hip: [26, 40], mansard: [28, 38], flat: [0, 0], gable: [38, 54] };
/** Rooms are no higher than this, or people would look like dolls. */
const highestFloor = 54;

/** Draws the proportions of a house of this style. */
export function planHouse(style: Style, random: Random): Plan {
  const ground = 240 + random.integer(5);
  const roof = random.pick(style.roofs);
  const roofHeight = random.between(...roofHeights[roof]);
  const topBand = random.between(10, 15);
  const above = style.floors[0] + random.integer(style.floors[1] - style.floors[0] + 1);
  const room = ground - roofHeight - random.between(14, 40) - topBand;
  const floors = planFloors(above, Math.min(room, (above + 1) * highestFloor), ground, random);
  const wallTop = floors[0]!.start - topBand;

  // Some houses are wider than the picture, as in a street.
  const width = random.chance(0.3) ? sceneSize + 8 : random.between(168, 244);
  const left = (sceneSize - width) * (width > sceneSize ? 0.5 : random.between(0.2, 0.8));
  const bays = planBays(style, left, width, random);
  const doorBay = random.chance(0.5) ? bays.length >> 1 : random.integer(bays.length);
  return { left, right: left + width, ground, wallTop, roofTop: wallTop - roofHeight, roof, floors, bays, doorBay, topBand };
}

function planFloors(above: number, height: number, ground: number, random: Random): Span[] {
  // The first floor is the best one, the uppermost the lowest; the ground floor has shops.
  const shares = Array.from(
    { length: above + 1 },
    (_, floor) => floor === above ? random.between(1.1, 1.25) : floor === above - 1 ? 1.08 : 1,
  );
  if (above > 1) shares[0] = random.between(0.85, 1);
  return divide(ground - height, height, shares);
}

function planBays(style: Style, left: number, width: number, random: Random): Span[] {
  const wanted = style.wall === "concrete" ? random.between(48, 70) : random.between(36, 54);
  const count = Math.max(3, Math.round(width / wanted));
  const shares = new Array<number>(count).fill(1);
  // Not all houses are regular: one bay wider or narrower than the others.
  if (random.chance(0.4)) shares[random.integer(count)] = random.between(0.8, 1.4);
  const margin = random.between(4, 10);
  return divide(left + margin, width - 2 * margin, shares);
}

/** Cuts a stretch into parts in proportion to the shares. */
function divide(start: number, length: number, shares: number[]): Span[] {
  const sum = shares.reduce((total, share) => total + share);
  return shares.map((share) => {
    const span = { start, length: length * share / sum };
    start += span.length;
    return span;
  });
}

/** Puts a part into a scene. */
export type AddPart = (part: Omit<Part, "detail" | "shape" | "kind"> & Partial<Pick<Part, "shape" | "kind">>) => void;

/** What composing a scene has at hand. */
export interface Draft {
  style: Style;
  plan: Plan;
  random: Random;
  add: AddPart;
}
