/** The encoder of BicycleGAN (Zhu et al. 2017, arXiv:1711.11586, Sec. 4): encodes, in a short latent code, what the input does
 * not determine about an image.
 *
 *     image - C64 - C128 - C256 - C256 - average pooling - μ, log σ
 *
 * The convolutions are 4x4 with stride 2; a norm (on all but the first) and a leaky ReLU follow. It is the authors' "E_CNN"; they
 * also try a residual network.
 *
 * Taught in: notebooks/12_more_than_one_answer.ipynb, Eq. (12.2)
 * @module */
import * as tf from "../tf.ts";
import { glorotUniform } from "../layers/initializers.ts";
import {
  biasBefore,
  checkFilters,
  checkSize,
  convolution,
  dense,
  leakyRelu,
  type Norm,
  normalise,
  seedSequence,
} from "./blocks.ts";

/** Settings of {@linkcode latentEncoder}. */
export interface LatentEncoderSettings {
  /** Height and width of the images, in pixels: a multiple of 16; with instance norm at least 32. */
  size: number;
  /** Channels of the images. Default 3. */
  channels?: number;
  /** Length of the code. Default {@linkcode CODE}. */
  latent?: number;
  /** Filters of the first layer. Default 64. */
  filters?: number;
  /** Kind of normalisation. Default "instance". */
  norm?: Norm;
  /** Seed of the initial weights. Default 0. */
  seed?: number;
}

/** |z|, "the dimension of the latent code" (Sec. 4). */
export const CODE = 8;
/** Widths of the layers, as multiples of the first layer's. */
const WIDTHS = [1, 2, 4, 4];

/** Builds the encoder: `[batch, size, size, channels]` in [-1, 1] to μ and log σ, each `[batch, latent]`.
 * @throws {RangeError} if the size is not a multiple of 16. */
export function latentEncoder(settings: LatentEncoderSettings): tf.LayersModel {
  const { size, channels = 3, latent = CODE, filters = 64, norm = "instance", seed = 0 } = settings;
  checkSize("the encoder", size, 2 ** WIDTHS.length);
  checkFilters("the encoder", filters);
  const nextSeed = seedSequence(seed);
  const image = tf.input({ shape: [size, size, channels], name: "picture" });
  let x = image;
  WIDTHS.forEach((width, i) => {
    const name = `down${i}`;
    const useBias = i === 0 || biasBefore(norm);
    x = convolution(x, { filters: filters * width, strides: 2, useBias, name }, nextSeed());
    if (i > 0) x = normalise(x, norm, { name: `${name}_norm`, seed: nextSeed() });
    x = leakyRelu(x, `${name}_leaky`);
  });
  x = tf.layers.globalAveragePooling2d({ name: "places" }).apply(x) as tf.SymbolicTensor;
  const head = (name: string) => dense(x, { units: latent, name, kernelInitializer: glorotUniform(nextSeed()) });
  return tf.model({ name: "encoder", inputs: image, outputs: [head("mean"), head("log_deviation")] });
}
