/** One side of a pair: from a file, or a part of one, to a picture of the set's size, in colour, in grey, of 16 bits, or as planes of classes.
 * @module */
import { type Augmentation, crop, enlarged, mirror } from "./augment.ts";
import { bitsOf, brightness, failOn, isTiff, loadSharp, type Pipeline, toRaw, toRawDeep } from "./image.ts";
import type { AnyImage, DeepImage, Image } from "./image_bytes.ts";
import { type Colour, labelNumbers, labelPlanes } from "./label_maps.ts";

/** How the pictures of one side are read. */
export interface SideOptions {
  /** 1 grey (luma, see {@linkcode greyToColour}), 3 RGB, 4 RGBA (opaque where the file has no alpha; elsewhere what is see-through is laid on white). Default 3. */
  channels?: 1 | 3 | 4;
  /** Bits a channel: with 16, PNG and TIFF of 16 bits keep them; files of 8 bits are read all the same. Of label maps it says nothing. Default 8. */
  depth?: 8 | 16;
  /** The files are label maps: each class becomes a plane, 1 where it is and -1 elsewhere. Given are the colours of the classes (of a palette PNG, say),
   * or their count if the files hold the numbers themselves, in grey. They are resized by nearest neighbour. */
  labels?: readonly Colour[] | number;
  /** Of label maps: a colour that is not among the classes', as jpg makes them, counts as the nearest one. Default false: it is an error. */
  nearest?: boolean;
}

/** The size that pictures are brought to, and how. */
export interface Fit {
  /** Pixels. */
  height: number;
  /** Pixels. */
  width: number;
  /** "fill" stretches a picture to the size; "cover" keeps its proportions and cuts off what is too much, alike on both ends. */
  fit: "fill" | "cover";
}

/** A part of a picture in pixels. */
export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Channels of what {@linkcode fitted} makes.
 * @throws {RangeError} if an option is not possible. */
export function channelsOfSide({ channels = 3, depth = 8, labels }: SideOptions): number {
  const fail = (what: string, wanted: string, got: unknown): never => {
    throw new RangeError(`Cannot read pictures: ${what} must be ${wanted}, got ${got}; change ${what}`);
  };
  if (![1, 3, 4].includes(channels)) fail("channels", "1 (grey), 3 (RGB) or 4 (RGBA)", channels);
  if (depth !== 8 && depth !== 16) fail("depth", "8 or 16", depth);
  if (labels === undefined) return channels;
  const count = typeof labels === "number" ? labels : labels.length;
  if (!Number.isSafeInteger(count) || count < 2 || count > 256) fail("labels", "2 to 256 classes", count);
  return count;
}

/** Decodes a file, upright, whole.
 * @throws {Error} if it cannot be decoded; the message names it. */
export async function decoded(path: string, { channels = 3, depth = 8, labels }: SideOptions): Promise<AnyImage> {
  const sharp = await loadSharp();
  const numbers = typeof labels === "number";
  const wanted = labels === undefined ? channels : numbers ? 1 : 3;
  let pipeline = sharp(path, { failOn }).autoOrient();
  pipeline = wanted === 4 ? pipeline.ensureAlpha() : pipeline.flatten({ background: "white" });
  const bits = numbers || depth === 16 || isTiff(path) ? await bitsOf(path) : "uchar";
  if (bits === "ushort" && numbers) return narrowed(await toRawDeep(inSpace(pipeline, 1, true), path), path);
  if (numbers) return await toRaw(inSpace(pipeline, 1, false), path);
  if (depth === 16 && labels === undefined) {
    if (bits === "ushort") return await toRawDeep(inSpace(pipeline, wanted, true), path);
    return widened(await toRaw(inSpace(pipeline, wanted, false), path));
  }
  if (wanted === 1) return brightness(await toRaw(inSpace(pipeline, 3, false), path));
  return await toRaw(inSpace(pipeline, wanted, false), path);
}

/** Numbers of classes that a file keeps in 16 bits. */
function narrowed({ data, ...rest }: DeepImage, path: string): Image {
  const large = data.find((value) => value > 255);
  if (large === undefined) return { data: Uint8Array.from(data), ...rest };
  throw new RangeError(`Cannot read classes from ${path}: wanted numbers from 0 to 255, got ${large}; number the classes from 0`);
}

/** Both colour spaces: sharp would else compute in 8 bits what it gives out in 16. */
function inSpace(pipeline: Pipeline, channels: number, deep: boolean): Pipeline {
  const space = channels === 1 ? (deep ? "grey16" : "b-w") : deep ? "rgb16" : "srgb";
  return deep ? pipeline.pipelineColourspace(space).toColourspace(space) : pipeline.toColourspace(space);
}

/** 8 bits as 16: white stays white. */
function widened({ data, ...rest }: Image): DeepImage {
  return { data: Uint16Array.from(data, (value) => value * 257), ...rest };
}

/** A part of a decoded picture at the set's size, augmented.
 * @param name what to call it in an error. */
export async function fitted(
  whole: AnyImage,
  part: Part,
  { height, width, fit }: Fit,
  side: SideOptions,
  augmentation: Augmentation | undefined,
  name: string,
): Promise<AnyImage> {
  const sharp = await loadSharp();
  const cut = part.width !== whole.width || part.height !== whole.height;
  if (side.labels !== undefined) {
    // All of the part is looked at, whatever of it an augmentation shows: what is no class is found before the training begins, and where it is.
    if (cut) whole = crop(whole, part.top, part.left, part.height, part.width);
    const data = labelNumbers(whole as Image, side.labels, { nearest: side.nearest ?? false, name });
    whole = { data, height: whole.height, width: whole.width, channels: 1 };
  }
  const raw = { height: whole.height, width: whole.width, channels: whole.channels as 1 | 3 | 4 };
  let pipeline = sharp(whole.data, { raw });
  if (cut && side.labels === undefined) pipeline = pipeline.extract(part);
  const resize = { fit, kernel: side.labels === undefined ? "cubic" : "nearest" } as const;
  if (augmentation) {
    // sharp computes only the part that is asked for: cheaper than cropping the bytes.
    const { left, top } = augmentation;
    pipeline = pipeline.resize(enlarged(width), enlarged(height), resize).extract({ left, top, width, height });
  } else if (part.width !== width || part.height !== height) pipeline = pipeline.resize(width, height, resize);
  const deep = whole.data instanceof Uint16Array;
  const space = inSpace(pipeline, whole.channels, deep);
  const picture = await (deep ? toRawDeep : toRaw)(space, name);
  const turned = augmentation?.mirror ? mirror(picture) : picture;
  if (side.labels === undefined) return turned;
  const classes = typeof side.labels === "number" ? side.labels : side.labels.length;
  return labelPlanes(turned.data as Uint8Array, classes, height, width);
}

/** A whole file at the set's size, augmented. */
export async function readSide(
  path: string,
  fit: Fit,
  side: SideOptions,
  augmentation?: Augmentation,
): Promise<AnyImage> {
  const whole = await decoded(path, side);
  return await fitted(whole, { left: 0, top: 0, width: whole.width, height: whole.height }, fit, side, augmentation, path);
}
