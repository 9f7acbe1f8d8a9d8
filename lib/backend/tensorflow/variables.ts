/** tfjs's variables on TensorFlow: memory that ops update in place.
 *
 * tfjs assigns by letting the variable point to another tensor. A compiled step, though, holds on to the memory that it was traced with,
 * so from the first trace on a variable is a resource of TensorFlow's, and assigning writes into it. Tensors that share a variable's data
 * (`clone` does, instead of copying) must not see that: before a write they are given the old value for themselves.
 * @module */
import * as tf from "../../tf.ts";
import { activeTensorflow, idOf, requireTensorflow } from "./active.ts";
import { type Attribute, attribute } from "./attributes.ts";
import type { Memory } from "./context.ts";
import { DTYPE } from "./symbols.ts";
import type { TensorMetadata } from "../../packages.ts";

type Assign = (this: tf.Variable, value: tf.Tensor) => void;

let plainAssign: Assign | undefined;

/** Every variable that tfjs knows now. */
export function allVariables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables) as tf.Variable[];
}

/** Whose memory lies behind which data: a variable that is made of another, or assigned another, at first shares the other's. */
const owners = new WeakMap<tf.DataId, { variable: tf.Variable; memory: Memory }>();

/** The variable's own memory, if it has some on TensorFlow. */
export function memoryOf(variable: tf.Variable): Memory | undefined {
  const owner = owners.get(variable.dataId);
  return owner?.variable === variable && !owner.memory.freed ? owner.memory : undefined;
}

/** Lets the variable have the data of `holder`, which is used up. What it had is no longer its own, should it ever be given it back. */
function takeFrom(variable: tf.Variable, holder: tf.Tensor): void {
  owners.delete(variable.dataId);
  plainAssign!.call(variable, holder);
  holder.dispose();
}

/** Lets the variable point to another number of the table's. */
function pointTo(variable: tf.Variable, metadata: TensorMetadata): void {
  takeFrom(variable, requireTensorflow().kernels.createOutputTensor(metadata));
}

/** Whether TensorFlow has the variable's data under the variable's shape and dtype. What another backend made by `reshape` or `cast` shares
 * the data of the tensor that it was made of, and comes here as that tensor. */
function isItself(variable: tf.Variable): boolean {
  const { shape, dtype } = requireTensorflow().tensors.shapeAndType(idOf(variable));
  return dtype === DTYPE[variable.dtype] && tf.util.arraysEqual(shape, variable.shape);
}

/** Gives the variable memory of its own, which no other tensor sees: those that share its data are left the present value.
 * From another backend it comes to TensorFlow. */
export function ownMemory(variable: tf.Variable): void {
  const { kernels, tensors } = requireTensorflow();
  let memory = memoryOf(variable);
  if (memory && kernels.refCount(variable.dataId) === 1) return;
  const id = idOf(variable); // this fetches it
  if (memory) {
    pointTo(variable, tensors.splitVariable(id));
  } else {
    if (!isItself(variable)) takeFrom(variable, tf.tensor(variable.dataSync(), variable.shape, variable.dtype));
    // Also the memory of another may be all that there is, whose variable has gone.
    else if (kernels.refCount(variable.dataId) > 1 || tensors.kindOf(id) === "variable") pointTo(variable, tensors.copy(id));
    memory = tensors.makeVariable(idOf(variable));
  }
  owners.set(variable.dataId, { variable, memory });
}

/** Gives every variable memory of its own, those too that another backend holds: one that came during a trace would be taken for a value
 * that never changes. */
export function ownMemoryOfAll(): void {
  for (const variable of allVariables()) ownMemory(variable);
}

/** Runs an op of TensorFlow's that updates variables in place, `ResourceApplyAdam` for one: they are its first inputs. */
export function updateVariables(name: string, attributes: Attribute[], variables: tf.Variable[], inputs: tf.Tensor[]): void {
  const { tensors } = requireTensorflow();
  variables.forEach(ownMemory);
  tensors.update(name, attributes, variables.map(idOf), inputs.map(idOf));
  tensors.onWrite?.(variables);
}

/** Sends `tf.Variable.assign` to the variable's memory where it has some. */
export function assignInPlace(): void {
  if (plainAssign) return;
  const original = plainAssign = tf.Variable.prototype.assign as Assign;
  tf.Variable.prototype.assign = function (this: tf.Variable, value: tf.Tensor): void {
    const active = activeTensorflow();
    const fits = value.dtype === this.dtype && tf.util.arraysEqual(value.shape, this.shape);
    const inPlace = active && fits && (active.tensors.trace || memoryOf(this)); // a graph can only write to memory
    if (!inPlace) return original.call(this, value); // which also words the error
    if (value.dataId === this.dataId) return;
    const { dtype } = active.tensors.shapeAndType(idOf(this));
    updateVariables("AssignVariableOp", [attribute.type("dtype", dtype)], [this], [value]);
  };
}
