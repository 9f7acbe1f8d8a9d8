/** Decodes image files as sRGB colours or as the numbers that the files store. Images are rotated upright.
 * @module */
import { extname } from "node:path";
import { loadPng, type Sharp } from "../packages.ts";
import type { Header } from "./header.ts";
import { type AnyImage, brightness, type DeepImage, emptyLike, type Image } from "./image_bytes.ts";
import { labelsAreNumbers } from "./label_maps.ts";
import { decodeError, failOn, loadSharp, MOST_PIXELS, toRaw, toRawDeep } from "./sharp.ts";
import { readsNumbers, type SideOptions } from "./side.ts";

/** Opens an image file, given its path or its contents, as an upright colour image. Transparent pixels are blended onto white
 * unless 4 channels are requested.
 * @returns A pipeline that has not yet started. */
export async function openColours(source: string | Uint8Array, { channels = 3 }: SideOptions): Promise<Sharp> {
  const sharp = await loadSharp();
  const pipeline = sharp(source, { failOn, limitInputPixels: MOST_PIXELS }).autoOrient();
  return channels === 4 ? pipeline.ensureAlpha() : pipeline.flatten({ background: "white" });
}

/** Sets both the working and the output colour space: sharp would otherwise compute 16-bit output with 8-bit precision. */
export function inSpace(pipeline: Sharp, channels: number, deep: boolean): Sharp {
  const space = channels === 1 ? (deep ? "grey16" : "b-w") : deep ? "rgb16" : "srgb";
  return deep ? pipeline.pipelineColourspace(space).toColourspace(space) : pipeline.toColourspace(space);
}

/** Decodes a whole image file and rotates the image upright.
 * @returns For a label map, one channel with class numbers or three channels with colours; otherwise, the requested channels.
 * @throws {Error} If the file cannot be decoded as requested; the message names it. */
export async function decode(path: string, side: SideOptions, header: Header): Promise<AnyImage> {
  const { channels = 3, depth = 8, labels } = side;
  if (labels !== undefined) {
    const single = labelsAreNumbers(labels);
    if (single) checkExact(path, header);
    const stored = await readNumbers(path, single ? 1 : 3, header);
    return stored.data instanceof Uint16Array ? narrowed(stored as DeepImage, path, single) : stored;
  }
  if (readsNumbers(side)) {
    const stored = await readNumbers(path, channels, header);
    if (depth === 16) return stored.data instanceof Uint16Array ? stored : widened(stored as Image);
    return stored.data instanceof Uint16Array ? high(stored as DeepImage) : stored;
  }
  return await readColours(await openColours(path, side), side, header, path);
}

/** Runs a pipeline that decodes an image as colours.
 * @param name The name of the image in error messages. */
export async function readColours(pipeline: Sharp, side: SideOptions, { deep }: Header, name: string): Promise<AnyImage> {
  const { channels = 3, depth = 8 } = side;
  if (depth === 16) {
    return deep
      ? await toRawDeep(inSpace(pipeline, channels, true), name)
      : widened(await toRaw(inSpace(pipeline, channels, false), name));
  }
  const image = await toRaw(inSpace(pipeline, channels === 1 ? 3 : channels, false), name);
  return channels === 1 ? brightness(image) : image;
}

/** Reads the pixel values that a file stores, without converting colours.
 * @param channels The number of channels to return; 1 requires a file with one number per pixel. */
async function readNumbers(path: string, channels: number, header: Header): Promise<AnyImage> {
  const { colours, deep, packed, format } = header;
  if (packed && channels === 1) {
    if (format === "png") return await readPacked(path);
    throw new Error(
      `Cannot read numbers from ${path}: expected one number per pixel, got a ${format} file with a palette; convert it to ` +
        "PNG, or pass the colours of the classes",
    );
  }
  if (colours > 3) throw new Error(`Cannot read numbers from ${path}: expected greyscale or RGB, got CMYK; convert the file`);
  const sharp = await loadSharp();
  const source = sharp(path, { failOn, limitInputPixels: MOST_PIXELS, ignoreIcc: true }).autoOrient();
  const pipeline = channels === 4 ? source.ensureAlpha() : source.removeAlpha();
  const stored = Math.max(colours, channels === 1 ? 1 : 3);
  const image = await (deep ? toRawDeep : toRaw)(inSpace(pipeline, stored, deep), path);
  return channels === 1 && image.channels === 3 ? singleChannel(image, path) : image;
}

/** Reads a PNG file whose pixels are palette indices or have fewer than 8 bits. */
async function readPacked(path: string): Promise<Image> {
  const { decode } = await loadPng();
  try {
    const { data, width, height, channels, depth } = decode(await Deno.readFile(path), { checkCrc: true });
    const stride = Math.ceil(width * channels * depth / 8), perByte = 8 / depth, mask = (1 << depth) - 1;
    const values = new Uint8Array(height * width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const byte = data[y * stride + Math.floor(x / perByte)]!;
        values[y * width + x] = byte >> (8 - depth * (x % perByte + 1)) & mask;
      }
    }
    return { data: values, height, width, channels: 1 };
  } catch (error) {
    throw decodeError(error, path);
  }
}

/** Returns the first channel of an RGB image whose channels are equal.
 * @throws {RangeError} If the channels differ. */
function singleChannel({ data, height, width }: AnyImage, path: string): AnyImage {
  const values = emptyLike(data, height * width);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] = data[3 * i]!;
    if (data[3 * i + 1] === value && data[3 * i + 2] === value) continue;
    const place = `row ${Math.floor(i / width)}, column ${i % width}`;
    const got = `the colour rgb(${data.subarray(3 * i, 3 * i + 3).join(", ")}) in ${place}`;
    throw new RangeError(
      `Cannot read numbers from ${path}: expected one number per pixel, got ${got}; convert the file to greyscale or, for a ` +
        "label map, pass the colours of its classes",
    );
  }
  return { data: values, height, width, channels: 1 } as AnyImage;
}

/** Throws an error if the format of a label map is lossy, since lossy compression changes class numbers. */
function checkExact(path: string, { format }: Header): void {
  if (format !== "jpeg" && format !== "heif") return;
  const lossy = `lossy compression (${extname(path) || format}) changes class numbers`;
  const cure = "save the label map as PNG, or pass the colours of the classes and set the option nearest";
  throw new Error(`Cannot read classes from ${path}: ${lossy}; ${cure}`);
}

/** Converts 16-bit label maps to bytes: class numbers keep their values, colours keep their high bytes. */
function narrowed(image: DeepImage, path: string, single: boolean): Image {
  if (!single) return high(image);
  const large = image.data.find((value) => value > 255);
  if (large === undefined) return { ...image, data: Uint8Array.from(image.data) };
  const got = `expected values from 0 to 255, got ${large}`;
  throw new RangeError(`Cannot read classes from ${path}: ${got}; number the classes from 0`);
}

function high(image: DeepImage): Image {
  return { ...image, data: Uint8Array.from(image.data, (value) => value >> 8) };
}

/** Converts 8-bit values to 16-bit values: 0 stays 0, and 255 becomes 65,535. */
function widened(image: Image): DeepImage {
  return { ...image, data: Uint16Array.from(image.data, (value) => value * 257) };
}
