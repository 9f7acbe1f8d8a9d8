/** Construction of a TensorFlow graph and its conversion to a function.
 * @module */
import { type Attribute, attribute, attributeSetter, int64s } from "./attributes.ts";
import type { Context, Handle } from "./context.ts";
import { cString } from "./libc.ts";

/** Output of a node: a value that exists only while the function runs. */
export interface Output {
  op: Deno.PointerValue;
  index: number;
  shape: number[];
  dtype: number;
}

/** Number of single inputs that follow the list input of an op, keyed by the op's name. Unlike eager ops, graph nodes need
 * different C functions for list inputs and single inputs. The table covers the ops that tfjs's kernels and Forger use. */
const LIST_INPUTS: Record<string, number> = { ConcatV2: 1, Pack: 0, AddN: 0, Einsum: 0, IdentityN: 0, MeshGrid: 0 };

/** Size of a `TF_Output` in bytes. */
const OUTPUT_BYTES = 16;

/** Packs outputs as consecutive `TF_Output` structs. */
function pack(outputs: Pick<Output, "op" | "index">[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(OUTPUT_BYTES * Math.max(1, outputs.length));
  const view = new DataView(bytes.buffer);
  outputs.forEach(({ op, index }, i) => {
    view.setBigUint64(i * OUTPUT_BYTES, Deno.UnsafePointer.value(op), true);
    view.setInt32(i * OUTPUT_BYTES + 8, index, true);
  });
  return bytes;
}

/** A TensorFlow graph. To use the graph, add nodes, convert the graph to a function with {@linkcode toFunction}, and then call
 * {@linkcode delete}. */
export class Graph {
  readonly #context: Context;
  readonly #pointer: Deno.PointerValue;
  readonly #setAttribute: (op: Deno.PointerValue, attribute: Attribute) => void;
  #nodes = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#pointer = context.library.c.TF_NewGraph();
    this.#setAttribute = attributeSetter(context.library, false);
  }

  /** Adds a node that runs after the nodes in `controls`.
   * @throws {Error} If TensorFlow rejects the node; the message contains the op's name and TensorFlow's message. */
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
    const singles = LIST_INPUTS[name];
    const list = singles === undefined ? 0 : inputs.length - singles;
    if (singles !== undefined) c.TF_AddInputList(op, pack(inputs.slice(0, list)), list);
    for (const input of inputs.slice(list)) c.TF_AddInput(op, pack([input]));
    if (name === "CollectiveReduceV2") c.TF_AddInputList(op, pack([]), 0); // its list of ordering tokens, which is empty
  }

  /** Adds an input to the function. */
  placeholder(shape: number[], dtype: number): Output {
    const op = this.node("Placeholder", [attribute.type("dtype", dtype), attribute.shape("shape", shape)], []);
    return { op, index: 0, shape, dtype };
  }

  /** Adds a constant. */
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

  /** Adds a node that reads a variable, and sets the shape of its output, which TensorFlow does not know. */
  read(resource: Output, shape: number[], dtype: number, controls: Deno.PointerValue[]): Output {
    const { library } = this.#context;
    const op = this.node("ReadVariableOp", [attribute.type("dtype", dtype)], [resource], controls);
    const output = { op, index: 0, shape, dtype };
    library.c.TF_GraphSetTensorShape(this.#pointer, pack([output]), int64s(shape), shape.length, library.status);
    library.check("Cannot compile the read of a variable");
    return output;
  }

  /** Returns the outputs of a node.
   * @throws {Error} If an output's shape depends on tensor values. */
  outputs(name: string, op: Deno.PointerValue): Output[] {
    const { c } = this.#context.library;
    return Array.from({ length: c.TF_OperationNumOutputs(op) }, (_, index) => {
      const packed = pack([{ op, index }]);
      const shape = this.#shape(packed);
      // Only the first output needs a known shape: the last output of FusedBatchNormV3 is unused scratch memory of unknown rank.
      if (index === 0 && (!shape || shape.some((dim) => dim < 0))) {
        const problem = "its output shape depends on tensor values, which are unknown during tracing";
        throw new Error(`Cannot compile ${name}: ${problem}; move the op out of the step`);
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
    this.#context.library.check("Cannot compile an op of unknown shape");
    return Array.from(dims.subarray(0, rank), Number);
  }

  /** Adds the graph to the eager context as a function with the given name. The nodes in `writes` write to variables, and run
   * even if no output depends on them. */
  toFunction(name: string, inputs: Output[], outputs: Output[], writes: Deno.PointerValue[]): void {
    const { library, pointer } = this.#context;
    const controls = BigUint64Array.from([...writes.map((op) => Deno.UnsafePointer.value(op)), 0n]);
    const [ins, outs] = [pack(inputs), pack(outputs)];
    // deno-fmt-ignore
    const graphFunction = library.c.TF_GraphToFunctionWithControlOutputs(this.#pointer, cString(name), 0, -1, null,
      inputs.length, ins, outputs.length, outs, null, writes.length, controls, null, null, null, library.status);
    library.check("Cannot compile the step");
    library.c.TFE_ContextAddFunction(pointer, graphFunction, library.status);
    library.c.TF_DeleteFunction(graphFunction);
    library.check("Cannot compile the step");
  }

  delete(): void {
    this.#context.library.c.TF_DeleteGraph(this.#pointer);
  }
}
