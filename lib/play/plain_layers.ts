/** Rewrites a network with layers of plain TensorFlow.js, so that it can be loaded without Forger and gives the same outputs.
 *
 * Every layer of Forger has an exact equivalent in plain layers, so the saved model needs no additional script:
 *
 * - Batch norm with the statistics of the image itself, and instance norm: tfjs's LayerNormalization over height and width, and a
 *   1x1 depthwise convolution for scale and shift, if there are any. Scale and shift could also be a BatchNormalization with a
 *   mean of 0 and a variance of 1, but then `apply(x, { training: true })`, which enables dropout, would normalize twice.
 * - Reflection padding: each mirrored row and column is cut out by a Cropping2D, and all are concatenated. The image size is
 *   therefore fixed. A convolution could also pad, but would need much more computation.
 * - Gaussian samples: see {@linkcode exponential}.
 * - Transposed convolutions are plain layers, but slow on WebAssembly, where a U-Net spends most of its time on them. Transposed
 *   convolutions with 4x4 kernels and a stride of 2 become four ordinary convolutions, which makes a U-Net about twice as fast
 *   there. On WebGL, only the first image takes longer, since more shaders are compiled.
 * @module */
import { BatchNorm, EPSILON } from "../layers/batch_norm.ts";
import { GaussianSample } from "../layers/gaussian_sample.ts";
import { InstanceNorm } from "../layers/instance_norm.ts";
import { ReflectionPad } from "../layers/reflection_pad.ts";
import * as tf from "../tf.ts";

type Symbolic = tf.SymbolicTensor;
type Layer = tf.layers.Layer;

/** Options of {@linkcode applyPlain}. */
export interface PlainOptions {
  /** Whether batch norm uses the statistics of each image instead of its running statistics. */
  ownStatistics: boolean;
  /** Prefix of the layers' names, which must be unique in a model that consists of several networks. Default: none. */
  prefix?: string;
}

/** Applies a network, rewritten with plain layers, to symbolic tensors. The new layers copy the weights.
 * @returns The outputs of the network. */
export function applyPlain(network: tf.LayersModel, inputs: Symbolic[], options: PlainOptions): Symbolic[] {
  const made = new Map(network.inputs.map(({ id }, i) => [id, inputs[i]!]));
  for (const layer of network.layers) { // in topological order
    if (layer.getClassName() === "InputLayer") continue;
    const given = [layer.input].flat().map(({ id }) => made.get(id)!);
    made.set((layer.output as Symbolic).id, rewritten(layer, given, options));
  }
  return network.outputs.map(({ id }) => made.get(id)!);
}

function rewritten(layer: Layer, inputs: Symbolic[], { ownStatistics, prefix = "" }: PlainOptions): Symbolic {
  const [name, [x]] = [prefix + layer.name, inputs as [Symbolic]];
  const config = layer.getConfig();
  if (layer instanceof ReflectionPad) return reflected(x, config["padding"] as number, name);
  if (layer instanceof GaussianSample) return sample(inputs as [Symbolic, Symbolic, Symbolic], name);
  if (layer instanceof InstanceNorm) return normalized(x, config["epsilon"] as number, layer.getWeights(), name);
  if (layer instanceof BatchNorm) {
    if (ownStatistics) return normalized(x, EPSILON, layer.getWeights().slice(0, 2), name);
    return put(tf.layers.batchNormalization({ epsilon: EPSILON, name }), x, () => layer.getWeights());
  }
  if (layer.getClassName() === "Dropout") return put(tf.layers.dropout({ rate: config["rate"] as number, name }), x);
  if (isDoubling(layer)) return doubled(x, layer, name);
  return put(copyOf(layer, name), inputs.length > 1 ? inputs : x, () => layer.getWeights());
}

/** Applies a layer and sets its weights.
 * @param weights Returns the weights. Tensors that the function creates are disposed of. */
function put(layer: Layer, x: Symbolic | Symbolic[], weights: () => tf.Tensor[] = () => []): Symbolic {
  const y = layer.apply(x) as Symbolic;
  tf.tidy(() => layer.setWeights(weights()));
  return y;
}

/** Returns a layer of the same class with the same settings. The new layer does not draw initial weights. */
function copyOf(layer: Layer, name: string): Layer {
  const entries = Object.entries(layer.getConfig()).map(([key, value]) =>
    [key, /Initializer$/.test(key) && value ? "zeros" : value] as const
  );
  const layerClass = layer.constructor as tf.serialization.SerializableConstructor<Layer>;
  return layerClass.fromConfig(layerClass, { ...Object.fromEntries(entries), name });
}

/** Normalizes each channel of each image.
 * @param weights Scale and shift, each `[channels]`, or no weights. */
function normalized(x: Symbolic, epsilon: number, weights: tf.Tensor[], name: string): Symbolic {
  const y = put(tf.layers.layerNormalization({ axis: [1, 2], epsilon, center: false, scale: false, name }), x);
  const [gamma, beta] = weights;
  if (!gamma || !beta) return y;
  const scale = tf.layers.depthwiseConv2d({ kernelSize: 1, depthwiseInitializer: "zeros", name: `${name}_scale` });
  return put(scale, y, () => [tf.reshape(gamma, [1, 1, -1, 1]), beta]);
}

/** Pads height and width with reflections. */
function reflected(x: Symbolic, padding: number, name: string): Symbolic {
  if (padding === 0) return x;
  for (const [axis, side] of [[1, "row"], [2, "column"]] as const) {
    const size = x.shape[axis]!;
    const line = (at: number, i: number) => {
      const [cut, all]: [number, number][] = [[at, size - 1 - at], [0, 0]];
      const cropping: [[number, number], [number, number]] = axis === 1 ? [cut!, all!] : [all!, cut!];
      return put(tf.layers.cropping2D({ cropping, name: `${name}_${side}${i}` }), x);
    };
    const mirrored = Array.from({ length: padding }, (_, i) => [line(padding - i, i), line(size - 2 - i, padding + i)] as const);
    const lines = [...mirrored.map(([before]) => before), x, ...mirrored.map(([, after]) => after)];
    x = put(tf.layers.concatenate({ axis, name: `${name}_${side}s` }), lines);
  }
  return x;
}

/** Computes μ + σ ε from μ, log σ and ε. */
function sample([mean, logDeviation, epsilon]: [Symbolic, Symbolic, Symbolic], name: string): Symbolic {
  const deviation = exponential(logDeviation, name);
  const noise = put(tf.layers.multiply({ name: `${name}_noise` }), [deviation, epsilon]);
  return put(tf.layers.add({ name }), [mean, noise]);
}

/** Maximum x for which {@linkcode exponential} is exact. */
const LARGEST_EXPONENT = 8;

/** Computes eˣ for x ≤ 8, which allows standard deviations up to 2980. No layer computes eˣ, but ELU is eˣ − 1 for x ≤ 0, so
 * that with K = 8
 *
 *     eˣ = (e^(K/4) (elu((x − K) / 4) + 1))⁴
 *
 * The fourth power keeps the rounding error of 1 + elu small: below 2·10⁻⁶ eˣ for x = 0. */
function exponential(x: Symbolic, name: string): Symbolic {
  const [size, largest] = [x.shape[1]!, LARGEST_EXPONENT];
  const linear = (x: Symbolic, mean: number, variance: number, part: string) => {
    const layer = tf.layers.batchNormalization({ epsilon: 0, center: false, scale: false, name: `${name}_${part}` });
    return put(layer, x, () => [tf.fill([size], mean), tf.fill([size], variance)]);
  };
  const squared = (x: Symbolic, part: string) => put(tf.layers.multiply({ name: `${name}_${part}` }), [x, x]);
  const elu = put(tf.layers.elu({ name: `${name}_elu` }), linear(x, largest, 16, "quarter"));
  return squared(squared(linear(elu, -1, Math.exp(-largest / 2), "root"), "square"), "deviation");
}

/** Kernel size and stride of the transposed convolutions that {@linkcode doubled} supports. */
const [DOUBLING_KERNEL, DOUBLING_STRIDE] = [4, 2];

/** Returns whether a layer is a transposed convolution that {@linkcode doubled} supports. */
function isDoubling(layer: Layer): boolean {
  if (layer.getClassName() !== "Conv2DTranspose") return false;
  const { kernelSize, strides, padding, activation } = layer.getConfig() as Record<string, unknown>;
  const all = (values: unknown, expected: number) => [values].flat().every((value) => value === expected);
  return all(kernelSize, DOUBLING_KERNEL) && all(strides, DOUBLING_STRIDE) && padding === "same" && activation === "linear";
}

/** Taps of a kernel along one axis, for even and odd positions of the output:
 * out(2i) = w₃ x(i − 1) + w₁ x(i) and out(2i + 1) = w₂ x(i) + w₀ x(i + 1). */
const TAPS = [[3, 1], [2, 0]] as const;

/** Applies a transposed convolution as four convolutions, one for each position in blocks of 2x2 output pixels. */
function doubled(x: Symbolic, layer: Layer, name: string): Symbolic {
  const [kernel, ...bias] = layer.getWeights() as [tf.Tensor4D, ...tf.Tensor[]]; // [4, 4, output channels, input channels]
  const [height, width, filters] = [x.shape[1]!, x.shape[2]!, kernel.shape[2]];
  const phase = (dy: 0 | 1, dx: 0 | 1) => {
    const padding: [[number, number], [number, number]] = [[1 - dy, dy], [1 - dx, dx]];
    const padded = put(tf.layers.zeroPadding2d({ padding, name: `${name}_pad${dy}${dx}` }), x);
    const settings = { filters, kernelSize: 2, useBias: bias.length > 0, kernelInitializer: "zeros" } as const;
    return put(tf.layers.conv2d({ ...settings, name: `${name}_${dy}${dx}` }), padded, () => {
      const [rows, columns] = [TAPS[dy], TAPS[dx]].map((taps) => tf.tensor1d([...taps], "int32"));
      return [tf.transpose(tf.gather(tf.gather(kernel, rows!, 0), columns!, 1), [0, 1, 3, 2]), ...bias];
    });
  };
  const join = (parts: Symbolic[], axis: number, part: string) =>
    put(tf.layers.concatenate({ axis, name: `${name}_${part}` }), parts);
  // Channels (dx, c) of rows (dy, x) have the same order in memory as rows (y, dy) of pixels (x, dx).
  const rows = ([0, 1] as const).map((dy) => join([phase(dy, 0), phase(dy, 1)], 3, `row${dy}`));
  const targetShape = [2 * height, 2 * width, filters];
  return put(tf.layers.reshape({ targetShape, name }), join(rows, 2, "rows"));
}
