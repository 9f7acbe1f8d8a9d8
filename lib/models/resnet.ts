/** The ResNet generator of CycleGAN (Zhu et al., 2017, arXiv:1703.10593, section 4 and appendix 7.2), based on a network of
 * Johnson et al., 2016, arXiv:1603.08155.
 *
 * The image is downsampled twice by a factor of 2, transformed by residual blocks, and upsampled to its original size.
 *
 * ```text
 * c7s1-64, d128, d256, R256 six or nine times, u128, u64, c7s1-3
 * ```
 *
 * In this notation, c7s1 is a 7x7 convolution, d and u are 3x3 convolutions with strides 2 and 1/2, and R is a block of two 3x3
 * convolutions. Instance norm and a ReLU follow each convolution, except that the second convolution of a residual block has no
 * ReLU, and the last convolution of the network is followed by a tanh. Reflection padding before the 7x7 convolutions and in the
 * residual blocks reduces artefacts.
 *
 * As in the reference implementation, the last convolution has no norm, and the convolutions with stride 2 or 1/2 use symmetric
 * zero padding. The padding "same" of tfjs would shift the stride-2 grid by half a pixel.
 * @module */
import { dimensionsOf, type Size } from "../settings.ts";
import * as tf from "../tf.ts";
import { ReflectionPad } from "../layers/reflection_pad.ts";
import { checkInteger, checkSize, type Convolution, NetworkBuilder, type TranslatorSettings } from "./blocks.ts";

/** Settings of {@linkcode resnet}. The size must be a multiple of 4. Residual blocks have `4 * filters` filters. */
export interface ResnetSettings extends TranslatorSettings {
  /** Number of residual blocks. Default: the number that the paper uses for the image size; see {@linkcode blocksOf}. */
  blocks?: number;
}

/** Number of times that height and width are halved. */
const HALVINGS = 2;
/** Number by which the height and width of the images must be divisible. */
export const RESNET_MULTIPLE: number = 2 ** HALVINGS;
/** Kernel size of the first and the last convolution. */
const WIDE = 7;
/** Kernel size of all other convolutions. */
const NARROW = 3;

/** Returns the number of residual blocks that the paper uses for an image size: 6 for 128x128 images, and 9 for 256x256 and
 * larger images (section 4). For rectangular images, the smaller side determines the number. */
export function blocksOf(size: Size): number {
  const { height, width } = dimensionsOf(size);
  return Math.min(height, width) < 256 ? 6 : 9;
}

/** Builds the generator. Input: images `[batch, height, width, inputChannels]` in [-1, 1]. Output: images
 * `[batch, height, width, outputChannels]` in [-1, 1].
 * @throws {RangeError} If the size is not a multiple of 4, or the number of blocks is not an integer ≥ 0. */
export function resnet(settings: ResnetSettings): tf.LayersModel {
  const { size, inputChannels = 3, outputChannels = 3, filters = 64, blocks = blocksOf(size) } = settings;
  const { norm = "instance", dropout = 0, seed = 0, upsample = "transposed" } = settings;
  const { height, width } = checkSize("the ResNet", size, RESNET_MULTIPLE);
  checkInteger("the ResNet", "filters", filters, 1);
  checkInteger("the ResNet", "blocks", blocks, 0);
  const net = new NetworkBuilder(seed, { norm, dropout, upsample });
  const input = tf.input({ shape: [height, width, inputChannels], name: "input" });
  let x = normedRelu(reflected(input, { filters, kernelSize: WIDE, name: "first" }, net), "first", net);
  for (let i = 1; i <= HALVINGS; i++) x = halved(x, filters * 2 ** i, `down${i}`, net);
  for (let i = 0; i < blocks; i++) x = residualBlock(x, filters * 2 ** HALVINGS, `block${i}`, net);
  for (let i = HALVINGS - 1; i >= 0; i--) {
    const settings = { filters: filters * 2 ** i, kernelSize: NARROW, useBias: net.biasBeforeNorm, name: `up${i}` };
    x = normedRelu(upsample === "resize" ? net.doubled(x, settings) : doubled(x, settings, net), `up${i}`, net);
  }
  x = reflected(x, { filters: outputChannels, kernelSize: WIDE, name: "last", useBias: true }, net);
  return tf.model({ name: "generator", inputs: input, outputs: net.tanh(x, "picture") });
}

type Reflected = Convolution & { kernelSize: number };

/** Applies a stride-1 convolution with reflection padding, which preserves the image size. */
function reflected(x: tf.SymbolicTensor, settings: Reflected, net: NetworkBuilder): tf.SymbolicTensor {
  const padding = (settings.kernelSize - 1) / 2;
  x = new ReflectionPad({ padding, name: `${settings.name}_pad` }).apply(x) as tf.SymbolicTensor;
  return net.convolution(x, { useBias: net.biasBeforeNorm, ...settings, padding: "valid" });
}

function normedRelu(x: tf.SymbolicTensor, name: string, net: NetworkBuilder): tf.SymbolicTensor {
  return net.relu(net.normalize(x, `${name}_norm`), `${name}_relu`);
}

/** Applies a stride-2 convolution with one pixel of zero padding on each side. */
function halved(x: tf.SymbolicTensor, filters: number, name: string, net: NetworkBuilder): tf.SymbolicTensor {
  x = tf.layers.zeroPadding2d({ padding: 1, name: `${name}_pad` }).apply(x) as tf.SymbolicTensor;
  const settings = { filters, kernelSize: NARROW, strides: 2, useBias: net.biasBeforeNorm, name };
  return normedRelu(net.convolution(x, { ...settings, padding: "valid" }), name, net);
}

/** Applies a transposed convolution with stride 2 and crops the output to twice the height and width of the input. */
function doubled(x: tf.SymbolicTensor, settings: Convolution, net: NetworkBuilder): tf.SymbolicTensor {
  x = net.transposedConvolution(x, { ...settings, padding: "valid" }); // [batch, 2 height + 1, 2 width + 1, ...]
  return tf.layers.cropping2D({ cropping: [[1, 0], [1, 0]], name: `${settings.name}_crop` }).apply(x) as tf.SymbolicTensor;
}

/** Applies a residual block: x + f(x). */
function residualBlock(x: tf.SymbolicTensor, filters: number, name: string, net: NetworkBuilder): tf.SymbolicTensor {
  let y = normedRelu(reflected(x, { filters, kernelSize: NARROW, name: `${name}_a` }, net), `${name}_a`, net);
  y = net.dropout(y, `${name}_dropout`);
  y = net.normalize(reflected(y, { filters, kernelSize: NARROW, name: `${name}_b` }, net), `${name}_b_norm`);
  return tf.layers.add({ name: `${name}_sum` }).apply([x, y]) as tf.SymbolicTensor;
}
