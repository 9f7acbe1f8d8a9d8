/** The patch discriminator of pix2pix, called PatchGAN (Isola et al., 2017, arXiv:1611.07004, section 3.2.2 and appendix 6.1.2).
 *
 * The network outputs one logit per patch of the image instead of one logit per image. For 70x70 patches, it consists of
 * convolutions with 64, 128, 256 and 512 filters and a final convolution to one channel, all with 4x4 kernels. The number of
 * layers determines the patch size (section 4.4); see {@linkcode receptiveField}. With 0 layers, the network is the paper's
 * PixelGAN, which consists of 1x1 convolutions.
 *
 * Taught in: notebooks/06_the_patch_discriminator.ipynb, Eq. (6.1)
 * @module */
import * as tf from "../tf.ts";
import {
  checkInteger,
  checkSize,
  type Convolution,
  eachSide,
  KERNEL,
  NetworkBuilder,
  type NetworkSettings,
  type Norm,
  widthsOf,
} from "./blocks.ts";

/** Settings of {@linkcode patchDiscriminator}. The number of filters doubles with each layer, up to `8 * filters`. */
export interface PatchDiscriminatorSettings extends NetworkSettings {
  /** Number of channels of the image that is classified as real or fake. Default 3. */
  imageChannels?: number;
  /** Number of channels of the image on which the discriminator is conditioned; 0 for an unconditional discriminator. Default
   * 3. */
  conditionChannels?: number;
  /** Number of layers with stride 2, from 0 to 6. Default 3, for 70x70 patches. */
  layers?: number;
  /** Kind of normalization. Default "batch". */
  norm?: Norm;
}

/** Maximum number of layers. Six layers give 574x574 patches, which are larger than the images in the paper. */
export const MOST_LAYERS = 6;

/** Returns the side length in pixels of the patch that determines one logit. From the last layer to the first, each layer
 * increases the side length r to (r - 1) * stride + kernel.
 * @param layers Number of layers with stride 2: the values 0 to 6 give side lengths of 1, 16, 34, 70, 142, 286 and 574 pixels.
 * @throws {RangeError} If `layers` is not an integer from 0 to 6. */
export function receptiveField(layers: number): number {
  checkLayers(layers);
  if (layers === 0) return 1;
  const strides = [1, 1, ...Array<number>(layers).fill(2)]; // the last two layers have stride 1
  return strides.reduce((side, stride) => (side - 1) * stride + KERNEL, 1);
}

function checkLayers(layers: number): void {
  if (Number.isInteger(layers) && layers >= 0 && layers <= MOST_LAYERS) return;
  throw new RangeError(`Cannot build the discriminator: layers must be an integer from 0 to ${MOST_LAYERS}, got ${layers}`);
}

/** Builds the discriminator. Inputs: the condition and the image (only the image if there are no condition channels), each
 * `[batch, height, width, channels]` in [-1, 1]. Output: logits `[batch, h, w, 1]`, such as 30x30 for size 256 and three layers.
 * @throws {RangeError} If the size is too small for the number of layers, or not a multiple of 2^layers. */
export function patchDiscriminator(settings: PatchDiscriminatorSettings): tf.LayersModel {
  const { size, imageChannels = 3, conditionChannels = 3, filters = 64, layers = 3, norm = "batch", seed = 0 } = settings;
  checkLayers(layers);
  const { height, width } = checkSize("the discriminator", size, 2 ** layers);
  checkInteger("the discriminator", "filters", filters, 1);
  const smallest = 2 ** layers * 3; // each of the two layers of stride 1 removes one pixel
  eachSide(size, (length, name) => {
    if (layers === 0 || length >= smallest) return;
    const problem = `with ${layers} layers, the ${name} must be at least ${smallest}, got ${length}`;
    throw new RangeError(`Cannot build the discriminator: ${problem}; use fewer layers`);
  });
  const image = tf.input({ shape: [height, width, imageChannels], name: "image" });
  const condition = conditionChannels ? tf.input({ shape: [height, width, conditionChannels], name: "condition" }) : undefined;
  const x = condition ? tf.layers.concatenate({ name: "pair" }).apply([condition, image]) as tf.SymbolicTensor : image;
  const net = new NetworkBuilder(seed, { norm });
  const logits = layers === 0 ? pixelLayers(x, filters, net) : patchLayers(x, widthsOf(filters, layers + 1), net);
  return tf.model({ name: "discriminator", inputs: condition ? [condition, image] : image, outputs: logits });
}

function patchLayers(x: tf.SymbolicTensor, widths: number[], net: NetworkBuilder): tf.SymbolicTensor {
  widths.forEach((filters, i) => {
    const settings = { filters, useBias: i === 0 || net.biasBeforeNorm, name: `conv${i}` };
    const last = i === widths.length - 1;
    x = last ? paddedConvolution(x, settings, net) : net.convolution(x, { ...settings, strides: 2 });
    if (i > 0) x = net.normalize(x, `norm${i}`);
    x = net.leakyRelu(x, `leaky${i}`);
  });
  return paddedConvolution(x, { filters: 1, name: "logits" }, net);
}

/** Applies a 4x4 convolution with stride 1 and one pixel of zero padding on each side, as in the reference implementation: the
 * output is one pixel smaller than the input. With stride 2, padding "same" also adds one pixel on each side. */
function paddedConvolution(x: tf.SymbolicTensor, settings: Convolution, net: NetworkBuilder): tf.SymbolicTensor {
  x = tf.layers.zeroPadding2d({ padding: 1, name: `${settings.name}_pad` }).apply(x) as tf.SymbolicTensor;
  return net.convolution(x, { ...settings, padding: "valid" });
}

/** Applies the two hidden layers (C64 and C128 in the paper) and the output layer, all with 1x1 kernels (appendix 6.1.2). */
function pixelLayers(x: tf.SymbolicTensor, filters: number, net: NetworkBuilder): tf.SymbolicTensor {
  const kernelSize = 1;
  x = net.leakyRelu(net.convolution(x, { filters, kernelSize, name: "conv0" }), "leaky0");
  x = net.convolution(x, { filters: filters * 2, kernelSize, useBias: net.biasBeforeNorm, name: "conv1" });
  x = net.leakyRelu(net.normalize(x, "norm1"), "leaky1");
  return net.convolution(x, { filters: 1, kernelSize, name: "logits" });
}
