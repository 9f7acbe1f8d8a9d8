/** Traces a step and turns it into a TensorFlow function.
 * @module */
import * as tf from "../../tf.ts";
import { idOf, type Kernels, requireTensorflow } from "./active.ts";
import type { Context, Handle, Memory } from "./context.ts";
import type { Output } from "./graph.ts";
import { cString } from "./libc.ts";
import { precisionAttributes } from "./precision.ts";
import { rejectFrozenValues, Trace } from "./trace.ts";
import { allVariables, ensureOwnMemory, ensureOwnMemoryOfAll, memoryOf } from "./variables.ts";

/** Thrown if a step creates a variable during tracing, as tfjs's optimizers do in their first step. */
export class VariableCreatedError extends Error {}

let functions = 0;

/** Runs `record`, and throws an error if `record` calls an operation whose result would silently become a constant in the
 * graph. */
function withTracingGuards<T>(record: () => T): T {
  const engine = tf.engine();
  const { kernels } = requireTensorflow();
  const { random } = Math;
  engine.makeVariable = () => {
    throw new VariableCreatedError("Cannot compile a step that creates a variable on every call; create it outside the step");
  };
  Math.random = () => {
    const cure = "draw them from a RandomStream, or pass them as an argument";
    throw new Error(`Cannot compile a step that draws random numbers in JavaScript: they would repeat on every call; ${cure}`);
  };
  kernels.write = function (values, ...rest) {
    rejectFrozenValues(values);
    return Object.getPrototypeOf(this).write.call(this, values, ...rest);
  };
  try {
    return record();
  } finally {
    Math.random = random;
    delete (engine as Partial<typeof engine>).makeVariable; // restores the method of the class
    delete (kernels as Partial<Kernels>).write;
  }
}

/** A traceable function of tensors. */
type Step = (args: tf.Tensor[]) => tf.Tensor[];

/** Runs the step while `trace` records its ops. The step receives nodes instead of the arguments themselves. The same tensor can
 * therefore be passed as two arguments, or be both an argument and a captured tensor.
 * @returns The graph nodes that hold the step's results. */
function record(step: Step, args: tf.Tensor[], trace: Trace, written: Set<tf.Variable>): Output[] {
  const { tensors, kernels } = requireTensorflow();
  const shapes = args.map((tensor) => tensors.shapeAndType(idOf(tensor)));
  tensors.startTrace(trace, (variables) => variables.forEach((variable) => written.add(variable)));
  tf.engine().startScope();
  try {
    const nodes = shapes.map(({ shape, dtype }) => tensors.insertSymbol(trace.argument(shape, dtype)));
    const nodeTensors = nodes.map((node) => kernels.createOutputTensor(node));
    return withTracingGuards(() => step(nodeTensors).map((tensor) => tensors.symbol(idOf(tensor))));
  } finally {
    tensors.endTrace();
    tf.engine().endScope();
  }
}

/** A step compiled into one TensorFlow function. Dispose of it after use. */
export class GraphFunction {
  readonly #context: Context;
  readonly #name = `forger_step_${functions++}`;
  readonly #parameters: Trace["parameters"];
  readonly #written = new Set<tf.Variable>();
  /** Variables that the step reads or writes. */
  readonly #variables: { variable: tf.Variable; memory: Memory | undefined }[];
  readonly #frozen: ReadonlyMap<Memory, number>;
  readonly #outputs: number;
  #writes = 0;
  #unchangedCalls = 0;

  /** Traces `step` with the given arguments. The step runs once in JavaScript; no op is executed.
   * @param freezes Whether the kernels of convolutions become constants of the function, which makes convolutions faster. The
   * function is {@linkcode stale} after one of these kernels has changed.
   * @throws {VariableCreatedError} If the step creates a variable.
   * @throws {Error} If the step does something that a graph cannot do, such as reading values or drawing random numbers in
   * JavaScript. */
  constructor(step: Step, args: tf.Tensor[], freezes = false) {
    this.#context = requireTensorflow().tensors.context;
    ensureOwnMemoryOfAll();
    const trace = new Trace(this.#context, freezes);
    try {
      const outputs = record(step, args, trace, this.#written);
      const variables = allVariables().map((variable) => ({ variable, memory: memoryOf(variable) }));
      this.#variables = variables.filter(({ memory }) => memory && trace.uses(memory));
      this.#frozen = trace.frozen;
      this.#outputs = outputs.length;
      trace.finish(this.#name, outputs);
      this.#parameters = trace.parameters;
    } catch (error) {
      trace.abandon();
      throw error;
    }
  }

  /** Whether a variable of the step has been disposed of, or has been given different memory because the backend changed. A stale
   * function would use memory that no variable owns. */
  get stale(): boolean {
    if ([...this.#frozen].some(([memory, writes]) => memory.writes !== writes)) return true;
    return this.#variables.some(({ variable, memory }) => variable.isDisposed || memoryOf(variable) !== memory);
  }

  /** Number of calls since a variable of the step last changed. */
  get unchangedCalls(): number {
    return this.#countWrites() === this.#writes ? this.#unchangedCalls : 0;
  }

  #countWrites(): number {
    return this.#variables.reduce((sum, { memory }) => sum + memory!.writes, 0);
  }

  /** Runs the function, which must not be {@linkcode stale}.
   * @param args Tensors with the same shapes and dtypes as the arguments used for tracing. */
  call(args: tf.Tensor[]): tf.Tensor[] {
    const { tensors, kernels } = requireTensorflow();
    for (const variable of this.#written) {
      ensureOwnMemory(variable);
      memoryOf(variable)!.writes++;
    }
    this.#unchangedCalls = this.unchangedCalls + 1;
    this.#writes = this.#countWrites();
    const own: Handle[] = tensors.handles(args.map(idOf));
    try {
      const inputs = this.#parameters.map((parameter, i) => {
        if (parameter.from === "argument") return own[i]!;
        if (parameter.from === "handle") return parameter.handle;
        const handle = this.#context.handleOf(parameter.shape, parameter.dtype, parameter.read());
        own.push(handle);
        return handle;
      });
      const results = this.#context.execute(this.#name, precisionAttributes(), inputs, this.#outputs);
      return results.map((handle) => kernels.createOutputTensor(tensors.insertHandle(handle)));
    } finally {
      for (const handle of own) this.#context.delete(handle);
    }
  }

  /** Frees the function and the tensors that it captured. */
  dispose(): void {
    const { library, pointer } = this.#context;
    library.c.TFE_ContextRemoveFunction(pointer, cString(this.#name), library.status);
    library.check("Cannot dispose of a compiled step");
    for (const parameter of this.#parameters) if (parameter.from === "handle") this.#context.delete(parameter.handle);
    this.#parameters.length = 0;
  }
}
