/** The two worlds of toytown (facade and town), and their renderings. All renderings drawn from the same seed show the same
 * scene, so any two of them form an image-to-image translation task.
 * @module */
import type { Image } from "../../../lib/data/image_bytes.ts";
import { rasterise, withGrain } from "../raster.ts";
import { scene } from "./facade/compose.ts";
import { renderNight, renderPhoto, renderWinter } from "./facade/photo.ts";
import { palette, renderEdges, renderLabels, type Scene } from "./facade/scene.ts";
import { builtOf } from "./facade/styles.ts";
import { renderAerial } from "./town/aerial.ts";
import { town } from "./town/compose.ts";
import { renderMap, renderTownEdges, renderTownLabels, townPalette } from "./town/scene.ts";

/** World of a scene: a facade on a street, or a town seen from above. */
export type WorldName = "facade" | "town";
/** Rendering of a facade: its label map; a photo by day, at night or in winter; a photo of the same house in brick or in plaster;
 * a line drawing; or the daytime photo in greyscale. */
export type FacadeRendering = "labels" | "photo" | "night" | "winter" | "brick" | "plaster" | "edges" | "grey";
/** Rendering of a town: its label map; an aerial photo in summer; a street map; an aerial photo in winter; a line drawing; or
 * the summer photo in greyscale. */
export type TownRendering = "labels" | "aerial" | "map" | "winter" | "edges" | "grey";
/** Rendering of a scene. */
export type Rendering = FacadeRendering | TownRendering;

/** Drawing function and image format of a rendering. */
interface Renderer {
  /** Draws the scene for a seed as SVG. */
  svg: (seed: number, size: number) => string;
  /** Number of channels: 1 for greyscale, 3 for RGB. */
  channels: 1 | 3;
  /** Whether to add film grain to the image. */
  photo: boolean;
}

/** A world, with its renderings, its classes, and its default tasks. */
export interface World {
  /** Renderers, keyed by the name of the rendering. */
  renderings: Readonly<Record<string, Renderer>>;
  /** Colour of each class in the label map. */
  palette: Readonly<Record<string, readonly [number, number, number]>>;
  /** Default renderings for paired data sets. */
  pair: { input: Rendering; target: Rendering };
  /** Default renderings for the domains of unpaired data sets. */
  unpaired: { a: Rendering; b: Rendering };
}

const flat = (svg: Renderer["svg"], channels: 1 | 3 = 3): Renderer => ({ svg, channels, photo: false });
const photo = (svg: Renderer["svg"], channels: 1 | 3 = 3): Renderer => ({ svg, channels, photo: true });

const facadeRenderers: Record<FacadeRendering, Renderer> = {
  labels: flat((seed, size) => renderLabels(scene(seed), size)),
  photo: photo((seed, size) => renderPhoto(scene(seed), size)),
  night: photo((seed, size) => renderNight(scene(seed), size)),
  winter: photo((seed, size) => renderWinter(scene(seed), size)),
  brick: photo((seed, size) => renderPhoto(builtOf(scene(seed), "brick"), size)),
  plaster: photo((seed, size) => renderPhoto(builtOf(scene(seed), "plaster"), size)),
  edges: flat((seed, size) => renderEdges(scene(seed), size), 1),
  grey: photo((seed, size) => renderPhoto(scene(seed), size), 1),
};

const townRenderers: Record<TownRendering, Renderer> = {
  labels: flat((seed, size) => renderTownLabels(town(seed), size)),
  aerial: photo((seed, size) => renderAerial(town(seed), size)),
  map: flat((seed, size) => renderMap(town(seed), size)),
  winter: photo((seed, size) => renderAerial(town(seed), size, "winter")),
  edges: flat((seed, size) => renderTownEdges(town(seed), size), 1),
  grey: photo((seed, size) => renderAerial(town(seed), size), 1),
};

/** The worlds, keyed by name. */
export const worlds: Readonly<Record<WorldName, World>> = {
  facade: {
    renderings: facadeRenderers,
    palette,
    pair: { input: "labels", target: "photo" },
    unpaired: { a: "brick", b: "plaster" },
  },
  town: {
    renderings: townRenderers,
    palette: townPalette,
    pair: { input: "map", target: "aerial" },
    unpaired: { a: "aerial", b: "winter" },
  },
};

/** Draws the scene for a seed; the same arguments always give the same image.
 * @param seed A safe integer.
 * @param size Height and width in pixels.
 * @returns An RGB image, or a greyscale image for "edges" and "grey".
 * @throws {RangeError} If the world has no such rendering. */
export async function renderScene(world: WorldName, seed: number, rendering: Rendering, size: number): Promise<Image> {
  const { svg, channels, photo } = rendererOf(world, rendering);
  const image = await rasterise(svg(seed, size), `scene ${seed}`, channels);
  return photo ? withGrain(image, seed) : image;
}

/** Returns the number of channels of a rendering.
 * @throws {RangeError} If the world has no such rendering. */
export function channelsOf(world: WorldName, rendering: Rendering): 1 | 3 {
  return rendererOf(world, rendering).channels;
}

function rendererOf(world: WorldName, rendering: Rendering): Renderer {
  const known = Object.hasOwn(worlds, world) ? worlds[world].renderings as Partial<Record<Rendering, Renderer>> : undefined;
  if (known && Object.hasOwn(known, rendering)) return known[rendering]!;
  const wanted = Object.keys(known ?? worlds).map((name) => `"${name}"`).join(", ");
  const [field, got] = known ? [`the rendering of the ${world}`, rendering] : ["scene", world];
  throw new RangeError(`Cannot draw toytown: ${field} must be one of ${wanted}, got "${got}"; choose one of them`);
}

/** Draws the label map of a facade as an RGB image that contains only the colours of the {@linkcode palette}. */
export function labelImage(scene: Scene, size: number): Promise<Image> {
  return rasterise(renderLabels(scene, size), `scene ${scene.seed}`);
}

/** Draws the daytime photo of a facade as an RGB image with film grain; the same arguments always give the same image. */
export async function photoImage(scene: Scene, size: number): Promise<Image> {
  return withGrain(await rasterise(renderPhoto(scene, size), `scene ${scene.seed}`), scene.seed);
}
