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
 * @module */
import * as tf from "@tensorflow/tfjs";
import { BatchNorm } from "../layers/batch_norm.ts";
import { Dropout } from "../layers/dropout.ts";
import { checkSize, initialKernel, KERNEL, LEAK, seedSequence } from "./common.ts";

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
  /** How often the picture is halved. Default: until one pixel is left, if the size allows, at most 8 times. */
  depth?: number;
  /** Share of the values dropped in the first three layers of the decoder. Default 0.5. */
  dropout?: number;
  /** Seed of the initial weights and of dropout. Default 0. */
  seed?: number;
}

/** Layers of the decoder with dropout: the three that stand deepest. */
export const DROPOUT_LAYERS = 3;
/** The paper's depth, for 256 pixels. */
const MOST_DEPTH = 8;

/** How often a size can be halved, at most 8 times. */
export function depthOf(size: number): number {
  let depth = 0;
  while (depth < MOST_DEPTH && size % 2 ** (depth + 1) === 0) depth++;
  return depth;
}

/** Widths of the encoder's layers. */
function widthsOf(filters: number, depth: number): number[] {
  return Array.from({ length: depth }, (_, i) => filters * Math.min(2 ** i, 8));
}

/** Builds the generator: `[batch, size, size, inputChannels]` in [-1, 1] to `[batch, size, size, outputChannels]` in [-1, 1].
 * @throws {RangeError} if the depth does not divide the size. */
export function unet(settings: UnetSettings): tf.LayersModel {
  const { size, inputChannels = 3, outputChannels = 3, filters = 64, depth = depthOf(size), dropout = 0.5, seed = 0 } = settings;
  checkSize("the U-Net", size, 2 ** Math.max(2, depth)); // less than two halvings is no U
  const widths = widthsOf(filters, depth);
  const nextSeed = seedSequence(seed);
  const input = tf.input({ shape: [size, size, inputChannels], name: "input" });
  const skips = encoder(input, widths, nextSeed);
  let x = skips.pop()!;
  for (let level = depth - 2; level >= 0; level--) {
    const drop = depth - 2 - level < DROPOUT_LAYERS ? dropout : 0;
    x = upBlock(x, { filters: widths[level]!, drop, name: `up${depth - 2 - level}` }, nextSeed);
    x = tf.layers.concatenate({ name: `skip${level}` }).apply([x, skips[level]!]) as tf.SymbolicTensor;
  }
  return tf.model({ name: "generator", inputs: input, outputs: picture(x, outputChannels, nextSeed()) });
}

/** The encoder's layers as they are before the activation, the deepest last: that is also what the skips carry, and the decoder's ReLU is
 * the activation that both halves of a skip get. */
function encoder(x: tf.SymbolicTensor, widths: number[], nextSeed: () => number): tf.SymbolicTensor[] {
  return widths.map((filters, i) => {
    if (i > 0) x = tf.layers.leakyReLU({ alpha: LEAK, name: `down${i}_leaky` }).apply(x) as tf.SymbolicTensor;
    const settings = { filters, kernelSize: KERNEL, strides: 2, padding: "same", useBias: false, name: `down${i}` } as const;
    x = tf.layers.conv2d({ ...settings, kernelInitializer: initialKernel(nextSeed()) }).apply(x) as tf.SymbolicTensor;
    const normed = i > 0 && i < widths.length - 1;
    return normed ? x = new BatchNorm({ name: `down${i}_norm`, seed: nextSeed() }).apply(x) as tf.SymbolicTensor : x;
  });
}

function upBlock(
  x: tf.SymbolicTensor,
  block: { filters: number; drop: number; name: string },
  nextSeed: () => number,
): tf.SymbolicTensor {
  const { filters, drop, name } = block;
  x = tf.layers.reLU({ name: `${name}_relu` }).apply(x) as tf.SymbolicTensor;
  const settings = { filters, kernelSize: KERNEL, strides: 2, padding: "same", useBias: false, name } as const;
  x = tf.layers.conv2dTranspose({ ...settings, kernelInitializer: initialKernel(nextSeed()) }).apply(x) as tf.SymbolicTensor;
  x = new BatchNorm({ name: `${name}_norm`, seed: nextSeed() }).apply(x) as tf.SymbolicTensor;
  if (drop === 0) return x;
  return new Dropout({ name: `${name}_dropout`, rate: drop, seed: nextSeed() }).apply(x) as tf.SymbolicTensor;
}

function picture(x: tf.SymbolicTensor, channels: number, seed: number): tf.SymbolicTensor {
  x = tf.layers.reLU({ name: "last_relu" }).apply(x) as tf.SymbolicTensor;
  const settings = { filters: channels, kernelSize: KERNEL, strides: 2, padding: "same", name: "last" } as const;
  x = tf.layers.conv2dTranspose({ ...settings, kernelInitializer: initialKernel(seed) }).apply(x) as tf.SymbolicTensor;
  return tf.layers.activation({ activation: "tanh", name: "picture" }).apply(x) as tf.SymbolicTensor;
}
