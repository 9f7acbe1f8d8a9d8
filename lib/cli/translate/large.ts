/** Translates image files that are too large to be translated in one piece.
 * @module */
import { openColours } from "../../data/decode.ts";
import { type Header, headerOf } from "../../data/header.ts";
import { meaningOf } from "../../data/side.ts";
import type { TranslatingModel } from "../../systems/registry.ts";
import { type TilingModel, toGrey, translateFile } from "../../train/translate_file.ts";
import type { TileOptions } from "../../train/tiles.ts";
import { inputSize, runSize, type TranslateHow } from "./image.ts";

/** Returns whether an image is translated in tiles. Label maps and images with 16 bits per channel are always translated in one
 * piece. */
export function isLarge(header: Header, how: TranslateHow): boolean {
  const { size, tile, sides: { input, output } } = how;
  const isColour = [input, output].every((side) => meaningOf(side) === "colours" && side.depth !== 16);
  if (size === "model" || !isColour) return false;
  const own = inputSize(header, how);
  const run = runSize(own, how);
  return Math.max(own.height, own.width, run.height, run.width) > tile;
}

/** Translates an image file in tiles. The result has the height and width of the image.
 * @param to The path of the output, which is a PNG file.
 * @throws {Error} If a file cannot be read or written; the message names it. */
export async function translateInTiles(
  model: TranslatingModel,
  from: string,
  to: string,
  how: TranslateHow,
  options: TileOptions & { seed: number },
): Promise<void> {
  const { half, tile, sides: { input, output }, back, noDropout, runningStatistics } = how;
  const header = await headerOf(from);
  const { height, width } = header;
  if (half !== "whole" && width % 2 !== 0) {
    throw new Error(`Cannot read ${from}: expected an even width, got ${width} pixels; resize the image`);
  }
  const part = { left: half === "right" ? width / 2 : 0, top: 0, width: width / 2, height };
  const size = inputSize(header, how);
  const run = runSize(size, how);
  const isResized = run.height !== size.height || run.width !== size.width;
  const open = async () => {
    const whole = (await openColours(from, input)).toColourspace("srgb");
    const read = half === "whole" ? whole : whole.extract(part);
    return isResized ? read.resize(run.width, run.height, { fit: "fill", kernel: "cubic", fastShrinkOnLoad: false }) : read;
  };
  await translateFile(model as unknown as TilingModel<object>, from, to, {
    ...{ dropout: !noDropout, batchStatistics: !runningStatistics, direction: back ? "yToX" : "xToY" },
    ...options,
    ...{ tile, open, size, toInput: input.channels === 1 ? toGrey : undefined },
    alpha: half === "whole" && input.channels !== 4 && output.channels !== 4,
    encode: (pipeline) => (output.channels === 1 ? pipeline : pipeline.withIccProfile("srgb")).png(),
  });
}
