/** The plan of a facade: the positions of the ground, floors, bays and roof, which are chosen before the parts are added.
 * @module */
import type { Random } from "../../../../lib/data/random.ts";
import { sceneSize } from "../svg.ts";
import type { Part } from "./scene.ts";
import type { Style } from "./styles.ts";

/** An interval along one axis, in scene units. */
export interface Span {
  start: number;
  length: number;
}

/** Positions on a facade, in scene units. */
export interface Plan {
  left: number;
  right: number;
  /** Bottom edge of the wall, where the pavement begins. */
  ground: number;
  wallTop: number;
  roofTop: number;
  roof: "hip" | "mansard" | "flat" | "gable";
  /** Vertical extents of the floors, from the top floor down to the ground floor. */
  floors: Span[];
  /** Horizontal extents of the bays, from left to right. */
  bays: Span[];
  /** Index of the bay with the door. */
  doorBay: number;
  /** Height of the strip of wall above the top floor. */
  topBand: number;
}

/** Adds a part to a scene. */
export type AddPart = (part: Omit<Part, "detail" | "shape" | "kind"> & Partial<Pick<Part, "shape" | "kind">>) => void;

/** A facade under construction, shared by the functions that add its parts. */
export interface Draft {
  style: Style;
  plan: Plan;
  random: Random;
  add: AddPart;
}

const roofHeights: Record<Plan["roof"], [number, number]> = { hip: [26, 40], mansard: [28, 38], flat: [0, 0], gable: [38, 54] };
/** Maximum height of a floor; on taller floors, doors would be unrealistically large. */
const maximumFloorHeight = 54;

/** Plans a house in the given style. */
export function planHouse(style: Style, random: Random): Plan {
  const ground = 240 + random.integer(5);
  const roof = random.pick(style.roofs);
  const roofHeight = random.between(...roofHeights[roof]);
  const topBand = random.between(10, 15);
  const upperFloors = style.floors[0] + random.integer(style.floors[1] - style.floors[0] + 1);
  const available = ground - roofHeight - random.between(14, 40) - topBand;
  const floors = planFloors(upperFloors, Math.min(available, (upperFloors + 1) * maximumFloorHeight), ground, random);
  const wallTop = floors[0]!.start - topBand;

  // Some houses extend beyond the edges of the image, as in a row of houses.
  const width = random.chance(0.3) ? sceneSize + 8 : random.between(168, 244);
  const left = (sceneSize - width) * (width > sceneSize ? 0.5 : random.between(0.2, 0.8));
  const bays = planBays(style, left, width, random);
  const doorBay = random.chance(0.5) ? bays.length >> 1 : random.integer(bays.length);
  return { left, right: left + width, ground, wallTop, roofTop: wallTop - roofHeight, roof, floors, bays, doorBay, topBand };
}

function planFloors(upperFloors: number, height: number, ground: number, random: Random): Span[] {
  // The ground floor, with its shops, has the greatest height, followed by the first floor; the top floor has the smallest
  // height.
  const weights = Array.from(
    { length: upperFloors + 1 },
    (_, floor) => floor === upperFloors ? random.between(1.1, 1.25) : floor === upperFloors - 1 ? 1.08 : 1,
  );
  if (upperFloors > 1) weights[0] = random.between(0.85, 1);
  return divide(ground - height, height, weights);
}

function planBays(style: Style, left: number, width: number, random: Random): Span[] {
  const bayWidth = style.wall === "concrete" ? random.between(48, 70) : random.between(36, 54);
  const count = Math.max(3, Math.round(width / bayWidth));
  const weights = new Array<number>(count).fill(1);
  if (random.chance(0.4)) weights[random.integer(count)] = random.between(0.8, 1.4); // an irregular house
  const margin = random.between(4, 10);
  return divide(left + margin, width - 2 * margin, weights);
}

/** Divides an interval in proportion to the weights. */
function divide(start: number, length: number, weights: number[]): Span[] {
  const sum = weights.reduce((total, weight) => total + weight);
  return weights.map((weight) => {
    const span = { start, length: length * weight / sum };
    start += span.length;
    return span;
  });
}
