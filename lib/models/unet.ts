/** The U-Net generator of pix2pix (Isola et al. 2017, arXiv:1611.07004, Sec. 3.2.1 and appendix 6.1.1; Ronneberger et al. 2015).
 *
 * An encoder halves the picture until few pixels are left, a decoder doubles it back, and each layer of the decoder is also given the
 * layer of the encoder that has its size: the outlines of input and output are the same, and need not pass the bottleneck.
 *
 *     encoder  C64-C128-C256-C512-C512-C512-C512-C512          leaky ReLU, batch norm on all but the first and the last
 *     decoder  CD512-CD512-CD512-C512-C256-C128-C64 - picture  ReLU, batch norm, dropout in the first three (CD); tanh at the end
 *
 * As in the reference implementation the bottleneck has no batch norm: at batch 1 it holds one value a channel, and its own mean taken
 * away, nothing is left.
 *
 * Taught in: notebooks/05_from_picture_to_picture.ipynb
 * @module */
import * as tf from "../tf.ts";
import { checkHalving, decoderLayer, depthOf, encoder, type Halving, lastLayer } from "./_halving.ts";
import { checkFilters, seedSequence, widthsOf } from "./common.ts";
import type { Norm } from "./norm.ts";

export { depthOf, DROPOUT_LAYERS } from "./_halving.ts";

/** What to build. */
export interface UnetSettings {
  /** Height and width of the pictures, pixels: a multiple of 2^depth. */
  size: number;
  /** Default 3. */
  inputChannels?: number;
  /** Default 3. */
  outputChannels?: number;
  /** Filters of the first layer; later ones have twice as many each, up to eight times. Default 64. */
  filters?: number;
  /** How often the picture is halved, at least twice. Default: until one pixel is left, if the size allows, at most 8 times. */
  depth?: number;
  /** Default "batch". */
  norm?: Norm;
  /** Share of the values dropped in the first three layers of the decoder. Default 0.5. */
  dropout?: number;
  /** Seed of the initial weights and of dropout. Default 0. */
  seed?: number;
}

/** Builds the generator: `[batch, size, size, inputChannels]` in [-1, 1] to `[batch, size, size, outputChannels]` in [-1, 1].
 * @throws {RangeError} if the depth does not divide the size, or is no whole number from 2. */
export function unet(settings: UnetSettings): tf.LayersModel {
  const { size, inputChannels = 3, outputChannels = 3, filters = 64, depth = depthOf(size), seed = 0 } = settings;
  checkHalving("the U-Net", size, depth);
  checkFilters("the U-Net", filters);
  const widths = widthsOf(filters, depth);
  const { norm = "batch", dropout = 0.5 } = settings;
  const halving: Halving = { norm, dropout, nextSeed: seedSequence(seed) };
  const input = tf.input({ shape: [size, size, inputChannels], name: "input" });
  // What the skips carry is not activated yet: the decoder's ReLU is the activation that both halves of a skip get.
  const skips = encoder(input, widths, halving);
  let x = skips.pop()!;
  for (let level = depth - 2; level >= 0; level--) {
    x = decoderLayer(x, widths[level]!, depth - 2 - level, halving);
    x = tf.layers.concatenate({ name: `skip${level}` }).apply([x, skips[level]!]) as tf.SymbolicTensor;
  }
  return tf.model({ name: "generator", inputs: input, outputs: lastLayer(x, outputChannels, halving.nextSeed()) });
}
