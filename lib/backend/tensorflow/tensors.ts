/** The tensors of the process, by number.
 *
 * tfjs-node knows a tensor by a number. Behind it stands a value on the device, a variable's memory, or, while a step is traced, a node.
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

/** Makes, computes with, reads and drops tensors; for tfjs-node's kernels by {@linkcode bindingOf}, for compiled steps besides. */
export class TensorTable {
  readonly context: Context;
  /** The step being traced, if one is. */
  trace: Trace | undefined;
  /** Told which variables a traced step writes. */
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
    if (!entry) {
      throw new Error(
        `Cannot use tensor ${id}: TensorFlow no longer has it; keep it with tf.keep, or use it before it is disposed`,
      );
    }
    return entry;
  }

  #variable(action: string, id: number): Extract<Entry, { kind: "variable" }> {
    const entry = this.#entry(id);
    if (entry.kind === "variable") return entry;
    throw new Error(`Cannot ${action}: wanted a variable, got tensor ${id}, a ${entry.kind}; make it a variable first`);
  }

  /** A tensor of a handle, which is the table's from now on. */
  insertHandle(handle: Handle): TensorMetadata {
    const [shape, dtype] = [this.context.shapeOf(handle), this.context.dtypeOf(handle)];
    return { id: this.#insert({ kind: "value", handle, shape, dtype }), shape, dtype };
  }

  /** Runs `use` with an eager handle of the tensor. */
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

  #withHandles<T>(ids: number[], use: (handles: Handle[]) => T, taken: Handle[] = []): T {
    const [id, ...rest] = ids;
    if (id === undefined) return use(taken);
    return this.#withHandle(id, (handle) => this.#withHandles(rest, use, [...taken, handle]));
  }

  /** The tensor as a node of the open trace. */
  symbol(id: number): Output {
    const [entry, trace] = [this.#entry(id), this.trace!];
    if (entry.kind === "symbol" && entry.trace !== trace) throw new Error(NO_VALUES_OUTSIDE);
    if (entry.kind === "symbol") return entry.output;
    if (entry.kind === "variable") return trace.read(entry.memory, entry.shape, entry.dtype);
    const { handle, shape, dtype } = entry;
    return id < this.#traceStart ? trace.capture(id, handle, shape, dtype) : trace.constant(id, handle, shape, dtype);
  }

  /** A tensor known only as a node. */
  insertSymbol(output: Output): TensorMetadata {
    return { id: this.#insert({ kind: "symbol", output, trace: this.trace! }), shape: output.shape, dtype: output.dtype };
  }

  /** Gives every op to `trace` until {@linkcode endTrace}. Tensors that are there now are its outside. */
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

  /** Copies the handles of these tensors for one call; the caller deletes them. */
  handles(ids: number[]): Handle[] {
    return ids.map((id) => this.#withHandle(id, (handle) => this.context.share(handle)));
  }

  kindOf(id: number): Entry["kind"] {
    return this.#entry(id).kind;
  }

  /** Gives a tensor memory of its own, which ops can update in place. Its id stays. */
  makeVariable(id: number): Memory {
    const entry = this.#entry(id);
    if (entry.kind !== "value") {
      throw new Error(`Cannot make tensor ${id} a variable: wanted a value, got a ${entry.kind}; copy it first`);
    }
    const { handle, shape, dtype } = entry;
    const memory = makeMemory(this.context, handle, shape, dtype);
    this.context.delete(handle);
    this.#entries.set(id, { kind: "variable", memory, shape, dtype });
    return memory;
  }

  /** The present value of a tensor or variable under a new id. */
  copy(id: number): TensorMetadata {
    return this.insertHandle(this.handles([id])[0]!);
  }

  /** Gives a variable's memory a new id, and leaves its present value, as an ordinary tensor, at the old one. */
  splitVariable(id: number): TensorMetadata {
    const entry = this.#variable("split off a variable's memory", id);
    const { shape, dtype } = entry;
    const left: Entry = this.trace
      ? { kind: "symbol", output: this.symbol(id), trace: this.trace }
      : { kind: "value", handle: this.handles([id])[0]!, shape, dtype };
    this.#entries.set(id, left);
    return { id: this.#insert(entry), shape, dtype };
  }

  /** Runs an op that updates variables in place: they are its first inputs. */
  update(name: string, attributes: Attribute[], variableIds: number[], inputIds: number[]): void {
    const memories = variableIds.map((id) => this.#variable(`run ${name}`, id).memory);
    if (this.trace) return this.trace.update(name, attributes, memories, inputIds.map((id) => this.symbol(id)));
    const resources = memories.map((memory) => memory.resource);
    this.#withHandles(inputIds, (handles) => this.context.execute(name, attributes, [...resources, ...handles], 0));
  }

  /** Makes a tensor of values. */
  create(shape: number[], dtype: number, values: Values): number {
    const handle = this.context.handleOf(shape, dtype, values);
    return this.#insert({ kind: "value", handle, shape: shape.slice(), dtype });
  }

  /** Drops a tensor. */
  delete(id: number): void {
    const entry = this.#entries.get(id);
    if (entry?.kind === "value") this.context.delete(entry.handle);
    if (entry?.kind === "variable") freeMemory(this.context, entry.memory);
    this.#entries.delete(id);
  }

  /** A copy of a tensor's values. */
  read(id: number): Values {
    if (this.trace && (id < this.#traceStart || this.kindOf(id) === "variable")) throw new Error(NO_VALUES);
    return this.#withHandle(id, (handle) => this.context.values(handle));
  }

  /** Runs an op, or writes it down if a step is being traced. */
  execute(name: string, attributes: Attribute[], ids: number[], outputs: number): TensorMetadata[] {
    if (this.trace) {
      const made = this.trace.op(name, attributes, ids.map((id) => this.symbol(id)));
      return made.map((output) => this.insertSymbol(output));
    }
    return this.#withHandles(ids, (handles) => this.context.execute(name, attributes, handles, outputs))
      .map((handle) => this.insertHandle(handle));
  }

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }
}
