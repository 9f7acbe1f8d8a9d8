/** Translates one image file: converts it to the input of a model, and converts the output to a file.
 * @module */
import { inSpace } from "../../data/decode.ts";
import type { Header } from "../../data/header.ts";
import { pixelsOf } from "../../data/image.ts";
import { type AnyImage, type Image, toTensor } from "../../data/image_bytes.ts";
import { type Fit, type Part, readSide } from "../../data/preprocess.ts";
import { failOn, loadSharp, MOST_PIXELS, toRaw, toRawDeep } from "../../data/sharp.ts";
import { meaningOf, type SideOptions } from "../../data/side.ts";
import { dimensionsOf } from "../../settings.ts";
import type { SomeModel, TranslatingModel } from "../../systems/registry.ts";
import type * as tf from "../../tf.ts";
import { recordedSide } from "../../train/provenance.ts";

/** How to read an image, how to translate it, and how to write it. */
export interface TranslateHow {
  /** Part of the image to translate. */
  half: Part;
  /** Size of the output: the size of the input image, or the size of the images that the model was trained on. */
  size: "input" | "model";
  /** If `size` is "input", the factor by which images were resized in training before they were cropped. */
  scale: number;
  /** Maximum height and width of an image that is translated in one piece. */
  tile: number;
  /** Meaning of the channels in the input and output files. */
  sides: Record<"input" | "output", SideOptions>;
  /** Whether to translate from the second domain to the first. */
  back: boolean;
  noDropout: boolean;
  runningStatistics: boolean;
}

/** Returns the meaning of the channels in the input and output files of a model.
 * @param back Whether to translate from the second domain to the first.
 * @param folder The model's folder, for the error message.
 * @throws {Error} If the model's folder does not record the meaning, and the number of channels is not that of a colour image. */
export function fileSides(
  { provenance, settings }: SomeModel,
  back: boolean,
  folder: string,
): Record<"input" | "output", SideOptions> {
  const { inputChannels, outputChannels, xChannels, yChannels } = settings;
  const sides = inputChannels === undefined
    ? [recordedSide(provenance, "a", xChannels, folder), recordedSide(provenance, "b", yChannels, folder)]
    : [recordedSide(provenance, "input", inputChannels, folder), recordedSide(provenance, "target", outputChannels, folder)];
  const [input, output] = back ? sides.reverse() : sides;
  return { input: input!, output: output! };
}

/** Reads the input of a model from an image file.
 * @returns `[1, height, width, channels]`.
 * @throws {Error} If the file cannot be read. */
export async function readInput(
  path: string,
  header: Header,
  model: TranslatingModel,
  how: TranslateHow,
): Promise<tf.Tensor4D> {
  const fit = how.size === "model" ? modelFit(model) : { ...runSize(inputSize(header, how), how), fit: "fill" as const };
  return toTensor([await readSide(path, fit, how.sides.input, undefined, how.half)]);
}

/** Returns the size of the images that the model was trained on. */
function modelFit({ settings }: TranslatingModel): Fit {
  return { ...dimensionsOf(settings.size), fit: "fill" };
}

/** Returns the height and width of the part of an image that is translated. */
export function inputSize({ height, width }: Header, { half }: TranslateHow): { height: number; width: number } {
  return { height, width: half === "whole" ? width : width / 2 };
}

/** Returns the height and width to which an image is resized before it is translated. */
export function runSize(image: { height: number; width: number }, { scale }: TranslateHow): { height: number; width: number } {
  const scaled = (length: number) => scale === 1 ? length : Math.max(1, Math.round(length * scale));
  return { height: scaled(image.height), width: scaled(image.width) };
}

/** Reads the alpha channel of an image file, at the size of the output.
 * @returns `undefined` if the image has no alpha channel, if the model takes the alpha channel as an input, or if the model does
 * not translate colours. */
export async function readAlpha(
  path: string,
  header: Header,
  model: TranslatingModel,
  how: TranslateHow,
): Promise<Image | undefined> {
  const { input, output } = how.sides;
  if (input.channels === 4 || meaningOf(input) !== "colours" || meaningOf(output) !== "colours") return undefined;
  if (!header.hasAlpha) return undefined;
  const sharp = await loadSharp();
  let pipeline = sharp(path, { failOn, limitInputPixels: MOST_PIXELS }).autoOrient().toColourspace("srgb").extractChannel(
    "alpha",
  );
  const width = how.half === "whole" ? header.width : header.width / 2;
  const alpha = await toRaw(pipeline, path);
  const raw = { height: alpha.height, width: alpha.width, channels: 1 } as const;
  pipeline = sharp(alpha.data, { raw }).extract({ left: how.half === "right" ? width : 0, top: 0, width, height: header.height });
  const fit = how.size === "model" ? modelFit(model) : undefined;
  if (fit) pipeline = pipeline.resize(fit.width, fit.height, { fit: "fill", kernel: "cubic" });
  return await toRaw(pipeline.toColourspace("b-w"), path);
}

/** Translates one image.
 * @param input The image to translate: `[1, height, width, channels]`. Not disposed.
 * @param seed The seed for the latent code, if the model has one.
 * @returns An image with the height and width of the input. */
export async function translateImage(
  model: TranslatingModel,
  input: tf.Tensor4D,
  { back, noDropout, runningStatistics }: TranslateHow,
  seed: number,
): Promise<tf.Tensor4D> {
  const direction = back ? "yToX" : "xToY";
  return await model.translate(input, { dropout: !noDropout, batchStatistics: !runningStatistics, direction, seed });
}

/** Encodes a translated image as a PNG file. The sRGB profile is embedded in colour images.
 * @param image The image to encode: `[1, height, width, channels]` in [-1, 1]. Not disposed; read before the function returns.
 * @param alpha The alpha channel to add, unless the image has one.
 * @param place The path of the file, for error messages.
 * @param size The height and width of the output. Default: the height and width of the translated image.
 * @throws {RangeError} If a value is not finite, or if the number of channels is invalid. */
export async function encodeOutput(
  image: tf.Tensor4D,
  { sides: { output } }: TranslateHow,
  alpha: Image | undefined,
  place: string,
  size?: { height: number; width: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const translated = pixelsOf(image, output, `write ${place}`);
  const pixels = size ? await resized(translated, size, output, place) : translated;
  const { height, width } = pixels;
  const { data, channels } = alpha ? withAlpha(pixels, alpha.data) : pixels;
  const raw = { height, width, channels: channels as 1 | 2 | 3 | 4 };
  const pipeline = (await loadSharp())(data, { raw });
  if (channels <= 2 || meaningOf(output) !== "colours") {
    return await inSpace(pipeline, channels <= 2 ? 1 : channels, data instanceof Uint16Array).png().toBuffer();
  }
  return await inSpace(pipeline, channels, data instanceof Uint16Array).withIccProfile("srgb").png().toBuffer();
}

/** Resizes an image. Label maps are resized with nearest-neighbour interpolation, so that their values remain classes. */
async function resized(
  image: AnyImage,
  { height, width }: { height: number; width: number },
  { labels }: SideOptions,
  place: string,
): Promise<AnyImage> {
  if (image.height === height && image.width === width) return image;
  const raw = { height: image.height, width: image.width, channels: image.channels as 1 | 3 | 4 };
  const kernel = labels === undefined ? "cubic" : "nearest";
  const pipeline = (await loadSharp())(image.data, { raw }).resize(width, height, { fit: "fill", kernel });
  const deep = image.data instanceof Uint16Array;
  return await (deep ? toRawDeep : toRaw)(inSpace(pipeline, image.channels, deep), place);
}

/** Adds an alpha channel to an image with 8 bits per channel, unless the image has one. */
function withAlpha(image: AnyImage, alpha: Uint8Array): { data: AnyImage["data"]; channels: number } {
  const { data: colours, channels: own } = image;
  if (own === 4 || colours instanceof Uint16Array) return image;
  const channels = own + 1;
  const data = new Uint8Array(alpha.length * channels);
  for (let i = 0; i < alpha.length; i++) {
    for (let c = 0; c < own; c++) data[i * channels + c] = colours[i * own + c]!;
    data[i * channels + own] = alpha[i]!;
  }
  return { data, channels };
}
