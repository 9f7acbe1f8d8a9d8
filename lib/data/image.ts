/** Reads and writes image files with sharp (libvips): JPEG, PNG, WebP, TIFF, GIF, AVIF and SVG.
 *
 * All files are decoded in the same way: images are rotated according to their EXIF orientation and converted to sRGB with 8 bits
 * per channel, only the first frame of an animation is read, and transparent pixels are blended onto white unless 4 channels are
 * requested. A damaged or truncated file causes an error. sharp, a native library, is loaded on first use.
 * @module */
import { dimensionsOf, type Size } from "../settings.ts";
import * as tf from "../tf.ts";
import type { Sharp } from "../packages.ts";
import { inSpace, openColours } from "./decode.ts";
import { headerOf } from "./header.ts";
import { firstLine } from "./errors.ts";
import { type AnyImage, brightness, finiteDeepImages, finiteImages, type Image, toTensor } from "./image_bytes.ts";
import { labelMap, likeliestLabels } from "./label_maps.ts";
import { loadSharp, plainBytes, toRaw } from "./sharp.ts";
import type { SideOptions } from "./side.ts";

/** Size of an image, in pixels. */
export interface SizeOptions {
  /** Height and width: a number if they are equal, otherwise `[height, width]`. */
  size?: Size;
  /** Height in pixels, as an alternative to `size`; requires `width`. */
  height?: number;
  /** Width in pixels, as an alternative to `size`; requires `height`. */
  width?: number;
}

/** Options for {@linkcode readImage}. If a size is given, the image is resized to it with cubic interpolation, without
 * preserving the aspect ratio; by default, the image keeps its original size. */
export interface ReadOptions extends SizeOptions {
  /** Number of channels: 1 for greyscale, 3 for RGB, 4 for RGBA (opaque if the file has no alpha channel). Default 3. */
  channels?: 1 | 3 | 4;
  /** Name of the image in error messages, if the source is a byte array. */
  name?: string;
}

/** Reads an image as a batch of one.
 * @param source The path or the contents of an image file.
 * @returns `[1, height, width, channels]` in [-1, 1].
 * @throws {RangeError} If the size or the number of channels is invalid.
 * @throws {Error} If the file cannot be read or decoded; the message names it. */
export async function readImage(source: string | Uint8Array, options: ReadOptions = {}): Promise<tf.Tensor4D> {
  return toTensor([await readImageBytes(source, options)]);
}

/** Like {@linkcode readImage}, but returns the image as bytes instead of a tensor. */
export async function readImageBytes(source: string | Uint8Array, options: ReadOptions = {}): Promise<Image> {
  const { channels = 3 } = options;
  const resized = (options.size ?? options.height ?? options.width) !== undefined;
  const size = resized && sizeOf("read an image", options);
  if (![1, 3, 4].includes(channels)) {
    const got = `1 (greyscale), 3 (RGB) or 4 (RGBA), got ${channels}`;
    throw new RangeError(`Cannot read an image: the option channels must be ${got}; change channels`);
  }
  if (typeof source === "string") await headerOf(source); // reports values that cannot be read
  // Blended before resizing; otherwise the hidden colours of transparent pixels would leak into their neighbours.
  let pipeline = await openColours(source, { channels });
  if (size) pipeline = pipeline.resize(size.width, size.height, { fit: "fill", kernel: "cubic" });
  const name = typeof source === "string" ? source : options.name ?? "the image passed as bytes";
  const image = await toRaw(pipeline.toColourspace("srgb"), name);
  return channels === 1 ? brightness(image) : image;
}

/** Writes an image file; the extension of the path determines its format.
 * @param image `[1, height, width, channels]` or `[height, width, channels]` in [-1, 1]. Not disposed.
 * @param side Options that specify what the channels represent. Default: 8-bit greyscale or colours. Label planes are converted
 * to a label map, in which each pixel has the value or the colour of its most likely class; write label maps as PNG files.
 * @throws {RangeError} If the tensor is a batch of several images, or if the number of channels or a value is invalid.
 * @throws {Error} If the file cannot be written. */
export async function writeImage(path: string, image: tf.Tensor3D | tf.Tensor4D, side: SideOptions = {}): Promise<void> {
  if (image.rank === 4 && image.shape[0] !== 1) {
    throw new RangeError(
      `Cannot write ${path}: expected one image, got a batch of ${image.shape[0]}; write the images one by one`,
    );
  }
  const pipeline = await fromRaw(pixelsOf(image, side, `write ${path}`));
  try {
    await pipeline.toFile(path);
  } catch (error) {
    const cure = "check that the folder exists and that the name ends in .png or .jpg";
    throw new Error(`Cannot write ${path}: ${firstLine(error)}; ${cure}`);
  }
}

/** Converts an image tensor to pixels that can be written to a file.
 * @param side Options that specify what the channels represent.
 * @param action The attempted action, such as "write a.png", for the error message.
 * @throws {RangeError} If a value is not finite, or if the number of channels is invalid. */
export function pixelsOf(image: tf.Tensor3D | tf.Tensor4D, { labels, depth }: SideOptions, action: string): AnyImage {
  const deep = depth === 16 && labels === undefined;
  const pixels = (deep ? finiteDeepImages(image, action) : finiteImages(image, action))[0]!;
  if (labels === undefined) return pixels;
  const { height, width, channels } = pixels;
  const numbers = tf.tidy(() => likeliestLabels(tf.reshape(image, [1, height, width, channels])))[0]!;
  return labelMap(numbers, labels, height, width);
}

/** Encodes an image losslessly as a PNG file.
 * @throws {RangeError} If the image does not have 1, 3 or 4 channels. */
export async function encodePng(image: Image): Promise<Uint8Array> {
  return plainBytes(await (await fromRaw(image)).png().toBuffer());
}

async function fromRaw({ data, height, width, channels }: AnyImage): Promise<Sharp> {
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new RangeError(`Cannot write an image with ${channels} channels: expected 1, 3 or 4; select the channels to write`);
  }
  return inSpace((await loadSharp())(data, { raw: { height, width, channels } }), channels, data instanceof Uint16Array);
}

/** Returns the size given by the options.
 * @throws {RangeError} If the height or the width is not a positive integer. */
export function sizeOf(action: string, options: SizeOptions): { height: number; width: number } {
  const sides = dimensionsOf(options.size ?? NaN);
  const { height = sides.height, width = sides.width } = options;
  if ([height, width].every((length) => Number.isSafeInteger(length) && length > 0)) return { height, width };
  const got = `[${height}, ${width}]; set size, or height and width`;
  throw new RangeError(`Cannot ${action}: height and width must be positive integers, got ${got}`);
}
