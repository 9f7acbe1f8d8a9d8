/** Translation of image files that are too large to be translated in one piece.
 * @module */
import { openColours } from "../../data/decode.ts";
import { headerOf } from "../../data/header.ts";
import { meaningOf } from "../../data/side.ts";
import type { TranslatingModel } from "../../systems/registry.ts";
import { type TilingModel, toGrey, translateFile } from "../../train/translate_file.ts";
import type { TileOptions } from "../../train/tiles.ts";
import type { TranslateHow } from "./image.ts";

/** Returns whether an image is translated in tiles. Label maps, and images with 16 bits per channel, are always translated in one
 * piece. */
export async function isLarge(path: string, { size, half, tile, sides: { input, output } }: TranslateHow): Promise<boolean> {
  const isColour = [input, output].every((side) => meaningOf(side) === "colours" && side.depth !== 16);
  if (size === "model" || !isColour) return false;
  const header = await headerOf(path).catch(() => undefined); // the error is reported when the image is read
  return header !== undefined && Math.max(header.height, half === "whole" ? header.width : header.width / 2) > tile;
}

/** Translates an image file in tiles. The network runs at the size of the image.
 * @param to path of the output, a PNG file.
 * @throws {Error} if a file cannot be read or written; the message names it. */
export async function translateInTiles(
  model: TranslatingModel,
  from: string,
  to: string,
  { half, tile, sides: { input, output }, back, noDropout, runningStatistics }: TranslateHow,
  options: TileOptions & { seed: number },
): Promise<void> {
  const { height, width } = await headerOf(from);
  if (half !== "whole" && width % 2 !== 0) {
    throw new Error(`Cannot read ${from}: expected an even width, got ${width} pixels; resize the image`);
  }
  const part = { left: half === "right" ? width / 2 : 0, top: 0, width: width / 2, height };
  const open = async () => {
    const whole = (await openColours(from, input)).toColourspace("srgb");
    return half === "whole" ? whole : whole.extract(part);
  };
  await translateFile(model as unknown as TilingModel<object>, from, to, {
    ...{ dropout: !noDropout, batchStatistics: !runningStatistics, direction: back ? "yToX" : "xToY" },
    ...options,
    ...{ tile, open, toInput: input.channels === 1 ? toGrey : undefined },
    alpha: half === "whole" && input.channels !== 4 && output.channels !== 4,
    encode: (pipeline) => (output.channels === 1 ? pipeline : pipeline.withIccProfile("srgb")).png(),
  });
}
