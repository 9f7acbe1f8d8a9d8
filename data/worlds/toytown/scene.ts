/** What a scene is: a list of parts, back to front. Its renderings go through the same list, and so they agree to the pixel about what is where.
 * @module */
import type { Label } from "./palette.ts";
import type { StyleName } from "./styles.ts";
import { boxPath, d } from "./svg.ts";

export { sceneSize } from "./svg.ts";

/** The outline of a part within its box: a rectangle; one with a round or a shallow arch on top; a triangle; a trapezoid, narrower on top. */
export type Shape = "box" | "arch" | "segment" | "triangle" | "trapezoid";

/** One thing in a scene. */
export interface Part {
  /** What the label map says of it. */
  label: Label;
  /** Its outline within the box that follows. */
  shape: Shape;
  /** Left edge, in scene units. */
  x: number;
  /** Upper edge, in scene units from the top. */
  y: number;
  /** In scene units. */
  width: number;
  /** In scene units. */
  height: number;
  /** What kind of such a thing it is, to the painters: "sash", "iron", "striped", ... */
  kind: string;
  /** Seed of what only the photo shows of it: a drawn curtain, goods in a shop. */
  detail: number;
}

/** Colours as "#rrggbb", and how surfaces are made. Most of it cannot be seen in the labels: a network has to make it up. */
export interface Materials {
  /** What the wall is made of. */
  wall: "plaster" | "brick" | "stone" | "concrete";
  /** Of the wall: the plaster, or the middle one of its bricks' colours. */
  wallColour: string;
  /** Of cornices, bands, sills, pillars and what is around windows. */
  trimColour: string;
  /** Of the windows' frames. */
  frameColour: string;
  /** Of shutters and roller blinds. */
  shutterColour: string;
  /** Of the door, and of some shops. */
  doorColour: string;
  /** Of awnings, most shops, and coloured panels. */
  awningColour: string;
  /** What the roof is covered with. */
  roof: "tiles" | "slate";
  /** Of the roof. */
  roofColour: string;
}

/** What the sky does. */
export interface Weather {
  /** Where the sun stands: -1 left, 1 right. */
  sun: -1 | 1;
  /** How dark shadows are: 0 under clouds to 1. */
  shadow: number;
  /** Colours of the sky from the top to the horizon. */
  sky: [string, string];
  /** From none, 0, to many, 1. */
  clouds: number;
}

/** A facade on a street by day: a plain value, made by {@linkcode scene} from a seed. */
export interface Scene {
  /** What it was made from. */
  seed: number;
  /** Which way of building. */
  style: StyleName;
  /** What everything is made of. */
  materials: Materials;
  /** How it is lit. */
  weather: Weather;
  /** Back to front. */
  parts: Part[];
}

/** A part's outline as SVG path data. */
export function outline({ shape, x, y, width, height }: Pick<Part, "shape" | "x" | "y" | "width" | "height">): string {
  const right = x + width, bottom = y + height;
  if (shape === "box") return boxPath(x, y, width, height);
  if (shape === "triangle") return d`M${x} ${bottom} L${x + width / 2} ${y} L${right} ${bottom} z`;
  if (shape === "trapezoid") {
    const inset = roofInset(width, height);
    return d`M${x} ${bottom} L${x + inset} ${y} H${right - inset} L${right} ${bottom} z`;
  }
  const rise = archRise(shape, width), middle = x + width / 2;
  return d`M${x} ${bottom} V${y + rise} Q${x} ${y} ${middle} ${y} Q${right} ${y} ${right} ${y + rise} V${bottom} z`;
}

/** How far below its top an arch of this width begins; 0 for other shapes. */
export function archRise(shape: Shape, width: number): number {
  return shape === "arch" ? width / 2 : shape === "segment" ? width / 5 : 0;
}

/** How much a trapezoid is narrower at its top, on each side. */
export function roofInset(width: number, height: number): number {
  return Math.min(width / 4, height * 0.6);
}
