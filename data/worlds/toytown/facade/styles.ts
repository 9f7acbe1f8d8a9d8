/** Five architectural styles, and a function that changes the wall material to brick or plaster.
 *
 * A style determines the possible parts of a facade and the palettes for its materials. The label map shows the parts, but not
 * the materials. Shutters, pillars and arches hint at the material of the wall, but its exact colour cannot be inferred.
 * @module */
import { seededRandom } from "../../../../lib/data/random.ts";
import type { Materials, Scene, Shape, StyleName } from "./scene.ts";

type NonEmpty<T> = readonly [T, ...T[]];

/** Palettes, shapes and probabilities (from 0 to 1) that define a style. */
export interface Style {
  /** Material of the wall. */
  wall: Materials["wall"];
  /** Possible colours of walls, trim, window frames and shutters. */
  walls: NonEmpty<string>;
  trims: NonEmpty<string>;
  frames: NonEmpty<string>;
  shutters: NonEmpty<string>;
  /** Possible shapes of the roof. */
  roofs: NonEmpty<"hip" | "mansard" | "flat" | "gable">;
  /** Roofing material. */
  roof: Materials["roof"];
  roofColours: NonEmpty<string>;
  /** Possible shapes of windows. */
  windows: NonEmpty<Shape>;
  /** Possible divisions of windows into panes. */
  panes: NonEmpty<string>;
  /** Minimum and maximum width of a window, as a fraction of the width of its bay. */
  windowWidth: [number, number];
  /** Minimum and maximum number of floors above the ground floor. */
  floors: [number, number];
  /** Kind of balcony railing. */
  railing: string;
  /** Probabilities that a facade has parts such as balconies, blinds and pillars. */
  balconies: number;
  blinds: number;
  pillars: number;
  pediments: number;
  bands: number;
  deco: number;
  shops: number;
}

const pastel: NonEmpty<string> = ["#e3c274", "#dd9f78", "#b9c47c", "#e0b35c", "#d9a98f", "#dd9d98", "#cfa45f", "#c9b07a"];
const slates: NonEmpty<string> = ["#4d565f", "#5d666e", "#424a54"];
const tiles: NonEmpty<string> = ["#9a4148", "#873a44", "#a84d50"];

/** The styles, keyed by name. */
export const styles: Readonly<Record<StyleName, Style>> = {
  townhouse: {
    ...{ wall: "plaster", walls: pastel, trims: ["#faf5ea", "#f4eddd"], frames: ["#e6eef8", "#3a4a60", "#d5e0ee"] },
    ...{ shutters: ["#4a7058", "#8298a6"], roofs: ["hip", "mansard", "gable"], roof: "tiles", roofColours: tiles },
    ...{ windows: ["box", "segment"], panes: ["cross", "double"], windowWidth: [0.4, 0.5], floors: [2, 4], railing: "iron" },
    ...{ balconies: 0.3, blinds: 0, pillars: 0, pediments: 0.75, bands: 0.7, deco: 0.3, shops: 0.45 },
  },
  brick: {
    ...{
      wall: "brick",
      walls: ["#ab5a38", "#98502f", "#b86c45", "#8f5a3d", "#b98a5e"],
      trims: ["#f3ead6", "#ebe1cb"],
      frames: ["#e6eef8", "#28323f"],
    },
    ...{ shutters: ["#36453c"], roofs: ["flat", "gable", "flat"], roof: "slate", roofColours: slates },
    ...{ windows: ["segment", "arch"], panes: ["sash", "grid"], windowWidth: [0.38, 0.5], floors: [2, 4], railing: "iron" },
    ...{ balconies: 0.1, blinds: 0, pillars: 0.1, pediments: 0.1, bands: 0.5, deco: 0.45, shops: 0.5 },
  },
  palace: {
    ...{
      wall: "stone",
      walls: ["#cdad79", "#bd9a74", "#d6b67c", "#b4947c", "#c9a271"],
      trims: ["#f7efdd", "#f1e7d2"],
      frames: ["#dde7f3", "#3c4a5c"],
    },
    ...{ shutters: ["#6d7a70"], roofs: ["mansard", "mansard", "flat"], roof: "slate", roofColours: slates },
    ...{ windows: ["arch", "box"], panes: ["cross", "double"], windowWidth: [0.38, 0.46], floors: [2, 3], railing: "balustrade" },
    ...{ balconies: 0.6, blinds: 0, pillars: 1, pediments: 0.9, bands: 1, deco: 0.4, shops: 0.1 },
  },
  southern: {
    ...{
      wall: "plaster",
      walls: ["#dda263", "#d38659", "#e2b560", "#df9a86", "#d9b070", "#cb744f"],
      trims: ["#faf3e2", "#f5ecd6"],
    },
    ...{
      frames: ["#3f5266", "#dfe8f2"],
      shutters: ["#3d7256", "#4d7aa0", "#86a3a8", "#7a4a32"],
      roofs: ["hip", "hip", "gable"],
      roof: "tiles",
    },
    ...{
      roofColours: tiles,
      windows: ["box", "box", "segment"],
      panes: ["double", "cross"],
      windowWidth: [0.3, 0.36],
      floors: [2, 3],
      railing: "iron",
    },
    ...{ balconies: 0.45, blinds: 1, pillars: 0, pediments: 0, bands: 0.2, deco: 0.55, shops: 0.35 },
  },
  modern: {
    ...{
      wall: "concrete",
      walls: ["#cdb595", "#b59e86", "#a08872", "#d1a585", "#c7b083"],
      trims: ["#f7f3ea", "#efeadf"],
      frames: ["#303a46", "#e4ebf3"],
    },
    ...{ shutters: ["#c9ccce", "#6b7278"], roofs: ["flat"], roof: "slate", roofColours: slates },
    ...{ windows: ["box"], panes: ["wide", "plain"], windowWidth: [0.62, 0.8], floors: [3, 5], railing: "glass" },
    ...{ balconies: 0.8, blinds: 0.25, pillars: 0, pediments: 0, bands: 0.1, deco: 0.5, shops: 0.6 },
  },
};

/** Wall material that can be passed to {@linkcode builtOf}. */
export type Wall = "brick" | "plaster";

const wallStyles = { brick: styles.brick, plaster: styles.townhouse } as const;

/** Returns a copy of a scene in which the wall is changed to brick or plaster. All parts stay in place, so the label map does not
 * change. The seed of the scene determines the new colours of the wall, trim and roof. */
export function builtOf(scene: Scene, wall: Wall): Scene {
  const random = seededRandom(scene.seed, 2);
  const { walls, trims, roof, roofColours } = wallStyles[wall];
  const materials = {
    ...scene.materials,
    wall,
    wallColour: random.pick(walls),
    trimColour: random.pick(trims),
    roof,
    roofColour: random.pick(roofColours),
  };
  return { ...scene, materials };
}
