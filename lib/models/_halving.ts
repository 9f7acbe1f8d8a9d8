/** The halves that the generators of pix2pix are made of: an encoder that halves the picture at each layer and a decoder that doubles it (Isola
 * et al. 2017, arXiv:1611.07004, appendix 6.1.1).
 *
 *     encoder  C64-C128-C256-C512-C512-C512-C512-C512          leaky ReLU, norm on all but the first and the last
 *     decoder  CD512-CD512-CD512-C512-C256-C128-C64 - picture  ReLU, norm, dropout in the first three (CD); tanh at the end
 *
 * As in the reference implementation the bottleneck has no norm: at batch 1 it holds one value a channel, and its own mean taken away,
 * nothing is left.
 * @module */
import * as tf from "../tf.ts";
import { Dropout } from "../layers/dropout.ts";
import { checkSize, initialKernel, KERNEL, LEAK } from "./common.ts";
import { biasBefore, type Norm, normalise } from "./norm.ts";

/** Layers of the decoder with dropout: the three that stand deepest. */
export const DROPOUT_LAYERS = 3;
/** The paper's depth, for 256 pixels. */
const MOST_DEPTH = 8;
/** Less than two halvings is no U. */
const LEAST_DEPTH = 2;

/** How often a size can be halved, at most 8 times. */
export function depthOf(size: number): number {
  let depth = 0;
  while (depth < MOST_DEPTH && size % 2 ** (depth + 1) === 0) depth++;
  return depth;
}

/** Complains of a size and a depth that make no encoder and decoder.
 * @param what is being built, for the message.
 * @throws {RangeError} */
export function checkHalving(what: string, size: number, depth: number): void {
  checkSize(what, size, 2 ** Math.max(LEAST_DEPTH, Math.floor(depth) || 0));
  if (Number.isInteger(depth) && depth >= LEAST_DEPTH) return;
  throw new RangeError(
    `Cannot build ${what}: the depth must be a whole number from ${LEAST_DEPTH}, got ${depth}; leave it out for the deepest that fits`,
  );
}

/** What all layers of a network share. */
export interface Halving {
  norm: Norm;
  /** Share of the values dropped where the decoder drops. */
  dropout: number;
  nextSeed: () => number;
}

/** The encoder's layers as they are before the activation, the deepest last. */
export function encoder(x: tf.SymbolicTensor, widths: number[], { norm, nextSeed }: Halving): tf.SymbolicTensor[] {
  return widths.map((filters, i) => {
    if (i > 0) x = tf.layers.leakyReLU({ alpha: LEAK, name: `down${i}_leaky` }).apply(x) as tf.SymbolicTensor;
    const useBias = biasBefore(norm);
    const settings = { filters, kernelSize: KERNEL, strides: 2, padding: "same", useBias, name: `down${i}` } as const;
    x = tf.layers.conv2d({ ...settings, kernelInitializer: initialKernel(nextSeed()) }).apply(x) as tf.SymbolicTensor;
    const normed = i > 0 && i < widths.length - 1;
    return normed ? x = normalise(x, norm, { name: `down${i}_norm`, seed: nextSeed() }) : x;
  });
}

/** A layer of the decoder, all of it.
 * @param step which one, from 0 for the deepest. */
export function decoderLayer(x: tf.SymbolicTensor, filters: number, step: number, halving: Halving): tf.SymbolicTensor {
  const { norm, dropout, nextSeed } = halving;
  const name = `up${step}`;
  x = tf.layers.reLU({ name: `${name}_relu` }).apply(x) as tf.SymbolicTensor;
  const settings = { filters, kernelSize: KERNEL, strides: 2, padding: "same", useBias: biasBefore(norm), name } as const;
  x = tf.layers.conv2dTranspose({ ...settings, kernelInitializer: initialKernel(nextSeed()) }).apply(x) as tf.SymbolicTensor;
  x = normalise(x, norm, { name: `${name}_norm`, seed: nextSeed() });
  if (dropout === 0 || step >= DROPOUT_LAYERS) return x;
  return new Dropout({ name: `${name}_dropout`, rate: dropout, seed: nextSeed() }).apply(x) as tf.SymbolicTensor;
}

/** The decoder's last layer, which makes the picture. */
export function lastLayer(x: tf.SymbolicTensor, channels: number, seed: number): tf.SymbolicTensor {
  x = tf.layers.reLU({ name: "last_relu" }).apply(x) as tf.SymbolicTensor;
  const settings = { filters: channels, kernelSize: KERNEL, strides: 2, padding: "same", name: "last" } as const;
  x = tf.layers.conv2dTranspose({ ...settings, kernelInitializer: initialKernel(seed) }).apply(x) as tf.SymbolicTensor;
  return tf.layers.activation({ activation: "tanh", name: "picture" }).apply(x) as tf.SymbolicTensor;
}
