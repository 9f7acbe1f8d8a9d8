/** The native library sharp (libvips), which decodes, resizes and encodes image files. The library is loaded on first use.
 * @module */
import { loadSharp as importSharp, type Sharp } from "../packages.ts";
import { firstLine } from "./errors.ts";
import type { DeepImage, Image } from "./image_bytes.ts";

/** Strictness of sharp's decoder: warnings, such as those for truncated files, are treated as errors. */
export const failOn = "warning";

/** Maximum number of pixels in an image, as a protection against small files that decompress to a huge size. */
export const MOST_PIXELS = 2 ** 30;

let loaded: ReturnType<typeof importSharp> | undefined;

/** Loads sharp once and disables its cache, since a cached image would not reflect changes to the file. */
export function loadSharp(): ReturnType<typeof importSharp> {
  return loaded ??= importSharp().then((sharp) => {
    sharp.cache(false);
    return sharp;
  }).catch((error) => {
    loaded = undefined;
    throw new Error(`Cannot read or write images: the package sharp failed to load (${firstLine(error)}); run deno install`);
  });
}

/** Opens an image file of any size, rotates the image upright, and converts it to sRGB. Transparent pixels are
 * blended with white. */
export async function openUpright(path: string): Promise<Sharp> {
  const sharp = await loadSharp();
  const pipeline = sharp(path, { failOn, limitInputPixels: false }).autoOrient();
  return pipeline.flatten({ background: "white" }).toColourspace("srgb");
}

/** Returns the reason why sharp could not decode a file, as a single line. */
export function decodeReason(error: unknown): string {
  const reason = firstLine(error);
  // For defects detected by `failOn`, sharp's message mentions only the option.
  return /failOn/.test(reason) ? "damaged or truncated" : reason.replace(/:$/, ""); // for PNG, no detail follows
}

/** Returns the error for an image that cannot be decoded.
 * @param name Name of the image. */
export function decodeError(error: unknown, name: string): Error {
  const reason = decodeReason(error);
  if (/^input file is missing/i.test(reason)) return new Error(`Cannot read ${name}: there is no such file; check the path`);
  if (/pixel limit/.test(reason)) {
    return new Error(`Cannot read ${name}: it has more than ${MOST_PIXELS} pixels; scale it down with another program`);
  }
  return new Error(`Cannot read ${name}: sharp cannot decode it as a complete image (${reason}); replace or remove the file`);
}

/** Runs a sharp pipeline and returns 8-bit values.
 * @param name Name of the image in error messages. */
export function toRaw(pipeline: Sharp, name: string): Promise<Image> {
  return rawImage(pipeline, "uchar", name);
}

/** Runs a sharp pipeline and returns 16-bit values.
 * @param name Name of the image in error messages. */
export async function toRawDeep(pipeline: Sharp, name: string): Promise<DeepImage> {
  const { data, ...shape } = await rawImage(pipeline, "ushort", name);
  const bytes = data.byteOffset % 2 === 0 ? data : data.slice(); // a Uint16Array must start at an even offset
  return { data: new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2), ...shape };
}

async function rawImage(pipeline: Sharp, depth: "uchar" | "ushort", name: string): Promise<Image> {
  try {
    const { data, info } = await pipeline.raw({ depth }).toBuffer({ resolveWithObject: true });
    return { data: plainBytes(data), height: info.height, width: info.width, channels: info.channels };
  } catch (error) {
    throw decodeError(error, name);
  }
}

/** Returns the bytes of a Node Buffer as a plain Uint8Array, without copying them. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
