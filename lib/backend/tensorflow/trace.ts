/** A trace: what a step did, written down as a graph instead of done.
 *
 * While one is open, the binding gives every op to it. A tensor that the step made becomes a node; what it found outside becomes an input
 * of the function: a variable by reference, so that it is read and written anew at each call, any other tensor by its value.
 * Reads and writes of a variable keep their order by control edges: a write waits for the reads before it, a read for the last write.
 * @module */
import type { Attribute } from "./attributes.ts";
import type { Context, Handle } from "./context.ts";
import { Graph, type Output } from "./graph.ts";
import { DTYPE } from "./symbols.ts";
import type { Values } from "./values.ts";

/** Where an input of the function comes from at each call. */
export type Parameter =
  | { from: "argument"; index: number }
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
  readonly #variables = new Map<bigint, VariableState>();

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

  /** The step's next argument, known by the id of the tensor given. */
  argument(id: number, shape: number[], dtype: number): void {
    const index = this.parameters.length;
    this.#captured.set(id, this.#input(shape, dtype, { from: "argument", index }));
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

  #variable(resource: Handle): VariableState {
    const key = Deno.UnsafePointer.value(resource);
    let state = this.#variables.get(key);
    if (!state) {
      const input = this.#input([], DTYPE.resource, { from: "handle", handle: this.#context.share(resource) });
      this.#variables.set(key, state = { resource: input, reads: [], lastWrite: [] });
    }
    return state;
  }

  /** A variable's value at this point of the step. */
  read(resource: Handle, shape: number[], dtype: number): Output {
    const state = this.#variable(resource);
    if (!state.current) {
      state.current = this.#graph.read(state.resource, shape, dtype, state.lastWrite);
      state.reads.push(state.current.op);
    }
    return state.current;
  }

  /** An op that changes variables: its first inputs are they, then come values. */
  update(name: string, attributes: Attribute[], resources: Handle[], inputs: Output[]): void {
    const states = resources.map((resource) => this.#variable(resource));
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
