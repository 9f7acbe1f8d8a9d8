/** The four networks of StackGAN (Zhang et al. 2017, arXiv:1612.03242, Sec. 3). Stage I generates a small image from a condition,
 * and stage II a larger one from both.
 *
 *     stage I   G₀   (ĉ, z) - 4x4x8f - up - up ... - sketch             upsampling, 3x3 convolutions, batch norm, ReLU; tanh
 *               D₀   sketch - down ... - 4x4 (c) - 1x1 - logit          4x4 convolutions of stride 2, batch norm, leaky ReLU
 *     stage II  G    sketch - down - down (ĉ) - residual blocks - up ... - image
 *               D    image - down ... - 4x4 (c) - 1x1 - logit
 *
 * Symbols: φ_t → `condition`, the embedding that describes the image; ĉ → the sample of conditioning augmentation (Sec. 3.2), μ +
 * σ ε, with μ and log σ from dense layers of φ_t; z → `noise`; N_g → `augmented`; N_d → `compressed`.
 *
 * Departure: two residual blocks by default, which the paper uses for 128 pixels (4 for 256).
 * @module */
import * as tf from "../tf.ts";
import { BatchNorm } from "../layers/batch_norm.ts";
import { GaussianSample } from "../layers/gaussian_sample.ts";
import { heNormal, initialKernel } from "../layers/initializers.ts";
import { resizeConvolution } from "../layers/resize_convolution.ts";
import { checkFilters, convolution, dense, KERNEL, LATENT, leakyRelu, relu, seedSequence, withPlanes } from "./blocks.ts";

/** Side of an image as a multiple of its sketch's: 64 to 256 in the paper. */
export const STAGE_SCALE = 4;
/** Side of the smallest layers, in pixels. */
const SMALLEST = 4;
/** Largest width of a layer, as a multiple of the width next to the image. */
const LARGEST_WIDTH = 8;

/** Settings of all four networks. */
export interface StackGanNetworkSettings {
  /** Height and width of the images of stage II, in pixels: 32, 64, 128, ... */
  size: number;
  /** Channels of the images. Default 3. */
  channels?: number;
  /** Length of the condition vector. */
  conditionSize: number;
  /** Length of the noise vector. Default {@linkcode LATENT}. */
  latent?: number;
  /** N_g: length of ĉ. Default 128. */
  augmented?: number;
  /** N_d: length to which the discriminators compress the condition. Default 128. */
  compressed?: number;
  /** Filters of the layers next to the images; inner layers have up to eight times as many. Default 64. */
  filters?: number;
  /** Number of residual blocks of stage II. Default 2. */
  blocks?: number;
  /** Seed of the initial weights. Default 0. */
  seed?: number;
}

/** The four networks. The generators also output μ and log σ, for the KL divergence (Eq. 2). */
export interface StackGanNetworks {
  /** G₀: condition, ε `[batch, augmented]` and noise to sketch, μ, log σ. */
  sketcher: tf.LayersModel;
  /** D₀: sketch and condition to logits `[batch, 1]`. */
  sketchDiscriminator: tf.LayersModel;
  /** G: sketch, condition and ε to image, μ, log σ. */
  refiner: tf.LayersModel;
  /** D: image and condition to logits `[batch, 1]`. */
  discriminator: tf.LayersModel;
}

type Settings = Required<StackGanNetworkSettings>;

/** Builds the four networks.
 * @throws {RangeError} if the size is not four times a power of two ≥ 8. */
export function stackGanNetworks(given: StackGanNetworkSettings): StackGanNetworks {
  const settings: Settings = {
    ...{ channels: 3, latent: LATENT, augmented: 128, compressed: 128, filters: 64, blocks: 2, seed: 0 },
    ...given,
  };
  const [size, sketch] = [settings.size, settings.size / STAGE_SCALE];
  checkFilters("StackGAN", settings.filters);
  if (!Number.isInteger(Math.log2(sketch)) || sketch < 2 * SMALLEST) {
    throw new RangeError(
      `Cannot build StackGAN: the size must be ${STAGE_SCALE} times a power of two ≥ 8 (32, 64, 128, 256), got ${size}`,
    );
  }
  const seeds = seedSequence(settings.seed);
  return {
    sketcher: sketcher(settings, sketch, seedSequence(seeds())),
    sketchDiscriminator: discriminator("sketchDiscriminator", settings, sketch, seedSequence(seeds())),
    refiner: refiner(settings, sketch, seedSequence(seeds())),
    discriminator: discriminator("discriminator", settings, size, seedSequence(seeds())),
  };
}

/** Initializer of the layers that read the condition. The authors' standard deviation of 0.02 suits their embeddings of 1024
 * elements; for short vectors it would make μ much smaller than the noise. */
const conditionInitializer = heNormal;

/** Conditioning augmentation (Sec. 3.2): condition and ε to ĉ, μ, log σ. */
function augmentation({ conditionSize, augmented }: Settings, nextSeed: () => number) {
  const condition = tf.input({ shape: [conditionSize], name: "condition" });
  const epsilon = tf.input({ shape: [augmented], name: "epsilon" });
  const head = (name: string) => {
    const settings = { units: augmented, name, kernelInitializer: conditionInitializer(nextSeed()) };
    return leakyRelu(dense(condition, settings), `${name}_leaky`);
  };
  const [mean, logDeviation] = [head("mean"), head("log_deviation")];
  const sample = new GaussianSample({ name: "augmented" }).apply([mean, logDeviation, epsilon]) as tf.SymbolicTensor;
  return { condition, epsilon, sample, mean, logDeviation };
}

function normed(x: tf.SymbolicTensor, name: string, nextSeed: () => number): tf.SymbolicTensor {
  return new BatchNorm({ name: `${name}_norm`, seed: nextSeed() }).apply(x) as tf.SymbolicTensor;
}

/** Returns the number of filters of a layer of the given side. */
function filtersAt(side: number, size: number, filters: number): number {
  return filters * Math.min(LARGEST_WIDTH, size / side);
}

/** Doubles the side at each layer up to the size, then outputs the image. */
function upsample(
  x: tf.SymbolicTensor,
  size: number,
  { channels, filters }: Settings,
  nextSeed: () => number,
): tf.SymbolicTensor {
  for (let side = x.shape[1]! * 2; side <= size; side *= 2) {
    const name = `up${side}`;
    const settings = { filters: filtersAt(side, size, filters), useBias: false, name };
    x = resizeConvolution(x, { ...settings, kernelInitializer: initialKernel(nextSeed()) });
    x = relu(normed(x, name, nextSeed), `${name}_relu`);
  }
  return convolution(x, { filters: channels, kernelSize: 3, activation: "tanh", name: "picture" }, nextSeed());
}

/** Applies a convolution with batch norm: 4x4 with stride 2, or 3x3 or 1x1 with stride 1. */
function normedConvolution(
  x: tf.SymbolicTensor,
  filters: number,
  kernelSize: 1 | 3 | 4,
  name: string,
  nextSeed: () => number,
): tf.SymbolicTensor {
  const strides = kernelSize === KERNEL ? 2 : 1;
  return normed(convolution(x, { filters, kernelSize, strides, useBias: false, name }, nextSeed()), name, nextSeed);
}

function sketcher(settings: Settings, size: number, nextSeed: () => number): tf.LayersModel {
  const { condition, epsilon, sample, mean, logDeviation } = augmentation(settings, nextSeed);
  const noise = tf.input({ shape: [settings.latent], name: "noise" });
  let x = tf.layers.concatenate({ name: "code" }).apply([sample, noise]) as tf.SymbolicTensor;
  const deepest = filtersAt(SMALLEST, size, settings.filters);
  const units = SMALLEST * SMALLEST * deepest;
  x = dense(x, { units, useBias: false, name: "project", kernelInitializer: initialKernel(nextSeed()) });
  x = tf.layers.reshape({ targetShape: [SMALLEST, SMALLEST, deepest], name: "start" }).apply(x) as tf.SymbolicTensor;
  const image = upsample(relu(normed(x, "start", nextSeed), "start_relu"), size, settings, nextSeed);
  return tf.model({ name: "sketcher", inputs: [condition, epsilon, noise], outputs: [image, mean, logDeviation] });
}

function refiner(settings: Settings, sketchSize: number, nextSeed: () => number): tf.LayersModel {
  const { channels, filters, blocks, size } = settings;
  const { condition, epsilon, sample, mean, logDeviation } = augmentation(settings, nextSeed);
  const sketch = tf.input({ shape: [sketchSize, sketchSize, channels], name: "sketch" });
  const layer = (x: tf.SymbolicTensor, filters: number, kernelSize: 3 | 4, name: string) =>
    relu(normedConvolution(x, filters, kernelSize, name, nextSeed), `${name}_relu`);
  let x = relu(convolution(sketch, { filters, kernelSize: 3, name: "first" }, nextSeed()), "first_relu");
  for (const factor of [2, 4]) x = layer(x, filters * factor, KERNEL, `down${factor}`);
  const wide = filters * 4;
  x = layer(withPlanes(x, sample, "condition_"), wide, 3, "joined");
  for (let i = 0; i < blocks; i++) {
    const inner = layer(x, wide, 3, `block${i}_a`);
    const sum = tf.layers.add({ name: `block${i}_sum` }).apply([x, normedConvolution(inner, wide, 3, `block${i}_b`, nextSeed)]);
    x = relu(sum as tf.SymbolicTensor, `block${i}_relu`);
  }
  const image = upsample(x, size, settings, nextSeed);
  return tf.model({ name: "refiner", inputs: [sketch, condition, epsilon], outputs: [image, mean, logDeviation] });
}

function discriminator(name: string, settings: Settings, size: number, nextSeed: () => number): tf.LayersModel {
  const { channels, conditionSize, compressed, filters } = settings;
  const image = tf.input({ shape: [size, size, channels], name: "picture" });
  const condition = tf.input({ shape: [conditionSize], name: "condition" });
  const layer = (x: tf.SymbolicTensor, factor: number, kernelSize: 1 | 4, name: string) => {
    const width = filters * Math.min(LARGEST_WIDTH, factor);
    return leakyRelu(normedConvolution(x, width, kernelSize, name, nextSeed), `${name}_leaky`);
  };
  let x = leakyRelu(convolution(image, { filters, strides: 2, name: "down0" }, nextSeed()), "down0_leaky");
  for (let side = size / 4, i = 1; side >= SMALLEST; side /= 2, i++) x = layer(x, 2 ** i, KERNEL, `down${i}`);
  const compress = { units: compressed, name: "compress", kernelInitializer: conditionInitializer(nextSeed()) };
  x = withPlanes(x, leakyRelu(dense(condition, compress), "compress_leaky"), "condition_");
  x = layer(x, size / SMALLEST / 2, 1, "joined");
  x = tf.layers.flatten({ name: "features" }).apply(x) as tf.SymbolicTensor;
  const logits = dense(x, { units: 1, name: "logits", kernelInitializer: initialKernel(nextSeed()) });
  return tf.model({ name, inputs: [image, condition], outputs: logits });
}
