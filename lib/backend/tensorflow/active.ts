/** The running TensorFlow backend and its ops.
 * @module */
import * as tf from "../../tf.ts";
import type { TensorMetadata } from "../../packages.ts";
import { type Attribute, attribute } from "./attributes.ts";
import { DTYPE } from "./symbols.ts";
import type { TensorTable } from "./tensors.ts";

/** The members of tfjs-node's `NodeJSKernelBackend` that Forger uses. tfjs-node's types declare some of these members private. */
export interface Kernels {
  refCount(dataId: tf.DataId): number;
  write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId;
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[];
}

/** tfjs-node's backend object, and the table of its tensors. */
export interface TensorflowBackend {
  kernels: Kernels;
  tensors: TensorTable;
}

let started: TensorflowBackend | undefined;

/** Stores the backend after it has been started. */
export function setStarted(backend: TensorflowBackend): void {
  started = backend;
}

/** Returns the backend if it is tfjs's active backend. */
export function activeTensorflow(): TensorflowBackend | undefined {
  return started && tf.getBackend() === "tensorflow" ? started : undefined;
}

/** Returns the backend.
 * @throws {Error} If another backend is active. */
export function requireTensorflow(): TensorflowBackend {
  const active = activeTensorflow();
  if (!active) {
    throw new Error(
      `Cannot run a TensorFlow op: the active backend is ${tf.getBackend()}; select the backend tensorflow with useBackend`,
    );
  }
  return active;
}

/** Returns the tensor's id in the tensor table. Values that exist only in JavaScript are first uploaded to TensorFlow. */
export function idOf(tensor: tf.TensorInfo): number {
  return requireTensorflow().kernels.getInputTensorIds([tensor])[0]!;
}

/** Runs a TensorFlow op for which tfjs has no kernel.
 * @returns The outputs of the op, which tfjs tracks like other tensors. */
export function runOp(name: string, attributes: Attribute[], inputs: tf.TensorInfo[], outputs = 1): tf.Tensor[] {
  return requireTensorflow().kernels.executeMultipleOutputs(name, attributes, inputs, outputs);
}

/** Returns a variable as a constant of the function that is being traced, if the trace turns variables into constants; otherwise,
 * returns the tensor itself. oneDNN keeps constant weights in the layout of its kernels. */
export function frozen(tensor: tf.Tensor): tf.Tensor {
  const { kernels, tensors } = requireTensorflow();
  return tensors.trace ? kernels.createOutputTensor(tensors.insertSymbol(tensors.frozenSymbol(idOf(tensor)))) : tensor;
}

/** Whether a function is being traced with the kernels of convolutions as constants. */
export function freezesKernels(): boolean {
  return requireTensorflow().tensors.trace?.freezes ?? false;
}

/** Attribute that sets the type of an op to float32. */
export const FLOAT: Attribute = attribute.type("T", DTYPE.float32);

/** Creates a constant float32 tensor. Unlike `tf.tensor`, this function accepts any number of values in a compiled step. */
export function constantTensor(shape: number[], values: Float32Array<ArrayBuffer>): tf.Tensor {
  const { kernels, tensors } = requireTensorflow();
  return kernels.createOutputTensor(tensors.insertHandle(tensors.context.handleOf(shape, DTYPE.float32, values)));
}
