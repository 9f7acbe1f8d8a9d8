/** Training kernels that tfjs's WebAssembly backend lacks, or implements slowly or incorrectly. Together with these kernels, the
 * backend has every kernel of tfjs's CPU backend except those for complex numbers and FFT, strings, ragged tensors, einsum and
 * drawing. Forger's networks use none of these exceptions.
 * @module */
import * as tf from "../../tf.ts";
import { quietCpu } from "../cpu.ts";
import { multiply } from "./loops.ts";
import type { BackendWasm } from "../../packages.ts";
import { conv2d, conv2dBackpropFilter, conv2dBackpropInput } from "./conv2d.ts";

/** Replacements for existing kernels, keyed by kernel name. */
const REPLACED: Record<string, (original: tf.KernelConfig) => tf.KernelConfig> = {
  BatchMatMul: batchMatMul,
  Conv2D: conv2d,
  FusedConv2D: conv2d,
  Conv2DBackpropInput: () => conv2dBackpropInput,
  Identity: sharedIdentity,
  MaxPoolGrad: () => onCpu("MaxPoolGrad"), // tfjs 4.22's own is wrong: it disagrees with "cpu", "webgpu" and TensorFlow
};

/** Missing kernels. */
const ADDED: Record<string, () => tf.KernelConfig> = {
  Conv2DBackpropFilter: () => conv2dBackpropFilter,
  UnsortedSegmentSum: () => unsortedSegmentSum,
  DepthwiseConv2dNativeBackpropFilter: () => onCpu("DepthwiseConv2dNativeBackpropFilter"),
  DepthwiseConv2dNativeBackpropInput: () => onCpu("DepthwiseConv2dNativeBackpropInput"),
};

let registered = false;

/** Registers the kernels. tfjs's own WebAssembly kernels must already be registered. Idempotent. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  for (const [name, wrap] of Object.entries(REPLACED)) {
    const original = tf.getKernel(name, "wasm");
    tf.unregisterKernel(name, "wasm");
    tf.registerKernel(wrap(original));
  }
  for (const [name, make] of Object.entries(ADDED)) if (!tf.getKernel(name, "wasm")) tf.registerKernel(make());
}

/** Returns an `Identity` kernel that shares the memory, as `Reshape` does. tfjs's kernel copies, and the tape clones each tensor that
 * it keeps. No kernel writes into its inputs.
 * @param original Kernel of tfjs, for strings. */
function sharedIdentity(original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { dataId, shape, dtype } = call.inputs["x"] as tf.TensorInfo;
      if (dtype === "string") return original.kernelFunc(call);
      (call.backend as BackendWasm).incRef(dataId);
      return { dataId, shape, dtype };
    },
  };
}

/** Swaps the last two axes. */
function transposed(matrices: tf.Tensor): tf.Tensor {
  const axes = matrices.shape.map((_, axis) => axis);
  return tf.transpose(matrices, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** Returns a `BatchMatMul` kernel that is fast for transposed matrices, which the gradients of every dense layer need. tfjs's
 * kernel multiplies transposed matrices with unblocked loops, which take 10 to 30 times as long as the code for untransposed
 * matrices. Transposing the matrices first takes far less time.
 * @param original Kernel of tfjs, which multiplies the untransposed matrices. */
function batchMatMul(original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { transposeA, transposeB } = call.attrs as unknown as tf.BatchMatMulAttrs;
      const { a, b } = call.inputs as { a: tf.Tensor; b: tf.Tensor };
      const [outer, [first, second], columns] = [a.shape.slice(0, -2), a.shape.slice(-2) as [number, number], b.shape.at(-1)!];
      const [rows, inner] = transposeA ? [second, first] : [first, second];
      const isSingle = [...outer, ...b.shape.slice(0, -2)].every((n) => n === 1) && a.shape.length === b.shape.length;
      if (isSingle && !transposeB && columns % 4 === 0 && rows * inner * columns > 0) {
        return { ...multiply(a, b, [rows, inner, columns], transposeA), shape: [...outer, rows, columns] };
      }
      if (!transposeA && !transposeB) return original.kernelFunc(call);
      return tf.tidy(() => tf.matMul(transposeA ? transposed(a) : a, transposeB ? transposed(b) : b));
    },
  };
}

/** Returns a slow fallback kernel, which copies its inputs to the "cpu" backend, computes the result there, and copies it back.
 * @throws {RangeError} If the backend "cpu" has no such kernel. */
export function onCpu(kernelName: string): tf.KernelConfig {
  const kernel = tf.getKernel(kernelName, "cpu");
  if (!kernel) {
    throw new RangeError(`Cannot run ${kernelName} on wasm: the fallback backend cpu lacks this kernel; use a supported op`);
  }
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

/** The `UnsortedSegmentSum` kernel: the gradient of `tf.gather`, which embeddings use. tfjs's WebAssembly backend lacks this
 * kernel (tfjs#8082). The kernel sums the rows of each segment; rows with a negative id are skipped. */
const unsortedSegmentSum: tf.KernelConfig = {
  kernelName: "UnsortedSegmentSum",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs }) => {
    const { x, segmentIds } = inputs as { x: tf.Tensor; segmentIds: tf.Tensor };
    const count = attrs?.["numSegments"] as number;
    const rowShape = x.shape.slice(segmentIds.rank);
    const size = tf.util.sizeFromShape(rowShape);
    const values = x.dataSync() as Float32Array;
    const sums = tf.util.getTypedArrayFromDType(x.dtype as "float32", count * size);
    segmentIds.dataSync().forEach((id, row) => {
      if (id < 0) return;
      if (id >= count) {
        throw new RangeError(`Cannot sum segments: each id must be below ${count}, got ${id}; increase numSegments`);
      }
      for (let i = 0; i < size; i++) sums[id * size + i]! += values[row * size + i]!;
    });
    return tf.tensor(sums, [count, ...rowShape], x.dtype);
  },
};
