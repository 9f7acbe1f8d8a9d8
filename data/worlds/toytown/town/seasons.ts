/** Colours of a town in summer and in winter. Different classes of the label map have distinct colours, so that a rule can
 * recover the classes.
 * @module */

type NonEmpty = readonly [string, ...string[]];

/** Colours of one season, as "#rrggbb". */
export interface Season {
  /** Colours of the ground, keyed by its kind. */
  ground: Readonly<Record<string, NonEmpty>>;
  seam: string;
  lawn: NonEmpty;
  /** Colours of tree crowns in parks. */
  crowns: NonEmpty;
  /** Colours of trees and bushes in yards. */
  hedge: NonEmpty;
  path: string;
  asphalt: string;
  kerb: string;
  marking: string;
  cars: NonEmpty;
  ballast: string;
  water: NonEmpty;
  shore: string;
  flatRoofs: NonEmpty;
  /** Colours of sloped roofs. */
  roofs: NonEmpty;
}

/** The seasons, keyed by name. */
export const seasons: Readonly<Record<"summer" | "winter", Season>> = {
  summer: {
    ground: {
      dry: ["#c9b685"],
      green: ["#b9b578"],
      stony: ["#c9bd9c"],
      yard: ["#bdb27a", "#c6b787", "#b3ad70"],
      square: ["#d8cba8", "#cfc29c"],
      paved: ["#cdc0a0", "#c2b592"],
    },
    ...{ seam: "#9a8d6c", lawn: ["#5f9a45", "#6ea74c", "#558f42"], crowns: ["#2f6b34", "#3d7a3a", "#275c30"] },
    ...{ hedge: ["#7f8f45", "#8a9550"], path: "#c7cf9a", asphalt: "#6c6e72", kerb: "#a3a29e", marking: "#e4e4e0" },
    ...{ cars: ["#d8d8da", "#30343c", "#8d949d", "#b8bcc4"], ballast: "#6a4f56", water: ["#2f6f96", "#3a7fa3", "#2b6788"] },
    ...{
      shore: "#8fa58a",
      flatRoofs: ["#e6dcd8", "#d7c5c1", "#cfb0aa"],
      roofs: ["#b5523a", "#a8452f", "#c2654a", "#8f3d30", "#d0785a"],
    },
  },
  winter: {
    ground: {
      dry: ["#eef0ee"],
      green: ["#f2f3f0"],
      stony: ["#e6e8e8"],
      yard: ["#f1f2f0", "#eceeed", "#e9ebe8"],
      square: ["#dfe1e3", "#e5e6e6"],
      paved: ["#d9dbde", "#e2e4e5"],
    },
    ...{ seam: "#c3c7cc", lawn: ["#dfe9e4", "#d8e5de"], crowns: ["#5c5347", "#6d6456", "#4d463e"] },
    ...{ hedge: ["#8b857c", "#989288"], path: "#cfd4d2", asphalt: "#565a62", kerb: "#c5c9cf", marking: "#a7abb1" },
    ...{ cars: ["#e6e8ec", "#30343c", "#7d848d", "#a3454a"], ballast: "#7a6a70", water: ["#8fb4cc", "#9dbfd4", "#86abc6"] },
    ...{
      shore: "#e2ecf2",
      flatRoofs: ["#f3f0f0", "#e6dedd", "#ddd0ce"],
      roofs: ["#e2c9c1", "#d8b5aa", "#efdcd5", "#cfa598", "#e8d3cb"],
    },
  },
};
