/** Label maps: pictures whose colours, or whose numbers, are classes.
 * @module */
import * as tf from "../tf.ts";
import type { Image } from "./image_bytes.ts";

/** A colour, `[red, green, blue]` from 0 to 255. */
export type Colour = readonly [number, number, number];

/** The class of each pixel of a label map.
 * @param picture RGB, in colours of the palette; or one channel, whose numbers are the classes themselves.
 * @param palette the colour of each class, in the order of their numbers; for numbers, how many classes there are.
 * @param options `nearest`: a colour that is not in the palette, as jpg makes them, counts as the nearest one that is. Default false.
 * @returns `height * width` numbers from 0.
 * @throws {RangeError} if the picture has another number of channels; if a colour is not in the palette, or a number is no class: it tells the first such
 * pixel, and calls the map by its `name`. */
export function labelNumbers(
  { data, height, width, channels }: Image,
  palette: readonly Colour[] | number,
  { nearest = false, name = "the label map" }: { nearest?: boolean; name?: string } = {},
): Uint8Array {
  const wanted = typeof palette === "number" ? 1 : 3;
  if (channels !== wanted) {
    throw new RangeError(
      `Cannot read classes from ${name}: wanted ${
        wanted === 1 ? "numbers in one channel" : "colours in three channels"
      }, got ${channels}; ` +
        `give ${wanted === 1 ? "the colours of the classes" : "the number of classes"} instead`,
    );
  }
  const numbers = new Uint8Array(height * width);
  const classOf = typeof palette === "number" ? numberReader(palette) : colourReader(palette, nearest);
  for (let pixel = 0; pixel < numbers.length; pixel++) {
    const found = classOf(data, pixel);
    if (found < 0) throw noClass(data, pixel, { width, name, palette });
    numbers[pixel] = found;
  }
  return numbers;
}

function numberReader(classes: number): (data: Uint8Array, pixel: number) => number {
  return (data, pixel) => data[pixel]! < classes ? data[pixel]! : -1;
}

function colourReader(palette: readonly Colour[], nearest: boolean): (data: Uint8Array, pixel: number) => number {
  const known = new Map(palette.map(([red, green, blue], i) => [red << 16 | green << 8 | blue, i]));
  return (data, pixel) => {
    const [red, green, blue] = [data[3 * pixel]!, data[3 * pixel + 1]!, data[3 * pixel + 2]!];
    const colour = red << 16 | green << 8 | blue;
    const found = known.get(colour);
    if (found !== undefined || !nearest) return found ?? -1;
    const distances = palette.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
    const best = distances.indexOf(Math.min(...distances));
    known.set(colour, best); // a label map has few colours, and each of them many times
    return best;
  };
}

function noClass(
  data: Uint8Array,
  pixel: number,
  { width, name, palette }: { width: number; name: string; palette: readonly Colour[] | number },
): RangeError {
  const place = `row ${Math.floor(pixel / width)}, column ${pixel % width}`;
  return typeof palette === "number"
    ? new RangeError(
      `Cannot read classes from ${name}: wanted 0 to ${palette - 1}, got ${data[pixel]} in ${place}; raise the number of classes`,
    )
    : new RangeError(
      `Cannot read classes from ${name}: rgb(${
        data.subarray(3 * pixel, 3 * pixel + 3).join(", ")
      }) in ${place} is not in the palette; ` +
        `add it, or take the nearest colour`,
    );
}

/** The colours of classes. The inverse of {@linkcode labelNumbers}.
 * @param numbers `height * width` numbers from 0. */
export function paintLabels(numbers: Uint8Array, palette: readonly Colour[], height: number, width: number): Image {
  const data = new Uint8Array(numbers.length * 3);
  numbers.forEach((number, pixel) => data.set(palette[number]!, 3 * pixel));
  return { data, height, width, channels: 3 };
}

/** Classes as planes, one for each: 255 where a pixel is of it, else 0. As a tensor that is 1 and -1.
 * @param numbers `height * width` numbers from 0.
 * @throws {RangeError} if one is no class. */
export function labelPlanes(numbers: Uint8Array, classes: number, height: number, width: number): Image {
  const data = new Uint8Array(numbers.length * classes);
  numbers.forEach((number, pixel) => {
    if (number >= classes) {
      throw new RangeError(`Cannot make planes of ${classes} classes: pixel ${pixel} is of class ${number}; raise classes`);
    }
    data[pixel * classes + number] = 255;
  });
  return { data, height, width, channels: classes };
}

/** The class that each pixel of some planes most likely is: the plane of the largest value.
 * @param planes `[batch, height, width, classes]`. Not disposed.
 * @returns for each of the batch `height * width` numbers from 0. */
export function likeliestLabels(planes: tf.Tensor4D): Uint8Array[] {
  const [batch, height, width] = planes.shape;
  const numbers = tf.tidy(() => tf.argMax(planes, 3).dataSync());
  return Array.from({ length: batch }, (_, n) => Uint8Array.from(numbers.subarray(n * height * width, (n + 1) * height * width)));
}
