/** The convolutional networks of Radford et al. (2016), arXiv:1511.06434, Sec. 3 and Fig. 1: strided convolutions in place of pooling,
 * batch norm on all layers but the generator's last and the discriminator's first, no hidden dense layers; and, given classes, both on
 * a label too, after Mirza and Osindero (2014), arXiv:1411.1784, Eq. 2.
 *
 *     G   z (y) - 4x4x512 - 8x8x256 - 16x16x128 - 32x32x64 - 64x64 picture       ReLU, tanh at the end
 *     D   64x64 picture (y) - 32x32x64 - 16x16x128 - 8x8x256 - 4x4x512 - logit   leaky ReLU
 *
 * G is given the label beside the noise. D is given it as planes beside the picture's channels, one a class: all ones for the class that
 * it is, all zeros for the others.
 *
 * Kernels are 4x4 and without bias, as in the widely used implementation in PyTorch's examples; Fig. 1 has 5x5, which a stride of 2 does
 * not divide (see resize_convolution.ts), and twice as many filters.
 *
 * Taught in: notebooks/02_pictures_from_noise.ipynb, Eq. (2.1)
 * @module */
import * as tf from "../tf.ts";
import { BatchNorm } from "../layers/batch_norm.ts";
import { withPlanes } from "./_planes.ts";
import { checkFilters, initialKernel, KERNEL, LATENT, LEAK, seedSequence, widthsOf } from "./common.ts";

/** What both networks are told. */
export interface DcganSettings {
  /** Height and width of the pictures, pixels: 4, 5, 6 or 7, doubled at least once: 28, 32, 64, ... */
  size: number;
  /** Default 3. */
  channels?: number;
  /** How many classes there are; 0 for a network that is given no label. Default 0. */
  classes?: number;
  /** Filters of the layer next to the picture; each further one has twice as many, up to eight times. Default 64. */
  filters?: number;
  /** Seed of the initial weights. Default 0. */
  seed?: number;
}

/** What to build. */
export interface DcganGeneratorSettings extends DcganSettings {
  /** Numbers of noise. Default {@linkcode LATENT}. */
  latent?: number;
}

/** What to build. */
export interface DcganDiscriminatorSettings extends DcganSettings {
  /** "none" for a critic with a gradient penalty, which is a matter of each picture alone (arXiv:1704.00028, Sec. 4). Default "batch". */
  norm?: "batch" | "none";
}

/** The side that doubling starts from is at most this: what is larger, and even, is halved once more. */
const LARGEST_START = 7;

/** Side of the smallest layer, and how often it is doubled.
 * @throws {RangeError} if the size is none that doubling gives. */
function planOf(what: string, size: number): { side: number; doublings: number } {
  let [side, doublings] = [size, 0];
  while (side > LARGEST_START && side % 2 === 0) [side, doublings] = [side / 2, doublings + 1];
  if (Number.isInteger(side) && side <= LARGEST_START && doublings > 0) return { side, doublings };
  const step = 2 ** Math.max(1, Math.floor(Math.log2(Math.max(size, 8) / 4)));
  const below = Math.max(8, Math.floor(size / step) * step);
  throw new RangeError(
    `Cannot build the ${what}: the size must be 4, 5, 6 or 7, doubled at least once, got ${size}; use ${below} or ${
      below + step
    }`,
  );
}

/** Builds the generator. Inputs: noise `[batch, latent]`, and with classes labels `[batch, classes]`, one-hot. Output: pictures
 * `[batch, size, size, channels]` in [-1, 1].
 * @throws {RangeError} if the size is none that doubling gives. */
export function dcganGenerator(settings: DcganGeneratorSettings): tf.LayersModel {
  const { size, channels = 3, latent = LATENT, classes = 0, filters = 64, seed = 0 } = settings;
  const { side, doublings } = planOf("generator", size);
  checkFilters("the generator", filters);
  const nextSeed = seedSequence(seed);
  const noise = tf.input({ shape: [latent], name: "noise" });
  const labels = classes ? tf.input({ shape: [classes], name: "labels" }) : undefined;
  let x = labels ? tf.layers.concatenate({ name: "labelled" }).apply([noise, labels]) as tf.SymbolicTensor : noise;
  const [deepest, ...widths] = widthsOf(filters, doublings).reverse();
  const projection = { units: side * side * deepest!, useBias: false, name: "project" };
  x = tf.layers.dense({ ...projection, kernelInitializer: initialKernel(nextSeed()) }).apply(x) as tf.SymbolicTensor;
  x = tf.layers.reshape({ targetShape: [side, side, deepest!], name: "start" }).apply(x) as tf.SymbolicTensor;
  x = normedRelu(x, "start", nextSeed());
  widths.forEach((filters, i) => x = normedRelu(double(x, filters, `up${i}`, nextSeed()), `up${i}`, nextSeed()));
  x = double(x, channels, "last", nextSeed());
  x = tf.layers.activation({ activation: "tanh", name: "picture" }).apply(x) as tf.SymbolicTensor;
  return tf.model({ name: "generator", inputs: labels ? [noise, labels] : noise, outputs: x });
}

function double(x: tf.SymbolicTensor, filters: number, name: string, seed: number): tf.SymbolicTensor {
  const settings = { filters, kernelSize: KERNEL, strides: 2, padding: "same", useBias: false, name } as const;
  return tf.layers.conv2dTranspose({ ...settings, kernelInitializer: initialKernel(seed) }).apply(x) as tf.SymbolicTensor;
}

function normedRelu(x: tf.SymbolicTensor, name: string, seed: number): tf.SymbolicTensor {
  x = new BatchNorm({ name: `${name}_norm`, seed }).apply(x) as tf.SymbolicTensor;
  return tf.layers.reLU({ name: `${name}_relu` }).apply(x) as tf.SymbolicTensor;
}

/** Builds the discriminator. Inputs: pictures `[batch, size, size, channels]` in [-1, 1], and with classes labels `[batch, classes]`,
 * one-hot. Output: logits `[batch, 1]`.
 * @throws {RangeError} if the size is none that halving gives. */
export function dcganDiscriminator(settings: DcganDiscriminatorSettings): tf.LayersModel {
  const { size, channels = 3, classes = 0, filters = 64, norm = "batch", seed = 0 } = settings;
  const { doublings } = planOf("discriminator", size);
  checkFilters("the discriminator", filters);
  const nextSeed = seedSequence(seed);
  const samples = tf.input({ shape: [size, size, channels], name: "samples" });
  const labels = classes ? tf.input({ shape: [classes], name: "labels" }) : undefined;
  let x = labels ? withPlanes(samples, labels) : samples;
  widthsOf(filters, doublings).forEach((filters, i) => {
    const settings = {
      filters,
      kernelSize: KERNEL,
      strides: 2,
      padding: "same",
      useBias: norm === "none",
      name: `conv${i}`,
    } as const;
    x = tf.layers.conv2d({ ...settings, kernelInitializer: initialKernel(nextSeed()) }).apply(x) as tf.SymbolicTensor;
    if (i > 0 && norm === "batch") x = new BatchNorm({ name: `norm${i}`, seed: nextSeed() }).apply(x) as tf.SymbolicTensor;
    x = tf.layers.leakyReLU({ alpha: LEAK, name: `leaky${i}` }).apply(x) as tf.SymbolicTensor;
  });
  x = tf.layers.flatten({ name: "features" }).apply(x) as tf.SymbolicTensor;
  const last = { units: 1, useBias: norm === "none", name: "logits", kernelInitializer: initialKernel(nextSeed()) };
  const logits = tf.layers.dense(last).apply(x) as tf.SymbolicTensor;
  return tf.model({ name: "discriminator", inputs: labels ? [samples, labels] : samples, outputs: logits });
}
