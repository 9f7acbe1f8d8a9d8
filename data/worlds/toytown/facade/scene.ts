/** The scene of a facade (a list of parts from back to front), and its flat renderings: label map and line drawing. All
 * renderings draw the same parts, so they match pixel for pixel.
 *
 * The classes are those of CMP Facades (Tylecek and Sara, GCPR 2013), plus "roof" and "pavement"; the class "background" is
 * the sky. The colours are those of pix2pix's facades data set (12 steps of the jet colour map), so a model trained on
 * toytown can be tried on labels from that data set.
 * @module */
import { boxPath, d, lineDrawing, sceneSize, svgDocument } from "../svg.ts";

/** Class of a facade part. */
export type Label =
  | "background"
  | "facade"
  | "window"
  | "door"
  | "cornice"
  | "sill"
  | "balcony"
  | "blind"
  | "deco"
  | "molding"
  | "pillar"
  | "shop"
  | "roof"
  | "pavement";

/** Colour of each class as `[red, green, blue]`, with components from 0 to 255. A label map contains only these colours. */
export const palette: Readonly<Record<Label, readonly [number, number, number]>> = {
  background: [0, 0, 170],
  facade: [0, 0, 255],
  window: [0, 85, 255],
  door: [0, 170, 255],
  /** Pediment or other projection above a window or door. */
  cornice: [0, 255, 255],
  sill: [85, 255, 170],
  /** Balcony with its railing. */
  balcony: [170, 255, 85],
  /** Shutter or roller blind. */
  blind: [255, 255, 0],
  /** Ornament, flowers or coloured panel. */
  deco: [255, 170, 0],
  /** Band across the facade. */
  molding: [255, 85, 0],
  pillar: [255, 0, 0],
  /** Shop window with its sign and awning. */
  shop: [170, 0, 0],
  /** Roof with its chimneys. */
  roof: [170, 0, 170],
  pavement: [85, 85, 85],
};

/** Names of the classes, in palette order. */
export const labelNames: readonly Label[] = Object.keys(palette) as Label[];

/** Shape of a part within its box: a rectangle, a rectangle topped by a semicircular or shallow arch, a triangle, or a trapezoid
 * whose shorter base is at the top. */
export type Shape = "box" | "arch" | "segment" | "triangle" | "trapezoid";

/** One part of a scene, such as a window, a balcony or the roof. Lengths are in scene units, and y points downwards. */
export interface Part {
  /** Class in the label map. */
  label: Label;
  /** Shape of the outline within the part's box. */
  shape: Shape;
  /** Left edge of the box. */
  x: number;
  /** Top edge of the box. */
  y: number;
  /** Width of the box. */
  width: number;
  /** Height of the box. */
  height: number;
  /** Subtype of the part, which is visible only in photos: "sash", "iron", "striped", ... */
  kind: string;
  /** Seed for details that are visible only in photos, such as curtains or goods in a shop window. */
  detail: number;
}

/** Materials and colours ("#rrggbb") of a house. The label map reveals little about materials and colours, so a network has to
 * invent them. */
export interface Materials {
  /** Material of the wall. */
  wall: "plaster" | "brick" | "stone" | "concrete";
  /** Colour of the wall or, for a brick wall, base colour of its bricks. */
  wallColour: string;
  /** Colour of cornices, bands, sills, pillars and window surrounds. */
  trimColour: string;
  /** Colour of window frames. */
  frameColour: string;
  /** Colour of shutters and roller blinds. */
  shutterColour: string;
  /** Colour of the door. */
  doorColour: string;
  /** Colour of shops, awnings and coloured panels. */
  awningColour: string;
  /** Roofing material. */
  roof: "tiles" | "slate";
  /** Colour of the roof. */
  roofColour: string;
}

/** Weather and lighting of a scene. */
export interface Weather {
  /** Side from which the sun shines: -1 for left, 1 for right. */
  sun: -1 | 1;
  /** Strength of shadows, from 0 to 1; low if the sky is overcast. */
  shadow: number;
  /** Colours of the sky at the top and at the horizon. */
  sky: [string, string];
  /** Cloud cover, from 0 to 1. */
  clouds: number;
}

/** Name of an architectural style. */
export type StyleName = "townhouse" | "brick" | "palace" | "southern" | "modern";

/** The scene of a facade: a plain object that the function {@linkcode scene} creates from a seed. */
export interface Scene {
  /** Seed of the scene. */
  seed: number;
  /** Architectural style. */
  style: StyleName;
  /** Materials and colours. */
  materials: Materials;
  /** Weather and lighting. */
  weather: Weather;
  /** Parts, from back to front. */
  parts: Part[];
}

/** Returns the outline of a part as SVG path data. */
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

/** Returns the height of the arch on top of a shape of the given width, or 0 for shapes without an arch. */
export function archRise(shape: Shape, width: number): number {
  return shape === "arch" ? width / 2 : shape === "segment" ? width / 5 : 0;
}

/** Returns the horizontal distance between the bottom and top corners on one side of a trapezoid. */
export function roofInset(width: number, height: number): number {
  return Math.min(width / 4, height * 0.6);
}

/** Renders the label map of a scene as SVG, without antialiasing. Each part has the {@linkcode palette} colour of its class.
 * @param size Height and width in pixels. Default 256. */
export function renderLabels(scene: Scene, size: number = sceneSize): string {
  const shapes = scene.parts.map((part) => `<path d="${outline(part)}" fill="rgb(${palette[part.label].join()})"/>`);
  return svgDocument(size, shapes.join("\n"), 'shape-rendering="crispEdges"');
}

/** Renders the outlines of a scene as SVG, black on white.
 * @param size Height and width in pixels. Default 256. */
export function renderEdges(scene: Scene, size: number = sceneSize): string {
  return lineDrawing(scene.parts.slice(1).map(outline), size); // the first part, the sky, has no outline
}
