/** What a label map says of each pixel, and in which colour.
 *
 * The classes are those of CMP Facades (Tylecek and Sara, GCPR 2013), in the colours in which pix2pix's facades show them (jet, in twelve steps), so
 * that a model trained on the one set can be tried on labels of the other; roof and pavement are ours, background is the sky.
 * @module */

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
