/** Inference kernels of the backend "wasm" for pages, on which weights never change and gradients are not needed.
 * @module */
import * as tf from "../tf.ts";
import { convolutionInfo, type Info } from "../backend/wasm/convolution.ts";
import { registerKernels } from "../backend/wasm/kernels.ts";
import type { BackendWasm } from "../packages.ts";
import { keptFilter } from "./kept_filters.ts";
import { normalization, withChannels } from "./norm.ts";
import { stridedWinograd } from "./winograd.ts";
import { transposedConvolution } from "./transposed.ts";

/** Registers Forger's kernels, and replaces some of them with kernels that are faster if weights never change. tfjs's own kernels
 * must already be registered. */
export function registerInferenceKernels(): void {
  // XNNPACK packs a filter once. Forger's kernels avoid the packing, which training would have to repeat in each step.
  const [conv2d, fused] = ["Conv2D", "FusedConv2D"].map((name) => tf.getKernel(name, "wasm"));
  registerKernels();
  const subtract = tf.getKernel("Sub", "wasm");
  replace(conv2d!);
  replace(convolution(fused!, subtract));
  replace(transposedConvolution(conv2d!, subtract, tf.getKernel("Conv2DBackpropInput", "wasm")));
  tf.registerKernel(normalization());
  replace(add(tf.getKernel("Add", "wasm")));
  replace(leakyRelu(tf.getKernel("LeakyRelu", "wasm")));
  replace(tanh(tf.getKernel("Tanh", "wasm")));
  replace(concat(tf.getKernel("Concat", "wasm")));
}

function replace(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, "wasm");
  tf.registerKernel(kernel);
}

/** Returns a `FusedConv2D` kernel that needs fewer multiplications and reads fewer weights.
 * @param original XNNPACK's kernel. */
function convolution(original: tf.KernelConfig, subtract: tf.KernelConfig): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = (call) => {
    const { x, filter, bias, preluActivationWeights } = call.inputs as Record<string, tf.TensorInfo>;
    const { activation, dataFormat, dilations } = call.attrs as unknown as tf.FusedConv2DAttrs;
    const isPlain = activation === "linear" && dataFormat === "NHWC" && !preluActivationWeights;
    if (!isPlain || [dilations].flat().some((n) => n !== 1)) return original.kernelFunc(call);
    const backend = call.backend as BackendWasm;
    const info = convolutionInfo(x!.shape, filter!.shape, call.attrs);
    const inputs = { x: x!, filter: filter!, ...bias && { bias } };
    const used = usedTaps(backend, filter!, info);
    if (!used) return stridedWinograd(backend, { conv2d: original, subtract }, inputs, info) ?? original.kernelFunc(call);
    const attrs = { ...call.attrs, strides: 1, pad: "valid" } as unknown as tf.NamedAttrMap;
    return original.kernelFunc({ inputs: { ...inputs, filter: used }, attrs, backend });
  };
  return { ...original, kernelFunc };
}

/** Returns the taps of a filter that do not lie in the padding, if all inputs lie under the filter: a quarter of the taps at the
 * bottleneck of a U-Net. Returns `undefined` in other cases. */
function usedTaps(backend: BackendWasm, filter: tf.TensorInfo, info: Info): tf.TensorInfo | undefined {
  const { inHeight, inWidth, filterHeight, filterWidth, inChannels, outChannels, padInfo: { top, left } } = info;
  if (info.outHeight !== 1 || info.outWidth !== 1) return undefined;
  if (inHeight + top > filterHeight || inWidth + left > filterWidth) return undefined;
  return keptFilter(backend, filter, "used", () => {
    const used = backend.makeOutput([inHeight, inWidth, inChannels, outChannels], "float32");
    const [to, from] = [used, filter].map((info) => backend.typedArrayFromHeap(info)) as [Float32Array, Float32Array];
    const length = inWidth * inChannels * outChannels;
    for (let row = 0; row < inHeight; row++) {
      const start = ((row + top) * filterWidth + left) * inChannels * outChannels;
      to.set(from.subarray(start, start + length), row * length);
    }
    return used;
  });
}

/** Returns an `Add` kernel that is fast if a bias is added to each pixel.
 * @param original The kernel of tfjs. */
function add(original: tf.KernelConfig): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = (call) => {
    const { a, b } = call.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const isBias = a.shape.length === 4 && b.shape.at(-1) === a.shape[3] && tf.util.sizeFromShape(b.shape) === a.shape[3];
    if (!isBias || a.dtype !== "float32" || b.dtype !== "float32" || a.shape.includes(0)) return original.kernelFunc(call);
    const backend = call.backend as BackendWasm;
    return withChannels(backend, original, a, backend.typedArrayFromHeap(b) as Float32Array);
  };
  return { ...original, kernelFunc };
}

/** Returns a `LeakyRelu` kernel that uses the vectorized `Prelu` kernel. tfjs's own kernel is not vectorized.
 * @param original The kernel of tfjs. */
function leakyRelu(original: tf.KernelConfig): tf.KernelConfig {
  const prelu = tf.getKernel("Prelu", "wasm");
  const slopes = new Map<string, tf.TensorInfo>(); // kept, since XNNPACK prepares each of them once
  const kernelFunc: tf.KernelFunc = (call) => {
    const { x } = call.inputs as { x: tf.TensorInfo };
    const { alpha } = call.attrs as unknown as tf.LeakyReluAttrs;
    const channels = x.shape.at(-1) ?? 0;
    if (x.dtype !== "float32" || x.shape.includes(0) || channels === 0) return original.kernelFunc(call);
    const backend = call.backend as BackendWasm;
    const key = `${channels} ${alpha}`;
    let slope = slopes.get(key);
    if (!slope) {
      const values = new Float32Array(channels).fill(alpha);
      slopes.set(key, slope = backend.makeOutput([channels], "float32", undefined, values));
    }
    return prelu.kernelFunc({ inputs: { x, alpha: slope }, backend, attrs: {} });
  };
  return { ...original, kernelFunc };
}

/** Returns a `Tanh` kernel that computes 2 · sigmoid(2x) − 1 with vectorized kernels; the error is below 1e-6. tfjs's own kernel
 * is not vectorized.
 * @param original The kernel of tfjs. */
function tanh(original: tf.KernelConfig): tf.KernelConfig {
  const [sigmoid, add] = ["Sigmoid", "Add"].map((name) => tf.getKernel(name, "wasm"));
  const kernelFunc: tf.KernelFunc = (call) => {
    const { x } = call.inputs as { x: tf.TensorInfo };
    if (x.dtype !== "float32") return original.kernelFunc(call);
    const backend = call.backend as BackendWasm;
    const minusOne = backend.makeOutput([], "float32", undefined, new Float32Array([-1]));
    const compute = (kernel: tf.KernelConfig, inputs: tf.NamedTensorInfoMap) =>
      kernel.kernelFunc({ inputs, backend, attrs: {} }) as tf.TensorInfo;
    const double = compute(add!, { a: x, b: x });
    const half = compute(sigmoid!, { x: double });
    const whole = compute(add!, { a: half, b: half });
    const result = compute(add!, { a: whole, b: minusOne });
    for (const { dataId } of [minusOne, double, half, whole]) backend.disposeData(dataId);
    return result;
  };
  return { ...original, kernelFunc };
}

/** Returns a `Concat` kernel that copies within the heap. tfjs's own kernel creates an object for each block that it copies.
 * @param original The kernel of tfjs. */
function concat(original: tf.KernelConfig): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = (call) => {
    const inputs = Object.values(call.inputs) as tf.TensorInfo[];
    const backend = call.backend as BackendWasm;
    const [{ shape }, ...others] = inputs as [tf.TensorInfo, ...tf.TensorInfo[]];
    const [axis] = tf.util.parseAxisParam((call.attrs as unknown as tf.ConcatAttrs).axis, shape) as [number];
    const isPlain = inputs.every(({ dtype, shape }) => dtype === "float32" && !shape.includes(0));
    if (!isPlain || others.length === 0) return original.kernelFunc(call);
    const length = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    const output = backend.makeOutput(shape.with(axis, length), "float32");
    const [inner, count] = [shape.slice(axis + 1), shape.slice(0, axis)].map((part) => tf.util.sizeFromShape(part));
    const offsetOf = (info: tf.TensorInfo) => backend.typedArrayFromHeap(info).byteOffset / 4;
    const heap = new Float32Array(backend.typedArrayFromHeap(output).buffer);
    let start = offsetOf(output);
    for (const input of inputs) {
      const piece = input.shape[axis]! * inner!;
      copyPieces(heap, offsetOf(input), start, piece, count!, length * inner!);
      start += piece;
    }
    return output;
  };
  return { ...original, kernelFunc };
}

/** Copies `count` contiguous blocks to positions that are `stride` apart. */
function copyPieces(heap: Float32Array, from: number, to: number, piece: number, count: number, stride: number): void {
  for (let n = 0; n < count; n++, from += piece, to += stride) heap.copyWithin(to, from, from + piece);
}
