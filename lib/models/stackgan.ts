/** The four networks of StackGAN (Zhang et al., 2017, arXiv:1612.03242, section 3). Stage I generates a small image, the sketch,
 * from a condition; stage II generates a larger image from the sketch and the condition.
 *
 * ```text
 * stage I   G₀   (ĉ, z) - 4x4x8f - up - up ... - sketch             upsampling, 3x3 convolutions, batch norm, ReLU; tanh
 *           D₀   sketch - down ... - 4x4 (c) - 1x1 - logit          4x4 convolutions with stride 2, batch norm, leaky ReLU
 * stage II  G    sketch - down - down (ĉ) - residual blocks - up ... - image
 *           D    image - down ... - 4x4 (c) - 1x1 - logit
 * ```
 *
 * In the code, φ_t is `condition`, the embedding that describes the image, and z is `noise`. The sample ĉ = μ + σ ε comes from
 * conditioning augmentation, in which dense layers compute μ and log σ from φ_t (section 3.2). The lengths N_g and N_d in the
 * paper are `augmented` and `compressed`.
 *
 * Departure from the paper: by default, stage II has two residual blocks for all image sizes; the paper uses four for 256x256
 * images.
 * @module */
import * as tf from "../tf.ts";
import { GaussianSample } from "../layers/gaussian_sample.ts";
import { heNormal, initialKernel } from "../layers/initializers.ts";
import { resizeConvolution } from "../layers/resize_convolution.ts";
import { checkInteger, KERNEL, LATENT, NetworkBuilder, type NetworkSettings, seedSequence, withPlanes } from "./blocks.ts";

/** Ratio of the side length of an image to that of its sketch; in the paper, the ratio is 256 to 64 pixels. */
export const STAGE_SCALE = 4;
/** Side length of the smallest feature maps, in pixels. */
const SMALLEST = 4;
/** Maximum number of filters in a layer, as a multiple of the number in the layer next to the image. */
const LARGEST_WIDTH = 8;

/** Settings of all four networks. `size` is the image size of stage II, which is a power of two ≥ 32. `filters` is the number of
 * filters in the layers next to the images; inner layers have up to eight times as many. */
export interface StackGanNetworkSettings extends NetworkSettings {
  /** Height and width of the images, in pixels. */
  size: number;
  /** Number of image channels. Default 3. */
  channels?: number;
  /** Length of the condition vector. */
  conditionSize: number;
  /** Length of the noise vector. Default {@linkcode LATENT}. */
  latent?: number;
  /** Length of the sample ĉ (N_g in the paper). Default 128. */
  augmented?: number;
  /** Length to which the discriminators compress the condition (N_d in the paper). Default 128. */
  compressed?: number;
  /** Number of residual blocks in stage II. Default 2. */
  blocks?: number;
}

/** The four networks. The generators also output μ and log σ, for the KL divergence (equation 2). */
export interface StackGanNetworks {
  /** The generator G₀ of stage I, which maps the condition, ε `[batch, augmented]` and noise to a sketch, μ and log σ. */
  sketcher: tf.LayersModel;
  /** The discriminator D₀ of stage I, which maps a sketch and the condition to logits `[batch, 1]`. */
  sketchDiscriminator: tf.LayersModel;
  /** The generator G of stage II, which maps a sketch, the condition and ε to an image, μ and log σ. */
  refiner: tf.LayersModel;
  /** The discriminator D of stage II, which maps an image and the condition to logits `[batch, 1]`. */
  discriminator: tf.LayersModel;
}

type Settings = Required<StackGanNetworkSettings>;

/** Builds the four networks.
 * @throws {RangeError} If the size is not a power of two ≥ 32. */
export function stackGanNetworks(given: StackGanNetworkSettings): StackGanNetworks {
  const settings: Settings = {
    ...{ channels: 3, latent: LATENT, augmented: 128, compressed: 128, filters: 64, blocks: 2, seed: 0 },
    ...given,
  };
  const [size, sketch] = [settings.size, settings.size / STAGE_SCALE];
  checkInteger("StackGAN", "filters", settings.filters, 1);
  if (!Number.isInteger(Math.log2(sketch)) || sketch < 2 * SMALLEST) {
    throw new RangeError(`Cannot build StackGAN: the size must be a power of two ≥ 32 (such as 64, 128 or 256), got ${size}`);
  }
  const nextSeed = seedSequence(settings.seed);
  const net = () => new NetworkBuilder(nextSeed());
  return {
    sketcher: sketcher(settings, sketch, net()),
    sketchDiscriminator: discriminator("sketchDiscriminator", settings, sketch, net()),
    refiner: refiner(settings, sketch, net()),
    discriminator: discriminator("discriminator", settings, size, net()),
  };
}

/** Initializer for the layers that read the condition. The authors' standard deviation of 0.02 suits their embeddings of 1024
 * elements; for short vectors, it would make μ much smaller than the noise. */
const conditionInitializer = heNormal;

/** Applies conditioning augmentation (section 3.2), which maps the condition and ε to ĉ, μ and log σ. */
function augmentation({ conditionSize, augmented }: Settings, net: NetworkBuilder) {
  const condition = tf.input({ shape: [conditionSize], name: "condition" });
  const epsilon = tf.input({ shape: [augmented], name: "epsilon" });
  const head = (name: string) =>
    net.leakyRelu(net.dense(condition, { units: augmented, name }, conditionInitializer), `${name}_leaky`);
  const [mean, logDeviation] = [head("mean"), head("log_deviation")];
  const sample = new GaussianSample({ name: "augmented" }).apply([mean, logDeviation, epsilon]) as tf.SymbolicTensor;
  return { condition, epsilon, sample, mean, logDeviation };
}

/** Returns the number of filters in a layer whose feature maps have the given side length. */
function filtersAt(side: number, size: number, filters: number): number {
  return filters * Math.min(LARGEST_WIDTH, size / side);
}

/** Doubles the side length of the feature maps with each layer, up to `size`, and then outputs the image. */
function upsample(x: tf.SymbolicTensor, size: number, { channels, filters }: Settings, net: NetworkBuilder): tf.SymbolicTensor {
  for (let side = x.shape[1]! * 2; side <= size; side *= 2) {
    const name = `up${side}`;
    const settings = { filters: filtersAt(side, size, filters), useBias: false, name };
    x = resizeConvolution(x, { ...settings, kernelInitializer: initialKernel(net.nextSeed()) });
    x = net.relu(net.normalize(x, `${name}_norm`), `${name}_relu`);
  }
  return net.convolution(x, { filters: channels, kernelSize: 3, activation: "tanh", name: "picture" });
}

/** Returns a function that applies a convolution, followed by batch norm. A 4x4 convolution has stride 2; a 3x3 or 1x1
 * convolution has stride 1. */
function normedConvolution(net: NetworkBuilder) {
  return (x: tf.SymbolicTensor, filters: number, kernelSize: 1 | 3 | 4, name: string): tf.SymbolicTensor => {
    const strides = kernelSize === KERNEL ? 2 : 1;
    return net.normalize(net.convolution(x, { filters, kernelSize, strides, useBias: false, name }), `${name}_norm`);
  };
}

function sketcher(settings: Settings, size: number, net: NetworkBuilder): tf.LayersModel {
  const { condition, epsilon, sample, mean, logDeviation } = augmentation(settings, net);
  const noise = tf.input({ shape: [settings.latent], name: "noise" });
  let x = tf.layers.concatenate({ name: "code" }).apply([sample, noise]) as tf.SymbolicTensor;
  const deepest = filtersAt(SMALLEST, size, settings.filters);
  x = net.dense(x, { units: SMALLEST * SMALLEST * deepest, useBias: false, name: "project" });
  x = tf.layers.reshape({ targetShape: [SMALLEST, SMALLEST, deepest], name: "start" }).apply(x) as tf.SymbolicTensor;
  const image = upsample(net.relu(net.normalize(x, "start_norm"), "start_relu"), size, settings, net);
  return tf.model({ name: "sketcher", inputs: [condition, epsilon, noise], outputs: [image, mean, logDeviation] });
}

function refiner(settings: Settings, sketchSize: number, net: NetworkBuilder): tf.LayersModel {
  const { channels, filters, blocks, size } = settings;
  const { condition, epsilon, sample, mean, logDeviation } = augmentation(settings, net);
  const sketch = tf.input({ shape: [sketchSize, sketchSize, channels], name: "sketch" });
  const normed = normedConvolution(net);
  const layer = (x: tf.SymbolicTensor, filters: number, kernelSize: 3 | 4, name: string) =>
    net.relu(normed(x, filters, kernelSize, name), `${name}_relu`);
  let x = net.relu(net.convolution(sketch, { filters, kernelSize: 3, name: "first" }), "first_relu");
  for (const factor of [2, 4]) x = layer(x, filters * factor, KERNEL, `down${factor}`);
  const wide = filters * 4;
  x = layer(withPlanes(x, sample, "condition_"), wide, 3, "joined");
  for (let i = 0; i < blocks; i++) {
    const residual = normed(layer(x, wide, 3, `block${i}_a`), wide, 3, `block${i}_b`);
    const sum = tf.layers.add({ name: `block${i}_sum` }).apply([x, residual]) as tf.SymbolicTensor;
    x = net.relu(sum, `block${i}_relu`);
  }
  const image = upsample(x, size, settings, net);
  return tf.model({ name: "refiner", inputs: [sketch, condition, epsilon], outputs: [image, mean, logDeviation] });
}

function discriminator(name: string, settings: Settings, size: number, net: NetworkBuilder): tf.LayersModel {
  const { channels, conditionSize, compressed, filters } = settings;
  const image = tf.input({ shape: [size, size, channels], name: "picture" });
  const condition = tf.input({ shape: [conditionSize], name: "condition" });
  const normed = normedConvolution(net);
  const layer = (x: tf.SymbolicTensor, factor: number, kernelSize: 1 | 4, name: string) =>
    net.leakyRelu(normed(x, filters * Math.min(LARGEST_WIDTH, factor), kernelSize, name), `${name}_leaky`);
  let x = net.leakyRelu(net.convolution(image, { filters, strides: 2, name: "down0" }), "down0_leaky");
  for (let side = size / 4, i = 1; side >= SMALLEST; side /= 2, i++) x = layer(x, 2 ** i, KERNEL, `down${i}`);
  const compress = net.dense(condition, { units: compressed, name: "compress" }, conditionInitializer);
  x = withPlanes(x, net.leakyRelu(compress, "compress_leaky"), "condition_");
  x = layer(x, size / SMALLEST / 2, 1, "joined");
  x = tf.layers.flatten({ name: "features" }).apply(x) as tf.SymbolicTensor;
  return tf.model({ name, inputs: [image, condition], outputs: net.dense(x, { units: 1, name: "logits" }) });
}
