/** The patch discriminator of pix2pix (Isola et al. 2017, arXiv:1611.07004, Sec. 3.2.2 and appendix 6.1.2).
 *
 * It gives one logit for each patch of the picture that it sees, not one for the whole: C64-C128-C256-C512 and a last convolution to one
 * channel, 4x4 all, for the 70x70 patch. Each layer more, or less, changes the patch (Sec. 4.4): see {@linkcode receptiveField}.
 * With 0 layers it is the PixelGAN, 1x1 convolutions.
 *
 * Taught in: notebooks/06_the_patch_discriminator.ipynb, Eq. (6.1)
 * @module */
import * as tf from "../tf.ts";
import { checkFilters, checkSize, initialKernel, KERNEL, LEAK, seedSequence, widthsOf } from "./common.ts";
import { biasBefore, type Norm, normalise } from "./norm.ts";

/** What to build. */
export interface PatchDiscriminatorSettings {
  /** Height and width of the pictures, pixels. */
  size: number;
  /** Channels of the picture that is judged. Default 3. */
  imageChannels?: number;
  /** Channels of the picture that it is judged by, 0 for none (an unconditional discriminator). Default 3. */
  conditionChannels?: number;
  /** Filters of the first layer; each later one has twice as many, up to eight times. Default 64. */
  filters?: number;
  /** Layers of stride 2: 0 to 6. Default 3, which sees 70x70. */
  layers?: number;
  /** Default "batch". */
  norm?: Norm;
  /** Seed of the initial weights. Default 0. */
  seed?: number;
}

/** Layers at most: the patch is then 574 pixels, more than any picture of the paper. */
export const MOST_LAYERS = 6;

/** Side of the square of the picture that one logit sees, in pixels: from the output back, r_in = (r_out - 1) stride + kernel.
 * @param layers of stride 2: 0 to 6 give 1, 16, 34, 70, 142, 286, 574. */
export function receptiveField(layers: number): number {
  checkLayers(layers);
  if (layers === 0) return 1;
  const strides = [1, 1, ...Array<number>(layers).fill(2)]; // the last two layers have stride 1
  return strides.reduce((seen, stride) => (seen - 1) * stride + KERNEL, 1);
}

function checkLayers(layers: number): void {
  if (!Number.isInteger(layers) || layers < 0 || layers > MOST_LAYERS) {
    throw new RangeError(`Cannot build the discriminator: layers must be a whole number from 0 to ${MOST_LAYERS}, got ${layers}`);
  }
}

/** Builds the discriminator. Inputs: the condition and the picture (only the picture, if there are no condition channels), each
 * `[batch, size, size, channels]` in [-1, 1]. Output: logits `[batch, h, w, 1]`, 30x30 for size 256 and three layers.
 * @throws {RangeError} if the picture is too small for the layers. */
export function patchDiscriminator(settings: PatchDiscriminatorSettings): tf.LayersModel {
  const { size, imageChannels = 3, conditionChannels = 3, filters = 64, layers = 3, norm = "batch", seed = 0 } = settings;
  checkLayers(layers);
  checkSize("the discriminator", size, 2 ** layers);
  checkFilters("the discriminator", filters);
  const smallest = 2 ** layers * 3; // the two layers of stride 1 take one pixel each
  if (layers > 0 && size < smallest) {
    throw new RangeError(
      `Cannot build the discriminator: with ${layers} layers the size must be at least ${smallest}, got ${size}; lower layers`,
    );
  }
  const image = tf.input({ shape: [size, size, imageChannels], name: "image" });
  const condition = conditionChannels ? tf.input({ shape: [size, size, conditionChannels], name: "condition" }) : undefined;
  const x = condition ? tf.layers.concatenate({ name: "pair" }).apply([condition, image]) as tf.SymbolicTensor : image;
  const common = { norm, nextSeed: seedSequence(seed) };
  const logits = layers === 0 ? pixelLayers(x, filters, common) : patchLayers(x, widthsOf(filters, layers + 1), common);
  return tf.model({ name: "discriminator", inputs: condition ? [condition, image] : image, outputs: logits });
}

/** What all layers share. */
interface Common {
  norm: Norm;
  nextSeed: () => number;
}

function patchLayers(x: tf.SymbolicTensor, widths: number[], { norm, nextSeed }: Common): tf.SymbolicTensor {
  widths.forEach((filters, i) => {
    const [first, last] = [i === 0, i === widths.length - 1];
    x = convolution(x, filters, {
      kernelSize: KERNEL,
      strides: last ? 1 : 2,
      useBias: first || biasBefore(norm),
      name: `conv${i}`,
      seed: nextSeed(),
    });
    if (!first) x = normalise(x, norm, { name: `norm${i}`, seed: nextSeed() });
    x = tf.layers.leakyReLU({ alpha: LEAK, name: `leaky${i}` }).apply(x) as tf.SymbolicTensor;
  });
  return convolution(x, 1, { kernelSize: KERNEL, strides: 1, useBias: true, name: "logits", seed: nextSeed() });
}

/** C64-C128 and the logits, all 1x1 (appendix 6.1.2). */
function pixelLayers(x: tf.SymbolicTensor, filters: number, { norm, nextSeed }: Common): tf.SymbolicTensor {
  x = convolution(x, filters, { kernelSize: 1, strides: 1, useBias: true, name: "conv0", seed: nextSeed() });
  x = tf.layers.leakyReLU({ alpha: LEAK, name: "leaky0" }).apply(x) as tf.SymbolicTensor;
  x = convolution(x, filters * 2, { kernelSize: 1, strides: 1, useBias: biasBefore(norm), name: "conv1", seed: nextSeed() });
  x = normalise(x, norm, { name: "norm1", seed: nextSeed() });
  x = tf.layers.leakyReLU({ alpha: LEAK, name: "leaky1" }).apply(x) as tf.SymbolicTensor;
  return convolution(x, 1, { kernelSize: 1, strides: 1, useBias: true, name: "logits", seed: nextSeed() });
}

interface Convolution {
  kernelSize: number;
  strides: number;
  useBias: boolean;
  name: string;
  seed: number;
}

/** A convolution with one pixel of zeros around its input, as the reference implementation pads: stride 2 halves the picture, stride 1
 * takes one pixel from it. */
function convolution(x: tf.SymbolicTensor, filters: number, settings: Convolution): tf.SymbolicTensor {
  const { seed, ...rest } = settings;
  const padded = settings.strides === 1 && settings.kernelSize > 1; // with stride 2, "same" pads just so
  if (padded) x = tf.layers.zeroPadding2d({ padding: 1, name: `${settings.name}_pad` }).apply(x) as tf.SymbolicTensor;
  const padding = padded ? "valid" : "same";
  return tf.layers.conv2d({ ...rest, filters, padding, kernelInitializer: initialKernel(seed) }).apply(x) as tf.SymbolicTensor;
}
