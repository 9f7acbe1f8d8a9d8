/** Kernels of the backend "wasm" for a page, which only uses models: their weights never change, and there are no gradients.
 * @module */
import * as tf from "../tf.ts";
import { registerKernels } from "../backend/wasm/kernels.ts";
import type { BackendWasm } from "../packages.ts";
import { transposedConvolution } from "./transposed.ts";

/** Registers Forger's kernels, and in place of some of them kernels that are faster when weights never change. tfjs's own kernels
 * must already be registered. */
export function registerInferenceKernels(): void {
  // XNNPACK packs a filter once. Forger's kernels avoid the packing, which training would have to repeat in each step.
  const [conv2d, fused] = ["Conv2D", "FusedConv2D"].map((name) => tf.getKernel(name, "wasm"));
  registerKernels();
  replace(conv2d!);
  replace(fused!);
  replace(transposedConvolution(conv2d!, tf.getKernel("Conv2DBackpropInput", "wasm")));
  replace(reduction(tf.getKernel("Sum", "wasm"), false));
  replace(reduction(tf.getKernel("Mean", "wasm"), true));
}

function replace(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, "wasm");
  tf.registerKernel(kernel);
}

/** Returns a kernel `Sum` or `Mean` that adds rows as they lie in memory, as a norm needs it. tfjs's kernel transposes the whole
 * tensor unless the last axes are summed over.
 * @param original tfjs's own kernel. */
function reduction(original: tf.KernelConfig, average: boolean): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = (call) => {
    const { x } = call.inputs as { x: tf.TensorInfo };
    const { axis, keepDims } = call.attrs as unknown as tf.SumAttrs;
    const axes = tf.util.parseAxisParam(axis, x.shape).toSorted((a, b) => a - b);
    const [first, last] = [axes[0] ?? 0, axes.at(-1) ?? x.shape.length - 1];
    const [outer, inner] = [x.shape.slice(0, first), x.shape.slice(last + 1)];
    const isBlock = last - first + 1 === axes.length && inner.length > 0;
    if (!isBlock || x.dtype !== "float32" || x.shape.includes(0)) return original.kernelFunc(call);
    const backend = call.backend as BackendWasm;
    const shape = [...outer, ...keepDims ? axes.map(() => 1) : [], ...inner];
    const sums = backend.makeOutput(shape, "float32");
    const [from, to] = [x, sums].map((info) => backend.typedArrayFromHeap(info) as Float32Array) as [Float32Array, Float32Array];
    const count = tf.util.sizeFromShape(x.shape.slice(first, last + 1));
    sumRows(from, to, count, tf.util.sizeFromShape(inner), average ? 1 / count : 1);
    return sums;
  };
  return { ...original, kernelFunc };
}

/** Sums each `count` rows of `length` values. */
function sumRows(from: Float32Array, to: Float32Array, count: number, length: number, scale: number): void {
  const sums = new Float64Array(length);
  for (let start = 0, at = 0; start < to.length; start += length) {
    sums.fill(0);
    for (let row = 0; row < count; row++) for (let i = 0; i < length; i++) sums[i]! += from[at++]!;
    for (let i = 0; i < length; i++) to[start + i] = sums[i]! * scale;
  }
}
