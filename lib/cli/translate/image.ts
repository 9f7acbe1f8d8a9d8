/** Translation of one image file: how it becomes the input of a model, and how the output becomes a file.
 * @module */
import { failOn, loadSharp, readImage, toRaw } from "../../data/image.ts";
import { finiteImages, type Image } from "../../data/image_bytes.ts";
import type { TranslatingModel } from "../../systems/registry.ts";
import type * as tf from "../../tf.ts";

/** How to read an image, and how to translate it. */
export interface TranslateHow {
  /** Part of the image to translate. */
  half: "whole" | "left" | "right";
  /** Whether the network runs at the size of the image, or at the size at which the model was trained. */
  size: "input" | "model";
  /** Whether to translate from the second domain to the first. */
  back: boolean;
  noDropout: boolean;
  runningStatistics: boolean;
}

/** Reads the input of a model from an image file.
 * @returns `[1, height, width, channels]`.
 * @throws {Error} if the file cannot be read. */
export async function readInput(path: string, model: TranslatingModel, how: TranslateHow): Promise<tf.Tensor4D> {
  const whole = await readImage(path, { ...wholeSize(model, how), channels: inputChannels(model, how) });
  const [, height, width] = whole.shape;
  const { left, width: part } = partOf(path, width, how);
  if (part === width) return whole;
  const half = whole.slice([0, 0, left, 0], [1, height, part, -1]) as tf.Tensor4D;
  whole.dispose();
  return half;
}

/** Reads the alpha channel of an image file, at the size of the model's input.
 * @returns `undefined` if the image has none, or if the model receives it as part of its input. */
export async function readAlpha(path: string, model: TranslatingModel, how: TranslateHow): Promise<Image | undefined> {
  const sharp = await loadSharp();
  const { hasAlpha } = await sharp(path).metadata().catch(() => ({ hasAlpha: false })); // readInput() reports the error
  if (inputChannels(model, how) === 4 || !hasAlpha) return undefined;
  let pipeline = sharp(path, { failOn }).autoOrient().toColourspace("srgb").extractChannel("alpha");
  const size = wholeSize(model, how);
  if (size) pipeline = pipeline.resize(size.width, size.height, { fit: "fill", kernel: "cubic" });
  const whole = await toRaw(pipeline, path);
  const { left, width } = partOf(path, whole.width, how);
  const data = new Uint8Array(whole.height * width);
  for (let y = 0; y < whole.height; y++) {
    data.set(whole.data.subarray(y * whole.width + left, y * whole.width + left + width), y * width);
  }
  return { data, height: whole.height, width, channels: 1 };
}

/** Number of channels of the model's input. */
function inputChannels({ settings }: TranslatingModel, { back }: TranslateHow): 1 | 3 | 4 {
  return settings.inputChannels ?? (back ? settings.yChannels : settings.xChannels);
}

/** Size to which the whole image is resized; `undefined` if it keeps its size. A half is cropped after resizing: cropping first
 * would change only the pixels at the seam. */
function wholeSize({ settings: { size } }: TranslatingModel, how: TranslateHow): { height: number; width: number } | undefined {
  return how.size === "model" ? { height: size, width: how.half === "whole" ? size : 2 * size } : undefined;
}

/** Returns the columns to translate. If the width is odd, the middle column belongs to neither half. */
function partOf(path: string, width: number, { half }: TranslateHow): { left: number; width: number } {
  if (half === "whole") return { left: 0, width };
  const part = Math.floor(width / 2);
  if (part === 0) throw new Error(`Cannot split ${path} into halves: it is 1 pixel wide; replace or remove the file`);
  return { left: half === "left" ? 0 : width - part, width: part };
}

/** Translates one image.
 * @param input `[1, height, width, channels]`. Not disposed.
 * @param seed seed for the latent code, if the model has one.
 * @returns an image of the same height and width. */
export async function translateImage(
  model: TranslatingModel,
  input: tf.Tensor4D,
  { back, noDropout, runningStatistics }: TranslateHow,
  seed: number,
): Promise<tf.Tensor4D> {
  const direction = back ? "yToX" : "xToY";
  return await model.translate(input, { dropout: !noDropout, batchStatistics: !runningStatistics, direction, seed });
}

/** Encodes a translated image as a PNG file. A colour image gets the sRGB profile.
 * @param image `[1, height, width, channels]` in [-1, 1]. Not disposed.
 * @param alpha alpha channel to add, unless the image has one.
 * @param place path of the file, for error messages.
 * @throws {RangeError} if a value is not finite, or the image does not have 1, 3 or 4 channels. */
export async function encodeOutput(
  image: tf.Tensor4D,
  alpha: Image | undefined,
  place: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const [{ data, height, width, channels }] = finiteImages(image, `write ${place}`) as [Image];
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new RangeError(
      `Cannot write ${place}: expected 1, 3 or 4 channels, got ${channels}; use a model that generates images`,
    );
  }
  const merged = alpha && channels !== 4 ? withAlpha(data, alpha.data, channels) : { data, channels } as const;
  const pipeline = (await loadSharp())(merged.data, { raw: { height, width, channels: merged.channels } });
  const coloured = channels === 1 ? pipeline.toColourspace("b-w") : pipeline.withIccProfile("srgb");
  return await coloured.png().toBuffer();
}

function withAlpha(colours: Uint8Array, alpha: Uint8Array, own: 1 | 3): { data: Uint8Array; channels: 2 | 4 } {
  const channels = own === 1 ? 2 : 4;
  const data = new Uint8Array(alpha.length * channels);
  for (let i = 0; i < alpha.length; i++) {
    for (let c = 0; c < own; c++) data[i * channels + c] = colours[i * own + c]!;
    data[i * channels + own] = alpha[i]!;
  }
  return { data, channels };
}
