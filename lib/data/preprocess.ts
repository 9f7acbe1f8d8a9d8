/** Fits images to a data set's size by resizing and cropping, mirrors them, and converts label maps to class planes.
 * @module */
import type { Sharp } from "../packages.ts";
import { type Augmentation, CENTRE, crop, enlarged, mirror, startOf } from "./augment.ts";
import { decode, inSpace, openColours, readColours } from "./decode.ts";
import { type Header, headerOf } from "./header.ts";
import type { AnyImage, Image } from "./image_bytes.ts";
import { labelNumbers, labelPlanes } from "./label_maps.ts";
import { loadSharp, toRaw, toRawDeep } from "./sharp.ts";
import { channelsOf, readsNumbers, type SideOptions } from "./side.ts";

/** The size of a data set's images, and how images are fitted to it. */
export interface Fit {
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
  /** "fill" stretches an image to the data set's size; "cover" preserves the aspect ratio and crops the excess equally on both
   * sides. */
  fit: "fill" | "cover";
  /** For a data set of crops, the factor by which images are resized before they are cropped. */
  scale?: number;
  /** Resolution that is multiplied by `scale`. Default: the resolution of the image itself. */
  resolution?: { height: number; width: number };
}

/** Maximum height and width of an image that is translated in one piece. A U-Net with 64 filters needs about 1 GB for an image of
 * this size. In a data set of crops, larger images are cropped at the centre if there is no augmentation. */
export const MOST_WHOLE = 1024;

/** The part of an image file to read: the whole image, or one half of a side-by-side image. */
export type Part = "whole" | "left" | "right";

/** A rectangle of an image, in pixels. */
export type Region = Record<"left" | "top" | "width" | "height", number>;

/** Number of pixels above which an image is resized while it is decoded, so that the full image is never in memory. A
 * side-by-side image with fewer pixels is decoded only once, which is faster. */
const LARGE = 2 ** 22;

/** Reads an image file, resizes the image to the data set's size and augments it.
 * @param fit Size of the image. Default: the size of the image in the file.
 * @throws {Error} If the file cannot be decoded; the message names the file. */
export async function readSide(
  path: string,
  fit: Fit | undefined,
  side: SideOptions,
  augmentation?: Augmentation,
  part: Part = "whole",
): Promise<AnyImage> {
  return (await readSides(path, fit, [{ side, part }], augmentation))[0]!;
}

/** Reads several parts of an image file, each in the same way as {@linkcode readSide}. Parts with the same options are decoded
 * together. */
export async function readSides(
  path: string,
  fit: Fit | undefined,
  parts: { side: SideOptions; part: Part }[],
  augmentation?: Augmentation,
): Promise<AnyImage[]> {
  const header = await headerOf(path);
  const isLarge = header.width * header.height > LARGE;
  const decoded = new Map<string, Promise<AnyImage>>();
  const decodeOnce = (side: SideOptions): Promise<AnyImage> => {
    const key = JSON.stringify(side);
    if (!decoded.has(key)) decoded.set(key, decode(path, side, header));
    return decoded.get(key)!;
  };
  return await Promise.all(parts.map(async ({ side, part }) => {
    const region = regionOf(header, part, path);
    const size = fit ?? { height: region.height, width: region.width, fit: "fill" };
    if (isLarge && !readsNumbers(side)) return await readLarge(path, region, size, side, header, augmentation);
    return await fitted(await decodeOnce(side), region, size, side, augmentation, path);
  }));
}

function regionOf({ width, height }: Header, part: Part, path: string): Region {
  if (part === "whole") return { left: 0, top: 0, width, height };
  if (width % 2 !== 0) {
    const got = `expected an even width, got ${width} pixels`;
    throw new Error(`Cannot split ${path} into a pair of images: ${got}; resize or remove the file`);
  }
  return { left: part === "left" ? 0 : width / 2, top: 0, width: width / 2, height };
}

/** Decodes a region of a colour image and resizes it at the same time. */
async function readLarge(
  path: string,
  region: Region,
  fit: Fit,
  side: SideOptions,
  header: Header,
  augmentation: Augmentation | undefined,
): Promise<AnyImage> {
  let pipeline = await openColours(path, side);
  if (region.width !== header.width) pipeline = pipeline.extract(region);
  const image = await readColours(resized(pipeline, region, fit, "cubic", augmentation), side, header, path);
  return augmentation?.mirror ? mirror(image) : image;
}

/** Fits a region of a decoded image to the data set's size and augments it.
 * @param name Name of the image, for error messages. */
async function fitted(
  whole: AnyImage,
  region: Region,
  fit: Fit,
  side: SideOptions,
  augmentation: Augmentation | undefined,
  name: string,
): Promise<AnyImage> {
  const sharp = await loadSharp();
  const isPart = region.width !== whole.width || region.height !== whole.height;
  if (side.labels !== undefined) {
    // Classify before cropping, so that `skipBad` finds all invalid pixels and errors give their true position.
    if (isPart) whole = crop(whole, region.top, region.left, region.height, region.width);
    const data = labelNumbers(whole as Image, side.labels, { nearest: side.nearest ?? false, name });
    whole = { data, height: whole.height, width: whole.width, channels: 1 };
  }
  const raw = { height: whole.height, width: whole.width, channels: whole.channels as 1 | 3 | 4 };
  let pipeline = sharp(whole.data, { raw });
  if (isPart && side.labels === undefined) pipeline = pipeline.extract(region);
  pipeline = resized(pipeline, region, fit, side.labels === undefined ? "cubic" : "nearest", augmentation);
  const deep = whole.data instanceof Uint16Array;
  const sized = await (deep ? toRawDeep : toRaw)(inSpace(pipeline, whole.channels, deep), name);
  const image = augmentation?.mirror ? mirror(sized) : sized;
  return side.labels === undefined ? image : labelPlanes(image.data as Uint8Array, channelsOf(side), image.height, image.width);
}

/** Extends a pipeline so that it resizes a region and then applies the crop of an augmentation. */
function resized(
  pipeline: Sharp,
  region: Region,
  fit: Fit,
  kernel: "cubic" | "nearest",
  augmentation: Augmentation | undefined,
): Sharp {
  const frame = frameOf(region, fit, augmentation !== undefined);
  if (frame.height !== region.height || frame.width !== region.width) {
    const how = { fit: fit.scale === undefined ? fit.fit : "fill", kernel, fastShrinkOnLoad: false } as const;
    pipeline = pipeline.resize(frame.width, frame.height, how);
  }
  if (fit.scale !== undefined && augmentation?.whole) return pipeline;
  const most = augmentation || fit.scale === undefined ? 0 : MOST_WHOLE;
  const [height, width] = [Math.min(frame.height, Math.max(fit.height, most)), Math.min(frame.width, Math.max(fit.width, most))];
  if (height === frame.height && width === frame.width) return pipeline;
  const { vertical, horizontal } = augmentation ?? CENTRE;
  // sharp computes only the extracted pixels, which is faster than cropping afterwards.
  const [top, left] = [startOf(vertical, frame.height, height), startOf(horizontal, frame.width, width)];
  return pipeline.extract({ left, top, width, height });
}

/** Returns the size to which a region is resized before it is cropped. */
function frameOf(region: Region, { height, width, scale, resolution }: Fit, augment: boolean): { height: number; width: number } {
  if (scale === undefined) return augment ? { height: enlarged(height), width: enlarged(width) } : { height, width };
  const own = resolution ?? region;
  const factor = Math.max(scale, height / own.height, width / own.width);
  const sized = (length: number, least: number) => Math.max(least, Math.round(length * factor));
  return { height: sized(own.height, height), width: sized(own.width, width) };
}
