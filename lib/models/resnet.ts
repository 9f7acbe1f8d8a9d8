/** The generator of CycleGAN (Zhu et al. 2017, arXiv:1703.10593, Sec. 4 and appendix 7.2; from Johnson et al. 2016, arXiv:1603.08155).
 *
 * The picture is halved twice, changed by a row of residual blocks, each of which adds something to what it is given, and doubled back:
 *
 *     c7s1-64, d128, d256, R256 six or nine times, u128, u64, c7s1-3
 *
 * c7s1 is a 7x7 convolution, d and u are 3x3 ones of stride 2 and 1/2, R holds two 3x3 ones; all are followed by instance norm and ReLU, but
 * the second of R has no ReLU, and the last of all is followed by a tanh instead. "Reflection padding was used to reduce artifacts": before
 * c7s1 and in R.
 *
 * As in the reference implementation, the last convolution has no norm, and d and u are padded by zeros. Of stride 2, they lie on the grid
 * as there: tfjs's padding "same" would lie half a pixel beside it.
 * @module */
import * as tf from "../tf.ts";
import { Dropout } from "../layers/dropout.ts";
import { ReflectionPad } from "../layers/reflection_pad.ts";
import { checkFilters, checkSize, initialKernel, seedSequence } from "./common.ts";
import { biasBefore, type Norm, normalise } from "./norm.ts";

/** What to build. */
export interface ResnetSettings {
  /** Height and width of the pictures, pixels: a multiple of 4. */
  size: number;
  /** Default 3. */
  inputChannels?: number;
  /** Default 3. */
  outputChannels?: number;
  /** Filters of the first layer; the residual blocks have four times as many. Default 64. */
  filters?: number;
  /** Residual blocks. Default: {@linkcode blocksOf} the size. */
  blocks?: number;
  /** Default "instance". */
  norm?: Norm;
  /** Share of the values dropped in the residual blocks. Default 0: CycleGAN has no dropout. */
  dropout?: number;
  /** Seed of the initial weights and of dropout. Default 0. */
  seed?: number;
}

/** How often the picture is halved. */
const HALVINGS = 2;
/** Pictures must have a height and width that this divides. */
export const RESNET_MULTIPLE: number = 2 ** HALVINGS;
/** Side of the first and the last kernels, pixels. */
const WIDE = 7;
/** Side of all others. */
const NARROW = 3;

/** "We use 6 blocks for 128 x 128 images and 9 blocks for 256 x 256 and higher-resolution training images" (Sec. 4). */
export function blocksOf(size: number): number {
  return size < 256 ? 6 : 9;
}

/** What all layers share. */
interface Common {
  norm: Norm;
  dropout: number;
  nextSeed: () => number;
}

/** Builds the generator: `[batch, size, size, inputChannels]` in [-1, 1] to `[batch, size, size, outputChannels]` in [-1, 1].
 * @throws {RangeError} if the size is no multiple of 4, or the blocks are no whole number. */
export function resnet(settings: ResnetSettings): tf.LayersModel {
  const { size, inputChannels = 3, outputChannels = 3, filters = 64, blocks = blocksOf(size), seed = 0 } = settings;
  checkSize("the ResNet", size, RESNET_MULTIPLE);
  checkFilters("the ResNet", filters);
  if (!Number.isInteger(blocks) || blocks < 0) {
    throw new RangeError(`Cannot build the ResNet: blocks must be a whole number from 0, got ${blocks}; CycleGAN has 6 or 9`);
  }
  const { norm = "instance", dropout = 0 } = settings;
  const common: Common = { norm, dropout, nextSeed: seedSequence(seed) };
  const input = tf.input({ shape: [size, size, inputChannels], name: "input" });
  let x = activated(reflected(input, { filters, kernelSize: WIDE, name: "first" }, common), "first", common);
  for (let i = 1; i <= HALVINGS; i++) x = halved(x, filters * 2 ** i, `down${i}`, common);
  for (let i = 0; i < blocks; i++) x = block(x, filters * 2 ** HALVINGS, `block${i}`, common);
  for (let i = HALVINGS - 1; i >= 0; i--) x = doubled(x, filters * 2 ** i, `up${i}`, common);
  x = reflected(x, { filters: outputChannels, kernelSize: WIDE, name: "last", useBias: true }, common);
  const picture = tf.layers.activation({ activation: "tanh", name: "picture" }).apply(x) as tf.SymbolicTensor;
  return tf.model({ name: "generator", inputs: input, outputs: picture });
}

/** A convolution of stride 1 that keeps the size, the picture continued as in a mirror. */
function reflected(
  x: tf.SymbolicTensor,
  layer: { filters: number; kernelSize: number; name: string; useBias?: boolean },
  { norm, nextSeed }: Common,
): tf.SymbolicTensor {
  const { kernelSize, name } = layer;
  x = new ReflectionPad({ padding: (kernelSize - 1) / 2, name: `${name}_pad` }).apply(x) as tf.SymbolicTensor;
  const settings = { useBias: biasBefore(norm), ...layer, kernelInitializer: initialKernel(nextSeed()) };
  return tf.layers.conv2d({ ...settings, padding: "valid" }).apply(x) as tf.SymbolicTensor;
}

/** Norm and ReLU. */
function activated(x: tf.SymbolicTensor, name: string, { norm, nextSeed }: Common): tf.SymbolicTensor {
  x = normalise(x, norm, { name: `${name}_norm`, seed: nextSeed() });
  return tf.layers.reLU({ name: `${name}_relu` }).apply(x) as tf.SymbolicTensor;
}

/** A layer of stride 2, with one pixel of zeros on every side. */
function halved(x: tf.SymbolicTensor, filters: number, name: string, common: Common): tf.SymbolicTensor {
  x = tf.layers.zeroPadding2d({ padding: 1, name: `${name}_pad` }).apply(x) as tf.SymbolicTensor;
  const settings = { filters, kernelSize: NARROW, strides: 2, padding: "valid", name } as const;
  const layer = tf.layers.conv2d({
    ...settings,
    useBias: biasBefore(common.norm),
    kernelInitializer: initialKernel(common.nextSeed()),
  });
  return activated(layer.apply(x) as tf.SymbolicTensor, name, common);
}

/** A transposed layer of stride 2: the reverse of {@linkcode halved}, so that what came of its padding is cut off. */
function doubled(x: tf.SymbolicTensor, filters: number, name: string, common: Common): tf.SymbolicTensor {
  const settings = { filters, kernelSize: NARROW, strides: 2, padding: "valid", name } as const;
  const layer = tf.layers.conv2dTranspose({
    ...settings,
    useBias: biasBefore(common.norm),
    kernelInitializer: initialKernel(common.nextSeed()),
  });
  x = layer.apply(x) as tf.SymbolicTensor; // one row and one column more than twice as many
  x = tf.layers.cropping2D({ cropping: [[1, 0], [1, 0]], name: `${name}_crop` }).apply(x) as tf.SymbolicTensor;
  return activated(x, name, common);
}

/** A residual block: x + f(x). */
function block(x: tf.SymbolicTensor, filters: number, name: string, common: Common): tf.SymbolicTensor {
  const { norm, dropout, nextSeed } = common;
  let y = activated(reflected(x, { filters, kernelSize: NARROW, name: `${name}_a` }, common), `${name}_a`, common);
  if (dropout > 0) y = new Dropout({ name: `${name}_dropout`, rate: dropout, seed: nextSeed() }).apply(y) as tf.SymbolicTensor;
  y = reflected(y, { filters, kernelSize: NARROW, name: `${name}_b` }, common);
  y = normalise(y, norm, { name: `${name}_b_norm`, seed: nextSeed() });
  return tf.layers.add({ name: `${name}_sum` }).apply([x, y]) as tf.SymbolicTensor;
}
