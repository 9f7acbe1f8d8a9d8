/** Training steps as one graph.
 * @module */
import * as tf from "../tf.ts";
import { activeTensorflow, idOf, requireTensorflow } from "./tensorflow/active.ts";
import { GraphFunction, VariableMade } from "./tensorflow/function.ts";
import { DTYPE } from "./tensorflow/symbols.ts";

/** What a compiled function takes and gives: tensors, alone or in lists and plain objects, and among its arguments also plain values. */
export type Structure = tf.Tensor | string | number | boolean | undefined | Structure[] | { [name: string]: Structure };

/** A function that has been compiled. */
export interface Compiled<A extends Structure[], R extends Structure> {
  (...args: A): R;
  /** Drops its graphs. Calling it again traces anew. */
  dispose(): void;
}

/** The structure alone, with each tensor as `take` names it. Plain values are texts, for JSON has no NaN, no undefined and no −0. */
function flatten(value: Structure, take: (tensor: tf.Tensor) => unknown): unknown {
  if (value instanceof tf.Tensor) return take(value);
  if (Array.isArray(value)) return value.map((part) => flatten(part, take));
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" && typeof value !== "function") return Object.is(value, -0) ? "-0" : String(value);
  if (value === null || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    const what = value === null ? "null" : (value as object).constructor?.name;
    throw new TypeError(
      `Cannot compile a step that takes or gives a ${what}: wanted tensors, numbers, texts, or lists and plain objects of them; ` +
        "let the step find it outside",
    );
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, flatten(part, take)]));
}

/** The same structure with other tensors. */
function refill(value: Structure, next: (tensor: tf.Tensor) => tf.Tensor): Structure {
  if (value instanceof tf.Tensor) return next(value);
  if (Array.isArray(value)) return value.map((part) => refill(part, next));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, refill(part, next)]));
}

/** A function and what it gives, with the tensors of the trace in it, of which only the places are used. */
interface Traced {
  graph: GraphFunction;
  result: Structure;
  /** The trace's arguments. */
  given: tf.Tensor[];
  /** The results that the graph gives: all but arguments and variables, each once. */
  made: tf.Tensor[];
  /** What of these the step kept with `tf.keep`. */
  kept: Set<tf.Tensor>;
}

/** The structure of the arguments, as a key, and the tensors to be handed over. A variable is not handed over but part of the key: the step
 * may assign it. */
function signatureOf(args: Structure[]): { signature: string; tensors: tf.Tensor[] } {
  const tensors: tf.Tensor[] = [];
  const structure = flatten(args, (tensor) => {
    if (tensor instanceof tf.Variable) return `variable ${tensor.id}`;
    return `tensor ${tensors.push(tensor)}: ${tensor.dtype} [${tensor.shape}]`;
  });
  return { signature: JSON.stringify(structure), tensors };
}

/** Whether the tensor is a node of a trace. */
function isNode(tensor: tf.Tensor): boolean {
  return requireTensorflow().tensors.kindOf(idOf(tensor)) === "symbol";
}

function traceStep<A extends Structure[], R extends Structure>(step: (...args: A) => R, args: A, tensors: tf.Tensor[]): Traced {
  let result!: Structure;
  let given: tf.Tensor[] = [];
  let made: tf.Tensor[] = [];
  const last = tf.scalar(0); // ids count up: whatever has a larger one is made by the step
  last.dispose();
  const graph = new GraphFunction((nodes) => {
    let n = 0;
    given = nodes;
    result = step(...refill(args, (tensor) => tensor instanceof tf.Variable ? tensor : nodes[n++]!) as A);
    const results = new Set<tf.Tensor>();
    flatten(result, (tensor) => results.add(tensor));
    made = [...results].filter((tensor) => !(tensor instanceof tf.Variable) && !nodes.includes(tensor));
    return made;
  }, tensors);
  // What it kept is still there, as a node; a value that it made for good, or gives back from outside, is not the trace's to drop.
  const kept = new Set([...given, ...made].filter((tensor) => tensor.kept && tensor.id > last.id && isNode(tensor)));
  kept.forEach((tensor) => tensor.dispose());
  return { graph, result, given, made, kept };
}

/** Runs the graph on these arguments. */
function run({ graph, result, given, made, kept }: Traced, tensors: tf.Tensor[]): Structure {
  const results = new Map(graph.call(tensors).map((tensor, i) => [made[i]!, tensor]));
  return refill(result, (place) => {
    const tensor = place instanceof tf.Variable ? place : results.get(place) ?? tensors[given.indexOf(place)]!;
    return kept.has(place) ? tf.keep(tensor) : tensor;
  });
}

/** Makes a function of tensors run as one graph on TensorFlow; on other backends it runs as it is.
 *
 * The step may read and assign variables, compute gradients, and use optimizers. It runs once in JavaScript for each combination of
 * shapes, dtypes and plain values of its arguments and of the variables among them, and from then on as a graph: variables are read and
 * written where they are, other tensors from outside keep the value that they had. Once a variable of it has been on another backend it
 * runs in JavaScript once more. A plain number computed there becomes a constant (see {@linkcode eachCall} for one that changes), as do
 * plain values that it gives back; random numbers come from a {@linkcode RandomStream}. What JavaScript counts, as tfjs's optimizers do
 * their iterations, counts those runs only. A step that makes variables in its first call, as those optimizers do, runs that call as it
 * is, after its JavaScript ran up to there: layers had better be built before. Inside `tf.grad` and its like it runs as it is.
 *
 * It gives back what the step would: variables and arguments as themselves, other tensors from outside as copies.
 *
 * @param step arguments and result: tensors, alone or in lists and plain objects.
 * @returns a function with the same meaning.
 * @throws {Error} at a call, if the step does what a graph cannot: read a tensor's values, branch on them, draw in JavaScript, make a
 * variable in every call.
 * @throws {TypeError} at a call, if it takes or gives anything but tensors, plain values, and lists and plain objects of them. */
export function compile<A extends Structure[], R extends Structure>(step: (...args: A) => R): Compiled<A, R> {
  const graphs = new Map<string, Traced>();
  const ranAsIs = new Set<string>(); // signatures whose variables have been made
  const drop = (unwanted: (graph: GraphFunction) => boolean): void => {
    for (const [signature, { graph }] of graphs) {
      if (!unwanted(graph)) continue;
      graph.dispose();
      graphs.delete(signature);
    }
  };
  const compiled = (...args: A): R => {
    const active = activeTensorflow();
    // Inside another trace it becomes part of that graph; a gradient has to see each op.
    if (!active || active.tensors.trace || tf.engine().state.gradientDepth > 0) return step(...args);
    const { signature, tensors } = signatureOf(args);
    let traced = graphs.get(signature);
    if (!traced || traced.graph.stale) {
      drop((graph) => graph.stale); // the others too, which may never be called again
      try {
        graphs.set(signature, traced = traceStep(step, args, tensors));
        ranAsIs.delete(signature);
      } catch (error) {
        if (!(error instanceof VariableMade) || ranAsIs.has(signature)) throw error;
        const result = step(...args);
        ranAsIs.add(signature);
        return result;
      }
    }
    return run(traced, tensors) as R;
  };
  const dispose = () => {
    drop(() => true);
    ranAsIs.clear();
  };
  return Object.assign(compiled, { dispose });
}

/** Numbers that JavaScript supplies anew at each call of a step, compiled or not.
 * (merged) */

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
