/** Compiles training steps into TensorFlow graphs, and creates tensors that take new values on each call of a compiled step.
 * @module */
import * as tf from "../tf.ts";
import { activeTensorflow, idOf, requireTensorflow } from "./tensorflow/active.ts";
import { GraphFunction, VariableCreatedError } from "./tensorflow/function.ts";
import { DTYPE } from "./tensorflow/symbols.ts";
import { allVariables, isWritten } from "./tensorflow/variables.ts";

/** Arguments and results of a compiled function: tensors and plain values, alone or nested in arrays and plain objects. */
export type Structure = tf.Tensor | string | number | boolean | undefined | Structure[] | { [name: string]: Structure };

/** A compiled function. */
export interface Compiled<A extends Structure[], R extends Structure> {
  (...args: A): R;
  /** Frees the graphs. The next call of the compiled function traces the step again. */
  dispose(): void;
}

/** Returns the structure with each tensor replaced by `take(tensor)`. Numbers and other plain values become strings, because JSON
 * cannot represent NaN. */
function flatten(value: Structure, take: (tensor: tf.Tensor) => unknown): unknown {
  if (value instanceof tf.Tensor) return take(value);
  if (Array.isArray(value)) return value.map((part) => flatten(part, take));
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" && typeof value !== "function") return Object.is(value, -0) ? "-0" : String(value);
  if (value === null || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    const what = value === null ? "null" : `a ${(value as object).constructor?.name}`;
    throw new TypeError(
      "Cannot compile a step: expected tensors, numbers, booleans, strings, or arrays and plain objects of these, " +
        `got ${what}; capture other objects in a closure`,
    );
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, flatten(part, take)]));
}

/** Returns the same structure with each tensor replaced by `next(tensor)`. */
function refill(value: Structure, next: (tensor: tf.Tensor) => tf.Tensor): Structure {
  if (value instanceof tf.Tensor) return next(value);
  if (Array.isArray(value)) return value.map((part) => refill(part, next));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, refill(part, next)]));
}

/** A graph and the structure of its result. The tensors in the structure come from the trace and serve only as placeholders. */
interface Traced {
  graph: GraphFunction;
  result: Structure;
  /** The nodes that stand for the arguments during the trace. */
  argumentNodes: tf.Tensor[];
  /** The graph's outputs, without duplicates: all results except arguments and variables. */
  outputs: tf.Tensor[];
  /** Whether the kernels of convolutions are constants of the graph. */
  frozen: boolean;
  /** Arguments and outputs that the step passed to `tf.keep`. */
  kept: Set<tf.Tensor>;
}

/** Returns the tensors to pass to the graph, and a key that describes the structure of the arguments. The key contains the ids of
 * variables. Variables are not passed to the graph, because the step may assign to them. */
function signatureOf(args: Structure[]): { signature: string; tensors: tf.Tensor[] } {
  const tensors: tf.Tensor[] = [];
  const structure = flatten(args, (tensor) => {
    if (tensor instanceof tf.Variable) return `variable ${tensor.id}`;
    return `tensor ${tensors.push(tensor)}: ${tensor.dtype} [${tensor.shape}]`;
  });
  return { signature: JSON.stringify(structure), tensors };
}

function traceStep<A extends Structure[], R extends Structure>(
  step: (...args: A) => R,
  args: A,
  tensors: tf.Tensor[],
  frozen: boolean,
): Traced {
  let result!: Structure;
  let argumentNodes: tf.Tensor[] = [];
  let outputs: tf.Tensor[] = [];
  const last = tf.scalar(0); // the step's own tensors have larger ids than this one
  last.dispose();
  const graph = new GraphFunction(
    (nodes) => {
      let n = 0;
      argumentNodes = nodes;
      result = step(...refill(args, (tensor) => tensor instanceof tf.Variable ? tensor : nodes[n++]!) as A);
      const results = new Set<tf.Tensor>();
      flatten(result, (tensor) => results.add(tensor));
      outputs = [...results].filter((tensor) => !(tensor instanceof tf.Variable) && !nodes.includes(tensor));
      return outputs;
    },
    tensors,
    frozen,
  );
  // Nodes that the step passed to `tf.keep` outlive the trace and are disposed of here. Kept tensors that have concrete values or
  // come from outside the step are left as they are.
  const isNode = (tensor: tf.Tensor) => requireTensorflow().tensors.kindOf(idOf(tensor)) === "symbol";
  const kept = new Set([...argumentNodes, ...outputs].filter((tensor) => tensor.kept && tensor.id > last.id && isNode(tensor)));
  kept.forEach((tensor) => tensor.dispose());
  return { graph, result, argumentNodes, outputs, frozen, kept };
}

/** Runs the graph on the tensor arguments of a call. */
function run({ graph, result, argumentNodes, outputs, kept }: Traced, tensors: tf.Tensor[]): Structure {
  const results = new Map(graph.call(tensors).map((tensor, i) => [outputs[i]!, tensor]));
  return refill(result, (place) => {
    const tensor = place instanceof tf.Variable ? place : results.get(place) ?? tensors[argumentNodes.indexOf(place)]!;
    return kept.has(place) ? tf.keep(tensor) : tensor;
  });
}

/** Options of {@linkcode compile}. */
export interface CompileOptions {
  /** Whether the step mostly runs with weights that do not change, as in `translate`. The graph then contains the kernels of
   * convolutions as constants, which TensorFlow stores in the layout that its convolutions need. If one of the kernels changes,
   * the step is traced again, at first without constants. Default false. */
  forUse?: boolean;
}

/** Number of calls with unchanged weights after which the weights are assumed to be constant. A training run computes its samples
 * with fewer calls between two updates. */
const UNCHANGED_CALLS = 16;
/** Maximum number of graphs of a step that contain its kernels, since each of them takes more than twice the memory of the
 * kernels. Images of other sizes are computed without constants. */
const MOST_FROZEN = 2;

/** Compiles a step (a function of tensors) into a TensorFlow graph. On backends other than TensorFlow, the step runs eagerly.
 *
 * The step may read and assign variables, compute gradients, and use optimizers. The JavaScript code of the step runs once for
 * each combination of argument shapes, dtypes, plain values and variables; later calls run the graph. The graph reads and writes
 * variables in place; other tensors from outside the step keep the values they had during tracing. The step is traced again after
 * one of its variables has been moved to another backend.
 *
 * Numbers computed in JavaScript become constants in the graph, as do plain values in the result. Use {@linkcode eachCall} for
 * numbers that change between calls, and a {@linkcode RandomStream} for random numbers. Counters in JavaScript, such as the
 * iteration counts of tfjs's optimizers, advance only during tracing. If a step creates variables on its first call, as tfjs's
 * optimizers do, tracing stops and the step is rerun eagerly. The code before the first new variable of such a step runs twice,
 * so build layers before the first call. Inside `tf.grad` and similar functions, the step runs eagerly.
 *
 * The compiled function returns the result of the step. Variables and arguments in the result are returned unchanged; other
 * tensors from outside the step are copied.
 *
 * @param step Function whose arguments and result are tensors or plain values, alone or nested in arrays and plain objects.
 * @returns A function that behaves like `step`.
 * @throws {Error} From the compiled function, if the step does something that a graph cannot do, such as reading a tensor's
 * values, branching on a tensor's values, drawing random numbers in JavaScript, or creating a variable on every call.
 * @throws {TypeError} From the compiled function, if the arguments or the result contain anything but tensors and plain
 * values. */
export function compile<A extends Structure[], R extends Structure>(
  step: (...args: A) => R,
  { forUse = false }: CompileOptions = {},
): Compiled<A, R> {
  const graphs = new Map<string, Traced>();
  const ranEagerly = new Set<string>(); // signatures that have already run once and created their variables
  const drop = (unwanted: (graph: GraphFunction) => boolean): void => {
    for (const [signature, { graph }] of graphs) {
      if (!unwanted(graph)) continue;
      graph.dispose();
      graphs.delete(signature);
    }
  };
  /** Returns whether the kernels may be constants of one more graph, which replaces `present`. */
  const hasRoom = (present: Traced | undefined): boolean => {
    const others = [...graphs.values()].filter((traced) => traced !== present && traced.frozen && !traced.graph.stale);
    return others.length < MOST_FROZEN;
  };
  const compiled = (...args: A): R => {
    const active = activeTensorflow();
    // Inside another trace, the step becomes part of that graph. Inside a gradient function, the tape must record each op.
    if (!active || active.tensors.trace || tf.engine().state.gradientDepth > 0) return step(...args);
    const { signature, tensors } = signatureOf(args);
    let traced = graphs.get(signature);
    const constant = forUse && hasRoom(traced) &&
      (traced ? traced.graph.unchangedCalls >= UNCHANGED_CALLS : !allVariables().some(isWritten));
    if (!traced || traced.graph.stale || (constant && !traced.frozen)) {
      drop((graph) => graph.stale || graph === traced?.graph); // stale graphs of other signatures may never be called again
      try {
        graphs.set(signature, traced = traceStep(step, args, tensors, constant));
        ranEagerly.delete(signature);
      } catch (error) {
        if (!(error instanceof VariableCreatedError) || ranEagerly.has(signature)) throw error;
        const result = step(...args);
        ranEagerly.add(signature);
        return result;
      }
    }
    return run(traced, tensors) as R;
  };
  const dispose = () => {
    drop(() => true);
    ranEagerly.clear();
  };
  return Object.assign(compiled, { dispose });
}

/** Returns a small tensor, such as a learning rate or a random key, that takes new values on each call of a step.
 *
 * A JavaScript number used in a compiled step becomes a constant in its graph, whereas the returned tensor is an input of the
 * graph. Each run of the step calls each `read` function once, in the order of the calls to `eachCall`. Tracing does not call
 * `read`.
 * @param shape Lengths of the tensor's axes; `[]` for a scalar.
 * @param read Returns the values. */
export function eachCall(shape: number[], dtype: "float32" | "int32", read: () => number[]): tf.Tensor {
  const typed = () => dtype === "float32" ? Float32Array.from(read()) : Int32Array.from(read());
  const active = activeTensorflow();
  const trace = active?.tensors.trace;
  if (!trace) return tf.tensor(typed(), shape, dtype);
  return active!.kernels.createOutputTensor(active!.tensors.insertSymbol(trace.host(shape, DTYPE[dtype], typed)));
}
