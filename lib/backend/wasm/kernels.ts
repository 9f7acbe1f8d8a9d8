/** The kernels that training needs and tfjs's WebAssembly backend lacks, or has but slow or wrong. With them it has every kernel that tfjs's
 * "cpu" has, except those for complex numbers (Complex, Real, FFT ...), texts, ragged tensors, einsum and drawing, which no network
 * of the course uses.
 * @module */
import * as tf from "../../tf.ts";
import { conv2d, conv2dBackpropFilter, conv2dBackpropInput } from "./conv2d.ts";
import { quietCpu } from "../cpu.ts";

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

/** Kernel `BatchMatMul` for transposed matrices. tfjs's WebAssembly backend multiplies plain matrices fast, and falls back to
 * unblocked loops, 10 to 30 times slower, as soon as one is to be transposed, which is so in every gradient of a dense layer.
 * Transposing first costs far less.
 * (merged) */

/** Swaps the last two axes. */
function transposed(matrices: tf.Tensor): tf.Tensor {
  const axes = matrices.shape.map((_, axis) => axis);
  return tf.transpose(matrices, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** The kernel, for {@linkcode tf.registerKernel}.
 * @param plain tfjs's own kernel, which then multiplies matrices as they lie. */
export function batchMatMul(plain: tf.KernelConfig): tf.KernelConfig {
  return {
    ...plain,
    kernelFunc: (call) => {
      const { transposeA, transposeB } = call.attrs as unknown as tf.BatchMatMulAttrs;
      if (!transposeA && !transposeB) return plain.kernelFunc(call);
      const { a, b } = call.inputs as { a: tf.Tensor; b: tf.Tensor };
      return tf.tidy(() => tf.matMul(transposeA ? transposed(a) : a, transposeB ? transposed(b) : b));
    },
  };
}

/** Kernels that tfjs's WebAssembly backend lacks, or has wrong, and that need not be fast: their inputs are copied to the plain JavaScript backend,
 * which computes, and the result is copied back.
 * (merged) */

/** A kernel of the backend "wasm" that runs that of the backend "cpu".
 * @param kernelName as tfjs calls it: "UnsortedSegmentSum".
 * @throws {RangeError} if the backend "cpu" has no such kernel. */
export function onCpu(kernelName: string): tf.KernelConfig {
  const kernel = tf.getKernel(kernelName, "cpu");
  if (!kernel) throw new RangeError(`Cannot run ${kernelName} on wasm: the backend "cpu" has no such kernel; choose one it has`);
  const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
    const cpu = quietCpu();
    const copies = Object.entries(inputs).filter(([, input]) => input).map(([name, input]) => {
      return [name, cpu.makeTensorInfo(input!.shape, input!.dtype, (input as tf.Tensor).dataSync())] as const;
    });
    const outputs = [kernel.kernelFunc({ inputs: Object.fromEntries(copies), attrs: attrs ?? {}, backend: cpu })].flat();
    const results = outputs.map(({ dataId, shape, dtype }) => tf.tensor(cpu.readSync(dataId), shape, dtype));
    for (const { dataId } of [...copies.map(([, copy]) => copy), ...outputs]) cpu.disposeData(dataId);
    return results.length === 1 ? results[0]! : results;
  };
  return { kernelName, backendName: "wasm", kernelFunc };
}

/** Kernel `UnsortedSegmentSum`: adds up the rows that belong together. It is the gradient of `tf.gather`, so of every embedding, and
 * tfjs's WebAssembly backend has none (tfjs#8082). A plain loop on copies of the values: each is touched once.
 * (merged) */

/** @param x rows of any shape. @param ids the segment of each row; a row with a negative one is left out.
 * @returns `count` rows: the sums. */
function segmentSums(x: tf.Tensor, ids: tf.Tensor, count: number): tf.Tensor {
  const rowShape = x.shape.slice(ids.rank);
  const size = tf.util.sizeFromShape(rowShape);
  const values = x.dataSync() as Float32Array;
  const sums = tf.util.getTypedArrayFromDType(x.dtype as "float32", count * size);
  ids.dataSync().forEach((id, row) => {
    if (id < 0) return;
    if (id >= count) {
      throw new RangeError(`Cannot add up segments: wanted ids below ${count}, got ${id}; raise the number of segments`);
    }
    for (let i = 0; i < size; i++) sums[id * size + i]! += values[row * size + i]!;
  });
  return tf.tensor(sums, [count, ...rowShape], x.dtype);
}

/** The kernel, for {@linkcode tf.registerKernel}. */
export const unsortedSegmentSum: tf.KernelConfig = {
  kernelName: "UnsortedSegmentSum",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs }) => {
    const { x, segmentIds } = inputs as { x: tf.Tensor; segmentIds: tf.Tensor };
    return segmentSums(x, segmentIds, attrs?.["numSegments"] as number);
  },
};
