/** The convolutional networks of DCGAN (Radford et al., 2016, arXiv:1511.06434, section 3 and figure 1). Strided convolutions
 * replace pooling, and there are no hidden dense layers. Batch norm follows all layers except the generator's last layer and the
 * discriminator's first layer. If there are classes, both networks are conditioned on a class label (Mirza and Osindero, 2014,
 * arXiv:1411.1784, equation 2).
 *
 * ```text
 * G   z (y) - 4x4x512 - 8x8x256 - 16x16x128 - 32x32x64 - 64x64 image       ReLU, tanh at the end
 * D   64x64 image (y) - 32x32x64 - 16x16x128 - 8x8x256 - 4x4x512 - logit   leaky ReLU
 * ```
 *
 * In G, the one-hot label y is concatenated with the noise. In D, the label is concatenated with the image's channels, as one
 * constant plane per class.
 *
 * Convolutions have 4x4 kernels and no bias, as in the widely used implementation in PyTorch's examples. The paper uses 5x5
 * kernels and twice as many filters (figure 1). A kernel size of 5 is not a multiple of the stride, which produces checkerboard
 * patterns; see resize_convolution.ts.
 *
 * Taught in: notebooks/02_pictures_from_noise.ipynb, Eq. (2.1)
 * @module */
import { dimensionsOf, type Size } from "../settings.ts";
import * as tf from "../tf.ts";
import { checkInteger, eachSide, LATENT, NetworkBuilder, type NetworkSettings, widthsOf, withPlanes } from "./blocks.ts";

/** Settings of both networks. The height and the width of the images must each be 4, 5, 6 or 7 times a power of two ≥ 2, such as
 * 28, 32 or 64. `filters` is the number of filters in the layer next to the image. The number doubles with each layer away from
 * the image, up to `8 * filters`. */
export interface DcganSettings extends NetworkSettings {
  /** Number of image channels. Default 3. */
  channels?: number;
  /** Number of classes; 0 for an unconditional network. Default 0. */
  classes?: number;
}

/** Settings of {@linkcode dcganGenerator}. */
export interface DcganGeneratorSettings extends DcganSettings {
  /** Length of the noise vector. Default {@linkcode LATENT}. */
  latent?: number;
}

/** Settings of {@linkcode dcganDiscriminator}. */
export interface DcganDiscriminatorSettings extends DcganSettings {
  /** Kind of normalization. Default "batch"; "none" suits a critic with a gradient penalty (arXiv:1704.00028, section 4). */
  norm?: "batch" | "none";
}

/** Maximum height or width, whichever is smaller, of the smallest feature maps. Height and width are halved until one of them is
 * at most 7. */
const LARGEST_START = 7;

/** Returns the height and width of the images and of the smallest feature maps, and the number of doublings between them. The
 * side that can be halved fewer times determines the number of doublings: 64x32 images begin as 8x4 feature maps.
 * @throws {RangeError} If a side is not 4, 5, 6 or 7 times a power of two ≥ 2. */
function planOf(what: string, size: Size) {
  const doublings = Math.min(...eachSide(size, (length, name) => {
    let [side, doublings] = [length, 0];
    while (side > LARGEST_START && side % 2 === 0) [side, doublings] = [side / 2, doublings + 1];
    if (Number.isInteger(side) && side <= LARGEST_START && doublings > 0) return doublings;
    const step = 2 ** Math.max(1, Math.floor(Math.log2(Math.max(length, 8) / 4)));
    const below = Math.max(8, Math.floor(length / step) * step);
    const got = `got ${length}; use ${below} or ${below + step}`;
    throw new RangeError(`Cannot build the ${what}: the ${name} must be 4, 5, 6 or 7 times a power of two ≥ 2, ${got}`);
  }));
  const { height, width } = dimensionsOf(size);
  return { height, width, start: [height, width].map((length) => length / 2 ** doublings) as [number, number], doublings };
}

/** Builds the generator. Inputs: noise `[batch, latent]` and, if there are classes, one-hot labels `[batch, classes]`. Output:
 * images `[batch, height, width, channels]` in [-1, 1].
 * @throws {RangeError} If a side is not 4, 5, 6 or 7 times a power of two ≥ 2. */
export function dcganGenerator(settings: DcganGeneratorSettings): tf.LayersModel {
  const { size, channels = 3, latent = LATENT, classes = 0, filters = 64, seed = 0 } = settings;
  const { start, doublings } = planOf("generator", size);
  checkInteger("the generator", "filters", filters, 1);
  const net = new NetworkBuilder(seed);
  const noise = tf.input({ shape: [latent], name: "noise" });
  const labels = classes ? tf.input({ shape: [classes], name: "labels" }) : undefined;
  let x = labels ? tf.layers.concatenate({ name: "labelled" }).apply([noise, labels]) as tf.SymbolicTensor : noise;
  const normedRelu = (x: tf.SymbolicTensor, name: string) => net.relu(net.normalize(x, `${name}_norm`), `${name}_relu`);
  const [deepest, ...widths] = widthsOf(filters, doublings).reverse();
  x = net.dense(x, { units: start[0] * start[1] * deepest!, useBias: false, name: "project" });
  x = tf.layers.reshape({ targetShape: [...start, deepest!], name: "start" }).apply(x) as tf.SymbolicTensor;
  x = normedRelu(x, "start");
  widths.forEach((filters, i) => {
    x = normedRelu(net.transposedConvolution(x, { filters, useBias: false, name: `up${i}` }), `up${i}`);
  });
  const last = net.transposedConvolution(x, { filters: channels, useBias: false, name: "last" });
  return tf.model({ name: "generator", inputs: labels ? [noise, labels] : noise, outputs: net.tanh(last, "picture") });
}

/** Builds the discriminator. Inputs: images `[batch, height, width, channels]` in [-1, 1] and, if there are classes, one-hot
 * labels `[batch, classes]`. Output: logits `[batch, 1]`.
 * @throws {RangeError} If a side is not 4, 5, 6 or 7 times a power of two ≥ 2. */
export function dcganDiscriminator(settings: DcganDiscriminatorSettings): tf.LayersModel {
  const { size, channels = 3, classes = 0, filters = 64, norm = "batch", seed = 0 } = settings;
  const { height, width, doublings } = planOf("discriminator", size);
  checkInteger("the discriminator", "filters", filters, 1);
  const net = new NetworkBuilder(seed);
  const samples = tf.input({ shape: [height, width, channels], name: "samples" });
  const labels = classes ? tf.input({ shape: [classes], name: "labels" }) : undefined;
  const useBias = norm === "none";
  let x = labels ? withPlanes(samples, labels) : samples;
  widthsOf(filters, doublings).forEach((filters, i) => {
    x = net.convolution(x, { filters, strides: 2, useBias, name: `conv${i}` });
    if (i > 0 && norm === "batch") x = net.normalize(x, `norm${i}`);
    x = net.leakyRelu(x, `leaky${i}`);
  });
  x = tf.layers.flatten({ name: "features" }).apply(x) as tf.SymbolicTensor;
  const logits = net.dense(x, { units: 1, useBias, name: "logits" });
  return tf.model({ name: "discriminator", inputs: labels ? [samples, labels] : samples, outputs: logits });
}
