/** Table of the process's tensors, keyed by id.
 *
 * tfjs-node refers to a tensor by an integer id. Each id stands for a value on a device, a variable's memory, or a node of a
 * trace.
 * @module */
import type * as tf from "../../tf.ts";
import type { TensorMetadata } from "../../packages.ts";
import { type Attribute, attribute } from "./attributes.ts";
import { type Context, freeMemory, type Handle, makeMemory, type Memory } from "./context.ts";
import type { Output } from "./graph.ts";
import { NO_VALUES, NO_VALUES_OUTSIDE, type Trace } from "./trace.ts";
import type { Values } from "./values.ts";

type Entry =
  | { kind: "value"; handle: Handle; shape: number[]; dtype: number }
  | { kind: "variable"; memory: Memory; shape: number[]; dtype: number }
  | { kind: "symbol"; output: Output; trace: Trace };

/** Creates, reads and deletes tensors and runs ops on them, for tfjs-node's kernels and compiled steps. */
export class TensorTable {
  readonly context: Context;
  /** The open trace, if any. */
  trace: Trace | undefined;
  /** Callback that receives the variables to which a traced step writes. */
  onWrite: ((variables: tf.Variable[]) => void) | undefined;
  readonly #entries = new Map<number, Entry>();
  #nextId = 0;
  #traceStart = 0;

  constructor(context: Context) {
    this.context = context;
  }

  #insert(entry: Entry): number {
    this.#entries.set(this.#nextId, entry);
    return this.#nextId++;
  }

  #entry(id: number): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new Error(`Cannot use tensor ${id}: it has been disposed of; keep it with tf.keep, or use it earlier`);
    return entry;
  }

  #expect<K extends Entry["kind"]>(kind: K, action: string, id: number): Extract<Entry, { kind: K }> {
    const entry = this.#entry(id);
    if (entry.kind === kind) return entry as Extract<Entry, { kind: K }>;
    throw new Error(`Cannot ${action}: expected a ${kind}, got tensor ${id}, which is a ${entry.kind}`);
  }

  /** Adds a tensor. The table takes ownership of the handle. */
  insertHandle(handle: Handle): TensorMetadata {
    const [shape, dtype] = [this.context.shapeOf(handle), this.context.dtypeOf(handle)];
    return { id: this.#insert({ kind: "value", handle, shape, dtype }), shape, dtype };
  }

  /** Calls `use` with an eager handle to the tensor. */
  #withHandle<T>(id: number, use: (handle: Handle) => T): T {
    const entry = this.#entry(id);
    if (entry.kind === "value") return use(entry.handle);
    if (entry.kind === "symbol") throw new Error(this.trace === entry.trace ? NO_VALUES : NO_VALUES_OUTSIDE);
    const [handle] = this.context.execute("ReadVariableOp", [attribute.type("dtype", entry.dtype)], [entry.memory.resource], 1);
    try {
      return use(handle!);
    } finally {
      this.context.delete(handle!);
    }
  }

  #withHandles<T>(ids: number[], use: (handles: Handle[]) => T, before: Handle[] = []): T {
    const [id, ...rest] = ids;
    if (id === undefined) return use(before);
    return this.#withHandle(id, (handle) => this.#withHandles(rest, use, [...before, handle]));
  }

  /** Returns the tensor as a node of the open trace. */
  symbol(id: number): Output {
    const [entry, trace] = [this.#entry(id), this.trace!];
    if (entry.kind === "symbol" && entry.trace !== trace) throw new Error(NO_VALUES_OUTSIDE);
    if (entry.kind === "symbol") return entry.output;
    if (entry.kind === "variable") return trace.read(entry.memory, entry.shape, entry.dtype);
    const { handle, shape, dtype } = entry;
    return id < this.#traceStart ? trace.capture(id, handle, shape, dtype) : trace.constant(id, handle, shape, dtype);
  }

  /** Returns a variable as a constant node if the open trace turns variables into constants, and otherwise as {@linkcode symbol}
   * does. */
  frozenSymbol(id: number): Output {
    const [entry, trace] = [this.#entry(id), this.trace!];
    if (entry.kind !== "variable") return this.symbol(id);
    return this.#withHandle(id, (handle) => trace.freeze(id, entry.memory, handle, entry.shape, entry.dtype));
  }

  /** Adds a tensor that stands for a node of the open trace. */
  insertSymbol(output: Output): TensorMetadata {
    return { id: this.#insert({ kind: "symbol", output, trace: this.trace! }), shape: output.shape, dtype: output.dtype };
  }

  /** Makes `trace` record every op until {@linkcode endTrace} is called. Tensors that already exist are treated as if they had
   * been created outside the step. */
  startTrace(trace: Trace, onWrite: (variables: tf.Variable[]) => void): void {
    this.trace = trace;
    this.onWrite = onWrite;
    this.#traceStart = this.#nextId;
  }

  endTrace(): void {
    this.trace = this.onWrite = undefined;
  }

  shapeAndType(id: number): { shape: number[]; dtype: number } {
    const entry = this.#entry(id);
    return entry.kind === "symbol" ? entry.output : entry;
  }

  /** Returns copies of the tensors' handles, which the caller must delete. */
  handles(ids: number[]): Handle[] {
    return ids.map((id) => this.#withHandle(id, (handle) => this.context.share(handle)));
  }

  kindOf(id: number): Entry["kind"] {
    return this.#entry(id).kind;
  }

  /** Turns a tensor into a variable: memory that ops update in place. Its id stays the same. */
  makeVariable(id: number): Memory {
    const { handle, shape, dtype } = this.#expect("value", "make a variable from a tensor", id);
    const memory = makeMemory(this.context, handle, shape, dtype);
    this.context.delete(handle);
    this.#entries.set(id, { kind: "variable", memory, shape, dtype });
    return memory;
  }

  /** Copies the current value of a tensor or variable into a new tensor. */
  copy(id: number): TensorMetadata {
    return this.insertHandle(this.handles([id])[0]!);
  }

  /** Reassigns a variable's memory to a new id. The old id then refers to an ordinary tensor with a copy of the current value. */
  splitVariable(id: number): TensorMetadata {
    const entry = this.#expect("variable", "split off a variable's memory", id);
    const { shape, dtype } = entry;
    const value: Entry = this.trace
      ? { kind: "symbol", output: this.symbol(id), trace: this.trace }
      : { kind: "value", handle: this.handles([id])[0]!, shape, dtype };
    this.#entries.set(id, value);
    return { id: this.#insert(entry), shape, dtype };
  }

  /** Runs an op that updates variables in place. The op's first inputs are the variables. */
  update(name: string, attributes: Attribute[], variableIds: number[], inputIds: number[]): void {
    const memories = variableIds.map((id) => this.#expect("variable", `run ${name}`, id).memory);
    if (this.trace) return this.trace.update(name, attributes, memories, inputIds.map((id) => this.symbol(id)));
    for (const memory of memories) memory.writes++;
    const resources = memories.map((memory) => memory.resource);
    this.#withHandles(inputIds, (handles) => this.context.execute(name, attributes, [...resources, ...handles], 0));
  }

  /** Creates a tensor from values. */
  create(shape: number[], dtype: number, values: Values): number {
    const handle = this.context.handleOf(shape, dtype, values);
    return this.#insert({ kind: "value", handle, shape: shape.slice(), dtype });
  }

  delete(id: number): void {
    const entry = this.#entries.get(id);
    if (entry?.kind === "value") this.context.delete(entry.handle);
    if (entry?.kind === "variable") freeMemory(this.context, entry.memory);
    this.#entries.delete(id);
  }

  /** Returns a copy of a tensor's values. */
  read(id: number): Values {
    if (this.trace && (id < this.#traceStart || this.kindOf(id) === "variable")) throw new Error(NO_VALUES);
    return this.#withHandle(id, (handle) => this.context.values(handle));
  }

  /** Runs an op, or records it if a trace is open. */
  execute(name: string, attributes: Attribute[], ids: number[], outputs: number): TensorMetadata[] {
    if (this.trace) {
      const results = this.trace.op(name, attributes, ids.map((id) => this.symbol(id)));
      return results.map((output) => this.insertSymbol(output));
    }
    return this.#withHandles(ids, (handles) => this.context.execute(name, attributes, handles, outputs))
      .map((handle) => this.insertHandle(handle));
  }

  /** Number of tensors. */
  get size(): number {
    return this.#entries.size;
  }
}
