/** Five ways to build a house. A style decides what stands on the facade, which the labels show, and out of which colours its materials are taken, which
 * they do not show: so the labels say "brick or plaster?" by their shutters, pillars and arches, and leave open which red or which yellow.
 * @module */
import type { Materials, Shape } from "./scene.ts";

/** Names of the styles. */
export type StyleName = "townhouse" | "brick" | "palace" | "southern" | "modern";

type Several<T> = readonly [T, ...T[]];

/** What a style may do, and how often: numbers from 0 to 1 are probabilities. */
export interface Style {
  wall: Materials["wall"];
  walls: Several<string>;
  trims: Several<string>;
  frames: Several<string>;
  shutters: Several<string>;
  roofs: Several<"hip" | "mansard" | "flat" | "gable">;
  roof: Materials["roof"];
  roofColours: Several<string>;
  /** Shapes of windows. */
  windows: Several<Shape>;
  /** Kinds of window: how the panes are divided. */
  panes: Several<string>;
  /** Width of a window, of its bay's. */
  windowWidth: [number, number];
  /** Floors above the ground floor. */
  floors: [number, number];
  /** Kind of railing. */
  railing: string;
  balconies: number;
  blinds: number;
  pillars: number;
  pediments: number;
  bands: number;
  deco: number;
  shops: number;
}

const pastel: Several<string> = ["#ecdcab", "#e4b598", "#cddab2", "#b3cbdb", "#ecd9c4", "#e9c5c1", "#e6c06f", "#d8cdbd"];
const slates: Several<string> = ["#4d565f", "#5d666e", "#424a54"];
const tiles: Several<string> = ["#a5523a", "#934632", "#b8694a"];

/** The styles by name. */
export const styles: Readonly<Record<StyleName, Style>> = {
  townhouse: {
    ...{ wall: "plaster", walls: pastel, trims: ["#f7f2e6", "#efe6d2"], frames: ["#fbfaf5", "#5c4632", "#f3eee2"] },
    ...{ shutters: ["#4a7058", "#8298a6"], roofs: ["hip", "mansard", "gable"], roof: "tiles", roofColours: tiles },
    ...{ windows: ["box", "segment"], panes: ["cross", "double"], windowWidth: [0.4, 0.5], floors: [2, 4], railing: "iron" },
    ...{ balconies: 0.3, blinds: 0, pillars: 0, pediments: 0.75, bands: 0.7, deco: 0.3, shops: 0.45 },
  },
  brick: {
    ...{
      wall: "brick",
      walls: ["#a04c37", "#8d4233", "#b3674a", "#7d4a3d", "#b98a5e"],
      trims: ["#ded4bf", "#cfc3aa"],
      frames: ["#f4f2ea", "#2c3033"],
    },
    ...{ shutters: ["#36453c"], roofs: ["flat", "gable", "flat"], roof: "slate", roofColours: slates },
    ...{ windows: ["segment", "arch"], panes: ["sash", "grid"], windowWidth: [0.38, 0.5], floors: [2, 4], railing: "iron" },
    ...{ balconies: 0.1, blinds: 0, pillars: 0.1, pediments: 0.1, bands: 0.5, deco: 0.45, shops: 0.5 },
  },
  palace: {
    ...{
      wall: "stone",
      walls: ["#d3c5a3", "#c4b89e", "#dcd2bb", "#b5ad9d", "#cfb98f"],
      trims: ["#ece3cd", "#ddd2b8"],
      frames: ["#f2ede0", "#5d4a38"],
    },
    ...{ shutters: ["#6d7a70"], roofs: ["mansard", "mansard", "flat"], roof: "slate", roofColours: slates },
    ...{ windows: ["arch", "box"], panes: ["cross", "double"], windowWidth: [0.38, 0.46], floors: [2, 3], railing: "balustrade" },
    ...{ balconies: 0.6, blinds: 0, pillars: 1, pediments: 0.9, bands: 1, deco: 0.4, shops: 0.1 },
  },
  southern: {
    ...{
      wall: "plaster",
      walls: ["#dda263", "#d38659", "#e8c172", "#df9a86", "#ecd5a2", "#cb744f"],
      trims: ["#f4e8cd", "#e9d8b4"],
    },
    ...{
      frames: ["#6e4c32", "#f4ecd9"],
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
      walls: ["#e9e8e3", "#c2c5c5", "#979ca0", "#ddd6ca", "#cdbfae"],
      trims: ["#7c8287", "#f2f2ee"],
      frames: ["#363b3f", "#f4f4f2"],
    },
    ...{ shutters: ["#c9ccce", "#6b7278"], roofs: ["flat"], roof: "slate", roofColours: slates },
    ...{ windows: ["box"], panes: ["wide", "plain"], windowWidth: [0.62, 0.8], floors: [3, 5], railing: "glass" },
    ...{ balconies: 0.8, blinds: 0.25, pillars: 0, pediments: 0, bands: 0.1, deco: 0.5, shops: 0.6 },
  },
};
