/** The encoder of BicycleGAN (Zhu et al., 2017, arXiv:1711.11586, section 4), which computes a short latent code for the aspects
 * of an output image that the input does not determine.
 *
 * ```text
 * image - C64 - C128 - C256 - C256 - average pooling - μ, log σ
 * ```
 *
 * The convolutions have 4x4 kernels and stride 2. Each convolution is followed by a norm and a leaky ReLU, except that the first
 * convolution has no norm. The authors call this encoder "E_CNN"; they also try a residual network.
 *
 * Taught in: notebooks/12_more_than_one_answer.ipynb, Eq. (12.2)
 * @module */
import * as tf from "../tf.ts";
import { glorotUniform } from "../layers/initializers.ts";
import { checkInteger, checkSize, NetworkBuilder, type NetworkSettings, type Norm } from "./blocks.ts";

/** Settings of {@linkcode latentEncoder}. The image size must be a multiple of 16, and at least 32 if instance norm is used. */
export interface LatentEncoderSettings extends NetworkSettings {
  /** Number of image channels. Default 3. */
  channels?: number;
  /** Length of the latent code. Default {@linkcode CODE}. */
  latent?: number;
  /** Kind of normalization. Default "instance". */
  norm?: Norm;
}

/** Default length |z| of the latent code (section 4 of the paper). */
export const CODE = 8;
/** Number of filters in each layer, as a multiple of the number in the first layer. */
const WIDTHS = [1, 2, 4, 4];

/** Builds the encoder, which maps images `[batch, height, width, channels]` in [-1, 1] to μ and log σ, each `[batch, latent]`.
 * @throws {RangeError} If the size is not a multiple of 16. */
export function latentEncoder(settings: LatentEncoderSettings): tf.LayersModel {
  const { size, channels = 3, latent = CODE, filters = 64, norm = "instance", seed = 0 } = settings;
  const { height, width } = checkSize("the encoder", size, 2 ** WIDTHS.length);
  checkInteger("the encoder", "filters", filters, 1);
  const net = new NetworkBuilder(seed, { norm });
  const image = tf.input({ shape: [height, width, channels], name: "picture" });
  let x = image;
  WIDTHS.forEach((width, i) => {
    const name = `down${i}`;
    x = net.convolution(x, { filters: filters * width, strides: 2, useBias: i === 0 || net.biasBeforeNorm, name });
    if (i > 0) x = net.normalize(x, `${name}_norm`);
    x = net.leakyRelu(x, `${name}_leaky`);
  });
  x = tf.layers.globalAveragePooling2d({ name: "places" }).apply(x) as tf.SymbolicTensor;
  const head = (name: string) => net.dense(x, { units: latent, name }, glorotUniform);
  return tf.model({ name: "encoder", inputs: image, outputs: [head("mean"), head("log_deviation")] });
}
