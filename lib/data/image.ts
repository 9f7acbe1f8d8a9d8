/** Reading and writing picture files, with sharp (libvips): jpg, png, webp, tiff, gif, avif, svg.
 *
 * What becomes of a file on its way to bytes, always: it is turned upright as its EXIF orientation says; colours become sRGB, 8 bits a channel
 * (16-bit files are brought down to 8); of an animation the first frame is taken; what is see-through is laid on white, unless four channels are asked for.
 * A damaged file is an error, never half a picture.
 * @module */
import { loadSharp as load, type Sharp } from "../packages.ts";
import type * as tf from "../tf.ts";
import { type DeepImage, finiteImages, type Image, toTensor } from "./image_bytes.ts";

/** The function that the package gives. */
export type SharpModule = Awaited<ReturnType<typeof load>>;
/** One chain of sharp's operations. */
export type Pipeline = Sharp;

/** What sharp calls trouble while it decodes; "warning" is its strictest: a cut or damaged picture is an error, never half a picture. */
export const failOn = "warning";

let loaded: Promise<SharpModule> | undefined;

/** Loads sharp once. Its cache of decoded files is turned off: each file is read once an epoch, and a file that was replaced would be shown as it was. */
export function loadSharp(): Promise<SharpModule> {
  loaded ??= load().then((sharp) => {
    sharp.cache(false);
    return sharp;
  }).catch((error) => {
    loaded = undefined;
    throw new Error(`Cannot read or write pictures: the package sharp does not load (${firstLine(error)}); run deno install`);
  });
  return loaded;
}

/** Why sharp could not decode something, on one line. */
export function decodeReason(error: unknown): string {
  const reason = firstLine(error);
  // sharp's own words for what `failOn` found tell a person nothing.
  return /failOn/.test(reason) ? "damaged or cut short" : reason;
}

/** An error's message on one line. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n").find((line) => line.trim()) ?? "no reason given").trim();
}

/** How to read a picture. */
export interface ReadOptions {
  /** Height and width in pixels; the picture is stretched to it by cubic interpolation. Default: as in the file. */
  size?: number;
  /** In pixels, with `width`, instead of `size`. */
  height?: number;
  /** In pixels, with `height`, instead of `size`. */
  width?: number;
  /** 1 grey, 3 RGB, 4 RGBA (opaque where the file has no alpha). Default 3. */
  channels?: 1 | 3 | 4;
  /** What to call it in an error, if it is given as bytes. */
  name?: string;
}

/** Reads a picture as a batch of one for a network.
 * @param source a path, or the file's bytes.
 * @returns `[1, height, width, channels]` in [-1, 1].
 * @throws {RangeError} if a size or the channels are not possible.
 * @throws {Error} if the file cannot be read or decoded; the message names it. */
export async function readImage(source: string | Uint8Array, options: ReadOptions = {}): Promise<tf.Tensor4D> {
  return toTensor([await readImageBytes(source, options)]);
}

/** Reads a picture as bytes. Like {@linkcode readImage}, without tensors. */
export async function readImageBytes(source: string | Uint8Array, options: ReadOptions = {}): Promise<Image> {
  const size = targetSize(options);
  const channels = options.channels ?? 3;
  if (![1, 3, 4].includes(channels)) {
    throw new RangeError(
      `Cannot read a picture with ${channels} channels: wanted 1 (grey), 3 (RGB) or 4 (RGBA); choose one of them`,
    );
  }
  const sharp = await loadSharp();
  if (typeof source === "string" && isTiff(source)) await bitsOf(source);
  let pipeline = sharp(source, { failOn }).autoOrient();
  // Alpha first: resizing would mix the hidden colours of see-through pixels into their neighbours.
  pipeline = channels === 4 ? pipeline.ensureAlpha() : pipeline.flatten({ background: "white" });
  if (size) pipeline = pipeline.resize(size.width, size.height, { fit: "fill", kernel: "cubic" });
  const name = typeof source === "string" ? source : options.name ?? "the picture given as bytes";
  const picture = await toRaw(pipeline.toColourspace("srgb"), name);
  return channels === 1 ? brightness(picture) : picture;
}

/** What is left of a picture without its colours: luma of ITU-R BT.601, as television and jpg have it; of a grey picture what it was. */
export function brightness({ data: colours, height, width, channels }: Image): Image {
  const data = new Uint8Array(height * width);
  for (let i = 0; i < data.length; i++) {
    const at = i * channels;
    data[i] = Math.round(0.299 * colours[at]! + 0.587 * colours[at + 1]! + 0.114 * colours[at + 2]!);
  }
  return { data, height, width, channels: 1 };
}

/** Only TIFF keeps other numbers than those of 8 and 16 bits. */
export function isTiff(path: string): boolean {
  return /\.tiff?$/i.test(path);
}

/** How many bits a file has for each value: "uchar" is 8, "ushort" 16.
 * @throws {Error} if it has other numbers, as depth cameras and telescopes write them: as bytes they would all be black. What else is wrong with a file is
 * told where it is decoded. */
export async function bitsOf(path: string): Promise<"uchar" | "ushort"> {
  const sharp = await loadSharp();
  const depth = await sharp(path).metadata().then((about) => about.depth, () => "uchar");
  if (depth === "uchar" || depth === "ushort") return depth;
  throw new Error(`Cannot read ${path}: wanted 8 or 16 bits a channel, got numbers of the kind ${depth}; convert it`);
}

/** Runs a pipeline to its bytes.
 * @param name what to call the picture in an error. */
export async function toRaw(pipeline: Pipeline, name: string): Promise<Image> {
  try {
    const { data, info } = await pipeline.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return { data: plainBytes(data), height: info.height, width: info.width, channels: info.channels };
  } catch (error) {
    throw readError(error, name);
  }
}

/** Runs a pipeline to its numbers of 16 bits.
 * @param name what to call the picture in an error. */
export async function toRawDeep(pipeline: Pipeline, name: string): Promise<DeepImage> {
  try {
    const { data, info } = await pipeline.raw({ depth: "ushort" }).toBuffer({ resolveWithObject: true });
    const bytes = data.byteOffset % 2 === 0 ? data : data.slice(); // numbers of two bytes must begin at an even place
    const numbers = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    return { data: numbers, height: info.height, width: info.width, channels: info.channels };
  } catch (error) {
    throw readError(error, name);
  }
}

/** Writes a picture; the name's ending says in which format.
 * @param image `[1, height, width, channels]` or `[height, width, channels]` in [-1, 1], with 1, 3 or 4 channels. Not disposed.
 * @throws {RangeError} if it is a batch of several, has another number of channels, or a value in it is not finite.
 * @throws {Error} if the file cannot be written. */
export async function writeImage(path: string, image: tf.Tensor3D | tf.Tensor4D): Promise<void> {
  if (image.rank === 4 && image.shape[0] !== 1) {
    throw new RangeError(`Cannot write ${path}: wanted one picture, got a batch of ${image.shape[0]}; write them one by one`);
  }
  const batch = image.rank === 4 ? image.clone() : image.expandDims(0);
  let picture: Image;
  try {
    picture = finiteImages(batch as tf.Tensor4D, `write ${path}`)[0]!;
  } finally {
    batch.dispose();
  }
  const pipeline = await fromRaw(picture);
  try {
    await pipeline.toFile(path);
  } catch (error) {
    throw new Error(
      `Cannot write ${path}: ${firstLine(error)}; check that the folder exists and that the name ends in .png or .jpg`,
    );
  }
}

/** A picture as the bytes of a PNG file: exact, unlike jpg.
 * @throws {RangeError} if it has not 1, 3 or 4 channels. */
export async function encodePng(picture: Image): Promise<Uint8Array> {
  return plainBytes(await (await fromRaw(picture)).png().toBuffer());
}

async function fromRaw({ data, height, width, channels }: Image): Promise<Pipeline> {
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new RangeError(`Cannot write a picture with ${channels} channels: wanted 1, 3 or 4; choose the planes to show`);
  }
  return (await loadSharp())(data, { raw: { height, width, channels } });
}

function targetSize({ size, height, width }: ReadOptions): { height: number; width: number } | undefined {
  if (size === undefined && height === undefined && width === undefined) return undefined;
  const target = { height: height ?? size ?? NaN, width: width ?? size ?? NaN };
  checkSize("read a picture", target.height, target.width);
  return target;
}

/** @throws {RangeError} unless both are whole numbers from 1. */
export function checkSize(action: string, height: number, width: number): void {
  if ([height, width].every((length) => Number.isSafeInteger(length) && length > 0)) return;
  throw new RangeError(
    `Cannot ${action}: height and width must be whole numbers of pixels from 1, got [${height}, ${width}]; give size, or both height and width`,
  );
}

function readError(error: unknown, name: string): Error {
  const reason = decodeReason(error);
  if (/^input file is missing/i.test(reason)) return new Error(`Cannot read ${name}: there is no such file; check the path`);
  return new Error(
    `Cannot read ${name}: it is not a whole picture that sharp can decode (${reason}); replace or remove the file`,
  );
}

/** The same bytes without Node's Buffer around them. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
