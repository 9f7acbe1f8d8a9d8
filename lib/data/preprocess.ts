/** Preprocessing of image files for data sets: decoding, conversion (to the requested channels and bit depth, or to class
 * planes), resizing, cropping and mirroring.
 * @module */
import type { Sharp } from "../packages.ts";
import { type Augmentation, crop, enlarged, mirror } from "./augment.ts";
import { bitsOf, brightness, failOn, isTiff, loadSharp, toRaw, toRawDeep } from "./image.ts";
import type { AnyImage, DeepImage, Image } from "./image_bytes.ts";
import { type Colour, labelNumbers, labelPlanes } from "./label_maps.ts";

/** How to read one side of a data set, that is, the inputs, the targets, domain A or domain B. */
export interface SideOptions {
  /** Number of channels: 1 for greyscale (luma, see {@linkcode greyToColour}), 3 for RGB, 4 for RGBA (opaque if the file has
   * no alpha channel). With 1 or 3 channels, transparent pixels are blended with white. Default 3. */
  channels?: 1 | 3 | 4;
  /** Bits per channel. A depth of 16 preserves the precision of 16-bit PNG and TIFF files; 8-bit files can be read too. Has no
   * effect on label maps. Default 8. */
  depth?: 8 | 16;
  /** Reads the files as label maps, with one plane per class: 1 where a pixel belongs to the class, -1 elsewhere. Pass the
   * colours of the classes (for example, those of a palette PNG), or the number of classes if the files are greyscale images
   * whose values are class indices. Label maps are resized with nearest-neighbour interpolation. */
  labels?: readonly Colour[] | number;
  /** For label maps: whether to map a colour outside the palette, such as one altered by JPEG compression, to the nearest
   * palette colour. By default, colours outside the palette cause an error. */
  nearest?: boolean;
}

/** The size of a data set's images, and how images are fitted to it. */
export interface Fit {
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
  /** "fill" stretches an image to this size; "cover" preserves the aspect ratio and crops the excess equally on both sides. */
  fit: "fill" | "cover";
}

/** A rectangular region of an image, in pixels. */
export type Region = Record<"left" | "top" | "width" | "height", number>;

/** Returns the number of channels in the images that {@linkcode readSide} returns.
 * @throws {RangeError} if an option is invalid. */
export function channelsOf({ channels = 3, depth = 8, labels }: SideOptions): number {
  const fail = (what: string, expected: string, got: unknown): never => {
    throw new RangeError(`Cannot read images: ${what} must be ${expected}, got ${got}; change ${what}`);
  };
  if (![1, 3, 4].includes(channels)) fail("channels", "1 (greyscale), 3 (RGB) or 4 (RGBA)", channels);
  if (depth !== 8 && depth !== 16) fail("depth", "8 or 16", depth);
  if (labels === undefined) return channels;
  const count = typeof labels === "number" ? labels : labels.length;
  if (!Number.isSafeInteger(count) || count < 2 || count > 256) fail("labels", "2 to 256 classes", count);
  return count;
}

/** Decodes a whole image file and rotates the image upright.
 * @throws {Error} if the file cannot be decoded; the message names it. */
export async function decode(path: string, { channels = 3, depth = 8, labels }: SideOptions): Promise<AnyImage> {
  const sharp = await loadSharp();
  const byValue = typeof labels === "number";
  const wanted = labels === undefined ? channels : byValue ? 1 : 3;
  let pipeline = sharp(path, { failOn }).autoOrient();
  pipeline = wanted === 4 ? pipeline.ensureAlpha() : pipeline.flatten({ background: "white" });
  const bits = byValue || depth === 16 || isTiff(path) ? await bitsOf(path) : "uchar";
  if (bits === "ushort" && byValue) return narrowed(await toRawDeep(inSpace(pipeline, 1, true), path), path);
  if (byValue) return await toRaw(inSpace(pipeline, 1, false), path);
  if (depth === 16 && labels === undefined) {
    if (bits === "ushort") return await toRawDeep(inSpace(pipeline, wanted, true), path);
    return widened(await toRaw(inSpace(pipeline, wanted, false), path));
  }
  if (wanted === 1) return brightness(await toRaw(inSpace(pipeline, 3, false), path));
  return await toRaw(inSpace(pipeline, wanted, false), path);
}

/** Converts class indices stored as 16-bit values to bytes. */
function narrowed({ data, ...rest }: DeepImage, path: string): Image {
  const large = data.find((value) => value > 255);
  if (large === undefined) return { data: Uint8Array.from(data), ...rest };
  throw new RangeError(
    `Cannot read classes from ${path}: expected values from 0 to 255, got ${large}; number the classes from 0`,
  );
}

/** Sets both the working and the output colour space: sharp would otherwise compute 16-bit output with 8-bit precision. */
function inSpace(pipeline: Sharp, channels: number, deep: boolean): Sharp {
  const space = channels === 1 ? (deep ? "grey16" : "b-w") : deep ? "rgb16" : "srgb";
  return deep ? pipeline.pipelineColourspace(space).toColourspace(space) : pipeline.toColourspace(space);
}

/** Converts 8-bit values to 16-bit values: 0 remains 0, and 255 becomes 65535. */
function widened({ data, ...rest }: Image): DeepImage {
  return { data: Uint16Array.from(data, (value) => value * 257), ...rest };
}

/** Resizes a region of a decoded image to the data set's image size and augments it.
 * @param name name of the image, for error messages. */
export async function resizeRegion(
  whole: AnyImage,
  region: Region,
  { height, width, fit }: Fit,
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
  const resize = { fit, kernel: side.labels === undefined ? "cubic" : "nearest" } as const;
  if (augmentation) {
    // sharp computes only the extracted pixels, which is faster than cropping afterwards.
    const { left, top } = augmentation;
    pipeline = pipeline.resize(enlarged(width), enlarged(height), resize).extract({ left, top, width, height });
  } else if (region.width !== width || region.height !== height) pipeline = pipeline.resize(width, height, resize);
  const deep = whole.data instanceof Uint16Array;
  const resized = await (deep ? toRawDeep : toRaw)(inSpace(pipeline, whole.channels, deep), name);
  const image = augmentation?.mirror ? mirror(resized) : resized;
  if (side.labels === undefined) return image;
  const classes = typeof side.labels === "number" ? side.labels : side.labels.length;
  return labelPlanes(image.data as Uint8Array, classes, height, width);
}

/** Reads an image file, resizes the image to the data set's image size and augments it.
 * @throws {Error} if the file cannot be decoded; the message names it. */
export async function readSide(path: string, fit: Fit, side: SideOptions, augmentation?: Augmentation): Promise<AnyImage> {
  const whole = await decode(path, side);
  return await resizeRegion(whole, { left: 0, top: 0, width: whole.width, height: whole.height }, fit, side, augmentation, path);
}
