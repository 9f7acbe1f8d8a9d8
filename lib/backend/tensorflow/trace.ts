/** Traces: the ops of a step, recorded as a graph instead of being executed.
 *
 * An open trace receives every op that the step runs. Tensors that the step creates become nodes; tensors from outside become
 * inputs of the function. Variables are passed by reference, so that each call reads and writes them; other tensors are passed by
 * value. Control edges keep the uses of a variable in order: a write waits for all earlier uses, and a read waits for the last
 * write.
 * @module */
import type * as tf from "../../tf.ts";
import type { Attribute } from "./attributes.ts";
import type { Context, Handle, Memory } from "./context.ts";
import { Graph, type Output } from "./graph.ts";
import { DTYPE } from "./symbols.ts";
import type { Values } from "./values.ts";

/** Source from which an input of the function takes its value on each call. */
export type Parameter =
  | { from: "argument" }
  | { from: "handle"; handle: Handle }
  | { from: "host"; shape: number[]; dtype: number; read: () => Values };

/** Uses of a variable up to this point in the trace: its reads and its writes. */
interface VariableState {
  resource: Output;
  reads: Deno.PointerValue[];
  lastWrite: Deno.PointerValue[];
  /** Value that was read since the last write, stored so that the graph reads the variable only once. */
  current?: Output;
}

/** A trace in progress, which ends with a call to the method {@linkcode finish} or {@linkcode abandon}. */
export class Trace {
  readonly parameters: Parameter[] = [];
  /** Variables that are constants of the function, with the number of writes to each variable before the trace. */
  readonly frozen = new Map<Memory, number>();
  /** Whether {@linkcode freeze} creates constants. */
  readonly freezes: boolean;
  readonly #context: Context;
  readonly #graph: Graph;
  readonly #inputs: Output[] = [];
  readonly #writes: Deno.PointerValue[] = [];
  readonly #captured = new Map<number, Output>();
  readonly #variables = new Map<Memory, VariableState>();

  constructor(context: Context, freezes: boolean) {
    this.#context = context;
    this.freezes = freezes;
    this.#graph = new Graph(context);
  }

  #input(shape: number[], dtype: number, parameter: Parameter): Output {
    const output = this.#graph.placeholder(shape, dtype);
    this.#inputs.push(output);
    this.parameters.push(parameter);
    return output;
  }

  #reference(handle: Handle, shape: number[], dtype: number): Output {
    return this.#input(shape, dtype, { from: "handle", handle: this.#context.share(handle) });
  }

  /** Adds the next argument of the step. */
  argument(shape: number[], dtype: number): Output {
    return this.#input(shape, dtype, { from: "argument" });
  }

  /** Adds a value that JavaScript supplies on each call. */
  host(shape: number[], dtype: number, read: () => Values): Output {
    return this.#input(shape, dtype, { from: "host", shape, dtype, read });
  }

  /** Adds a tensor that existed before the trace. */
  capture(id: number, handle: Handle, shape: number[], dtype: number): Output {
    let output = this.#captured.get(id);
    if (!output) this.#captured.set(id, output = this.#reference(handle, shape, dtype));
    return output;
  }

  /** Adds a tensor that JavaScript created during the trace, with the same values on every call. */
  constant(id: number, handle: Handle, shape: number[], dtype: number): Output {
    let output = this.#captured.get(id);
    if (!output) this.#captured.set(id, output = this.#graph.constant(handle, shape, dtype));
    return output;
  }

  #variable(memory: Memory): VariableState {
    let state = this.#variables.get(memory);
    if (!state) {
      const resource = this.#reference(memory.resource, [], DTYPE.resource);
      this.#variables.set(memory, state = { resource, reads: [], lastWrite: [] });
    }
    return state;
  }

  /** Returns whether the step reads or writes a variable. */
  uses(memory: Memory): boolean {
    return this.#variables.has(memory) || this.frozen.has(memory);
  }

  /** Adds the current value of a variable as a constant. Reads the variable instead if the trace does not turn variables into
   * constants, or has written to the variable. */
  freeze(id: number, memory: Memory, handle: Handle, shape: number[], dtype: number): Output {
    if (!this.freezes || this.#variables.has(memory)) return this.read(memory, shape, dtype);
    this.frozen.set(memory, memory.writes);
    return this.constant(id, handle, shape, dtype);
  }

  /** Returns the value of a variable at this point in the step. */
  read(memory: Memory, shape: number[], dtype: number): Output {
    const state = this.#variable(memory);
    if (!state.current) {
      state.current = this.#graph.read(state.resource, shape, dtype, state.lastWrite);
      state.reads.push(state.current.op);
    }
    return state.current;
  }

  /** Records an op that updates variables. The op's first inputs are the variables. */
  update(name: string, attributes: Attribute[], memories: Memory[], inputs: Output[]): void {
    const states = memories.map((memory) => this.#variable(memory));
    const controls = states.flatMap((state) => [...state.reads, ...state.lastWrite]);
    const op = this.#graph.node(name, attributes, [...states.map((state) => state.resource), ...inputs], controls);
    for (const state of states) {
      state.reads = [];
      state.lastWrite = [op];
      delete state.current;
    }
    this.#writes.push(op);
  }

  /** Records any other op. */
  op(name: string, attributes: Attribute[], inputs: Output[]): Output[] {
    return this.#graph.outputs(name, this.#graph.node(name, attributes, inputs));
  }

  /** Ends the trace and adds it to the context as a function. */
  finish(name: string, outputs: Output[]): void {
    this.#graph.toFunction(name, this.#inputs, outputs, this.#writes);
    this.#graph.delete();
  }

  /** Discards the trace after an error. */
  abandon(): void {
    this.#graph.delete();
    for (const parameter of this.parameters) {
      if (parameter.from === "handle") this.#context.delete(parameter.handle);
    }
  }
}

/** Maximum number of elements in a constant. Values computed in JavaScript during a trace are the same on every call. Small
 * arrays are usually meant to be constants, but a larger float array of different values is most likely noise or data. */
const LARGEST_CONSTANT = 64;

/** Message of the error thrown when a compiled step reads a tensor's values. */
export const NO_VALUES =
  "Cannot read a tensor's values inside a compiled step: JavaScript code runs only once and cannot branch on them; " +
  "return the tensor and read it outside, or select with tf.where";

/** Message of the error thrown when an intermediate tensor of a compiled step is used outside the step. */
export const NO_VALUES_OUTSIDE =
  "Cannot use an intermediate tensor of a compiled step outside it: only the step's results have values; return it from the step";

/** Throws if an array of numbers that is created during tracing looks like noise or data.
 * @throws {Error} If the array is rejected; the message lists alternatives. */
export function rejectFrozenValues(values: tf.BackendValues): void {
  if (!(values instanceof Float32Array) || values.length <= LARGEST_CONSTANT) return;
  if (values.every((value) => value === values[0])) return;
  const why = "it would be the same on every call; create it outside the step, pass it as an argument, or use a RandomStream";
  throw new Error(`Cannot compile a step that creates a tensor of ${values.length} numbers in JavaScript: ${why}`);
}
