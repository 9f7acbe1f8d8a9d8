/** A trace: what a step did, written down as a graph instead of done.
 *
 * While one is open, the binding gives every op to it. A tensor that the step made becomes a node; what it found outside becomes an input
 * of the function: a variable by reference, so that it is read and written anew at each call, any other tensor by its value.
 * Reads and writes of a variable keep their order by control edges: a write waits for the reads before it, a read for the last write.
 * @module */
import type * as tf from "../../tf.ts";
import type { Attribute } from "./attributes.ts";
import type { Context, Handle, Memory } from "./context.ts";
import { Graph, type Output } from "./graph.ts";
import { DTYPE } from "./symbols.ts";
import type { Values } from "./values.ts";

/** Where an input of the function comes from at each call. */
export type Parameter =
  | { from: "argument" }
  | { from: "handle"; handle: Handle }
  | { from: "host"; shape: number[]; dtype: number; read: () => Values };

/** What was done so far to one variable. */
interface VariableState {
  resource: Output;
  reads: Deno.PointerValue[];
  lastWrite: Deno.PointerValue[];
  /** The value since the last write, read once. */
  current?: Output;
}

/** One trace. {@linkcode finish} or {@linkcode abandon} ends it. */
export class Trace {
  readonly parameters: Parameter[] = [];
  readonly #context: Context;
  readonly #graph: Graph;
  readonly #inputs: Output[] = [];
  readonly #writes: Deno.PointerValue[] = [];
  readonly #captured = new Map<number, Output>();
  readonly #variables = new Map<Memory, VariableState>();

  constructor(context: Context) {
    this.#context = context;
    this.#graph = new Graph(context);
  }

  #input(shape: number[], dtype: number, parameter: Parameter): Output {
    const output = this.#graph.placeholder(shape, dtype);
    this.#inputs.push(output);
    this.parameters.push(parameter);
    return output;
  }

  /** The step's next argument. */
  argument(shape: number[], dtype: number): Output {
    return this.#input(shape, dtype, { from: "argument" });
  }

  /** A value that JavaScript supplies at each call. */
  host(shape: number[], dtype: number, read: () => Values): Output {
    return this.#input(shape, dtype, { from: "host", shape, dtype, read });
  }

  /** A tensor from before the trace. */
  capture(id: number, handle: Handle, shape: number[], dtype: number): Output {
    let output = this.#captured.get(id);
    if (!output) {
      output = this.#input(shape, dtype, { from: "handle", handle: this.#context.share(handle) });
      this.#captured.set(id, output);
    }
    return output;
  }

  /** A tensor that JavaScript made during the trace: the same at every call. */
  constant(id: number, handle: Handle, shape: number[], dtype: number): Output {
    let output = this.#captured.get(id);
    if (!output) this.#captured.set(id, output = this.#graph.constant(handle, shape, dtype));
    return output;
  }

  #variable(memory: Memory): VariableState {
    let state = this.#variables.get(memory);
    if (!state) {
      const input = this.#input([], DTYPE.resource, { from: "handle", handle: this.#context.share(memory.resource) });
      this.#variables.set(memory, state = { resource: input, reads: [], lastWrite: [] });
    }
    return state;
  }

  /** Whether the step reads or writes this variable. */
  uses(memory: Memory): boolean {
    return this.#variables.has(memory);
  }

  /** A variable's value at this point of the step. */
  read(memory: Memory, shape: number[], dtype: number): Output {
    const state = this.#variable(memory);
    if (!state.current) {
      state.current = this.#graph.read(state.resource, shape, dtype, state.lastWrite);
      state.reads.push(state.current.op);
    }
    return state.current;
  }

  /** An op that changes variables: its first inputs are they, then come values. */
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

  /** Any other op. */
  op(name: string, attributes: Attribute[], inputs: Output[]): Output[] {
    return this.#graph.outputs(name, this.#graph.node(name, attributes, inputs));
  }

  /** Closes the trace as a function of the context.
   * @returns the number of nodes. */
  finish(name: string, outputs: Output[]): number {
    this.#graph.toFunction(name, this.#inputs, outputs, this.#writes);
    this.#graph.delete();
    return this.#graph.size;
  }

  /** Drops the trace, after an error. */
  abandon(): void {
    this.#graph.delete();
    for (const parameter of this.parameters) {
      if (parameter.from === "handle") this.#context.delete(parameter.handle);
    }
  }
}

/** What a compiled step may not do, because JavaScript runs it only once: a value would be frozen into its graph.
 * (merged) */

/** A value that JavaScript computes inside a traced step would be the same at every call. Small ones are constants of the formula; a float
 * array of more elements than this, and not all alike, is most likely noise or data. */
const LARGEST_CONSTANT = 64;

/** Said to who reads a tensor's values in a compiled step. */
export const NO_VALUES =
  "Cannot read a tensor's values inside a compiled step: they differ from call to call, and JavaScript runs only once, " +
  "so it cannot branch on them either; return the tensor and read it outside, or select with tf.where";

/** Said to who kept a tensor that a compiled step made on its way. */
export const NO_VALUES_OUTSIDE =
  "Cannot use a tensor of a compiled step outside it: only what the step returns has values; return it from the step";

/** Refuses an array of numbers made while a step is traced, if it looks like noise or data.
 * @throws {Error} that says what to do instead. */
export function refuseFrozenValues(values: tf.BackendValues): void {
  if (!(values instanceof Float32Array) || values.length <= LARGEST_CONSTANT) return;
  if (values.every((value) => value === values[0])) return;
  throw new Error(
    `Cannot compile a step that makes a tensor of ${values.length} numbers in JavaScript: it would be the same at every call; ` +
      `make it outside the step, pass it as an argument, or draw random numbers from a RandomStream`,
  );
}
