/** TensorFlow's C library: finding its files, and loading them through Deno's FFI.
 * @module */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tfjsNode } from "../../packages.ts";
import { type Symbols, symbols } from "./symbols.ts";

const encoder = new TextEncoder();
const names = new Map<string, Uint8Array<ArrayBuffer>>();

/** Returns a C string. It is never freed, because TensorFlow may read an attribute's name after the call that sets it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = names.get(text);
  if (!bytes) names.set(text, bytes = encoder.encode(`${text}\0`));
  return bytes;
}

/** Returns the text that a `char*` points to. */
export function textAt(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/** The loaded library, with one status object that all calls share. */
export class Library {
  readonly c: Symbols;
  readonly version: string;
  readonly status: Deno.PointerValue;

  /** Finds and loads the library.
   * @throws {Error} if it is missing or cannot be loaded. */
  constructor() {
    const files = findTensorflow();
    try {
      pinLibraries([files.framework, files.library]);
      this.c = Deno.dlopen(files.library, symbols).symbols;
    } catch (error) {
      throw new Error(`Cannot load TensorFlow from ${files.library}: ${(error as Error).message}; run "deno task setup" again`);
    }
    this.version = textAt(this.c.TF_Version());
    this.status = this.c.TF_NewStatus();
  }

  /** Throws if the last call set the shared status to an error.
   * @param action beginning of the error message, such as "Cannot run Conv2D". */
  check(action: string): void {
    if (this.c.TF_GetCode(this.status) !== 0) throw new Error(`${action}: ${textAt(this.c.TF_Message(this.status))}`);
  }
}

const MAC = Deno.build.os === "darwin";

/** Flags for dlopen(3): resolve all symbols immediately and never unload. RTLD_NODELETE has another value on macOS (dlfcn.h). */
const RTLD_NOW = 2;
const RTLD_NODELETE = MAC ? 0x80 : 0x1000;
/** Flag for dlopen(3) on Linux: prefer TensorFlow's own symbols to those of libraries loaded earlier. Mesa's GPU driver, loaded
 * if WebGPU was tried first, contains another version of LLVM, and the process crashes if TensorFlow calls that version. */
const RTLD_DEEPBIND = MAC ? 0 : 0x8;

const WRITE_ONLY = 1;
const STANDARD_ERROR = 2;

function openLibc() {
  return Deno.dlopen(MAC ? "libSystem.B.dylib" : "libc.so.6", {
    dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    dup: { parameters: ["i32"], result: "i32" },
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
}

/** Keeps libraries loaded until the process ends. Deno unloads libraries when the program ends, while TensorFlow's threads are
 * still running, so every normal exit would end in a segmentation fault. */
function pinLibraries(files: string[]): void {
  const libc = openLibc();
  for (const file of files) libc.symbols.dlopen(cString(file), RTLD_NOW | RTLD_NODELETE | RTLD_DEEPBIND);
  libc.close();
}

/** Runs `start` with the process's standard error redirected to /dev/null. TensorFlow prints messages about oneDNN and CUDA that
 * no setting suppresses and that would appear in every notebook. Errors are still thrown. */
export function withoutStderr<T>(start: () => T): T {
  const libc = openLibc();
  const c = libc.symbols;
  const saved = c.dup(STANDARD_ERROR);
  const devNull = c.open(cString("/dev/null"), WRITE_ONLY);
  c.dup2(devNull, STANDARD_ERROR);
  try {
    return start();
  } finally {
    c.dup2(saved, STANDARD_ERROR);
    c.close(saved);
    c.close(devNull);
    libc.close();
  }
}

/** The library's two files, in the same folder: the one to open, and the framework library on which it depends. */
export interface LibraryFiles {
  library: string;
  framework: string;
}

/** File names by platform. The file in the wheel has the suffix "_cc"; the one that tfjs-node downloads does not. */
const NAMES: Partial<Record<typeof Deno.build.os, { library: string[]; framework: string }>> = {
  linux: { library: ["libtensorflow_cc.so.2", "libtensorflow.so.2"], framework: "libtensorflow_framework.so.2" },
  darwin: { library: ["libtensorflow_cc.2.dylib", "libtensorflow.2.dylib"], framework: "libtensorflow_framework.2.dylib" },
};

/** Returns the library's files if the folder contains both. */
function filesIn(folder: string): LibraryFiles | undefined {
  const names = NAMES[Deno.build.os];
  const framework = join(folder, names?.framework ?? "");
  const library = names?.library.map((name) => join(folder, name)).find(isFile);
  return library && isFile(framework) ? { library, framework } : undefined;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Returns the folder with the wheel's libraries in a virtual environment: `lib/python3.x/site-packages/tensorflow`. */
function wheelIn(environment: string | undefined): string | undefined {
  if (!environment) return undefined;
  try {
    for (const { name } of Deno.readDirSync(join(environment, "lib"))) {
      if (name.startsWith("python3")) return join(environment, "lib", name, "site-packages", "tensorflow");
    }
  } catch { /* the environment does not exist */ }
  return undefined;
}

/** Returns the folder into which tfjs-node's installer downloads the library: `deps/lib`, next to tfjs-node's `dist`. */
function addOnFolder(): string | undefined {
  try {
    const kernels = tfjsNode.url();
    if (kernels.startsWith("file:")) return join(dirname(dirname(fileURLToPath(kernels))), "deps", "lib");
  } catch { /* not in a local folder */ }
  return undefined;
}

/** Finds the C library in the folder that the environment variable `FORGER_TENSORFLOW` names. If the variable is unset,
 * the project's `.venv`, the active virtual environment and tfjs-node's `deps/lib` are searched, in this order.
 * @throws {Error} with the places searched, if the library is in none of them. */
export function findTensorflow(): LibraryFiles {
  const requested = Deno.env.get("FORGER_TENSORFLOW");
  const isLocal = import.meta.url.startsWith("file:"); // rather than from a registry
  const places: Record<string, string | undefined> = requested ? { FORGER_TENSORFLOW: requested } : {
    "the project's .venv": isLocal ? wheelIn(fileURLToPath(new URL("../../../.venv", import.meta.url))) : undefined,
    "the active virtual environment": wheelIn(Deno.env.get("VIRTUAL_ENV")),
    "tfjs-node's deps/lib": addOnFolder(),
  };
  for (const folder of Object.values(places)) {
    const files = folder && filesIn(folder);
    if (files) return files;
  }
  const cure = 'set it to the "tensorflow" folder of the Python package, or unset it';
  const problem = `FORGER_TENSORFLOW is ${requested}, which does not contain the C library; ${cure}`;
  const searched = `its C library was not found in ${Object.keys(places).join(", ")}; run "deno task setup"`;
  throw new Error(`Cannot load TensorFlow: ${requested ? problem : searched}`);
}
