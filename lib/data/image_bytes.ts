/** Pictures as bytes and as tensors.
 *
 * Networks read float32 in [-1, 1], since the generators of all the course's papers end in a tanh; files and screens hold bytes.
 * A {@linkcode Image} is the bytes, free of any backend, so that it can be kept, sent and saved without care for tensors.
 * @module */
import * as tf from "../tf.ts";

/** A picture as bytes, row by row, channels last. */
export interface Image {
  /** `height * width * channels` bytes, 0 to 255. */
  data: Uint8Array;
  /** In pixels. */
  height: number;
  /** In pixels. */
  width: number;
  /** 1 grey, 3 RGB, 4 RGBA; other counts are label planes. */
  channels: number;
}

/** A picture of 16 bits a channel, row by row, channels last: what depth cameras, telescopes and medical scanners write. */
export interface DeepImage {
  /** `height * width * channels` numbers, 0 to 65,535. */
  data: Uint16Array;
  height: number;
  width: number;
  /** As in {@linkcode Image}. */
  channels: number;
}

/** A picture of 8 or of 16 bits a channel. */
export type AnyImage = Image | DeepImage;

/** The pictures of a batch as bytes.
 * @param images `[batch, height, width, channels]` in [-1, 1]; what lies outside is clipped. Not disposed.
 * @returns one picture for each of the batch. */
export function toImages(images: tf.Tensor4D): Image[] {
  return picturesOf(images.dataSync(), images.shape);
}

/** As {@linkcode toImages}, for pictures that are kept: what is no number would become black.
 * @param action what the pictures are for, in the words of an error: "write a.png".
 * @throws {RangeError} if a value is not finite. */
export function finiteImages(images: tf.Tensor4D, action: string): Image[] {
  const values = images.dataSync();
  let i = 0; // by hand, for findIndex takes as long as a quarter of the writing
  while (i < values.length && Number.isFinite(values[i])) i++;
  if (i === values.length) return picturesOf(values, images.shape);
  const cure = "if a model made it, its training blew up: train it again, with a lower learning rate";
  throw new RangeError(`Cannot ${action}: wanted colours in [-1, 1], got ${values[i]}; ${cure}`);
}

function picturesOf(values: ArrayLike<number>, [batch, height, width, channels]: tf.Tensor4D["shape"]): Image[] {
  const size = height * width * channels;
  return Array.from({ length: batch }, (_, n) => {
    // Clamped arrays round to nearest and clip, which is just what turns a colour into a byte.
    const bytes = new Uint8ClampedArray(size);
    for (let i = 0; i < size; i++) bytes[i] = (values[n * size + i]! + 1) * 127.5;
    return { data: new Uint8Array(bytes.buffer), height, width, channels };
  });
}

/** Pictures of one size as a batch; nothing of 16 bits is lost.
 * @param pictures at least one, all of the same height, width and channels.
 * @returns `[batch, height, width, channels]` in [-1, 1].
 * @throws {RangeError} if there are none, or they differ in size. */
export function toTensor(pictures: AnyImage[]): tf.Tensor4D {
  const first = pictures[0];
  if (!first) throw new RangeError("Cannot make a batch of pictures: wanted at least one, got none; give a list with a picture");
  const { height, width, channels } = first;
  const size = height * width * channels;
  const values = new Float32Array(pictures.length * size);
  pictures.forEach((picture, n) => {
    if (picture.height !== height || picture.width !== width || picture.channels !== channels) {
      throw new RangeError(
        `Cannot make a batch of pictures: all must be [${height}, ${width}, ${channels}] like the first, number ${n} is ` +
          `[${picture.height}, ${picture.width}, ${picture.channels}]; resize them to one size`,
      );
    }
    const half = picture.data instanceof Uint16Array ? 32767.5 : 127.5;
    for (let i = 0; i < size; i++) values[n * size + i] = picture.data[i]! / half - 1;
  });
  return tf.tensor4d(values, [pictures.length, height, width, channels]);
}
