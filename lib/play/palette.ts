/** Palettes of label maps for pages: the colours and the names of the classes.
 * @module */
import { palette as toytown } from "../../data/worlds/toytown/facade/scene.ts";
import { townPalette } from "../../data/worlds/toytown/town/scene.ts";
import type { Image } from "../data/image_bytes.ts";
import { type Labels, labelsAreNumbers } from "../data/label_maps.ts";
import type { PageColour } from "./page_data.ts";

type Colour = PageColour["colour"];

function named(colours: Readonly<Record<string, readonly [number, number, number]>>): PageColour[] {
  return Object.entries(colours).map(([name, [red, green, blue]]) => ({ name, colour: [red, green, blue] }));
}

/** Classes of toytown's facades. */
export const TOYTOWN: readonly PageColour[] = named(toytown);
/** Classes of toytown's towns. */
const TOWN = named(townPalette);
/** Classes of CMP Facades (Tylecek and Sara, GCPR 2013) in the colours of pix2pix's data set. The classes are those of toytown
 * without two additional ones. */
export const CMP_FACADES: readonly PageColour[] = TOYTOWN.filter(({ name }) => name !== "roof" && name !== "pavement");

/** Names of common colours, for palettes without names. */
const COLOUR_NAMES: Readonly<Record<string, Colour>> = {
  black: [0, 0, 0],
  white: [255, 255, 255],
  grey: [128, 128, 128],
  "dark grey": [64, 64, 64],
  "light grey": [200, 200, 200],
  red: [230, 30, 30],
  "dark red": [130, 0, 0],
  orange: [255, 150, 0],
  yellow: [250, 230, 20],
  brown: [130, 80, 30],
  beige: [230, 215, 170],
  green: [40, 170, 60],
  "dark green": [0, 90, 30],
  "light green": [150, 240, 130],
  turquoise: [60, 220, 200],
  cyan: [0, 240, 255],
  blue: [30, 60, 240],
  "dark blue": [0, 0, 130],
  "light blue": [130, 190, 255],
  purple: [150, 30, 180],
  magenta: [255, 0, 255],
  pink: [255, 150, 190],
};

/** Maximum number of colours in a palette of drawn images. */
const FEW = 20;
/** Maximum difference of a channel between a pixel and its palette colour, because of rounding. */
const ROUNDING = 2;
/** Maximum difference in a channel for a colour to count as a compression artefact of a palette colour. The colours of a palette
 * differ by more, unlike the shades of a photograph. */
const NEAR = 24;
/** Minimum share of pixels that are near a colour of the palette. */
const COVERED = 0.95;
/** Minimum share of pixels that equal a palette colour up to rounding, among those without the most frequent colour. In a
 * photograph on a white background, few do. */
const EXACT = 0.4;
/** Like {@linkcode NEAR} and {@linkcode COVERED}, but for palettes whose colours are known: JPEG compression changes small
 * details more. */
const NEAR_KNOWN = 40, COVERED_KNOWN = 0.75;

/** Returns the palette of label maps: the colours of the classes if they are known, otherwise colours that differ clearly. */
export function paletteOfLabels(labels: Labels): PageColour[] {
  if (!labelsAreNumbers(labels)) {
    const colours = labels.map(([red, green, blue]): Colour => [red, green, blue]);
    const known = knownPalette(colours);
    return colours.map((colour, i) => ({ name: known?.find((one) => isSame(one.colour, colour))?.name ?? `class ${i}`, colour }));
  }
  if (typeof labels === "number") return planePalette(labels);
  return coloursApart(labels.length).map((colour, i) => ({ name: `value ${labels[i]}`, colour }));
}

/** Returns a palette for label planes if only their number is known. */
export function planePalette(count: number): PageColour[] {
  return coloursApart(count).map((colour, i) => ({ name: `class ${i}`, colour }));
}

/** Returns colours, each of which is as far as possible from the previous ones. The first colour is dark, for the background. */
export function coloursApart(count: number): Colour[] {
  const levels = [0, 36, 73, 109, 146, 182, 219, 255];
  const candidates = levels.flatMap((red) => levels.flatMap((green) => levels.map((blue): Colour => [red, green, blue])));
  const colours: Colour[] = [[31, 36, 48]];
  const nearest = candidates.map((candidate) => distance(candidate, colours[0]!));
  while (colours.length < count) {
    const next = candidates[nearest.indexOf(Math.max(...nearest))]!;
    colours.push(next);
    candidates.forEach((candidate, i) => nearest[i] = Math.min(nearest[i]!, distance(candidate, next)));
  }
  return colours.slice(0, count);
}

/** Returns the palette of images with few colours, ordered by frequency, or `undefined` if there are too many colours.
 * @param images Images with 1 or 3 channels. */
export function paletteOfImages(images: readonly Image[]): PageColour[] | undefined {
  if (images.length === 0 || ![1, 3].includes(images[0]!.channels)) return undefined;
  const counts = countColours(images);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const found: { colour: Colour; count: number; exact: number }[] = [];
  let covered = 0;
  for (const { colour, count } of counts) {
    const same = found.find((other) => isSame(other.colour, colour));
    const near = same ?? found.find((other) => isSame(other.colour, colour, NEAR));
    if (!near && found.length === FEW) continue;
    if (!near) found.push({ colour, count, exact: count });
    if (same) same.exact += count;
    covered += count;
  }
  const [background, ...others] = found;
  const exact = others.reduce((sum, one) => sum + one.exact, 0);
  if (covered < COVERED * total || exact < EXACT * (total - background!.exact)) return undefined;
  const colours = found.filter(({ count }) => count > total / 10_000).map(({ colour }) => colour);
  return knownPalette(colours)?.slice() ?? nameColours(colours);
}

/** Returns whether images have the colours of a palette, apart from compression artefacts; true if there are no images. */
export function hasColours(images: readonly Image[], palette: readonly PageColour[]): boolean {
  const counts = countColours(images);
  const sum = (all: typeof counts) => all.reduce((total, { count }) => total + count, 0);
  const near = counts.filter(({ colour }) => palette.some((known) => isSame(known.colour, colour, NEAR_KNOWN)));
  return sum(near) >= COVERED_KNOWN * sum(counts);
}

/** Returns the colours of images and their counts, ordered by frequency. */
function countColours(images: readonly Image[]): { colour: Colour; count: number }[] {
  const counts = new Map<number, number>();
  for (const { data, channels } of images) {
    for (let i = 0; i < data.length; i += channels) {
      const [red, green, blue] = channels === 1 ? [data[i]!, data[i]!, data[i]!] : [data[i]!, data[i + 1]!, data[i + 2]!];
      const key = red << 16 | green << 8 | blue;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a)
    .map(([key, count]) => ({ colour: [key >> 16, key >> 8 & 255, key & 255], count }));
}

/** Returns the known palette that contains all colours. */
function knownPalette(colours: readonly Colour[]): readonly PageColour[] | undefined {
  if (colours.length < 3) return undefined;
  const contains = (palette: readonly PageColour[]) =>
    colours.every((colour) => palette.some((known) => isSame(known.colour, colour)));
  return [CMP_FACADES, TOYTOWN, TOWN].find(contains);
}

/** Names each colour after the nearest common colour. Colours with the same name are numbered. */
function nameColours(colours: readonly Colour[]): PageColour[] {
  const used = new Map<string, number>();
  return colours.map((colour) => {
    const [name] = Object.entries(COLOUR_NAMES).reduce((best, one) =>
      distance(one[1], colour) < distance(best[1], colour) ? one : best
    );
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return { name: count === 1 ? name : `${name} ${count}`, colour };
  });
}

function isSame(a: Colour, b: Colour, difference = ROUNDING): boolean {
  return a.every((value, i) => Math.abs(value - b[i]!) <= difference);
}

/** Returns the squared distance between two colours, weighted by the sensitivity of the eye. */
function distance([r1, g1, b1]: Colour, [r2, g2, b2]: Colour): number {
  return 3 * (r1 - r2) ** 2 + 4 * (g1 - g2) ** 2 + 2 * (b1 - b2) ** 2;
}
