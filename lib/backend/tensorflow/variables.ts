/** tfjs's variables on TensorFlow: memory that ops update in place.
 *
 * tfjs assigns to a variable by making it refer to another tensor. A compiled step, however, refers to the memory that was used
 * during tracing. From the first trace on, a variable is therefore a TensorFlow resource, and assignments write into this
 * resource. Tensors that share a variable's data, such as those made by `clone`, must not change. Such tensors therefore receive
 * a copy of the data before a write.
 * @module */
import * as tf from "../../tf.ts";
import { activeTensorflow, idOf, requireTensorflow } from "./active.ts";
import { type Attribute, attribute } from "./attributes.ts";
import type { Memory } from "./context.ts";
import { DTYPE } from "./symbols.ts";
import type { TensorMetadata } from "../../packages.ts";

type Assign = (this: tf.Variable, value: tf.Tensor) => void;

let plainAssign: Assign | undefined;

/** Returns all variables that are registered with tfjs. */
export function allVariables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables) as tf.Variable[];
}

/** Variables that own memory on TensorFlow, each with its memory, keyed by data id. If a variable is created from another
 * variable or is assigned its value, the two variables share data at first. */
const owners = new WeakMap<tf.DataId, { variable: tf.Variable; memory: Memory }>();

/** Returns the memory that the variable owns on TensorFlow, or undefined if it owns none. */
export function memoryOf(variable: tf.Variable): Memory | undefined {
  const owner = owners.get(variable.dataId);
  return owner?.variable === variable && !owner.memory.freed ? owner.memory : undefined;
}

/** Returns whether a graph or an op has written to a variable's memory. */
export function isWritten(variable: tf.Variable): boolean {
  return (memoryOf(variable)?.writes ?? 0) > 0;
}

/** Makes the variable refer to the data of `holder` and disposes of `holder`. The variable no longer owns its former data. */
function adoptData(variable: tf.Variable, holder: tf.Tensor): void {
  owners.delete(variable.dataId);
  plainAssign!.call(variable, holder);
  holder.dispose();
}

/** Makes the variable refer to another tensor in the table. */
function pointTo(variable: tf.Variable, metadata: TensorMetadata): void {
  adoptData(variable, requireTensorflow().kernels.createOutputTensor(metadata));
}

/** Returns whether TensorFlow stores the variable's data with the shape and dtype of the variable. On another backend, the result
 * of `reshape` or `cast` shares the data of its input. Such a result is moved to TensorFlow with the shape and dtype of the
 * input. */
function hasSameShapeAndType(variable: tf.Variable): boolean {
  const { shape, dtype } = requireTensorflow().tensors.shapeAndType(idOf(variable));
  return dtype === DTYPE[variable.dtype] && tf.util.arraysEqual(shape, variable.shape);
}

/** Makes the variable own memory that no other tensor shares; tensors that shared its data keep the current value. Moves the
 * variable to TensorFlow if it is on another backend. */
export function ensureOwnMemory(variable: tf.Variable): void {
  const { kernels, tensors } = requireTensorflow();
  let memory = memoryOf(variable);
  if (memory && kernels.refCount(variable.dataId) === 1) return;
  const id = idOf(variable); // moves the data to TensorFlow
  if (memory) {
    pointTo(variable, tensors.splitVariable(id));
  } else {
    if (!hasSameShapeAndType(variable)) adoptData(variable, tf.tensor(variable.dataSync(), variable.shape, variable.dtype));
    // The data can also be the memory of another variable that no longer exists.
    else if (kernels.refCount(variable.dataId) > 1 || tensors.kindOf(id) === "variable") pointTo(variable, tensors.copy(id));
    memory = tensors.makeVariable(idOf(variable));
  }
  owners.set(variable.dataId, { variable, memory });
}

/** Gives every variable its own memory. Otherwise, a variable that moves from another backend during a trace would become a
 * constant. */
export function ensureOwnMemoryOfAll(): void {
  for (const variable of allVariables()) ensureOwnMemory(variable);
}

/** Runs a TensorFlow op that updates variables in place, such as `ResourceApplyAdam`. The op's first inputs are the variables. */
export function updateVariables(name: string, attributes: Attribute[], variables: tf.Variable[], inputs: tf.Tensor[]): void {
  const { tensors } = requireTensorflow();
  variables.forEach(ensureOwnMemory);
  tensors.update(name, attributes, variables.map(idOf), inputs.map(idOf));
  tensors.onWrite?.(variables);
}

/** Makes `tf.Variable.assign` write to the variable's memory on TensorFlow, if there is any. Idempotent. */
export function assignInPlace(): void {
  if (plainAssign) return;
  const original = plainAssign = tf.Variable.prototype.assign as Assign;
  tf.Variable.prototype.assign = function (this: tf.Variable, value: tf.Tensor): void {
    const active = activeTensorflow();
    const fits = value.dtype === this.dtype && tf.util.arraysEqual(value.shape, this.shape);
    const inPlace = active && fits && (active.tensors.trace || memoryOf(this)); // a graph can only write to memory
    if (!inPlace) return original.call(this, value); // throws if the shape or dtype differs
    if (value.dataId === this.dataId) return;
    const { dtype } = active.tensors.shapeAndType(idOf(this));
    updateVariables("AssignVariableOp", [attribute.type("dtype", dtype)], [this], [value]);
  };
}
