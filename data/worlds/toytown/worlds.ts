/** The worlds of toytown, and in which ways each can be drawn: every rendering is of the same scene, so any two of them are a task of translation.
 * @module */
import type { Image } from "../../../lib/data/picture.ts";
import { rasterise, withGrain } from "../raster.ts";
import { scene } from "./facade/compose.ts";
import { renderNight, renderPhoto, renderWinter } from "./facade/photo.ts";
import { palette, renderEdges, renderLabels, type Scene } from "./facade/scene.ts";
import { builtOf } from "./facade/styles.ts";
import { renderAerial } from "./town/aerial.ts";
import { town } from "./town/compose.ts";
import { renderMap, renderTownEdges, renderTownLabels, townPalette } from "./town/scene.ts";

/** A facade on a street, or a town from above. */
export type WorldName = "facade" | "town";
/** Ways to draw a facade: its label map; a photo by day; by night, with lit windows; in winter; built of brick; plastered; its outlines in ink; the photo in grey. */
export type FacadeRendering = "labels" | "photo" | "night" | "winter" | "brick" | "plaster" | "edges" | "grey";
/** Ways to draw a town: its label map; a photo from above in summer; a street map; a photo in winter; its outlines in ink; the summer photo in grey. */
export type TownRendering = "labels" | "aerial" | "map" | "winter" | "edges" | "grey";
/** A way to draw a scene. */
export type Rendering = FacadeRendering | TownRendering;

/** How one rendering comes about. */
interface Manner {
  /** SVG of the scene that belongs to a seed. */
  svg: (seed: number, size: number) => string;
  /** 1 grey, 3 RGB. */
  channels: 1 | 3;
  /** A photo has the camera's grain. */
  photo: boolean;
}

/** A world: its renderings, its classes, and the tasks that it is mostly used for. */
export interface World {
  renderings: Readonly<Record<string, Manner>>;
  /** Colours of the label map. */
  palette: Readonly<Record<string, readonly [number, number, number]>>;
  /** What a pair is if nobody says otherwise. */
  pair: { input: Rendering; target: Rendering };
  /** Two styles that CycleGAN can translate into each other. */
  unpaired: { a: Rendering; b: Rendering };
}

const flat = (svg: Manner["svg"], channels: 1 | 3 = 3): Manner => ({ svg, channels, photo: false });
const photo = (svg: Manner["svg"], channels: 1 | 3 = 3): Manner => ({ svg, channels, photo: true });

const facades: Record<FacadeRendering, Manner> = {
  labels: flat((seed, size) => renderLabels(scene(seed), size)),
  photo: photo((seed, size) => renderPhoto(scene(seed), size)),
  night: photo((seed, size) => renderNight(scene(seed), size)),
  winter: photo((seed, size) => renderWinter(scene(seed), size)),
  brick: photo((seed, size) => renderPhoto(builtOf(scene(seed), "brick"), size)),
  plaster: photo((seed, size) => renderPhoto(builtOf(scene(seed), "plaster"), size)),
  edges: flat((seed, size) => renderEdges(scene(seed), size), 1),
  grey: photo((seed, size) => renderPhoto(scene(seed), size), 1),
};

const towns: Record<TownRendering, Manner> = {
  labels: flat((seed, size) => renderTownLabels(town(seed), size)),
  aerial: photo((seed, size) => renderAerial(town(seed), size)),
  map: flat((seed, size) => renderMap(town(seed), size)),
  winter: photo((seed, size) => renderAerial(town(seed), size, "winter")),
  edges: flat((seed, size) => renderTownEdges(town(seed), size), 1),
  grey: photo((seed, size) => renderAerial(town(seed), size), 1),
};

/** The worlds by name. */
export const worlds: Readonly<Record<WorldName, World>> = {
  facade: {
    renderings: facades,
    palette,
    pair: { input: "labels", target: "photo" },
    unpaired: { a: "brick", b: "plaster" },
  },
  town: {
    renderings: towns,
    palette: townPalette,
    pair: { input: "map", target: "aerial" },
    unpaired: { a: "aerial", b: "winter" },
  },
};

/** Draws the scene that belongs to a seed: the same bytes each time.
 * @param seed a safe integer.
 * @param size height and width in pixels.
 * @returns RGB, or one channel for "edges" and "grey".
 * @throws {RangeError} if the world has no such rendering. */
export async function renderScene(world: WorldName, seed: number, rendering: Rendering, size: number): Promise<Image> {
  const { svg, channels, photo } = mannerOf(world, rendering);
  const picture = await rasterise(svg(seed, size), `scene ${seed}`, channels);
  return photo ? withGrain(picture, seed) : picture;
}

/** How many channels a rendering has.
 * @throws {RangeError} if the world has no such rendering. */
export function channelsOf(world: WorldName, rendering: Rendering): 1 | 3 {
  return mannerOf(world, rendering).channels;
}

function mannerOf(world: WorldName, rendering: Rendering): Manner {
  const of = Object.hasOwn(worlds, world) ? worlds[world].renderings as Partial<Record<Rendering, Manner>> : undefined;
  if (of && Object.hasOwn(of, rendering)) return of[rendering]!;
  const wanted = Object.keys(of ?? worlds).map((name) => `"${name}"`).join(", ");
  const [field, got] = of ? [`a rendering of the ${world}`, rendering] : ["scene", world];
  throw new RangeError(`Cannot draw toytown: ${field} must be one of ${wanted}, got "${got}"; choose one of them`);
}

/** A scene's label map as an RGB picture that holds the colours of the palette and no others. */
export function labelImage(scene: Scene, size: number): Promise<Image> {
  return rasterise(renderLabels(scene, size), `scene ${scene.seed}`);
}

/** A scene's photo as an RGB picture, with grain: the same bytes each time. */
export async function photoImage(scene: Scene, size: number): Promise<Image> {
  return withGrain(await rasterise(renderPhoto(scene, size), `scene ${scene.seed}`), scene.seed);
}
