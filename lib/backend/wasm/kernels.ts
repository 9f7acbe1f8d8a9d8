/** The kernels that training needs and tfjs's WebAssembly backend lacks, or has but slow or wrong. With them it has every kernel that tfjs's
 * "cpu" has, except those for complex numbers (Complex, Real, FFT ...), texts, ragged tensors, einsum and drawing, which no network
 * of the course uses.
 * @module */
import * as tf from "../../tf.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dBackpropFilter } from "./conv2d_backprop_filter.ts";
import { conv2dBackpropInput } from "./conv2d_backprop_input.ts";
import { batchMatMul } from "./matmul.ts";
import { onCpu } from "./on_cpu.ts";
import { unsortedSegmentSum } from "./unsorted_segment_sum.ts";

/** Kernels that are there, and what takes their place. */
const BETTER: Record<string, (slow: tf.KernelConfig) => tf.KernelConfig> = {
  BatchMatMul: batchMatMul,
  Conv2D: conv2d,
  FusedConv2D: conv2d,
  Conv2DBackpropInput: () => conv2dBackpropInput,
  MaxPoolGrad: () => onCpu("MaxPoolGrad"), // tfjs 4.22's own is wrong: it disagrees with "cpu", "webgpu" and TensorFlow
};

/** Kernels that are not there. */
const MISSING: Record<string, () => tf.KernelConfig> = {
  Conv2DBackpropFilter: () => conv2dBackpropFilter,
  UnsortedSegmentSum: () => unsortedSegmentSum,
  DepthwiseConv2dNativeBackpropFilter: () => onCpu("DepthwiseConv2dNativeBackpropFilter"),
  DepthwiseConv2dNativeBackpropInput: () => onCpu("DepthwiseConv2dNativeBackpropInput"),
};

let registered = false;

/** Registers them, once. Needs tfjs's own kernels of the backend "wasm" to be there. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  for (const [name, wrap] of Object.entries(BETTER)) {
    const slow = tf.getKernel(name, "wasm");
    tf.unregisterKernel(name, "wasm");
    tf.registerKernel(wrap(slow));
  }
  for (const [name, make] of Object.entries(MISSING)) if (!tf.getKernel(name, "wasm")) tf.registerKernel(make());
}
