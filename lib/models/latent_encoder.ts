/** The encoder of BicycleGAN (Zhu et al. 2017, arXiv:1711.11586, Sec. 4): what a picture has that the input does not say, as a code of a few numbers.
 *
 *     picture - C64 - C128 - C256 - C256 - mean over all places - μ, log σ      4x4 convolutions of stride 2, norm on all but the first, leaky ReLU
 *
 * As the authors' "E_CNN"; they also try a residual one.
 *
 * Taught in: notebooks/12_more_than_one_answer.ipynb, Eq. (12.2)
 * @module */
import * as tf from "../tf.ts";
import { checkFilters, checkSize, initialKernel, KERNEL, LEAK, seedSequence } from "./common.ts";
import { biasBefore, type Norm, normalise } from "./norm.ts";

/** What to build. */
export interface LatentEncoderSettings {
  /** Height and width of the pictures, pixels: a multiple of 16, with instance norm at least 32. */
  size: number;
  /** Default 3. */
  channels?: number;
  /** Numbers in the code. Default {@linkcode CODE}. */
  latent?: number;
  /** Filters of the first layer. Default 64. */
  filters?: number;
  /** Default "instance". */
  norm?: Norm;
  /** Seed of the initial weights. Default 0. */
  seed?: number;
}

/** |z|: "the dimension of the latent code" (Sec. 4). */
export const CODE = 8;
/** Widths of the layers, as multiples of the first. */
const WIDTHS = [1, 2, 4, 4];

/** Builds the encoder: `[batch, size, size, channels]` in [-1, 1] to μ and log σ, each `[batch, latent]`.
 * @throws {RangeError} if the size is no multiple of 16. */
export function latentEncoder(settings: LatentEncoderSettings): tf.LayersModel {
  const { size, channels = 3, latent = CODE, filters = 64, norm = "instance", seed = 0 } = settings;
  checkSize("the encoder", size, 2 ** WIDTHS.length);
  checkFilters("the encoder", filters);
  const nextSeed = seedSequence(seed);
  const picture = tf.input({ shape: [size, size, channels], name: "picture" });
  let x = picture;
  WIDTHS.forEach((width, i) => {
    const useBias = i === 0 || biasBefore(norm);
    const layer = {
      filters: filters * width,
      kernelSize: KERNEL,
      strides: 2,
      padding: "same",
      useBias,
      name: `down${i}`,
    } as const;
    x = tf.layers.conv2d({ ...layer, kernelInitializer: initialKernel(nextSeed()) }).apply(x) as tf.SymbolicTensor;
    if (i > 0) x = normalise(x, norm, { name: `down${i}_norm`, seed: nextSeed() });
    x = tf.layers.leakyReLU({ alpha: LEAK, name: `down${i}_leaky` }).apply(x) as tf.SymbolicTensor;
  });
  x = tf.layers.globalAveragePooling2d({ name: "places" }).apply(x) as tf.SymbolicTensor;
  const said = (name: string) =>
    tf.layers.dense({ units: latent, name, kernelInitializer: tf.initializers.glorotUniform({ seed: nextSeed() }) })
      .apply(x) as tf.SymbolicTensor;
  return tf.model({ name: "encoder", inputs: picture, outputs: [said("mean"), said("log_deviation")] });
}
