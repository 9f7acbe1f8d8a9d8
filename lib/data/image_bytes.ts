/** Images stored as bytes, and their conversion to and from tensors; conversion of scalars to numbers.
 *
 * The inputs and outputs of networks are float32 values in [-1, 1], since generators end in a tanh, as in the papers. Files and
 * screens use bytes. An {@linkcode Image} is independent of the backend: it can be stored or sent, and need not be disposed of.
 * @module */
import * as tf from "../tf.ts";

/** An image with 8 bits per channel, in row-major order with channels last. */
export interface Image {
  /** `height * width * channels` bytes. */
  data: Uint8Array;
  /** In pixels. */
  height: number;
  /** In pixels. */
  width: number;
  /** Number of channels: 1 for greyscale, 3 for RGB, 4 for RGBA, or the number of classes for one-hot label planes. */
  channels: number;
}

/** An image with 16 bits per channel, as produced by depth cameras and medical scanners. */
export interface DeepImage extends Omit<Image, "data"> {
  /** `height * width * channels` values from 0 to 65,535. */
  data: Uint16Array;
}

/** An image with 8 or 16 bits per channel. */
export type AnyImage = Image | DeepImage;

/** Returns an array of zeros with the same number of bits per value as `data`. */
export function emptyLike(data: AnyImage["data"], length: number): AnyImage["data"] {
  return data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}

/** Converts a batch to a list of images.
 * @param images `[batch, height, width, channels]` in [-1, 1]; values outside this range are clipped. Not disposed.
 * @returns One image per element of the batch. */
export function toImages(images: tf.Tensor4D): Image[] {
  return imagesOf(images.dataSync(), images.shape);
}

/** Returns the value of a tensor with a single element, such as a loss, for tables and sentences.
 * @param digits Number of significant digits. Default: not rounded.
 * @throws {RangeError} If the tensor does not have exactly one element. */
export function toNumber(value: tf.Tensor | number, digits?: number): number {
  if (typeof value !== "number" && value.size !== 1) {
    throw new RangeError(
      `Cannot convert a tensor to a number: expected one element, got shape [${value.shape}]; use tf.mean first`,
    );
  }
  const number = typeof value === "number" ? value : value.dataSync()[0]!;
  return digits === undefined ? number : Number(number.toPrecision(digits));
}

/** Like {@linkcode toImages}, but rejects non-finite values, which would become black. Used for images that are written to files.
 * @param action The attempted action, such as "write a.png", for the error message.
 * @throws {RangeError} If a value is not finite. */
export function finiteImages(images: tf.Tensor3D | tf.Tensor4D, action: string): Image[] {
  return imagesOf(finiteValues(images, action), images.shape);
}

/** Like {@linkcode finiteImages}, but returns images with 16 bits per channel. */
export function finiteDeepImages(images: tf.Tensor3D | tf.Tensor4D, action: string): DeepImage[] {
  const values = finiteValues(images, action);
  const deep = (value: number) => Math.round(Math.min(65535, Math.max(0, (value + 1) * 32767.5)));
  return split(
    values.length,
    images.shape,
    (from, size) => Uint16Array.from({ length: size }, (_, i) => deep(values[from + i]!)),
  );
}

function finiteValues(images: tf.Tensor, action: string): ArrayLike<number> {
  const values = images.dataSync();
  let i = 0; // a plain loop, since findIndex would take a quarter of the time needed to write the file
  while (i < values.length && Number.isFinite(values[i])) i++;
  if (i === values.length) return values;
  const cure = "if a model generated the image, its training diverged: train it again with a lower learning rate";
  throw new RangeError(`Cannot ${action}: expected values in [-1, 1], got ${values[i]}; ${cure}`);
}

function imagesOf(values: ArrayLike<number>, shape: number[]): Image[] {
  return split(values.length, shape, (from, size) => {
    const bytes = new Uint8ClampedArray(size); // rounds to the nearest integer and clips
    for (let i = 0; i < size; i++) bytes[i] = (values[from + i]! + 1) * 127.5;
    return new Uint8Array(bytes.buffer);
  });
}

/** Returns the images of a batch, given a function that converts the values of one image. */
function split<Data>(length: number, shape: number[], convert: (from: number, size: number) => Data) {
  const [height, width, channels] = shape.slice(-3) as [number, number, number];
  const size = height * width * channels;
  return Array.from({ length: length / size }, (_, n) => ({ data: convert(n * size, size), height, width, channels }));
}

/** Converts images to a batch, preserving 16-bit precision.
 * @param images One or more images with the same height, width and number of channels.
 * @returns `[batch, height, width, channels]` in [-1, 1].
 * @throws {RangeError} If there are no images, or if their shapes differ. */
export function toTensor(images: AnyImage[]): tf.Tensor4D {
  const first = images[0];
  if (!first) throw new RangeError("Cannot make a batch of images: expected at least one image, got none; pass at least one");
  const { height, width, channels } = first;
  const size = height * width * channels;
  const shapeOf = (image: AnyImage) => `[${image.height}, ${image.width}, ${image.channels}]`;
  const values = new Float32Array(images.length * size);
  images.forEach((image, n) => {
    if (shapeOf(image) !== shapeOf(first)) {
      const problem = `expected ${shapeOf(first)}, the shape of the first image, got ${shapeOf(image)} for image ${n}`;
      throw new RangeError(`Cannot make a batch of images: ${problem}; resize all images to the same size`);
    }
    const half = image.data instanceof Uint16Array ? 32767.5 : 127.5;
    for (let i = 0; i < size; i++) values[n * size + i] = image.data[i]! / half - 1;
  });
  return tf.tensor4d(values, [images.length, height, width, channels]);
}

/** Converts an RGB image to greyscale with the luma weights of ITU-R BT.601, which are also used in JPEG. */
export function brightness({ data: colours, height, width, channels }: Image): Image {
  const data = new Uint8Array(height * width);
  for (let i = 0; i < data.length; i++) {
    const at = i * channels;
    data[i] = Math.round(0.299 * colours[at]! + 0.587 * colours[at + 1]! + 0.114 * colours[at + 2]!);
  }
  return { data, height, width, channels: 1 };
}
