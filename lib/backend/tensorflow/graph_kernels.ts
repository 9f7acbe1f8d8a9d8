/** Kernels of tfjs-node that a graph cannot take as they are.
 * @module */
import * as tf from "../../tf.ts";
import { activeTensorflow } from "./active.ts";

type Run = (call: Parameters<tf.KernelFunc>[0]) => tf.TensorInfo | tf.TensorInfo[];

/** Puts `run`, which is given tfjs-node's kernel, in place of that. */
function replaceKernel(kernelName: string, run: (plain: Run) => Run): void {
  const plain = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({ ...plain, kernelFunc: run(plain.kernelFunc) });
}

/** Registers them all, once. */
export function registerGraphKernels(): void {
  // It casts x to float32 but names the dtype that x had, which TensorFlow minds in a graph.
  replaceKernel("Mean", (plain) => (call) => {
    const x = call.inputs.x as tf.Tensor;
    if (x.dtype === "float32") return plain(call);
    return tf.tidy(() => plain({ ...call, inputs: { x: tf.cast(x, "float32") } }) as tf.Tensor);
  });
  // It reads the indices to check them. A graph has no values yet, and checks them each time it runs.
  replaceKernel("GatherV2", (plain) => (call) => {
    if (!activeTensorflow()!.tensors.trace) return plain(call);
    return plain({ ...call, backend: Object.create(call.backend as object, { readSync: { value: () => [] } }) });
  });
}
