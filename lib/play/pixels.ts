/** Converts between the pixels of a canvas and the values of a model's inputs and outputs. The conversions are the same as in
 * lib/data, which the page cannot import since that code needs TensorFlow.js.
 * @module */
import { contextOf } from "./dom.ts";
import type { PageColour, PageSide } from "./page_data.ts";
import { nearestPixels, type StoredPixels } from "./png.ts";
import type { Values } from "./protocol.ts";

/** Pixels: RGBA values from 0 to 255. The values of a canvas are integers; those of a 16-bit file may be fractions. */
export interface Pixels {
  data: Uint8ClampedArray | Float32Array;
  height: number;
  width: number;
}

/** Converts the pixels of a canvas to the input of a model, as `readSide` and `toTensor` do with files.
 * @returns `[1, height, width, channels]` in [-1, 1].
 * @throws {RangeError} If the images represent classes but have no palette. */
export function valuesOf({ data, height, width }: Pixels, side: PageSide): Values {
  const { channels } = side;
  if (side.meaning === "classes") return classValues(classesOf({ data, height, width }, paletteOf(side)), side, height, width);
  const values = new Float32Array(height * width * channels);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const at = 4 * pixel;
    if (channels === 1) values[pixel] = (side.meaning === "numbers" ? data[at]! : greyOf(data, at)) / 127.5 - 1;
    else for (let c = 0; c < channels; c++) values[pixel * channels + c] = (data[at + c] ?? 255) / 127.5 - 1;
  }
  return { data: values, shape: [1, height, width, channels] };
}

/** Converts a drawing to the input of a model: planes of classes, or colours of the palette.
 * @param numbers `height * width` zero-based classes.
 * @returns `[1, height, width, channels]` in [-1, 1]. */
export function classValues(numbers: Uint8Array, side: PageSide, height: number, width: number): Values {
  const { channels, meaning } = side;
  if (meaning !== "classes") return valuesOf(painted(numbers, paletteOf(side), height, width), side);
  const values = new Float32Array(numbers.length * channels).fill(-1);
  numbers.forEach((number, pixel) => values[pixel * channels + number] = 1);
  return { data: values, shape: [1, height, width, channels] };
}

/** Converts the images that a model returns to pixels, as `pixelsOf` of lib/data does for files.
 * @returns One image per element of the batch. */
export function pixelsOf({ data, shape }: Values, side: PageSide): Pixels[] {
  const [count, height, width, channels] = shape as [number, number, number, number];
  const size = height * width * channels;
  return Array.from({ length: count }, (_, n) => {
    const values = data.subarray(n * size, (n + 1) * size);
    if (side.meaning === "classes") return painted(likeliest(values, channels), paletteOf(side), height, width);
    const pixels = new Uint8ClampedArray(4 * height * width).fill(255); // rounds to the nearest integer and clips
    for (let pixel = 0; pixel < height * width; pixel++) {
      for (let c = 0; c < (channels === 4 ? 4 : 3); c++) { // one channel is grey
        pixels[4 * pixel + c] = (values[pixel * channels + Math.min(c, channels - 1)]! + 1) * 127.5;
      }
    }
    return { data: pixels, height, width };
  });
}

/** Options of {@linkcode exactPixels}, as in photo.ts. */
interface ExactOptions {
  size: { height: number; width: number };
  fit: "cover" | "fill";
  alpha: boolean;
  depth?: 8 | 16 | undefined;
  single?: boolean;
}

/** Resizes the numbers of a file without mixing them, as lib/data does: transparency is ignored unless it is wanted, and 16-bit
 * values become bytes unless the model was trained on 16 bits. */
export function exactPixels(
  stored: StoredPixels,
  { size, fit, alpha, depth = 8, single = false }: ExactOptions,
): Pixels {
  const places = nearestPixels(stored, size, fit);
  const data = depth === 16 ? new Float32Array(4 * places.length) : new Uint8ClampedArray(4 * places.length);
  const byteOf = (value: number) => stored.depth === 8 ? value : depth === 16 ? value / 257 : value >> 8;
  places.forEach((from, pixel) => {
    const number = single ? stored.numbers?.[from] : undefined;
    for (let c = 0; c < 4; c++) data[4 * pixel + c] = c === 3 && !alpha ? 255 : byteOf(number ?? stored.data[4 * from + c]!);
  });
  return { data, ...size };
}

/** Returns the classes of a label map whose pixels are numbers: palette indices or grey values.
 * @param places Index of the stored pixel for each pixel of the result.
 * @param values The number of each class.
 * @returns `undefined` if the pixels are colours of the palette or are not numbers.
 * @throws {RangeError} If a number belongs to no class. */
export function labelsIn(
  stored: StoredPixels,
  places: Uint32Array,
  { values, palette }: { values: readonly number[]; palette: readonly PageColour[] },
  name = "the image",
): Uint8Array | undefined {
  const known = new Set(palette.map(({ colour }) => colour.join()));
  const colourOf = (place: number) => stored.data.subarray(4 * place, 4 * place + 3);
  const isGrey = places.every((place) => {
    const [red, green, blue] = colourOf(place);
    return red === green && green === blue;
  });
  if (!stored.numbers && !isGrey) return undefined;
  if (!isGrey && places.every((place) => known.has(colourOf(place).join()))) return undefined; // drawn in the palette's colours
  const found = Uint16Array.from(places, (place) => stored.numbers?.[place] ?? stored.data[4 * place]!);
  const isMask = values.length === 2 && values[0] === 0 && values[1] === 1 &&
    found.every((value) => value === 0 || value === 255);
  const classes = new Map((isMask ? [0, 255] : values).map((value, i) => [value, i]));
  const foreign = found.find((value) => !classes.has(value));
  if (foreign !== undefined) {
    throw new RangeError(
      `Cannot read classes from ${name}: expected one of ${values.join(", ")}, got ${foreign}; change the file`,
    );
  }
  return Uint8Array.from(found, (value) => classes.get(value)!);
}

/** Returns the class of each pixel: the class with the nearest colour.
 * @returns `height * width` zero-based classes. */
export function classesOf({ data, height, width }: Pixels, palette: readonly PageColour[]): Uint8Array {
  const known = new Map<number, number>();
  const nearest = (red: number, green: number, blue: number): number => {
    const distances = palette.map(({ colour: [r, g, b] }) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
    return distances.indexOf(Math.min(...distances));
  };
  const numbers = new Uint8Array(height * width);
  for (let pixel = 0; pixel < numbers.length; pixel++) {
    const [red, green, blue] = [data[4 * pixel]!, data[4 * pixel + 1]!, data[4 * pixel + 2]!];
    const colour = red << 16 | green << 8 | blue;
    let number = known.get(colour);
    if (number === undefined) known.set(colour, number = nearest(red, green, blue)); // a drawing has few distinct colours
    numbers[pixel] = number;
  }
  return numbers;
}

/** Converts classes to pixels in the colours of the palette. */
export function painted(numbers: Uint8Array, palette: readonly PageColour[], height: number, width: number): Pixels {
  const data = new Uint8ClampedArray(4 * numbers.length).fill(255);
  for (let pixel = 0; pixel < numbers.length; pixel++) {
    const colour = palette[numbers[pixel]!]?.colour ?? [0, 0, 0];
    for (let c = 0; c < 3; c++) data[4 * pixel + c] = colour[c]!;
  }
  return { data, height, width };
}

/** Returns the palette of a model's input or output. Classes without a palette get colours that differ clearly.
 * @throws {RangeError} If the images have neither classes nor a palette. */
export function paletteOf({ palette, meaning, channels }: PageSide): PageColour[] {
  if (palette) return palette;
  if (meaning !== "classes") throw new RangeError("Cannot paint: the images have no palette; export the model again");
  return Array.from({ length: channels }, (_, i) => ({ name: `class ${i}`, colour: hue(i / channels) }));
}

/** Shows pixels on a canvas, and sets its size. */
export function show({ data, height, width }: Pixels, canvas: HTMLCanvasElement): void {
  if (canvas.height !== height) canvas.height = height;
  if (canvas.width !== width) canvas.width = width;
  contextOf(canvas).putImageData(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
}

/** Returns the pixels of a whole canvas. */
export function pixelsIn(canvas: HTMLCanvasElement): ImageData {
  return contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
}

/** Returns the luma of ITU-R BT.601, as `brightness` of lib/data does. */
function greyOf(data: Pixels["data"], at: number): number {
  return Math.round(0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!);
}

function likeliest(values: Float32Array, channels: number): Uint8Array {
  const numbers = new Uint8Array(values.length / channels);
  for (let pixel = 0; pixel < numbers.length; pixel++) {
    let best = 0;
    for (let c = 1; c < channels; c++) if (values[pixel * channels + c]! > values[pixel * channels + best]!) best = c;
    numbers[pixel] = best;
  }
  return numbers;
}

/** Returns a saturated colour.
 * @param turn Hue, from 0 to 1. */
function hue(turn: number): [number, number, number] {
  const part = (shift: number) => Math.round(255 * Math.min(1, Math.max(0, Math.abs((turn * 6 + shift) % 6 - 3) - 1)));
  return [part(0), part(4), part(2)];
}
