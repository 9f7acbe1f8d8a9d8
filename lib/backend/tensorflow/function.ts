/** A traced step: a function of TensorFlow's runtime that can be called again and again.
 * @module */
import * as tf from "../../tf.ts";
import { idOf, type Kernels, requireTensorflow } from "./active.ts";
import type { Context, Handle, Memory } from "./context.ts";
import type { Output } from "./graph.ts";
import { cString } from "./library.ts";
import { refuseFrozenValues, Trace } from "./trace.ts";
import { allVariables, memoryOf, ownMemory, ownMemoryOfAll } from "./variables.ts";

/** Thrown through a step that makes a variable while it is traced, as tfjs's optimizers do for their moments in their first run. */
export class VariableCreatedError extends Error {}

let functions = 0;

/** Runs `record` while a step that does what would be frozen into the graph, silently, is stopped instead. */
function guarded<T>(record: () => T): T {
  const engine = tf.engine();
  const { kernels } = requireTensorflow();
  const { random } = Math;
  engine.makeVariable = () => {
    throw new VariableCreatedError("Cannot compile a step that makes a variable in every call; make it outside the step");
  };
  Math.random = () => {
    throw new Error(
      "Cannot compile a step that draws random numbers in JavaScript: they would be the same at every call; " +
        "draw them from a RandomStream, or pass them as an argument",
    );
  };
  kernels.write = function (values, ...rest) {
    refuseFrozenValues(values);
    return Object.getPrototypeOf(this).write.call(this, values, ...rest);
  };
  try {
    return record();
  } finally {
    Math.random = random;
    delete (engine as Partial<typeof engine>).makeVariable; // the class's own shows again
    delete (kernels as Partial<Kernels>).write;
  }
}

/** What is traced: from tensors to tensors. */
type Step = (args: tf.Tensor[]) => tf.Tensor[];

/** Runs the step with every op written down in `trace` instead of done. It is given tensors of the trace in place of the arguments, so that
 * one tensor may be two arguments, or also be known to the step from outside.
 * @returns what it gives, as nodes. */
function record(step: Step, args: tf.Tensor[], trace: Trace, written: Set<tf.Variable>): Output[] {
  const { tensors, kernels } = requireTensorflow();
  const shapes = args.map((tensor) => tensors.shapeAndType(idOf(tensor)));
  tensors.startTrace(trace, (variables) => variables.forEach((variable) => written.add(variable)));
  tf.engine().startScope();
  try {
    const nodes = shapes.map(({ shape, dtype }) => tensors.insertSymbol(trace.argument(shape, dtype)));
    const given = nodes.map((node) => kernels.createOutputTensor(node));
    return guarded(() => step(given).map((tensor) => tensors.symbol(idOf(tensor))));
  } finally {
    tensors.endTrace();
    tf.engine().endScope();
  }
}

/** The variables that a traced step reads or writes. */
function variablesOf(trace: Trace): { variable: tf.Variable; memory: Memory }[] {
  return allVariables().flatMap((variable) => {
    const memory = memoryOf(variable);
    return memory && trace.uses(memory) ? [{ variable, memory }] : [];
  });
}

/** A step as one function of TensorFlow's. Dispose of it when it is no longer called. */
export class GraphFunction {
  /** Nodes of the graph as traced, before TensorFlow optimizes it. */
  readonly nodes: number;
  readonly #context: Context;
  readonly #name = `forger_step_${functions++}`;
  readonly #parameters: Trace["parameters"];
  readonly #written = new Set<tf.Variable>();
  readonly #variables: { variable: tf.Variable; memory: Memory }[];
  readonly #outputs: number;

  /** Traces `step` on these arguments. It runs once, and nothing is computed.
   * @throws {VariableCreatedError} if it makes a variable.
   * @throws {Error} if it does what a graph cannot: reads values, draws random numbers in JavaScript. */
  constructor(step: Step, args: tf.Tensor[]) {
    this.#context = requireTensorflow().tensors.context;
    ownMemoryOfAll();
    const trace = new Trace(this.#context);
    try {
      const outputs = record(step, args, trace, this.#written);
      this.#variables = variablesOf(trace);
      this.#outputs = outputs.length;
      this.nodes = trace.finish(this.#name, outputs);
      this.#parameters = trace.parameters;
    } catch (error) {
      trace.abandon();
      throw error;
    }
  }

  /** Whether a variable of the step has been disposed of, or has memory elsewhere since, as after a change of backend and back. The graph
   * would go on with memory that is no longer anyone's. */
  get stale(): boolean {
    return this.#variables.some(({ variable, memory }) => variable.isDisposed || memoryOf(variable) !== memory);
  }

  /** Runs the function, which must not be {@linkcode stale}.
   * @param args as many as it was traced with, of the same shapes and dtypes. */
  call(args: tf.Tensor[]): tf.Tensor[] {
    const { tensors, kernels } = requireTensorflow();
    this.#written.forEach(ownMemory);
    const own: Handle[] = tensors.handles(args.map(idOf));
    try {
      const inputs = this.#parameters.map((parameter, i) => {
        if (parameter.from === "argument") return own[i]!;
        if (parameter.from === "handle") return parameter.handle;
        const handle = this.#context.handleOf(parameter.shape, parameter.dtype, parameter.read());
        own.push(handle);
        return handle;
      });
      const results = this.#context.execute(this.#name, [], inputs, this.#outputs);
      return results.map((handle) => kernels.createOutputTensor(tensors.insertHandle(handle)));
    } finally {
      for (const handle of own) this.#context.delete(handle);
    }
  }

  /** Gives its graph and what it captured back. */
  dispose(): void {
    const { library, pointer } = this.#context;
    library.c.TFE_ContextRemoveFunction(pointer, cString(this.#name), library.status);
    library.check("Cannot drop a compiled step");
    for (const parameter of this.#parameters) if (parameter.from === "handle") this.#context.delete(parameter.handle);
    this.#parameters.length = 0;
  }
}
