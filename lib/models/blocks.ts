/** Building blocks for networks: normalization, seed sequences, validation of settings, and layers with the constants from the
 * papers.
 * @module */
import { dimensionsOf, type Size } from "../settings.ts";
import * as tf from "../tf.ts";
import { BatchNorm } from "../layers/batch_norm.ts";
import { Dropout } from "../layers/dropout.ts";
import { type Initializer, initialKernel } from "../layers/initializers.ts";
import { InstanceNorm } from "../layers/instance_norm.ts";
import { resizeConvolution } from "../layers/resize_convolution.ts";

/** Side length of the convolution kernels, in pixels (pix2pix, appendix 6.1). */
export const KERNEL = 4;
/** Slope of the leaky ReLU below zero (pix2pix, appendix 6.1). */
export const LEAK = 0.2;
/** Default length of a generator's noise vector, as in DCGAN (arXiv:1511.06434, figure 1) and the conditional GAN
 * (arXiv:1411.1784, section 4.1). */
export const LATENT = 100;
/** Maximum number of filters per layer in an encoder or discriminator, as a multiple of the number in the first layer. */
const LARGEST_WIDTH = 8;

/** Returns the number of filters in each encoder layer: `filters` in the first layer, doubling in each subsequent layer up to
 * `8 * filters`. */
export function widthsOf(filters: number, layers: number): number[] {
  return Array.from({ length: layers }, (_, i) => filters * Math.min(2 ** i, LARGEST_WIDTH));
}

/** Returns a function that returns a new seed from 0 to 2^31 - 1 on each call, so that no two layers get the same weights. */
export function seedSequence(seed: number): () => number {
  let state = seed;
  // Two rounds of splitmix32's finalizer (Steele et al. 2014) decorrelate neighbouring seeds.
  const mix = (x: number) => {
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    return Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  };
  return () => {
    state = (state + 0x9e3779b9) | 0;
    const mixed = mix(mix(state));
    return (mixed ^ (mixed >>> 16)) >>> 1;
  };
}

/** Settings shared by all convolutional networks. */
export interface NetworkSettings {
  /** Side length of square images, or `[height, width]`, in pixels. */
  size: Size;
  /** Number of filters in the first layer. Default 64. */
  filters?: number;
  /** Seed for the initial weights and dropout. Default 0. */
  seed?: number;
}

/** Settings shared by all generators for image-to-image translation. */
export interface TranslatorSettings extends NetworkSettings {
  /** Number of input channels. Default 3. */
  inputChannels?: number;
  /** Number of output channels. Default 3. */
  outputChannels?: number;
  /** Kind of normalization. Default: "batch" for the U-Net and the encoder-decoder, "instance" for the ResNet. */
  norm?: Norm;
  /** Dropout rate in the first three layers of the U-Net's decoder (default 0.5) or in the ResNet's blocks (default 0). */
  dropout?: number;
  /** How a layer doubles height and width. Default "transposed". */
  upsample?: Upsampling;
}

/** How a layer doubles height and width: with a transposed convolution, as in the papers, or with a
 * {@linkcode resizeConvolution}, which causes no checkerboard pattern but takes longer. */
export type Upsampling = "transposed" | "resize";

/** All values of {@linkcode Upsampling}. */
export const UPSAMPLINGS: readonly Upsampling[] = ["transposed", "resize"];

/** Kind of normalization: with the statistics of the whole batch, as in pix2pix, or of each image separately, as in CycleGAN. */
export type Norm = "batch" | "instance";

/** All values of {@linkcode Norm}. */
export const NORMS: readonly Norm[] = ["batch", "instance"];

/** Settings of `tf.layers.conv2d`, with different defaults: kernel size {@linkcode KERNEL} and padding "same". */
export type Convolution = Omit<Parameters<typeof tf.layers.conv2d>[0], "kernelSize"> & { kernelSize?: number; name: string };

/** Properties shared by all layers of a network. */
interface Common {
  norm: Norm;
  dropout: number;
  upsample: Upsampling;
  /** Initializer of the kernels. */
  initializer: (seed: number) => Initializer;
}

/** Builds a network layer by layer. Each layer with random weights or masks takes the next seed from a sequence. */
export class NetworkBuilder {
  /** Whether a convolution that is followed by a norm has a bias. Both norms cancel the bias, and batch norm has a shift instead.
   * Before instance norm, the bias is kept, as in the reference implementation, to match the published parameter counts. */
  readonly biasBeforeNorm: boolean;
  readonly #common: Common;
  /** Returns the next seed. */
  readonly nextSeed: () => number;

  /** @throws {RangeError} If the norm or the kind of upsampling is unknown. */
  constructor(seed: number, given: Partial<Common> = {}) {
    const { norm = "batch", dropout = 0, upsample = "transposed", initializer = initialKernel } = given;
    for (const [name, value, known] of [["norm", norm, NORMS], ["upsample", upsample, UPSAMPLINGS]] as const) {
      if ((known as readonly string[]).includes(value)) continue;
      const problem = `${name} must be "${known.join('" or "')}", got "${value}"`;
      throw new RangeError(`Cannot build the network: ${problem}; choose one of them`);
    }
    this.#common = { norm, dropout, upsample, initializer };
    this.nextSeed = seedSequence(seed);
    this.biasBeforeNorm = norm === "instance";
  }

  /** Applies a convolution. */
  convolution(x: tf.SymbolicTensor, settings: Convolution): tf.SymbolicTensor {
    return tf.layers.conv2d({ ...this.#defaults(), ...settings }).apply(x) as tf.SymbolicTensor;
  }

  /** Applies a transposed convolution, which by default doubles height and width. */
  transposedConvolution(x: tf.SymbolicTensor, settings: Convolution): tf.SymbolicTensor {
    return tf.layers.conv2dTranspose({ strides: 2, ...this.#defaults(), ...settings }).apply(x) as tf.SymbolicTensor;
  }

  /** Doubles height and width, with a transposed convolution or with a resize-convolution of 3x3 pixels. */
  doubled(x: tf.SymbolicTensor, settings: Convolution): tf.SymbolicTensor {
    if (this.#common.upsample === "transposed") return this.transposedConvolution(x, settings);
    return resizeConvolution(x, { ...settings, kernelSize: 3, kernelInitializer: this.#common.initializer(this.nextSeed()) });
  }

  #defaults() {
    return { kernelSize: KERNEL, padding: "same", kernelInitializer: this.#common.initializer(this.nextSeed()) } as const;
  }

  /** Applies a dense layer. */
  dense(
    x: tf.SymbolicTensor,
    settings: { units: number; useBias?: boolean; name: string },
    initializer: Common["initializer"] = this.#common.initializer,
  ): tf.SymbolicTensor {
    return tf.layers.dense({ ...settings, kernelInitializer: initializer(this.nextSeed()) }).apply(x) as tf.SymbolicTensor;
  }

  /** Normalizes the output of a layer. As in the reference implementation, only batch norm learns a scale and a shift. */
  normalize(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
    const seed = this.nextSeed();
    const batch = this.#common.norm === "batch";
    return (batch ? new BatchNorm({ name, seed }) : new InstanceNorm({ name, affine: false })).apply(x) as tf.SymbolicTensor;
  }

  /** Applies dropout, unless the network's dropout rate is 0. */
  dropout(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
    const rate = this.#common.dropout;
    return rate === 0 ? x : new Dropout({ name, rate, seed: this.nextSeed() }).apply(x) as tf.SymbolicTensor;
  }

  /** Applies a ReLU. */
  relu(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
    return tf.layers.reLU({ name }).apply(x) as tf.SymbolicTensor;
  }

  /** Applies a leaky ReLU with slope {@linkcode LEAK}. */
  leakyRelu(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
    return tf.layers.leakyReLU({ alpha: LEAK, name }).apply(x) as tf.SymbolicTensor;
  }

  /** Applies a tanh, the output activation of image generators. */
  tanh(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
    return tf.layers.activation({ activation: "tanh", name }).apply(x) as tf.SymbolicTensor;
  }
}

/** Concatenates an image with a vector (a label, a code or a caption embedding) along the channel axis: each element of the
 * vector becomes one constant plane. The whole vector is repeated for each pixel and then reshaped; repeating each element
 * separately would mix up the planes.
 * @param image `[batch, height, width, channels]`.
 * @param vector `[batch, length]`.
 * @param prefix Prefix of the layers' names.
 * @returns `[batch, height, width, channels + length]`. */
export function withPlanes(image: tf.SymbolicTensor, vector: tf.SymbolicTensor, prefix = ""): tf.SymbolicTensor {
  const [, height, width] = image.shape as [null, number, number];
  const named = (part: string) => ({ name: prefix + part });
  const targetShape = [height, width, vector.shape[1]!];
  const repeated = tf.layers.repeatVector({ n: height * width, ...named("repeat") }).apply(vector);
  const planes = tf.layers.reshape({ targetShape, ...named("planes") }).apply(repeated) as tf.SymbolicTensor;
  return tf.layers.concatenate(named("labelled")).apply([image, planes]) as tf.SymbolicTensor;
}

/** Calls a function for each side of an image, with the length of the side and the name to use for this side in error
 * messages. */
export function eachSide<T>(size: Size, apply: (length: number, name: string) => T): T[] {
  if (typeof size === "number") return [apply(size, "size")];
  return Object.entries(dimensionsOf(size)).map(([name, length]) => apply(length, name));
}

/** Checks that an image size is a multiple of `multiple`.
 * @param what Name of the network, for the error message.
 * @returns The height and the width.
 * @throws {RangeError} If a side is not a multiple of `multiple`; the message names the nearest multiples. */
export function checkSize(what: string, size: Size, multiple: number): { height: number; width: number } {
  eachSide(size, (length, name) => {
    if (Number.isInteger(length) && length > 0 && length % multiple === 0) return;
    const near = Number.isFinite(length) ? length / multiple : 1;
    const [below, above] = [Math.floor(near) * multiple, Math.max(1, Math.ceil(near)) * multiple];
    const fitting = below > 0 && below < above ? `${below} or ${above}` : above;
    throw new RangeError(`Cannot build ${what}: the ${name} must be a multiple of ${multiple}, got ${length}; use ${fitting}`);
  });
  return dimensionsOf(size);
}

/** Checks that a setting is an integer ≥ `min`.
 * @param what Name of the network, for the error message.
 * @throws {RangeError} If the value is not an integer ≥ `min`. */
export function checkInteger(what: string, name: string, value: number, min: number): void {
  if (Number.isInteger(value) && value >= min) return;
  throw new RangeError(`Cannot build ${what}: ${name} must be an integer ≥ ${min}, got ${value}; change ${name}`);
}
