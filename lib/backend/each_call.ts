/** Numbers that JavaScript supplies anew at each call of a step, compiled or not.
 * @module */
import * as tf from "../tf.ts";
import { activeTensorflow } from "./tensorflow/active.ts";
import { DTYPE } from "./tensorflow/symbols.ts";

/** A small tensor whose values are asked for at each call: a learning rate, a step's number, the key of a random draw.
 *
 * A number in the text of a compiled step is part of its graph and never changes again. This one is an input of the graph:
 * `read` is called once for each run of the step, in the order of the calls to `eachCall`, and not while the step is traced.
 * @param shape of the tensor, `[]` for a scalar.
 * @param read gives the values. */
export function eachCall(shape: number[], dtype: "float32" | "int32", read: () => number[]): tf.Tensor {
  const typed = () => dtype === "float32" ? Float32Array.from(read()) : Int32Array.from(read());
  const active = activeTensorflow();
  const trace = active?.tensors.trace;
  if (!trace) return tf.tensor(typed(), shape, dtype);
  return active!.kernels.createOutputTensor(active!.tensors.insertSymbol(trace.host(shape, DTYPE[dtype], typed)));
}
