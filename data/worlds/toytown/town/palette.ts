/** What the label map of a town says of each pixel, and in which colour.
 * @module */

/** A class of things seen from above. */
export type TownLabel = "ground" | "road" | "rail" | "park" | "water" | "building";

/** Each class's colour, `[red, green, blue]` from 0 to 255. A label map holds these and no others. */
export const townPalette: Readonly<Record<TownLabel, readonly [number, number, number]>> = {
  /** Yards, squares and whatever else is nothing of the following. */
  ground: [230, 220, 170],
  road: [128, 128, 128],
  /** The track with its bed of stones. */
  rail: [90, 30, 90],
  /** Lawns, trees and paths. */
  park: [60, 180, 60],
  /** River and pond. */
  water: [40, 110, 230],
  building: [220, 60, 40],
};

/** All classes, in the palette's order. */
export const townLabelNames: readonly TownLabel[] = Object.keys(townPalette) as TownLabel[];
