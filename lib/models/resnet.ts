/** The ResNet generator of CycleGAN (Zhu et al. 2017, arXiv:1703.10593, Sec. 4 and appendix 7.2; after Johnson et al. 2016,
 * arXiv:1603.08155).
 *
 * The image is halved twice, transformed by residual blocks, and doubled back:
 *
 *     c7s1-64, d128, d256, R256 six or nine times, u128, u64, c7s1-3
 *
 * c7s1 is a 7x7 convolution, d and u are 3x3 convolutions of stride 2 and 1/2, and R is a block of two 3x3 convolutions. Instance
 * norm and ReLU follow each, except that the second convolution of R has no ReLU and the last one of the network is followed by a
 * tanh. "Reflection padding was used to reduce artifacts": before c7s1 and in R.
 *
 * As in the reference implementation, the last convolution has no norm, and d and u are padded with zeros, symmetrically: tfjs's
 * padding "same" would shift the grid of stride 2 by half a pixel.
 * @module */
import * as tf from "../tf.ts";
import { Dropout } from "../layers/dropout.ts";
import { ReflectionPad } from "../layers/reflection_pad.ts";
import {
  biasBefore,
  checkFilters,
  checkSize,
  type Convolution,
  convolution,
  type Norm,
  normalise,
  relu,
  seedSequence,
  tanh,
  transposedConvolution,
} from "./blocks.ts";

/** Settings of {@linkcode resnet}. */
export interface ResnetSettings {
  /** Height and width of the images, in pixels: a multiple of 4. */
  size: number;
  /** Channels of the input. Default 3. */
  inputChannels?: number;
  /** Channels of the output. Default 3. */
  outputChannels?: number;
  /** Filters of the first layer; the residual blocks have four times as many. Default 64. */
  filters?: number;
  /** Number of residual blocks. Default: {@linkcode blocksOf} the size. */
  blocks?: number;
  /** Kind of normalisation. Default "instance". */
  norm?: Norm;
  /** Fraction of values dropped in the residual blocks. Default 0: CycleGAN has no dropout. */
  dropout?: number;
  /** Seed of the initial weights and of dropout. Default 0. */
  seed?: number;
}

/** Number of times the image is halved. */
const HALVINGS = 2;
/** Number that the height and width of the images must be multiples of. */
export const RESNET_MULTIPLE: number = 2 ** HALVINGS;
/** Side of the first and the last kernel, in pixels. */
const WIDE = 7;
/** Side of all other kernels, in pixels. */
const NARROW = 3;

/** Returns the paper's number of residual blocks: "We use 6 blocks for 128 x 128 images and 9 blocks for 256 x 256 and
 * higher-resolution training images" (Sec. 4). */
export function blocksOf(size: number): number {
  return size < 256 ? 6 : 9;
}

/** Properties that all layers share. */
interface Common {
  norm: Norm;
  dropout: number;
  nextSeed: () => number;
}

/** Builds the generator: `[batch, size, size, inputChannels]` to `[batch, size, size, outputChannels]`, both in [-1, 1].
 * @throws {RangeError} if the size is not a multiple of 4, or the number of blocks not an integer ≥ 0. */
export function resnet(settings: ResnetSettings): tf.LayersModel {
  const { size, inputChannels = 3, outputChannels = 3, filters = 64, blocks = blocksOf(size), seed = 0 } = settings;
  checkSize("the ResNet", size, RESNET_MULTIPLE);
  checkFilters("the ResNet", filters);
  if (!Number.isInteger(blocks) || blocks < 0) {
    throw new RangeError(`Cannot build the ResNet: blocks must be an integer ≥ 0, got ${blocks}; CycleGAN has 6 or 9`);
  }
  const { norm = "instance", dropout = 0 } = settings;
  const common: Common = { norm, dropout, nextSeed: seedSequence(seed) };
  const input = tf.input({ shape: [size, size, inputChannels], name: "input" });
  let x = normedRelu(reflected(input, { filters, kernelSize: WIDE, name: "first" }, common), "first", common);
  for (let i = 1; i <= HALVINGS; i++) x = halved(x, filters * 2 ** i, `down${i}`, common);
  for (let i = 0; i < blocks; i++) x = residualBlock(x, filters * 2 ** HALVINGS, `block${i}`, common);
  for (let i = HALVINGS - 1; i >= 0; i--) x = doubled(x, filters * 2 ** i, `up${i}`, common);
  x = reflected(x, { filters: outputChannels, kernelSize: WIDE, name: "last", useBias: true }, common);
  return tf.model({ name: "generator", inputs: input, outputs: tanh(x, "picture") });
}

/** Applies a convolution of stride 1 with reflection padding, which keeps the size. */
function reflected(
  x: tf.SymbolicTensor,
  settings: Convolution & { kernelSize: number },
  { norm, nextSeed }: Common,
): tf.SymbolicTensor {
  const padding = (settings.kernelSize - 1) / 2;
  x = new ReflectionPad({ padding, name: `${settings.name}_pad` }).apply(x) as tf.SymbolicTensor;
  return convolution(x, { useBias: biasBefore(norm), ...settings, padding: "valid" }, nextSeed());
}

function normedRelu(x: tf.SymbolicTensor, name: string, { norm, nextSeed }: Common): tf.SymbolicTensor {
  return relu(normalise(x, norm, { name: `${name}_norm`, seed: nextSeed() }), `${name}_relu`);
}

/** Applies a convolution of stride 2 with one pixel of zeros on each side. */
function halved(x: tf.SymbolicTensor, filters: number, name: string, common: Common): tf.SymbolicTensor {
  x = tf.layers.zeroPadding2d({ padding: 1, name: `${name}_pad` }).apply(x) as tf.SymbolicTensor;
  const settings = { filters, kernelSize: NARROW, strides: 2, useBias: biasBefore(common.norm), name };
  return normedRelu(convolution(x, { ...settings, padding: "valid" }, common.nextSeed()), name, common);
}

/** Applies a transposed convolution of stride 2, the reverse of {@linkcode halved}, whose padding is cropped. */
function doubled(x: tf.SymbolicTensor, filters: number, name: string, common: Common): tf.SymbolicTensor {
  const settings = { filters, kernelSize: NARROW, useBias: biasBefore(common.norm), name };
  x = transposedConvolution(x, { ...settings, padding: "valid" }, common.nextSeed()); // [batch, 2 height + 1, 2 width + 1, ...]
  x = tf.layers.cropping2D({ cropping: [[1, 0], [1, 0]], name: `${name}_crop` }).apply(x) as tf.SymbolicTensor;
  return normedRelu(x, name, common);
}

/** Applies a residual block: x + f(x). */
function residualBlock(x: tf.SymbolicTensor, filters: number, name: string, common: Common): tf.SymbolicTensor {
  const { norm, dropout, nextSeed } = common;
  let y = normedRelu(reflected(x, { filters, kernelSize: NARROW, name: `${name}_a` }, common), `${name}_a`, common);
  if (dropout > 0) y = new Dropout({ name: `${name}_dropout`, rate: dropout, seed: nextSeed() }).apply(y) as tf.SymbolicTensor;
  y = reflected(y, { filters, kernelSize: NARROW, name: `${name}_b` }, common);
  y = normalise(y, norm, { name: `${name}_b_norm`, seed: nextSeed() });
  return tf.layers.add({ name: `${name}_sum` }).apply([x, y]) as tf.SymbolicTensor;
}
