/** What a label map says of each pixel, and in which colour.
 *
 * The classes are those of CMP Facades (Tylecek and Sara, GCPR 2013), in the colours in which pix2pix's facades show them (jet, in twelve steps), so
 * that a model trained on the one set can be tried on labels of the other; roof and pavement are ours, background is the sky.
 * @module */
import { boxPath, d, inkDrawing, sceneSize } from "../svg.ts";

/** A class of things on a facade. */
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

/** Each class's colour, `[red, green, blue]` from 0 to 255. A label map holds these and no others. */
export const palette: Readonly<Record<Label, readonly [number, number, number]>> = {
  background: [0, 0, 170],
  facade: [0, 0, 255],
  window: [0, 85, 255],
  door: [0, 170, 255],
  /** A raised piece above a window or door. */
  cornice: [0, 255, 255],
  sill: [85, 255, 170],
  /** With its railing. */
  balcony: [170, 255, 85],
  /** A shutter, open or closed. */
  blind: [255, 255, 0],
  /** Ornament, flowers, coloured panels. */
  deco: [255, 170, 0],
  /** A band across the facade. */
  molding: [255, 85, 0],
  pillar: [255, 0, 0],
  /** Shop window, its sign and its awning. */
  shop: [170, 0, 0],
  /** With its chimneys. */
  roof: [170, 0, 170],
  pavement: [85, 85, 85],
};

/** All classes, in the palette's order. */
export const labelNames: readonly Label[] = Object.keys(palette) as Label[];

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

/** Names of the styles. */
export type StyleName = "townhouse" | "brick" | "palace" | "southern" | "modern";

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

/** A scene's label map as an SVG picture: each part one flat colour of the {@linkcode palette}, without smoothed edges.
 * @param size height and width in pixels. Default 256. */
export function renderLabels(scene: Scene, size: number = sceneSize): string {
  const shapes = scene.parts.map((part) => `<path d="${outline(part)}" fill="rgb(${palette[part.label].join()})"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${sceneSize} ${sceneSize}" ` +
    `shape-rendering="crispEdges">\n${shapes.join("\n")}\n</svg>`;
}

/** A scene's outlines as an SVG picture, black on white.
 * @param size height and width in pixels. Default 256. */
export function renderEdges(scene: Scene, size: number = sceneSize): string {
  return inkDrawing(scene.parts.slice(1).map(outline), size); // the sky has no outline
}
