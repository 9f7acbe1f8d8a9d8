/** The TensorFlow backend of this process, once it has been started.
 * @module */
import * as tf from "../../tf.ts";
import type { TensorMetadata } from "../../packages.ts";
import { type Attribute, attribute } from "./attributes.ts";
import { DTYPE } from "./symbols.ts";
import type { TensorTable } from "./tensors.ts";

/** What we use of tfjs-node's `NodeJSKernelBackend`, some of which its types call private. */
export interface Kernels {
  tensorMap: { has(dataId: tf.DataId): boolean };
  refCount(dataId: tf.DataId): number;
  write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId;
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[];
}

/** tfjs-node's backend object, and the tensors below it. */
export interface TensorflowBackend {
  kernels: Kernels;
  tensors: TensorTable;
}

let started: TensorflowBackend | undefined;

/** Remembers the backend; for the function that starts it. */
export function setStarted(backend: TensorflowBackend): void {
  started = backend;
}

/** The backend, if tfjs computes on it now. */
export function activeTensorflow(): TensorflowBackend | undefined {
  return started && tf.getBackend() === "tensorflow" ? started : undefined;
}

/** The backend.
 * @throws {Error} if tfjs computes on another. */
export function requireTensorflow(): TensorflowBackend {
  const active = activeTensorflow();
  if (!active) {
    throw new Error(`Cannot run an op of TensorFlow's: the backend is ${tf.getBackend()}; call useBackend("tensorflow")`);
  }
  return active;
}

/** The table's number of a tensor. Values that tfjs still holds back are sent to TensorFlow first. */
export function idOf(tensor: tf.TensorInfo): number {
  return requireTensorflow().kernels.getInputTensorIds([tensor])[0]!;
}

/** Runs an op of TensorFlow's that no tfjs kernel covers.
 * @returns its outputs, tracked by tfjs like any tensors. */
export function runOp(name: string, attributes: Attribute[], inputs: tf.TensorInfo[], outputs = 1): tf.Tensor[] {
  return requireTensorflow().kernels.executeMultipleOutputs(name, attributes, inputs, outputs);
}

/** Most ops that Forger calls are of this type. */
export const FLOAT: Attribute = attribute.type("T", DTYPE.float32);

/** A tensor of numbers that a formula fixes: in a compiled step they may be part of the graph, however many they are. */
export function fixedTensor(shape: number[], values: Float32Array<ArrayBuffer>): tf.Tensor {
  const { kernels, tensors } = requireTensorflow();
  return kernels.createOutputTensor(tensors.insertHandle(tensors.context.handleOf(shape, DTYPE.float32, values)));
}
