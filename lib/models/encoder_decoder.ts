/** The encoder-decoder generator that pix2pix compares its U-Net with (Isola et al. 2017, arXiv:1611.07004, Sec. 4.3 and appendix 6.1.1).
 *
 * It is the U-Net without its skips, so that everything has to pass the bottleneck: "The encoder-decoder is created simply by severing the
 * skip connections in the U-Net" (Sec. 4.3). The layers of the decoder are then given half as many channels.
 *
 * The bottleneck has no norm. In the authors' first code it had, and at batch 1 the network painted one flat colour whatever it was given.
 *
 * Taught in: notebooks/05_from_picture_to_picture.ipynb
 * @module */
import * as tf from "../tf.ts";
import { checkHalving, decoderLayer, depthOf, encoder, type Halving, lastLayer } from "./_halving.ts";
import { checkFilters, seedSequence, widthsOf } from "./common.ts";
import type { UnetSettings } from "./unet.ts";

/** What to build: what a U-Net of the same size and width has. */
export type EncoderDecoderSettings = UnetSettings;

/** Builds the generator: `[batch, size, size, inputChannels]` in [-1, 1] to `[batch, size, size, outputChannels]` in [-1, 1].
 * @throws {RangeError} if the depth does not divide the size, or is no whole number from 2. */
export function encoderDecoder(settings: EncoderDecoderSettings): tf.LayersModel {
  const { size, inputChannels = 3, outputChannels = 3, filters = 64, depth = depthOf(size), seed = 0 } = settings;
  checkHalving("the encoder-decoder", size, depth);
  checkFilters("the encoder-decoder", filters);
  const widths = widthsOf(filters, depth);
  const { norm = "batch", dropout = 0.5 } = settings;
  const halving: Halving = { norm, dropout, nextSeed: seedSequence(seed) };
  const input = tf.input({ shape: [size, size, inputChannels], name: "input" });
  let x = encoder(input, widths, halving).pop()!;
  for (let level = depth - 2; level >= 0; level--) x = decoderLayer(x, widths[level]!, depth - 2 - level, halving);
  return tf.model({ name: "generator", inputs: input, outputs: lastLayer(x, outputChannels, halving.nextSeed()) });
}
