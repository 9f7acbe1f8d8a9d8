/** Kernels that tfjs's WebAssembly backend lacks, or has wrong, and that need not be fast: their inputs are copied to the plain JavaScript backend,
 * which computes, and the result is copied back.
 * @module */
import * as tf from "../../tf.ts";
import { quietCpu } from "../cpu.ts";

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
