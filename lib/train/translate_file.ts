/** Translates image files of any size, with bounded memory use.
 * @module */
import { dirname } from "node:path";
import { type AnyImage, brightness, finiteImages, type Image, toTensor } from "../data/image_bytes.ts";
import type { GridFile } from "../data/grid_file.ts";
import { decodeToGrid, ImageWriter, openAlpha } from "../data/image_grid.ts";
import type { Region } from "../data/preprocess.ts";
import { openUpright } from "../data/sharp.ts";
import type { Sharp } from "../packages.ts";
import type * as tf from "../tf.ts";
import type { TileOptions, TileSink, TileSource } from "./tiles.ts";

/** A model that translates images in tiles. */
export interface TilingModel<Options> {
  /** Translates an image that need not fit in memory. */
  translateTiles(source: TileSource, sink: TileSink, options?: Options): Promise<void>;
}

/** Options of {@linkcode translateFile}. */
export interface FileOptions extends TileOptions {
  /** Opens the input. Default: {@linkcode openUpright}, which rotates the image upright, converts it to sRGB, and blends
   * transparent pixels with white. */
  open?: ((path: string) => Promise<Sharp>) | undefined;
  /** Converts a part of the opened image, pixel by pixel, to the format of the model's input: for example, to greyscale
   * ({@linkcode toGrey}) or to one channel per class. Default: unchanged. */
  toInput?: ((image: Image) => AnyImage) | undefined;
  /** Converts a part of the model's output to an image with 1 or 3 channels. Default: values in [-1, 1] become bytes. */
  toImage?: ((output: tf.Tensor4D) => Image) | undefined;
  /** Height and width of the result, if `open` resizes the image. Default: the height and width of the opened image. */
  size?: { height: number; width: number } | undefined;
  /** Whether to copy the alpha channel of the input to the output, if the input has one. Default true. */
  alpha?: boolean | undefined;
  /** Sets the options of the output format, such as the colour profile. Default: sharp's options. */
  encode?: ((pipeline: Sharp) => Sharp) | undefined;
}

/** Converts an image to greyscale, for {@linkcode FileOptions.toInput}. */
export const toGrey: (image: Image) => Image = brightness;

/** Translates an image file. The result has the input's height and width, unless `open` or `size` changes them.
 * @param from Path of the input.
 * @param to Path of the output, whose extension determines its format. The decoded image, the result and the feature maps are
 * temporarily stored in the folder `scratch` (see {@linkcode TileOptions.scratch}), by default the folder of the output.
 * @throws {Error} If a file cannot be read or written; the message names it. */
export async function translateFile<Options extends object>(
  model: TilingModel<Options>,
  from: string,
  to: string,
  options: NoInfer<Options> & FileOptions,
): Promise<void> {
  const { open = openUpright, toInput = (image) => image, encode, scratch = dirname(to) } = options;
  const { toImage = (output) => finiteImages(output, `write ${to}`)[0]! } = options;
  const opened: { close(): void }[] = [];
  const closedAtEnd = <T extends { close(): void }>(file: T): T => {
    opened.push(file);
    return file;
  };
  try {
    const pixels = closedAtEnd(await decodeToGrid(await open(from), from, scratch));
    const alphaChannel = options.alpha ?? true ? await openAlpha(from) : undefined;
    const alpha = alphaChannel && closedAtEnd(await decodeToGrid(alphaChannel, from, scratch));
    const { height, width, cell } = pixels;
    const { size = { height, width } } = options;
    const isResized = size.height !== height || size.width !== width;
    const read = (region: Region) => toTensor([toInput({ ...sizeOf(region), channels: cell, data: pixels.read(region) })]);
    let writer: ImageWriter | undefined;
    const sink: TileSink = (tile, region) => {
      const image = toImage(tile);
      const whole = alpha && !isResized ? withAlpha(image, alpha.read(region)) : image;
      writer ??= closedAtEnd(new ImageWriter(scratch, height, width, whole.channels));
      writer.write(region, whole.data);
    };
    await model.translateTiles({ height, width, read }, sink, { ...options, scratch });
    const result = isResized ? closedAtEnd(await resized(writer!, size, alpha, from, scratch)) : writer!;
    await result.encode(to, encode);
  } finally {
    for (const file of opened) file.close();
  }
}

function sizeOf({ height, width }: Region): { height: number; width: number } {
  return { height, width };
}

/** Number of pixels that {@linkcode resized} keeps in memory at a time. */
const STRIP = 2 ** 22;

/** Resizes an image and adds an alpha channel, which must already have the new size.
 * @param name Name of the image in error messages.
 * @param folder Folder for temporary files. */
async function resized(
  image: ImageWriter,
  { height, width }: { height: number; width: number },
  alpha: GridFile | undefined,
  name: string,
  folder: string,
): Promise<ImageWriter> {
  const pipeline = (await image.open()).resize(width, height, { fit: "fill", kernel: "cubic" });
  const colours = await decodeToGrid(image.channels === 1 ? pipeline.toColourspace("b-w") : pipeline, name, folder);
  image.close();
  const { cell: channels } = colours;
  const result = new ImageWriter(folder, height, width, channels + (alpha ? 1 : 0));
  try {
    const rows = Math.max(1, Math.floor(STRIP / width));
    for (let top = 0; top < height; top += rows) {
      const strip = { left: 0, top, width, height: Math.min(rows, height - top) };
      const part = { ...sizeOf(strip), channels, data: colours.read(strip) };
      result.write(strip, (alpha ? withAlpha(part, alpha.read(strip)) : part).data);
    }
    return result;
  } catch (error) {
    result.close();
    throw error;
  } finally {
    colours.close();
  }
}

/** Appends an alpha channel to an image. */
function withAlpha({ data, height, width, channels }: Image, alpha: Uint8Array): Image {
  const both = new Uint8Array(height * width * (channels + 1));
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    both.set(data.subarray(pixel * channels, (pixel + 1) * channels), pixel * (channels + 1));
    both[pixel * (channels + 1) + channels] = alpha[pixel]!;
  }
  return { data: both, height, width, channels: channels + 1 };
}
