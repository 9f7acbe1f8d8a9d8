/** The backend "tensorflow": tfjs-node's kernels on TensorFlow's C library, by FFI.
 * @module */
import * as tf from "../../tf.ts";
import { createRequire } from "node:module";
import { type Kernels, setStarted } from "./active.ts";
import { bindingOf } from "./binding.ts";
import { Context } from "./context.ts";
import { registerConvolutions } from "./convolutions.ts";
import { registerFastGradients } from "./gradients.ts";
import { registerGraphKernels } from "./graph_kernels.ts";
import { TensorTable } from "./tensors.ts";
import { assignInPlace } from "./variables.ts";
import { tfjsNode } from "../../packages.ts";

/** What runs, once it runs. */
export interface TensorflowInfo {
  /** Of the C library: "2.21.0". */
  version: string;
  /** "CPU", or the GPU by TensorFlow's count: "GPU:0". */
  device: string;
  /** Threads that one op may use. */
  threads: number;
}

let started: Promise<TensorflowInfo> | undefined;

/** Node took two functions away that tfjs-node-gpu 4.22 still calls (tfjs pull request 8425 mends it, but was never released). */
function restoreNodeUtil(): void {
  const util = createRequire(import.meta.url)("node:util");
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

/** Finds TensorFlow's C library, starts it, and registers it with tfjs: once, also if two ask at the same time.
 * @throws {Error} with one line that says why it cannot run here; the next call tries again. */
export function startTensorflow(): Promise<TensorflowInfo> {
  started ??= start().catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function start(): Promise<TensorflowInfo> {
  const context = new Context();
  restoreNodeUtil();
  const { NodeJSKernelBackend } = await tfjsNode.backend();
  const tensors = new TensorTable(context);
  const kernels = new NodeJSKernelBackend(bindingOf(tensors), "@tensorflow/tfjs-node-gpu");
  await tfjsNode.register();
  tf.registerBackend("tensorflow", () => kernels as unknown as tf.KernelBackend, 3);
  setStarted({ kernels: kernels as unknown as Kernels, tensors });
  assignInPlace();
  registerFastGradients();
  registerGraphKernels();
  const { device, hasGpu, library } = context;
  if (!hasGpu) registerConvolutions(); // a GPU has ways of its own, in cuDNN
  const name = hasGpu ? device.split("/device:").at(-1)! : "CPU"; // of "/job:localhost/replica:0/task:0/device:GPU:0"
  return { version: library.version, device: name, threads: navigator.hardwareConcurrency };
}
