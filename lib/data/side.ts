/** One side of a pair: from a file, or a part of one, to a picture of the set's size, in colour, in grey, of 16 bits, or as planes of classes.
 * @module */
import { failOn, loadSharp, type Pipeline } from "./_sharp.ts";
import { type Augmentation, enlarged, mirror } from "./augment.ts";
import { toRaw, toRawDeep } from "./image.ts";
import { type Colour, labelNumbers, labelPlanes } from "./label_maps.ts";
import type { AnyPicture, DeepPicture, Picture } from "./picture.ts";

/** How the pictures of one side are read. */
export interface SideOptions {
  /** 1 grey, 3 RGB, 4 RGBA (opaque where the file has no alpha; elsewhere what is see-through is laid on white). Default 3. */
  channels?: 1 | 3 | 4;
  /** Bits a channel: with 16, PNG and TIFF of 16 bits keep them; files of 8 bits are read all the same. Default 8. */
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
export async function decoded(path: string, { channels = 3, depth = 8, labels }: SideOptions): Promise<AnyPicture> {
  const sharp = await loadSharp();
  const wanted = labels === undefined ? channels : typeof labels === "number" ? 1 : 3;
  let pipeline = sharp(path, { failOn }).autoOrient();
  pipeline = wanted === 4 ? pipeline.ensureAlpha() : pipeline.flatten({ background: "white" });
  if (depth === 16 && labels === undefined) {
    const bits = await sharp(path).metadata().then((about) => about.depth, () => "uchar"); // what is wrong with it, decoding tells
    if (bits === "ushort") return await toRawDeep(inSpace(pipeline, wanted, true), path);
    return widened(await toRaw(inSpace(pipeline, wanted, false), path));
  }
  return await toRaw(inSpace(pipeline, wanted, false), path);
}

/** Both colour spaces: sharp would else compute in 8 bits what it gives out in 16. */
function inSpace(pipeline: Pipeline, channels: number, deep: boolean): Pipeline {
  const space = channels === 1 ? (deep ? "grey16" : "b-w") : deep ? "rgb16" : "srgb";
  return deep ? pipeline.pipelineColourspace(space).toColourspace(space) : pipeline.toColourspace(space);
}

/** 8 bits as 16: white stays white. */
function widened({ data, ...rest }: Picture): DeepPicture {
  return { data: Uint16Array.from(data, (value) => value * 257), ...rest };
}

/** A part of a decoded picture at the set's size, augmented.
 * @param name what to call it in an error. */
export async function fitted(
  whole: AnyPicture,
  part: Part,
  { height, width, fit }: Fit,
  side: SideOptions,
  augmentation: Augmentation | undefined,
  name: string,
): Promise<AnyPicture> {
  const sharp = await loadSharp();
  const raw = { height: whole.height, width: whole.width, channels: whole.channels as 1 | 3 | 4 };
  let pipeline = sharp(whole.data, { raw });
  if (part.width !== whole.width || part.height !== whole.height) pipeline = pipeline.extract(part);
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
  return side.labels === undefined ? turned : planes(turned as Picture, side, name);
}

function planes(picture: Picture, { labels, nearest = false }: SideOptions, name: string): Picture {
  const numbers = labelNumbers(picture, labels!, { nearest, name });
  const classes = typeof labels === "number" ? labels : labels!.length;
  return labelPlanes(numbers, classes, picture.height, picture.width);
}

/** A whole file at the set's size, augmented. */
export async function readSide(
  path: string,
  fit: Fit,
  side: SideOptions,
  augmentation?: Augmentation,
): Promise<AnyPicture> {
  const whole = await decoded(path, side);
  return await fitted(whole, { left: 0, top: 0, width: whole.width, height: whole.height }, fit, side, augmentation, path);
}
