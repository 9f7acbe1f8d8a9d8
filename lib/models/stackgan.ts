/** The four networks of StackGAN (Zhang et al. 2017, arXiv:1612.03242, Sec. 3): stage I sketches what a condition says, stage II makes a picture of it.
 *
 *     stage I   G₀   (ĉ, z) - 4x4x8f - up - up ... - sketch             nearest enlargement, 3x3 convolutions, batch norm, ReLU, tanh at the end
 *               D₀   sketch - down ... - 4x4 (c) - 1x1 - logit          4x4 convolutions of stride 2, batch norm, leaky ReLU
 *     stage II  G    sketch - down - down (ĉ) - residual blocks - up ... - picture
 *               D    picture - down ... - 4x4 (c) - 1x1 - logit
 *
 * Symbols: φ_t → `condition`, what describes the picture; ĉ → what conditioning augmentation draws about it (Sec. 3.2): μ and log σ are a dense layer of φ_t,
 * ĉ = μ + σ ε; z → `noise`; N_g, N_d → `augmented`, `compressed`. Departures: two residual blocks, the paper's number for 128 pixels (4 for 256).
 * @module */
import * as tf from "../tf.ts";
import { BatchNorm } from "../layers/batch_norm.ts";
import { GaussianSample } from "../layers/gaussian_sample.ts";
import { resizeConvolution } from "../layers/resize_convolution.ts";
import { withPlanes } from "./_planes.ts";
import { checkFilters, initialKernel, KERNEL, LATENT, LEAK, seedSequence } from "./common.ts";

/** How many times the side of the sketch that of the picture is: 64 to 256 in the paper. */
export const STAGE_SCALE = 4;
/** Where the networks are smallest. */
const SMALLEST = 4;

/** What all four are told. */
export interface StackGanNetworkSettings {
  /** Height and width of the pictures of stage II, pixels: 4 times a power of two from 8 on. */
  size: number;
  /** Default 3. */
  channels?: number;
  /** Numbers in the vector that describes a picture. */
  conditionSize: number;
  /** Numbers of noise. Default {@linkcode LATENT}. */
  latent?: number;
  /** N_g: numbers in ĉ. Default 128. */
  augmented?: number;
  /** N_d: numbers that the discriminators make of the condition. Default 128. */
  compressed?: number;
  /** Filters of the layers next to the pictures; those further in have up to eight times as many. Default 64. */
  filters?: number;
  /** Residual blocks of stage II. Default 2. */
  blocks?: number;
  /** Seed of the initial weights. Default 0. */
  seed?: number;
}

/** The four networks. Generators also give μ and log σ, for the divergence (Eq. 2). */
export interface StackGanNetworks {
  /** G₀: condition, ε `[batch, augmented]`, noise to sketch, μ, log σ. */
  sketcher: tf.LayersModel;
  /** D₀: sketch, condition to logits `[batch, 1]`. */
  sketchDiscriminator: tf.LayersModel;
  /** G: sketch, condition, ε to picture, μ, log σ. */
  refiner: tf.LayersModel;
  /** D: picture, condition to logits `[batch, 1]`. */
  discriminator: tf.LayersModel;
}

type Settings = Required<StackGanNetworkSettings>;
/** What the layers of a network share. */
interface Layers {
  nextSeed: () => number;
}

/** Builds them.
 * @throws {RangeError} if the size is none that doubling gives. */
export function stackGanNetworks(given: StackGanNetworkSettings): StackGanNetworks {
  const settings: Settings = {
    ...{ channels: 3, latent: LATENT, augmented: 128, compressed: 128, filters: 64, blocks: 2, seed: 0 },
    ...given,
  };
  const [size, sketch] = [settings.size, settings.size / STAGE_SCALE];
  checkFilters("StackGAN", settings.filters);
  if (!Number.isInteger(Math.log2(sketch)) || sketch < 2 * SMALLEST) {
    throw new RangeError(
      `Cannot build StackGAN: the size must be ${STAGE_SCALE} times a power of two from 8 on (32, 64, 128, 256), got ${size}`,
    );
  }
  const seeds = seedSequence(settings.seed);
  return {
    sketcher: sketcher(settings, sketch, { nextSeed: seedSequence(seeds()) }),
    sketchDiscriminator: discriminator("sketchDiscriminator", settings, sketch, { nextSeed: seedSequence(seeds()) }),
    refiner: refiner(settings, sketch, { nextSeed: seedSequence(seeds()) }),
    discriminator: discriminator("discriminator", settings, size, { nextSeed: seedSequence(seeds()) }),
  };
}

/** Filters where a picture's side is so long. */
function filtersAt(side: number, size: number, filters: number): number {
  return filters * Math.min(8, size / side);
}

/** Initial weights of the layers that read the condition (He et al. 2015, arXiv:1502.01852). The authors' 0.02 suits their embeddings of 1024 numbers; of a few
 * ones it would leave μ far below the noise. */
function heard(seed: number): ReturnType<typeof tf.initializers.heNormal> {
  return tf.initializers.heNormal({ seed });
}

/** Conditioning augmentation (Sec. 3.2): condition and ε to ĉ, μ, log σ. */
function augmentation({ conditionSize, augmented }: Settings, { nextSeed }: Layers) {
  const condition = tf.input({ shape: [conditionSize], name: "condition" });
  const epsilon = tf.input({ shape: [augmented], name: "epsilon" });
  const said = (name: string) => {
    const dense = tf.layers.dense({ units: augmented, name, kernelInitializer: heard(nextSeed()) });
    return tf.layers.leakyReLU({ alpha: LEAK, name: `${name}_leaky` }).apply(dense.apply(condition)) as tf.SymbolicTensor;
  };
  const [mean, logDeviation] = [said("mean"), said("log_deviation")];
  const drawn = new GaussianSample({ name: "augmented" }).apply([mean, logDeviation, epsilon]) as tf.SymbolicTensor;
  return { condition, epsilon, drawn, mean, logDeviation };
}

function normed(x: tf.SymbolicTensor, name: string, { nextSeed }: Layers): tf.SymbolicTensor {
  return new BatchNorm({ name: `${name}_norm`, seed: nextSeed() }).apply(x) as tf.SymbolicTensor;
}

function relu(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return tf.layers.reLU({ name: `${name}_relu` }).apply(x) as tf.SymbolicTensor;
}

/** Twice the side at each layer, then the picture. */
function grown(x: tf.SymbolicTensor, size: number, { channels, filters }: Settings, layers: Layers): tf.SymbolicTensor {
  for (let side = x.shape[1]! * 2; side <= size; side *= 2) {
    const name = `up${side}`;
    const settings = { filters: filtersAt(side, size, filters), useBias: false, name };
    x = resizeConvolution(x, { ...settings, kernelInitializer: initialKernel(layers.nextSeed()) });
    x = relu(normed(x, name, layers), name);
  }
  const last = { filters: channels, kernelSize: 3, padding: "same", activation: "tanh", name: "picture" } as const;
  return tf.layers.conv2d({ ...last, kernelInitializer: initialKernel(layers.nextSeed()) }).apply(x) as tf.SymbolicTensor;
}

function sketcher(settings: Settings, size: number, layers: Layers): tf.LayersModel {
  const { latent, filters } = settings;
  const { condition, epsilon, drawn, mean, logDeviation } = augmentation(settings, layers);
  const noise = tf.input({ shape: [latent], name: "noise" });
  let x = tf.layers.concatenate({ name: "code" }).apply([drawn, noise]) as tf.SymbolicTensor;
  const deepest = filtersAt(SMALLEST, size, filters);
  const projection = { units: SMALLEST * SMALLEST * deepest, useBias: false, name: "project" };
  x = tf.layers.dense({ ...projection, kernelInitializer: initialKernel(layers.nextSeed()) }).apply(x) as tf.SymbolicTensor;
  x = tf.layers.reshape({ targetShape: [SMALLEST, SMALLEST, deepest], name: "start" }).apply(x) as tf.SymbolicTensor;
  const picture = grown(relu(normed(x, "start", layers), "start"), size, settings, layers);
  return tf.model({ name: "sketcher", inputs: [condition, epsilon, noise], outputs: [picture, mean, logDeviation] });
}

/** A convolution with batch norm: 4x4 that halves, 3x3 or 1x1 that does not. */
function convolved(
  x: tf.SymbolicTensor,
  filters: number,
  kernelSize: 1 | 3 | 4,
  name: string,
  layers: Layers,
): tf.SymbolicTensor {
  const settings = {
    filters,
    kernelSize,
    strides: kernelSize === KERNEL ? 2 : 1,
    padding: "same",
    useBias: false,
    name,
  } as const;
  const layer = tf.layers.conv2d({ ...settings, kernelInitializer: initialKernel(layers.nextSeed()) });
  return normed(layer.apply(x) as tf.SymbolicTensor, name, layers);
}

function refiner(settings: Settings, sketchSize: number, layers: Layers): tf.LayersModel {
  const { channels, filters, blocks, size } = settings;
  const { condition, epsilon, drawn, mean, logDeviation } = augmentation(settings, layers);
  const sketch = tf.input({ shape: [sketchSize, sketchSize, channels], name: "sketch" });
  const first = { filters, kernelSize: 3, padding: "same", name: "first" } as const;
  let x = tf.layers.conv2d({ ...first, kernelInitializer: initialKernel(layers.nextSeed()) }).apply(sketch) as tf.SymbolicTensor;
  x = relu(x, "first");
  for (const widening of [2, 4]) x = relu(convolved(x, filters * widening, KERNEL, `down${widening}`, layers), `down${widening}`);
  const wide = filters * 4;
  x = relu(convolved(withPlanes(x, drawn, "condition_"), wide, 3, "joined", layers), "joined");
  for (let i = 0; i < blocks; i++) {
    const inner = relu(convolved(x, wide, 3, `block${i}_a`, layers), `block${i}_a`);
    const sum = tf.layers.add({ name: `block${i}_sum` }).apply([x, convolved(inner, wide, 3, `block${i}_b`, layers)]);
    x = relu(sum as tf.SymbolicTensor, `block${i}`);
  }
  const picture = grown(x, size, settings, layers);
  return tf.model({ name: "refiner", inputs: [sketch, condition, epsilon], outputs: [picture, mean, logDeviation] });
}

function discriminator(name: string, settings: Settings, size: number, layers: Layers): tf.LayersModel {
  const { channels, conditionSize, compressed, filters } = settings;
  const leaky = (x: tf.SymbolicTensor, name: string) =>
    tf.layers.leakyReLU({ alpha: LEAK, name: `${name}_leaky` }).apply(x) as tf.SymbolicTensor;
  const picture = tf.input({ shape: [size, size, channels], name: "picture" });
  const condition = tf.input({ shape: [conditionSize], name: "condition" });
  const first = { filters, kernelSize: KERNEL, strides: 2, padding: "same", name: "down0" } as const;
  let x = tf.layers.conv2d({ ...first, kernelInitializer: initialKernel(layers.nextSeed()) }).apply(picture) as tf.SymbolicTensor;
  x = leaky(x, "down0");
  for (let side = size / 4, i = 1; side >= SMALLEST; side /= 2, i++) {
    x = leaky(convolved(x, filters * Math.min(8, 2 ** i), KERNEL, `down${i}`, layers), `down${i}`);
  }
  const dense = tf.layers.dense({ units: compressed, name: "compress", kernelInitializer: heard(layers.nextSeed()) });
  x = withPlanes(x, leaky(dense.apply(condition) as tf.SymbolicTensor, "compress"), "condition_");
  x = leaky(convolved(x, filters * Math.min(8, size / SMALLEST / 2), 1, "joined", layers), "joined");
  x = tf.layers.flatten({ name: "features" }).apply(x) as tf.SymbolicTensor;
  const last = tf.layers.dense({ units: 1, name: "logits", kernelInitializer: initialKernel(layers.nextSeed()) });
  return tf.model({ name, inputs: [picture, condition], outputs: last.apply(x) as tf.SymbolicTensor });
}
