/** Training steps as one graph.
 * @module */
import * as tf from "@tensorflow/tfjs";
import { activeTensorflow } from "./tensorflow/active.ts";
import { GraphFunction, VariableMade } from "./tensorflow/function.ts";

/** What a compiled function takes and gives: tensors, alone or in lists and plain objects, and among its arguments also plain values. */
export type Structure = tf.Tensor | string | number | boolean | undefined | Structure[] | { [name: string]: Structure };

/** A function that has been compiled. */
export interface Compiled<A extends Structure[], R extends Structure> {
  (...args: A): R;
  /** Drops its graphs. Calling it again traces anew. */
  dispose(): void;
}

/** Replaces every tensor in the structure by its place in `tensors`, which it fills: what is left is the structure alone. */
function flatten(value: Structure, tensors: tf.Tensor[]): unknown {
  if (value instanceof tf.Tensor) return `tensor ${tensors.push(value) - 1}: ${value.dtype} [${value.shape}]`;
  if (Array.isArray(value)) return value.map((part) => flatten(part, tensors));
  if (value === undefined || typeof value !== "object") return typeof value === "string" ? JSON.stringify(value) : value;
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError(
      `Cannot compile a step that takes or gives a ${
        (value as object).constructor?.name
      }: wanted tensors, numbers, texts, or lists ` +
        `and plain objects of them; let the step find it outside`,
    );
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, flatten(part, tensors)]));
}

/** The same structure with other tensors, taken one after the other. */
function refill(value: Structure, next: () => tf.Tensor): Structure {
  if (value instanceof tf.Tensor) return next();
  if (Array.isArray(value)) return value.map((part) => refill(part, next));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, refill(part, next)]));
}

/** A function and what it gives, with the tensors of the trace in it, of which only the places are used. */
interface Traced {
  graph: GraphFunction;
  result: Structure;
}

function traceStep<A extends Structure[], R extends Structure>(step: (...args: A) => R, args: A, tensors: tf.Tensor[]): Traced {
  let result!: Structure;
  const results: tf.Tensor[] = [];
  const graph = new GraphFunction(() => {
    flatten(result = step(...args), results);
    return results;
  }, tensors);
  // What the step made with tf.keep is still there; arguments and variables that it gives back are not its own.
  for (const made of results) if (made.kept && !(made instanceof tf.Variable) && !tensors.includes(made)) made.dispose();
  return { graph, result };
}

/** Makes a function of tensors run as one graph on TensorFlow; on other backends it runs as it is.
 *
 * The step may read and assign variables, compute gradients, and use optimizers. It runs once in JavaScript for each combination of
 * shapes, dtypes and plain values of its arguments, and from then on as a graph: variables are read and written where they are, other
 * tensors from outside keep the value that they had. A plain number computed in JavaScript becomes a constant (see
 * {@linkcode eachCall} for one that changes), random numbers come from a {@linkcode RandomStream}. The graph is not recorded by
 * `tf.grad` around it. A step that makes variables in its first call (as tfjs's optimizers do) runs that call as it is.
 *
 * @param step arguments and result: tensors, alone or in lists and plain objects.
 * @returns a function with the same meaning.
 * @throws {Error} at a call, if the step does what a graph cannot: read a tensor's values, branch on them, draw in JavaScript. */
export function compile<A extends Structure[], R extends Structure>(step: (...args: A) => R): Compiled<A, R> {
  const graphs = new Map<string, Traced>();
  const compiled = (...args: A): R => {
    const active = activeTensorflow();
    if (!active || active.tensors.trace) return step(...args); // inside another trace it becomes part of that graph
    const tensors: tf.Tensor[] = [];
    const signature = JSON.stringify(flatten(args, tensors));
    let traced = graphs.get(signature);
    if (!traced) {
      try {
        graphs.set(signature, traced = traceStep(step, args, tensors));
      } catch (error) {
        if (error instanceof VariableMade) return step(...args);
        throw error;
      }
    }
    const results = traced.graph.call(tensors);
    let n = 0;
    return refill(traced.result, () => results[n++]!) as R;
  };
  const dispose = () => {
    for (const { graph } of graphs.values()) graph.dispose();
    graphs.clear();
  };
  return Object.assign(compiled, { dispose });
}
