/** Label maps: images whose colours or values encode the class of each pixel.
 * @module */
import * as tf from "../tf.ts";
import type { Image } from "./image_bytes.ts";

/** A colour, `[red, green, blue]`, with values from 0 to 255. */
export type Colour = readonly [number, number, number];

/** Encoding of classes in a label map: the number of classes, if pixel values are class indices, or else a list with the value or
 * the colour of each class. With 2 classes, a mask with the values 0 and 255 is also accepted. */
export type Labels = number | readonly number[] | readonly Colour[];

/** Returns whether classes are encoded as numbers rather than as colours. */
export function labelsAreNumbers(labels: Labels | undefined): labels is number | readonly number[] {
  return typeof labels === "number" || typeof labels?.[0] === "number";
}

/** Returns the class of each pixel of a label map.
 * @param image An RGB image, if classes are encoded as colours; otherwise, a one-channel image.
 * @param labels The value or colour of each class, ordered by class index, or the number of classes.
 * @param options `nearest` maps colours outside the palette, such as those altered by JPEG compression, to the nearest palette
 * colour (default false). `name` is the name of the label map in error messages.
 * @returns `height * width` zero-based class indices.
 * @throws {RangeError} If the number of channels is wrong, or if a pixel has no class; the message gives the pixel's position. */
export function labelNumbers(
  image: Image,
  labels: Labels,
  { nearest = false, name = "the label map" }: { nearest?: boolean; name?: string } = {},
): Uint8Array {
  const { data, height, width, channels } = image;
  const byValue = labelsAreNumbers(labels);
  if (channels !== (byValue ? 1 : 3)) {
    const [expected, cure] = byValue
      ? ["1 channel of class indices", "the colours of the classes"]
      : ["3 colour channels", "the number of classes"];
    throw new RangeError(`Cannot read classes from ${name}: expected ${expected}, got ${channels}; pass ${cure} instead`);
  }
  const numbers = new Uint8Array(height * width);
  const classOf = byValue ? valueReader(data, labels) : colourReader(data, labels, nearest);
  for (let pixel = 0; pixel < numbers.length; pixel++) {
    const found = classOf(pixel);
    if (found < 0) throw noClass(image, pixel, name, labels);
    numbers[pixel] = found;
  }
  return numbers;
}

/** Returns whether an image contains only 0 and 255, as masks often do. */
function isMask(data: Uint8Array): boolean {
  return data.every((value) => value === 0 || value === 255);
}

/** Returns a function that maps a pixel to its class index, or to -1 if its value belongs to no class. */
function valueReader(data: Uint8Array, labels: number | readonly number[]): (pixel: number) => number {
  if (typeof labels === "number" && !(labels === 2 && isMask(data))) {
    return (pixel) => data[pixel]! < labels ? data[pixel]! : -1;
  }
  const classOf = new Int16Array(256).fill(-1);
  (typeof labels === "number" ? [0, 255] : labels).forEach((value, i) => classOf[value] = i);
  return (pixel) => classOf[data[pixel]!]!;
}

/** Returns a function that maps a pixel to its class index, or to -1 if the pixel has no class. */
function colourReader(data: Uint8Array, palette: readonly Colour[], nearest: boolean): (pixel: number) => number {
  const known = new Map(palette.map(([red, green, blue], i) => [red << 16 | green << 8 | blue, i]));
  return (pixel) => {
    const [red, green, blue] = [data[3 * pixel]!, data[3 * pixel + 1]!, data[3 * pixel + 2]!];
    const colour = red << 16 | green << 8 | blue;
    const found = known.get(colour);
    if (found !== undefined || !nearest) return found ?? -1;
    const distances = palette.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
    const best = distances.indexOf(Math.min(...distances));
    known.set(colour, best); // a label map has few distinct colours
    return best;
  };
}

function noClass({ data, width }: Image, pixel: number, name: string, labels: Labels): RangeError {
  const place = `row ${Math.floor(pixel / width)}, column ${pixel % width}`;
  const fail = (reason: string) => new RangeError(`Cannot read classes from ${name}: ${reason}`);
  if (!labelsAreNumbers(labels)) {
    const colour = data.subarray(3 * pixel, 3 * pixel + 3).join(", ");
    return fail(`rgb(${colour}) at ${place} is not in the palette; add it, or set nearest`);
  }
  const value = data[pixel]!;
  if (typeof labels !== "number") return fail(`expected one of ${labels.join(", ")}, got ${value} at ${place}; add it to labels`);
  const found = `expected 0 to ${labels - 1}, got ${value} at ${place}`;
  const values = [...new Set(data)].sort((a, b) => a - b);
  if (isMask(data)) return fail(`${found}; the values are 0 and 255: pass labels: [0, 255]`);
  if (value !== 255) return fail(`${found}; increase the number of classes, or pass the values of the classes as a list`);
  return fail(`${found}; 255 often marks pixels without a class: to make it a class, pass labels: [${listed(values)}]`);
}

function listed(values: number[]): string {
  return values.length > 8 ? `${values.slice(0, 3).join(", ")}, ..., ${values.at(-1)}` : values.join(", ");
}

/** Converts class indices to an image in which each pixel has the palette colour of its class. This is the inverse of
 * {@linkcode labelNumbers}.
 * @param numbers `height * width` zero-based class indices. */
export function paintLabels(numbers: Uint8Array, palette: readonly Colour[], height: number, width: number): Image {
  const data = new Uint8Array(numbers.length * 3);
  numbers.forEach((number, pixel) => data.set(palette[number]!, 3 * pixel));
  return { data, height, width, channels: 3 };
}

/** Converts class indices to a label map in the encoding that {@linkcode labelNumbers} reads.
 * @param numbers `height * width` zero-based class indices. */
export function labelMap(numbers: Uint8Array, labels: Labels, height: number, width: number): Image {
  if (!labelsAreNumbers(labels)) return paintLabels(numbers, labels, height, width);
  const data = typeof labels === "number" ? numbers : numbers.map((number) => labels[number]!);
  return { data, height, width, channels: 1 };
}

/** Encodes class indices as one-hot planes, one per class: 255 where a pixel belongs to the class and 0 elsewhere. In a tensor,
 * 255 becomes 1, and 0 becomes -1.
 * @param numbers `height * width` zero-based class indices.
 * @throws {RangeError} If a class index is not less than `classes`. */
export function labelPlanes(numbers: Uint8Array, classes: number, height: number, width: number): Image {
  const data = new Uint8Array(numbers.length * classes);
  numbers.forEach((number, pixel) => {
    if (number >= classes) {
      throw new RangeError(`Cannot encode ${classes} classes as planes: pixel ${pixel} has class ${number}; increase classes`);
    }
    data[pixel * classes + number] = 255;
  });
  return { data, height, width, channels: classes };
}

/** Returns the most likely class of each pixel: the index of the plane with the largest value.
 * @param planes One plane per class, `[batch, height, width, classes]`. The tensor is not disposed of.
 * @returns For each element of the batch, `height * width` zero-based class indices. */
export function likeliestLabels(planes: tf.Tensor4D): Uint8Array[] {
  const [batch, height, width] = planes.shape;
  const numbers = tf.tidy(() => tf.argMax(planes, 3).dataSync());
  return Array.from({ length: batch }, (_, n) => Uint8Array.from(numbers.subarray(n * height * width, (n + 1) * height * width)));
}
