/** Batch norm and instance norm with the statistics of the images, as one kernel of the backend "wasm" for pages. tfjs needs
 * eleven kernels, which read the images eight times.
 * @module */
import * as tf from "../tf.ts";
import type { BackendWasm } from "../packages.ts";

/** Name of the kernel. */
export const NORMALIZE = "ForgerNormalize";

/** Inputs of {@linkcode NORMALIZE}. */
export interface NormalizeInputs extends tf.NamedTensorInfoMap {
  /** `[batch, height, width, channels]`. */
  x: tf.TensorInfo;
  /** Scale and shift of each channel: `[channels]`. Default: 1 and 0. */
  gamma: tf.TensorInfo | undefined;
  beta: tf.TensorInfo | undefined;
}

/** Attributes of {@linkcode NORMALIZE}. */
export interface NormalizeAttrs extends tf.NamedAttrMap {
  epsilon: number;
  /** Whether each image has its own statistics. */
  perImage: boolean;
}

/** Minimum number of values that XNNPACK multiplies or adds at once, if possible. Each further call takes time. */
const LEAST_LENGTH = 512;

/** Returns how often values of the given length can be repeated, so that fewer rows of greater length remain. */
function repetitions(rows: number, length: number): number {
  let count = 1;
  while (rows % (2 * count) === 0 && count * length < LEAST_LENGTH) count *= 2;
  return count;
}

/** Applies an operation to images and one value per channel. XNNPACK is slow if there are few channels; therefore, the values of
 * the channels are repeated.
 * @param kernel Kernel such as `Multiply`.
 * @param x Images of `groups * rows * channels` values.
 * @param values `groups * channels` values.
 * @returns Tensor of the shape of the images. */
export function withChannels(
  backend: BackendWasm,
  kernel: tf.KernelConfig,
  x: tf.TensorInfo,
  values: Float32Array,
  groups = 1,
): tf.TensorInfo {
  const channels = values.length / groups;
  const rows = tf.util.sizeFromShape(x.shape) / values.length;
  const count = repetitions(rows, channels);
  const repeated = new Float32Array(count * values.length);
  for (let i = 0; i < groups * count; i++) {
    const group = Math.floor(i / count);
    repeated.set(values.subarray(group * channels, (group + 1) * channels), i * channels);
  }
  const b = backend.makeOutput([groups, 1, count * channels], "float32", undefined, repeated);
  const a = { ...x, shape: [groups, rows / count, count * channels] };
  const { dataId } = kernel.kernelFunc({ inputs: { a, b }, backend, attrs: {} }) as tf.TensorInfo;
  backend.disposeData(b.dataId);
  return { dataId, shape: x.shape, dtype: "float32" };
}

/** Returns the kernel {@linkcode NORMALIZE}. The kernels of tfjs must already be registered. */
export function normalization(): tf.KernelConfig {
  const [multiply, add] = ["Multiply", "Add"].map((name) => tf.getKernel(name, "wasm"));
  const kernelFunc: tf.KernelFunc = (call) => {
    const { x, gamma, beta } = call.inputs as NormalizeInputs;
    const { epsilon, perImage } = call.attrs as NormalizeAttrs;
    const backend = call.backend as BackendWasm;
    const groups = perImage ? x.shape[0]! : 1;
    const valuesOf = (info: tf.TensorInfo) => backend.typedArrayFromHeap(info) as Float32Array;
    const channels = x.shape.at(-1)!;
    const { means, variances } = momentsOf(valuesOf(x), groups, channels);
    const [scales, shifts] = [gamma, beta].map((info) => info && valuesOf(info));
    const [factors, offsets] = [new Float32Array(means.length), new Float32Array(means.length)];
    for (let i = 0, channel = 0; i < means.length; i++, channel = (channel + 1) % channels) {
      factors[i] = (scales ? scales[channel]! : 1) / Math.sqrt(variances[i]! + epsilon);
      offsets[i] = (shifts ? shifts[channel]! : 0) - means[i]! * factors[i]!;
    }
    const product = withChannels(backend, multiply!, x, factors, groups);
    const result = withChannels(backend, add!, product, offsets, groups);
    backend.disposeData(product.dataId);
    return result;
  };
  return { kernelName: NORMALIZE, backendName: "wasm", kernelFunc };
}

/** Number of values that fit into the fastest cache. */
const CACHED = 4096;

/** Mean and variance of each channel of each group. */
interface Moments {
  means: Float64Array;
  variances: Float64Array;
}

/** Computes means and variances in one pass. The sums have 64 bits: the difference between the mean square and the squared mean
 * is therefore precise.
 * @param groups Number of groups of images. */
function momentsOf(x: Float32Array, groups: number, channels: number): Moments {
  const [means, variances] = [new Float64Array(groups * channels), new Float64Array(groups * channels)];
  const rows = x.length / means.length;
  const some = Math.max(1, Math.floor(CACHED / channels));
  for (let group = 0; group < groups; group++) {
    for (let row = group * rows; row < (group + 1) * rows; row += some) {
      const count = Math.min(some, (group + 1) * rows - row);
      for (let channel = 0; channel < channels; channel += 4) {
        const sum = channel + 4 <= channels ? sumFour : sumEach;
        sum(x, row * channels + channel, count, channels, means, variances, group * channels + channel);
      }
    }
  }
  for (let i = 0; i < means.length; i++) {
    means[i]! /= rows;
    variances[i] = Math.max(0, variances[i]! / rows - means[i]! ** 2);
  }
  return { means, variances };
}

/** Sums the values and the squares of four channels, which fit into registers. */
function sumFour(
  x: Float32Array,
  at: number,
  rows: number,
  channels: number,
  sums: Float64Array,
  squares: Float64Array,
  to: number,
): void {
  let [a, b, c, d, aa, bb, cc, dd] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++, at += channels) {
    const p = x[at]!, q = x[at + 1]!, r = x[at + 2]!, s = x[at + 3]!;
    a += p;
    b += q;
    c += r;
    d += s;
    aa += p * p;
    bb += q * q;
    cc += r * r;
    dd += s * s;
  }
  sums[to]! += a;
  sums[to + 1]! += b;
  sums[to + 2]! += c;
  sums[to + 3]! += d;
  squares[to]! += aa;
  squares[to + 1]! += bb;
  squares[to + 2]! += cc;
  squares[to + 3]! += dd;
}

/** Sums the values and the squares of the last channels. */
const sumEach: typeof sumFour = (x, at, rows, channels, sums, squares, to) => {
  for (let channel = channels - channels % 4; channel < channels; channel++, at++, to++) {
    for (let row = 0; row < rows; row++) {
      const value = x[at + row * channels]!;
      sums[to]! += value;
      squares[to]! += value * value;
    }
  }
};
