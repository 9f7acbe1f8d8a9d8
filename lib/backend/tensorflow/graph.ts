/** A TensorFlow graph under construction, and the function that it becomes.
 * @module */
import { type Attribute, attribute, attributeSetter, int64s } from "./attributes.ts";
import type { Context, Handle } from "./context.ts";
import { cString } from "./library.ts";

/** One output of a node: a value that will be, when the function runs. */
export interface Output {
  op: Deno.PointerValue;
  index: number;
  shape: number[];
  dtype: number;
}

/** Ops whose inputs are lists, and how many single inputs stand behind the list. Eager ops take all inputs flat; a graph has to be told.
 * These are the ones that tfjs's kernels, and ours, use. */
const LIST_INPUTS: Record<string, number> = { ConcatV2: 1, Pack: 0, AddN: 0, Einsum: 0, IdentityN: 0, MeshGrid: 0 };

/** Bytes of a `TF_Output` in memory. */
const OUTPUT_BYTES = 16;

function write(output: Pick<Output, "op" | "index">, bytes: Uint8Array, offset: number): void {
  const view = new DataView(bytes.buffer, offset);
  view.setBigUint64(0, Deno.UnsafePointer.value(output.op), true);
  view.setInt32(8, output.index, true);
}

/** `TF_Output`s as C wants them: by value if there is one, else one after the other. */
function pack(outputs: Pick<Output, "op" | "index">[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(OUTPUT_BYTES * Math.max(1, outputs.length));
  outputs.forEach((output, i) => write(output, bytes, i * OUTPUT_BYTES));
  return bytes;
}

/** Nodes are added until {@linkcode toFunction}; then {@linkcode delete}. */
export class Graph {
  readonly #context: Context;
  readonly #pointer: Deno.PointerValue;
  readonly #setAttribute: (op: Deno.PointerValue, given: Attribute) => void;
  #nodes = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#pointer = context.library.c.TF_NewGraph();
    this.#setAttribute = attributeSetter(context.library, false);
  }

  /** How many nodes it has. */
  get size(): number {
    return this.#nodes;
  }

  /** Adds a node. `controls` are nodes that must have run before it.
   * @throws {Error} with the op's name and TensorFlow's message. */
  node(name: string, attributes: Attribute[], inputs: Output[], controls: Deno.PointerValue[] = []): Deno.PointerValue {
    return this.#finish(name, (op) => {
      this.#addInputs(name, op, inputs);
      for (const control of controls) this.#context.library.c.TF_AddControlInput(op, control);
      for (const attribute of attributes) this.#setAttribute(op, attribute);
    });
  }

  #finish(name: string, describe: (op: Deno.PointerValue) => void): Deno.PointerValue {
    const { library } = this.#context;
    const op = library.c.TF_NewOperation(this.#pointer, cString(name), new TextEncoder().encode(`n${this.#nodes++}\0`));
    describe(op);
    const finished = library.c.TF_FinishOperation(op, library.status);
    library.check(`Cannot compile ${name}`);
    return finished;
  }

  #addInputs(name: string, op: Deno.PointerValue, inputs: Output[]): void {
    const { c } = this.#context.library;
    const behind = LIST_INPUTS[name];
    const list = behind === undefined ? 0 : inputs.length - behind;
    if (behind !== undefined) c.TF_AddInputList(op, pack(inputs.slice(0, list)), list);
    for (const input of inputs.slice(list)) c.TF_AddInput(op, pack([input]));
  }

  /** An input of the function. */
  placeholder(shape: number[], dtype: number): Output {
    const op = this.node("Placeholder", [attribute.type("dtype", dtype), attribute.shape("shape", shape)], []);
    return { op, index: 0, shape, dtype };
  }

  /** A value that never changes. */
  constant(handle: Handle, shape: number[], dtype: number): Output {
    const { library } = this.#context;
    const tensor = library.c.TFE_TensorHandleResolve(handle, library.status);
    library.check("Cannot compile a constant");
    try {
      const op = this.#finish("Const", (op) => {
        this.#setAttribute(op, attribute.type("dtype", dtype));
        library.c.TF_SetAttrTensor(op, cString("value"), tensor, library.status);
      });
      return { op, index: 0, shape, dtype };
    } finally {
      library.c.TF_DeleteTensor(tensor);
    }
  }

  /** The value of a variable, whose shape only we know. */
  read(resource: Output, shape: number[], dtype: number, controls: Deno.PointerValue[]): Output {
    const { library } = this.#context;
    const op = this.node("ReadVariableOp", [attribute.type("dtype", dtype)], [resource], controls);
    const output = { op, index: 0, shape, dtype };
    library.c.TF_GraphSetTensorShape(this.#pointer, pack([output]), int64s(shape), shape.length, library.status);
    library.check("Cannot compile the reading of a variable");
    return output;
  }

  /** The outputs of a node.
   * @throws {Error} if a shape is only known when the values are. */
  outputs(name: string, op: Deno.PointerValue): Output[] {
    const { c } = this.#context.library;
    return Array.from({ length: c.TF_OperationNumOutputs(op) }, (_, index) => {
      const packed = pack([{ op, index }]);
      const shape = this.#shape(packed);
      // The last output of FusedBatchNormV3 is scratch of unknown rank: nobody reads it, only first outputs must be known.
      if (index === 0 && (!shape || shape.some((dim) => dim < 0))) {
        throw new Error(
          `Cannot compile ${name}: the shape of its result depends on values, which a compiled step does not have yet; ` +
            `take it out of the step`,
        );
      }
      return { op, index, shape: shape ?? [0], dtype: c.TF_OperationOutputType(packed) };
    });
  }

  #shape(packed: Uint8Array<ArrayBuffer>): number[] | undefined {
    const { c, status } = this.#context.library;
    const rank = c.TF_GraphGetTensorNumDims(this.#pointer, packed, status);
    if (rank < 0) return undefined;
    const dims = new BigInt64Array(Math.max(1, rank));
    if (rank > 0) c.TF_GraphGetTensorShape(this.#pointer, packed, dims, rank, status);
    this.#context.library.check("Cannot compile: a shape is unknown");
    return Array.from(dims.subarray(0, rank), Number);
  }

  /** Makes the whole graph a function of the eager context, under this name.
   * @param always nodes that run though no output needs them: what writes variables. */
  toFunction(name: string, inputs: Output[], outputs: Output[], always: Deno.PointerValue[]): void {
    const { library, pointer } = this.#context;
    const controls = BigUint64Array.from([...always.map((op) => Deno.UnsafePointer.value(op)), 0n]);
    const [ins, outs] = [pack(inputs), pack(outputs)];
    // deno-fmt-ignore
    const made = library.c.TF_GraphToFunctionWithControlOutputs(this.#pointer, cString(name), 0, -1, null, inputs.length, ins,
      outputs.length, outs, null, always.length, controls, null, null, null, library.status);
    library.check("Cannot compile the step");
    library.c.TFE_ContextAddFunction(pointer, made, library.status);
    library.c.TF_DeleteFunction(made);
    library.check("Cannot compile the step");
  }

  delete(): void {
    this.#context.library.c.TF_DeleteGraph(this.#pointer);
  }
}
