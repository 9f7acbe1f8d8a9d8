/** The U-Net and the encoder-decoder, the generators of pix2pix (Isola et al., 2017, arXiv:1611.07004, section 3.2.1 and appendix
 * 6.1.1; Ronneberger et al., 2015, arXiv:1505.04597).
 *
 * Each layer of the encoder halves height and width, until only a few pixels are left. Each layer of the decoder doubles height
 * and width, until the original size is reached. In the U-Net, each layer of the decoder also receives the encoder's output of
 * the same size (a skip connection), so that outlines common to input and output bypass the bottleneck. The encoder-decoder is
 * the U-Net without the skip connections (section 4.3).
 *
 * ```text
 * encoder  C64-C128-C256-C512-C512-C512-C512-C512        leaky ReLU, norm on all but the first and the last
 * decoder  CD512-CD512-CD512-C512-C256-C128-C64 - image  ReLU, norm, dropout in the first three (CD); tanh at the end
 * ```
 *
 * As in the reference implementation, the bottleneck has no norm: at batch size 1, a norm would turn its only value per channel
 * into 0. With a norm in the bottleneck, as in the authors' first version, the encoder-decoder outputs images of a single colour
 * at batch size 1.
 *
 * Taught in: notebooks/05_from_picture_to_picture.ipynb
 * @module */
import { zeros } from "../layers/initializers.ts";
import { dimensionsOf, type Size } from "../settings.ts";
import * as tf from "../tf.ts";
import { checkInteger, checkSize, NetworkBuilder, type TranslatorSettings, widthsOf } from "./blocks.ts";

/** Settings of {@linkcode unet}. The size must be a multiple of 2^depth. Each encoder layer doubles the number of filters, up to
 * `8 * filters`. */
export interface UnetSettings extends TranslatorSettings {
  /** Number of times that height and width are halved, at least 2. Default: as many as possible, up to 8; see
   * {@linkcode depthOf}. */
  depth?: number;
  /** Number of channels at the end of the input that are constant over the image, such as a latent code, and that each further
   * layer of the encoder receives as well (Zhu et al., 2017, arXiv:1711.11586, Fig. 3). Default 0: only the first layer. */
  codeChannels?: number;
}

/** Settings of {@linkcode encoderDecoder}, the same as those of the U-Net. */
export type EncoderDecoderSettings = UnetSettings;

/** Number of decoder layers with dropout, counted from the bottleneck. */
const DROPOUT_LAYERS = 3;
/** Maximum default depth: the paper's depth for images of 256x256 pixels. */
const LARGEST_DEPTH = 8;
/** Minimum depth at which there is a skip connection. */
const LEAST_DEPTH = 2;

/** Returns the number of times that both sides of an image can be halved, limited to 8. */
export function depthOf(size: Size): number {
  const { height, width } = dimensionsOf(size);
  let depth = 0;
  while (depth < LARGEST_DEPTH && height % 2 ** (depth + 1) === 0 && width % 2 ** (depth + 1) === 0) depth++;
  return depth;
}

/** Builds the U-Net, which maps `[batch, height, width, inputChannels]` to `[batch, height, width, outputChannels]`, both in
 * [-1, 1].
 * @throws {RangeError} If the size is not a multiple of 2^depth, or the depth is not an integer ≥ 2. */
export function unet(settings: UnetSettings): tf.LayersModel {
  return build("the U-Net", settings, true);
}

/** Builds the encoder-decoder. The input and the output have the same shapes and the same range as in the U-Net.
 * @throws {RangeError} If the size is not a multiple of 2^depth, or the depth is not an integer ≥ 2. */
export function encoderDecoder(settings: EncoderDecoderSettings): tf.LayersModel {
  return build("the encoder-decoder", settings, false);
}

function build(what: string, settings: UnetSettings, skipConnections: boolean): tf.LayersModel {
  const { size, inputChannels = 3, outputChannels = 3, filters = 64, depth = depthOf(size) } = settings;
  const { norm = "batch", dropout = 0.5, seed = 0, upsample = "transposed", codeChannels = 0 } = settings;
  const { height, width } = checkDepth(what, size, depth);
  checkInteger(what, "filters", filters, 1);
  const widths = widthsOf(filters, depth);
  const net = new NetworkBuilder(seed, { norm, dropout, upsample });
  const input = tf.input({ shape: [height, width, inputChannels], name: "input" });
  const encoded = encoder(input, widths, codeChannels, net);
  let x = encoded.pop()!;
  for (let level = depth - 2; level >= 0; level--) {
    x = decoderLayer(x, widths[level]!, depth - 2 - level, net);
    if (!skipConnections) continue;
    // Skip connections carry pre-activation values: the ReLU of the next decoder layer applies to both halves.
    x = tf.layers.concatenate({ name: `skip${level}` }).apply([x, encoded[level]!]) as tf.SymbolicTensor;
  }
  const last = net.doubled(net.relu(x, "last_relu"), { filters: outputChannels, name: "last" });
  return tf.model({ name: "generator", inputs: input, outputs: net.tanh(last, "picture") });
}

function checkDepth(what: string, size: Size, depth: number): { height: number; width: number } {
  const sides = checkSize(what, size, 2 ** Math.max(LEAST_DEPTH, Math.floor(depth) || 0));
  if (Number.isInteger(depth) && depth >= LEAST_DEPTH) return sides;
  const got = `got ${depth}; omit it to use the greatest possible depth`;
  throw new RangeError(`Cannot build ${what}: the depth must be an integer ≥ ${LEAST_DEPTH}, ${got}`);
}

/** Returns the outputs of the encoder's layers before the activation, ending with the bottleneck. */
function encoder(input: tf.SymbolicTensor, widths: number[], codeChannels: number, net: NetworkBuilder): tf.SymbolicTensor[] {
  let x = input;
  return widths.map((filters, i) => {
    const name = `down${i}`;
    if (i > 0) x = withCode(net.leakyRelu(x, `${name}_leaky`), input, codeChannels, i);
    x = net.convolution(x, { filters, strides: 2, useBias: net.biasBeforeNorm, name });
    if (i > 0 && i < widths.length - 1) x = net.normalize(x, `${name}_norm`);
    return x;
  });
}

/** Appends the last channels of the input, which are constant, to the channels of a layer that is smaller by 2^level. They are
 * selected by a convolution whose kernel of one pixel is not trained, which is a layer that every format of a model knows. */
function withCode(x: tf.SymbolicTensor, input: tf.SymbolicTensor, count: number, level: number): tf.SymbolicTensor {
  if (count === 0) return x;
  const select = tf.layers.conv2d({
    ...{ name: `code${level}`, kernelSize: 1, strides: 2 ** level, filters: count, useBias: false, trainable: false },
    kernelInitializer: zeros(),
  });
  const code = select.apply(input) as tf.SymbolicTensor;
  const channels = input.shape[3]!;
  tf.tidy(() => select.setWeights([tf.reshape(tf.slice(tf.eye(channels), [0, channels - count]), [1, 1, channels, count])]));
  return tf.layers.concatenate({ name: `coded${level}` }).apply([x, code]) as tf.SymbolicTensor;
}

/** Applies one layer of the decoder.
 * @param step Index of the layer, counted from 0 at the bottleneck. */
function decoderLayer(x: tf.SymbolicTensor, filters: number, step: number, net: NetworkBuilder): tf.SymbolicTensor {
  const name = `up${step}`;
  x = net.doubled(net.relu(x, `${name}_relu`), { filters, useBias: net.biasBeforeNorm, name });
  x = net.normalize(x, `${name}_norm`);
  return step < DROPOUT_LAYERS ? net.dropout(x, `${name}_dropout`) : x;
}
