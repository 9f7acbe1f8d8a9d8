/** The backend "tensorflow": tfjs-node's kernels, which call TensorFlow's C library through FFI instead of a native add-on.
 * @module */
import nodeUtil from "node:util";
import { type TFJSBinding, tfjsNode } from "../../packages.ts";
import * as tf from "../../tf.ts";
import type { BackendInfo } from "../backend_info.ts";
import { type Kernels, setStarted } from "./active.ts";
import { setJoined } from "./active_cluster.ts";
import type { Cluster } from "./cluster.ts";
import { Context } from "./context.ts";
import { registerConvolutions } from "./convolutions.ts";
import { registerFastGradients, registerGraphKernels } from "./kernels.ts";
import { ATTRIBUTE, DTYPE } from "./symbols.ts";
import { TensorTable } from "./tensors.ts";
import type { Values } from "./values.ts";
import { assignInPlace } from "./variables.ts";

let started: Promise<BackendInfo> | undefined;
/** Whether the backend was asked to join a cluster when it started. */
let joined = false;

/** Restores two functions that Node removed but tfjs-node-gpu 4.22 still calls; the fix (tfjs#8425) has not yet been released. */
function restoreNodeUtil(): void {
  const util = nodeUtil as unknown as Record<string, (value: unknown) => boolean>;
  util["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  util["isArray"] ??= Array.isArray;
}

interface StartOptions {
  cluster?: boolean;
  threadsPerOp?: number | undefined;
}

/** Finds TensorFlow's C library, starts it, and registers it with tfjs. The library is started only once, even if the function is
 * called concurrently.
 * @param options.cluster Whether to join the cluster that `TF_CONFIG` describes.
 * @param options.threadsPerOp Maximum number of threads of an op. Default: all processors.
 * @throws {Error} With a one-line reason, if the backend cannot run on this machine. After an error, the next call tries
 * again. */
export function startTensorflow(options: StartOptions = {}): Promise<BackendInfo> {
  const joins = options.cluster === true;
  if (started && joins && !joined) {
    throw new Error("Cannot join the cluster: TensorFlow has already started without it; set cluster in the first useBackend()");
  }
  joined ||= joins;
  started ??= start(options).catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function start({ cluster: joins = false, threadsPerOp }: StartOptions): Promise<BackendInfo> {
  const clusters = joins ? await import("./cluster.ts") : undefined;
  let cluster: Cluster | undefined;
  const join: ConstructorParameters<typeof Context>[0] = clusters &&
    ((...runtime) => void (cluster = clusters.joinCluster(...runtime)));
  const context = new Context(join, threadsPerOp);
  cluster?.warn(); // outside the constructor of Context, which hides stderr
  restoreNodeUtil();
  const { NodeJSKernelBackend } = await tfjsNode.backend();
  const tensors = new TensorTable(context);
  const kernels = new NodeJSKernelBackend(bindingOf(tensors), "@tensorflow/tfjs-node-gpu");
  await tfjsNode.register();
  tf.registerBackend("tensorflow", () => kernels as unknown as tf.KernelBackend, 3);
  setStarted({ kernels: kernels as unknown as Kernels, tensors });
  setJoined(cluster);
  assignInPlace();
  registerFastGradients();
  registerGraphKernels();
  const { device, hasGpu, library } = context;
  if (!hasGpu) registerConvolutions(); // on a GPU, cuDNN selects the algorithm
  const name = hasGpu ? device.split("/device:").at(-1)! : "CPU"; // from "/job:localhost/replica:0/task:0/device:GPU:0"
  return { version: library.version, device: name, threads: navigator.hardwareConcurrency };
}

function unsupported(): never {
  throw new Error("Cannot use a SavedModel: Forger does not support this format; convert the model with tensorflowjs_converter");
}

/** Returns the `TFJSBinding` that tfjs-node's kernels call, backed by a tensor table. */
function bindingOf(tensors: TensorTable): TFJSBinding {
  return {
    TF_FLOAT: DTYPE.float32,
    TF_INT32: DTYPE.int32,
    TF_INT64: DTYPE.int64,
    TF_BOOL: DTYPE.bool,
    TF_COMPLEX64: DTYPE.complex64,
    TF_STRING: DTYPE.string,
    TF_RESOURCE: DTYPE.resource,
    TF_UINT8: DTYPE.uint8,
    TF_ATTR_STRING: ATTRIBUTE.string,
    TF_ATTR_INT: ATTRIBUTE.int,
    TF_ATTR_FLOAT: ATTRIBUTE.float,
    TF_ATTR_BOOL: ATTRIBUTE.bool,
    TF_ATTR_TYPE: ATTRIBUTE.type,
    TF_ATTR_SHAPE: ATTRIBUTE.shape,
    TF_ATTR_RESOURCE: ATTRIBUTE.resource,
    TF_Version: tensors.context.library.version,
    TensorMetadata: class {} as TFJSBinding["TensorMetadata"],
    TFEOpAttr: class {} as TFJSBinding["TFEOpAttr"],
    createTensor: (shape, dtype, values) => tensors.create(shape, dtype, values as Values),
    deleteTensor: (id) => tensors.delete(id),
    tensorDataSync: (id) => tensors.read(id) as Float32Array,
    executeOp: (name, attributes, ids, outputs) => tensors.execute(name, attributes, ids, outputs),
    loadSavedModel: unsupported,
    deleteSavedModel: unsupported,
    runSavedModel: unsupported,
    getNumOfSavedModels: () => 0,
    getNumOfTensors: () => tensors.size,
    isUsingGpuDevice: () => tensors.context.hasGpu,
  };
}
