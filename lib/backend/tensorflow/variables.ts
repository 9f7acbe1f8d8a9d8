/** tfjs's variables on TensorFlow: memory that ops update in place.
 *
 * tfjs assigns by letting the variable point to another tensor. A compiled step, though, holds on to the memory that it was traced with,
 * so from the first trace on a variable is a resource of TensorFlow's, and assigning writes into it. Tensors that share a variable's data
 * (`clone` and `reshape` do, instead of copying) must not see that: before a write they are given the old value for themselves.
 * @module */
import * as tf from "@tensorflow/tfjs";
import { activeTensorflow, idOf, requireTensorflow } from "./active.ts";
import { type Attribute, attribute } from "./attributes.ts";
import type { TensorMetadata } from "@tensorflow/tfjs-node-gpu/dist/tfjs_tensors.js";

type Assign = (this: tf.Variable, value: tf.Tensor) => void;

let plainAssign: Assign | undefined;

/** Every variable that tfjs knows now. */
function allVariables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables) as tf.Variable[];
}

/** Lets the variable point to another number of the table's. */
function pointTo(variable: tf.Variable, metadata: TensorMetadata): void {
  const holder = requireTensorflow().kernels.createOutputTensor(metadata);
  plainAssign!.call(variable, holder);
  holder.dispose();
}

/** Leaves the present value to the tensors that share the variable's data, if any do. */
export function keepForSharers(variable: tf.Variable): void {
  const { kernels, tensors } = requireTensorflow();
  if (kernels.refCount(variable.dataId) > 1) pointTo(variable, tensors.splitVariable(idOf(variable)));
}

/** Gives every variable memory of its own, once. Those of strings stay as they are. */
export function ownMemory(variables: tf.Variable[] = allVariables()): void {
  const { tensors, kernels } = requireTensorflow();
  for (const variable of variables) {
    if (variable.dtype === "string" || !kernels.tensorMap.has(variable.dataId)) continue;
    if (tensors.isVariable(idOf(variable))) continue;
    keepForSharers(variable);
    tensors.makeVariable(idOf(variable));
  }
}

/** Runs an op of TensorFlow's that updates variables in place, `ResourceApplyAdam` for one: they are its first inputs. */
export function updateVariables(name: string, attributes: Attribute[], variables: tf.Variable[], inputs: tf.Tensor[]): void {
  const { tensors } = requireTensorflow();
  ownMemory(variables);
  variables.forEach(keepForSharers);
  tensors.update(name, attributes, variables.map(idOf), inputs.map(idOf));
  tensors.onWrite?.(variables);
}

/** Sends `tf.Variable.assign` to the variable's memory where it has some. */
export function assignInPlace(): void {
  if (plainAssign) return;
  const original = plainAssign = tf.Variable.prototype.assign as Assign;
  tf.Variable.prototype.assign = function (this: tf.Variable, value: tf.Tensor): void {
    const active = activeTensorflow();
    const here = active?.kernels.tensorMap.has(this.dataId) && active.tensors.isVariable(idOf(this));
    const fits = value.dtype === this.dtype && tf.util.arraysEqual(value.shape, this.shape);
    if (!here || !fits || value.dataId === this.dataId) return original.call(this, value); // which also words the error
    const { dtype } = active!.tensors.shapeAndType(idOf(this));
    updateVariables("AssignVariableOp", [attribute.type("dtype", dtype)], [this], [value]);
  };
}
