/** Descriptions of a model's inputs and outputs for its page, and held-out examples: from a data set, or from the samples in the
 * run folder.
 * @module */
import { join } from "node:path";
import type { LabelledData, PairData, UnpairedData } from "../data/datasets.ts";
import { encodePng, readImageBytes } from "../data/image.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import { labelNumbers, labelsAreNumbers, paintLabels } from "../data/label_maps.ts";
import { meaningOf, type SideOptions } from "../data/side.ts";
import { dataUri } from "../plot/png.ts";
import { dimensionsOf } from "../settings.ts";
import { type SomeModel, systemOf } from "../systems/registry.ts";
import * as tf from "../tf.ts";
import type { PageExample, PageSide } from "./page_data.ts";
import { knownData } from "./known_data.ts";
import { CMP_FACADES, hasColours, paletteOfImages, paletteOfLabels, planePalette, TOYTOWN } from "./palette.ts";

/** Held-out data. */
export interface HeldOut {
  pairs?: PairData;
  unpaired?: UnpairedData;
  labelled?: LabelledData;
}

/** An example: images with the channels of the model. */
export interface Example {
  name: string;
  input: Image;
  truth?: Image;
  back?: boolean;
}

/** The inputs and outputs of a model, named as in the data of the page. */
export interface Sides {
  input?: PageSide;
  output?: PageSide;
  back?: { input: PageSide; output: PageSide };
}

/** Maximum number of examples per domain. */
const MOST = 6;

/** Returns the size of a model's images; 1x1 for a model of points. */
export function sizeOfImages({ settings }: SomeModel): { height: number; width: number } {
  if (!Array.isArray(settings.shape)) return dimensionsOf(settings.size);
  const [height, width] = settings.shape.length === 3 ? settings.shape as [number, number] : [1, 1];
  return { height, width };
}

/** Reads examples from held-out data. */
export async function examplesOf({ pairs, unpaired, labelled }: HeldOut, classNames: readonly string[]): Promise<Example[]> {
  if (pairs) return await examplesOfPairs(pairs);
  if (unpaired) return await examplesOfDomains(unpaired);
  if (!labelled) return [];
  for await (const { images, labels } of labelled.batches({ batch: MOST, shuffle: false, augment: false })) {
    const classes = labels.dataSync();
    const examples = toImages(images).map((input, i) => ({ name: classNames[classes[i]!] ?? `class ${classes[i]}`, input }));
    tf.dispose([images, labels]);
    return examples;
  }
  return [];
}

async function examplesOfPairs(pairs: PairData): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const { input, target, names } of pairs.batches({ shuffle: false, augment: false })) {
    examples.push({ name: names[0]!, input: toImages(input)[0]!, truth: toImages(target)[0]! });
    tf.dispose([input, target]);
    if (examples.length === MOST) break;
  }
  return examples;
}

async function examplesOfDomains(data: UnpairedData): Promise<Example[]> {
  const { truth } = data;
  const [there, back]: [Example[], Example[]] = [truth ? await examplesOfPairs(truth) : [], []];
  for await (const { a, b, names } of data.batches({ shuffle: false, augment: false })) {
    const [nameA = "", nameB = ""] = names[0]!.split(", ");
    if (!truth) there.push({ name: nameA, input: toImages(a)[0]! });
    back.push({ name: nameB, input: toImages(b)[0]!, back: true });
    tf.dispose([a, b]);
    if (back.length === MOST) break;
  }
  return [...there, ...back];
}

/** Reads examples from the samples of a training run. Label maps are omitted, since samples show them in other colours.
 * @param folder The run folder, which is also the model's folder. */
export async function examplesOfRun(folder: string, model: SomeModel, sides: Sides): Promise<Example[]> {
  const { input, output, back } = sides;
  if (!input || !output || input.meaning === "classes" || output.meaning === "classes") return [];
  const given = join(folder, "samples", "given");
  const { height, width } = sizeOfImages(model);
  const read = async (name: string, { channels }: PageSide) => {
    const image = await readImageBytes(join(given, name), { channels: channels as 1 | 3 | 4 }).catch(() => undefined);
    return image?.height === height && image.width === width ? image : undefined;
  };
  const names = (await Array.fromAsync(Deno.readDir(given)).catch(() => [])).map(({ name }) => name);
  const count = names.filter((name) => /^\d+-input\.png$/.test(name)).length;
  const examples: Example[] = [];
  for (let i = 0; i < count; i++) {
    const isBack = back !== undefined && i >= count / 2; // a CycleGAN's samples are those of domain X, then those of Y
    if ((isBack ? i - count / 2 : i) >= MOST) continue;
    const image = await read(`${i + 1}-input.png`, isBack ? back.input : input);
    const truth = await read(`${i + 1}-target.png`, output);
    if (image) examples.push({ name: `sample ${i + 1}`, input: image, ...truth && { truth }, ...isBack && { back: true } });
  }
  return examples;
}

/** Adds palettes to the descriptions of a model's inputs and outputs.
 * @param examples Examples, whose colours determine the palettes of drawn images. */
export function withPalettes(sides: Sides, examples: readonly Example[], { kind, provenance }: SomeModel): Sides {
  if (systemOf(kind)!.uses.includes("classify")) return sides; // a classifier sees shades, not classes
  const [there, back] = [false, true].map((back) => examples.filter((example) => (example.back ?? false) === back));
  const { name } = knownData(provenance) ?? {};
  const known = provenance?.data.match(/^toytown \((train|test)\)$/) && name === "toytown"
    ? TOYTOWN
    : name === "facades"
    ? CMP_FACADES
    : undefined;
  // A user's folder may have the name of the data set: its images must have the colours, too.
  const isLabels = (side: "input" | "output") =>
    known && sides[side]?.channels === 3 && provenance?.direction === (side === "input" ? "BtoA" : "AtoB") &&
    hasColours(there!.flatMap(({ input, truth }) => side === "input" ? [input] : truth ? [truth] : []), known);
  const paint = (side: PageSide, images: Image[], isKnown?: boolean): PageSide => {
    if (side.palette || side.meaning !== "colours") return side;
    const palette = isKnown ? [...known!] : paletteOfImages(images);
    return palette ? { ...side, palette } : side;
  };
  const input = sides.input && paint(sides.input, there!.map(({ input }) => input), isLabels("input"));
  const output = sides.output && isLabels("output") ? paint(sides.output, [], true) : sides.output;
  if (!sides.back || !input || !output) return { ...input && { input }, ...output && { output } };
  const backInput = paint(sides.back.input, back!.map(({ input }) => input));
  return { input, output: backInput, back: { input: backInput, output: input } };
}

/** Returns descriptions of a model's inputs and outputs, as far as its settings and its folder define the meaning of the
 * channels. */
export function sidesOf({ kind, settings, provenance }: SomeModel): Sides {
  const { inputChannels, outputChannels, xChannels, yChannels, shape, channels } = settings;
  const recorded = provenance?.reading?.sides;
  const side = (name: string, count: number) => sideOf(recorded?.[name], count);
  if (inputChannels !== undefined) return { input: side("input", inputChannels), output: side("target", outputChannels) };
  if (xChannels !== undefined) {
    const [input, output] = [side("a", xChannels), side("b", yChannels)];
    return { input, output, back: { input: output, output: input } };
  }
  if (Array.isArray(shape) && shape.length !== 3) return {}; // points
  const images = side("images", Array.isArray(shape) ? shape[2] : channels);
  return systemOf(kind)!.uses.includes("classify") ? { input: images } : { output: images };
}

function sideOf(options: SideOptions | undefined, channels: number): PageSide {
  const { labels } = options ?? {};
  if (labels !== undefined) {
    const values = labelsAreNumbers(labels)
      ? { values: typeof labels === "number" ? [...Array(labels).keys()] : [...labels] }
      : {};
    return { channels, meaning: "classes", palette: paletteOfLabels(labels), ...values };
  }
  if (![1, 3, 4].includes(channels)) return { channels, meaning: "classes", palette: planePalette(channels) };
  return { channels, meaning: meaningOf(options ?? {}), ...options?.depth === 16 && { depth: 16 as const } };
}

/** Returns an image in which each pixel has the nearest colour of the palette. Images without a palette and planes of classes
 * remain unchanged. */
export function snapped(image: Image, { meaning, palette }: PageSide): Image {
  if (meaning === "classes" || !palette) return image;
  const colours = palette.map(({ colour }) => colour);
  if (image.channels === 1) {
    const nearest = (value: number) => colours.reduce((a, b) => Math.abs(b[0] - value) < Math.abs(a[0] - value) ? b : a)[0];
    return { ...image, data: image.data.map(nearest) };
  }
  return paintLabels(labelNumbers(image, colours, { nearest: true }), colours, image.height, image.width);
}

/** Encodes an image as a PNG file in a data URL. */
export async function pngOf(image: Image, side: PageSide): Promise<string> {
  const file = await encodePng(side.meaning === "classes" ? drawn(image, side) : snapped(image, side));
  return dataUri(new Uint8Array(file));
}

/** Draws planes of classes in the colours of the palette. */
function drawn({ data, height, width, channels }: Image, { palette = [] }: PageSide): Image {
  const numbers = new Uint8Array(height * width);
  for (let pixel = 0; pixel < numbers.length; pixel++) {
    const planes = data.subarray(pixel * channels, (pixel + 1) * channels);
    numbers[pixel] = planes.indexOf(Math.max(...planes));
  }
  return paintLabels(numbers, palette.map(({ colour }) => colour), height, width);
}

/** Encodes the examples. */
export async function drawExamples(examples: readonly Example[], { input, output, back }: Sides): Promise<PageExample[]> {
  return await Promise.all(examples.map(async (example): Promise<PageExample> => ({
    name: example.name,
    input: await pngOf(example.input, example.back ? back!.input : input!),
    ...example.truth && { truth: await pngOf(example.truth, output!) },
    ...example.back && { back: true },
  })));
}
