/** TensorFlow's eager runtime: tensor handles on a device, ops that run one by one, and the memory of variables.
 * @module */
import { type Attribute, attribute, attributeSetter } from "./attributes.ts";
import { cString, textAt, withoutStderr } from "./libc.ts";
import { Library } from "./library.ts";
import { DTYPE, symbols } from "./symbols.ts";
import { stringViews, tensorOf, type Values, valuesOf } from "./values.ts";

/** Pointer to a `TFE_TensorHandle`: a value on a device. The code that creates the handle must delete it. */
export type Handle = Deno.PointerValue;

/** Upper bound on the number of outputs of an op or of a compiled step. */
const MAX_OUTPUTS = 4096;

/** The eager context. A process has only one eager context, because TensorFlow's devices and functions belong to the process. */
export class Context {
  readonly library: Library;
  readonly pointer: Deno.PointerValue;
  /** Full name of the device on which ops run: the first GPU, or the CPU if there is no GPU. */
  readonly device: string;
  readonly hasGpu: boolean;
  readonly #setAttribute: (op: Deno.PointerValue, attribute: Attribute) => void;
  readonly #results = new BigUint64Array(MAX_OUTPUTS);
  readonly #count = new Int32Array(1);

  /** Loads the library and starts its eager runtime.
   * @param join Called before the first tensor is created, to join a cluster.
   * @param threads Maximum number of threads of an op. Default: all processors.
   * @throws {Error} If the library is missing, or if its runtime does not start. */
  constructor(join?: (library: Library, context: Deno.PointerValue) => void, threads?: number) {
    // An explicit log level means that the user wants TensorFlow's messages.
    const quiet = !Deno.env.has("TF_CPP_MIN_LOG_LEVEL");
    const environment = {
      // 1: no reports on optimized graphs; 3: no errors of a cluster's runtime, which are also thrown
      ...quiet && { TF_CPP_MIN_LOG_LEVEL: join ? "3" : "1" },
      ...threads && !Deno.env.has("TF_NUM_INTRAOP_THREADS") && { TF_NUM_INTRAOP_THREADS: String(threads) },
    };
    const start = () => startRuntime(join);
    // TensorFlow reads the variables once. Child processes would inherit them.
    Object.entries(environment).forEach(([name, value]) => Deno.env.set(name, value));
    ({ library: this.library, pointer: this.pointer } = quiet ? withoutStderr(start) : start());
    Object.keys(environment).forEach((name) => Deno.env.delete(name));
    this.#setAttribute = attributeSetter(this.library, true);
    ({ device: this.device, hasGpu: this.hasGpu } = this.#findDevice());
  }

  #findDevice(): { device: string; hasGpu: boolean } {
    const { c, status } = this.library;
    const list = c.TFE_ContextListDevices(this.pointer, status);
    this.library.check("Cannot list TensorFlow's devices");
    const found: Record<string, string> = {};
    for (let i = 0; i < c.TF_DeviceListCount(list); i++) {
      found[textAt(c.TF_DeviceListType(list, i, status))] ??= textAt(c.TF_DeviceListName(list, i, status));
    }
    c.TF_DeleteDeviceList(list);
    return { device: found["GPU"] ?? found["CPU"] ?? "", hasGpu: found["GPU"] !== undefined };
  }

  /** Creates a tensor on the device. Integers and strings stay on the host, where most GPU kernels expect them. */
  handleOf(shape: number[], dtype: number, values: Values): Handle {
    const { c, status } = this.library;
    const isText = Array.isArray(values);
    const tensor = isText ? stringViews(this.library, shape, values) : tensorOf(this.library, shape, dtype, values);
    const handle = c.TFE_NewTensorHandle(tensor, status);
    c.TF_DeleteTensor(tensor);
    this.library.check("Cannot create a tensor");
    if (!isText && (!this.hasGpu || dtype === DTYPE.int32)) return handle;
    try {
      // StringJoin with one input copies the bytes into memory that TensorFlow owns (most other ops would copy the pointers).
      if (isText) return this.execute("StringJoin", [attribute.int("N", 1)], [handle], 1)[0]!;
      const onDevice = c.TFE_TensorHandleCopyToDevice(handle, this.pointer, cString(this.device), status);
      this.library.check(`Cannot copy a tensor to ${this.device}`);
      return onDevice;
    } finally {
      c.TFE_DeleteTensorHandle(handle);
    }
  }

  /** Returns a copy of a tensor's values. */
  values(handle: Handle): Values {
    const { c, status } = this.library;
    const tensor = c.TFE_TensorHandleResolve(handle, status);
    this.library.check("Cannot read a tensor");
    try {
      return valuesOf(this.library, tensor, c.TFE_TensorHandleDataType(handle));
    } finally {
      c.TF_DeleteTensor(tensor);
    }
  }

  shapeOf(handle: Handle): number[] {
    const { c, status } = this.library;
    const rank = c.TFE_TensorHandleNumDims(handle, status);
    this.library.check("Cannot read a tensor's shape");
    return Array.from({ length: rank }, (_, i) => Number(c.TFE_TensorHandleDim(handle, i, status)));
  }

  dtypeOf(handle: Handle): number {
    return this.library.c.TFE_TensorHandleDataType(handle);
  }

  /** Returns a second, independent handle to the same value. */
  share(handle: Handle): Handle {
    const copy = this.library.c.TFE_TensorHandleCopySharingTensor(handle, this.library.status);
    this.library.check("Cannot share a tensor");
    return copy;
  }

  delete(handle: Handle): void {
    this.library.c.TFE_DeleteTensorHandle(handle);
  }

  /** Runs an op, or a function that was added to the context. An op runs on the GPU if TensorFlow has a GPU kernel for it.
   * @returns Up to `outputs` handles, one for each output of the op.
   * @throws {Error} If the op fails; the message contains the op's name and TensorFlow's message. */
  execute(name: string, attributes: Attribute[], inputs: Handle[], outputs: number): Handle[] {
    const { c, status } = this.library;
    const op = c.TFE_NewOp(this.pointer, cString(name), status);
    this.library.check(`Cannot run ${name}`);
    try {
      this.#complete(op, name, attributes, inputs);
      this.#count[0] = outputs;
      c.TFE_Execute(op, this.#results, this.#count, status);
      this.library.check(`Cannot run ${name}`);
      return Array.from({ length: this.#count[0]! }, (_, i) => Deno.UnsafePointer.create(this.#results[i]!));
    } finally {
      c.TFE_DeleteOp(op);
    }
  }

  #complete(op: Deno.PointerValue, name: string, attributes: Attribute[], inputs: Handle[]): void {
    for (const input of inputs) {
      this.library.c.TFE_OpAddInput(op, input, this.library.status);
      this.library.check(`Cannot run ${name}`);
    }
    for (const attribute of attributes) this.#setAttribute(op, attribute);
  }

  /** Runs an op with one output, which may take long, while the event loop goes on.
   * @throws {Error} See {@linkcode execute}. */
  async executeAside(name: string, attributes: Attribute[], inputs: Handle[]): Promise<Handle> {
    const { c, file } = this.library;
    const { TFE_Execute: execute } = Deno.dlopen(file, { TFE_Execute: { ...symbols.TFE_Execute, nonblocking: true } }).symbols;
    const [results, count, status] = [new BigUint64Array(1), Int32Array.of(1), c.TF_NewStatus()];
    const op = c.TFE_NewOp(this.pointer, cString(name), status);
    try {
      this.#complete(op, name, attributes, inputs);
      await execute(op, results, count, status);
      if (c.TF_GetCode(status) !== 0) throw new Error(`Cannot run ${name}: ${textAt(c.TF_Message(status))}`);
      return Deno.UnsafePointer.create(results[count[0]! - 1]!);
    } finally {
      c.TFE_DeleteOp(op);
    }
  }
}

/** Loads the library and creates an eager context. */
function startRuntime(
  join?: (library: Library, context: Deno.PointerValue) => void,
): { library: Library; pointer: Deno.PointerValue } {
  const library = new Library();
  const { c, status } = library;
  const options = c.TFE_NewContextOptions();
  const pointer = c.TFE_NewContext(options, status);
  c.TFE_DeleteContextOptions(options);
  library.check("Cannot start TensorFlow");
  join?.(library, pointer);
  return { library, pointer };
}

/** Memory of a variable: a TensorFlow resource, which ops update in place. This object, not the handle's address, identifies
 * the variable, because TensorFlow reuses the addresses of handles. */
export interface Memory {
  readonly resource: Handle;
  /** Number of times that ops have written to the memory. */
  writes: number;
  /** Whether the variable has been disposed of or has moved to another backend. */
  freed?: true;
}

/** Resource name that gives each variable its own memory, which is freed with the last handle (`kAnonymousName` in
 * resource_handle.h). */
const ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/** Allocates a variable's memory and copies the handle's value into it. The caller still owns the handle. */
export function makeMemory(context: Context, handle: Handle, shape: number[], dtype: number): Memory {
  const type = attribute.type("dtype", dtype);
  const name = [attribute.text("container", ""), attribute.text("shared_name", ANONYMOUS)];
  const [resource] = context.execute("VarHandleOp", [...name, type, attribute.shape("shape", shape)], [], 1);
  context.execute("AssignVariableOp", [type], [resource!, handle], 0);
  return { resource: resource!, writes: 0 };
}

/** Deletes the variable's handle to its memory. A graph that uses the memory keeps it alive, but no variable owns it
 * any longer. */
export function freeMemory(context: Context, memory: Memory): void {
  context.delete(memory.resource);
  memory.freed = true;
}
