/** TensorFlow's C library, opened by Deno's FFI so that the process can also end well.
 * @module */
import { type Symbols, symbols } from "./symbols.ts";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tfjsNode } from "../../packages.ts";

const encoder = new TextEncoder();
const names = new Map<string, Uint8Array<ArrayBuffer>>();

/** A C string of a name. Kept for good: TensorFlow may read an attribute's name after the call that set it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = names.get(text);
  if (!bytes) names.set(text, bytes = encoder.encode(`${text}\0`));
  return bytes;
}

/** Text behind a `char*`. */
export function textAt(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/** The opened library, with one status object that all its calls share. */
export class Library {
  readonly c: Symbols;
  readonly version: string;
  readonly status: Deno.PointerValue;

  /** Finds and opens the library.
   * @throws {Error} if it is not there, or cannot be loaded. */
  constructor() {
    const files = findTensorflow();
    try {
      pinLibraries([files.framework, files.library]);
      this.c = Deno.dlopen(files.library, symbols).symbols;
    } catch (error) {
      throw new Error(
        `Cannot load TensorFlow: ${files.library} does not open (${(error as Error).message}); run "deno task setup" again`,
      );
    }
    this.version = textAt(this.c.TF_Version());
    this.status = this.c.TF_NewStatus();
  }

  /** Turns the shared status of the call just made into an exception, if it is an error.
   * @param action what was done, for the message: "Cannot run Conv2D". */
  check(action: string): void {
    if (this.c.TF_GetCode(this.status) !== 0) throw new Error(`${action}: ${textAt(this.c.TF_Message(this.status))}`);
  }
}

/** The few calls of the C library that TensorFlow's start needs.
 * (merged) */

const MAC = Deno.build.os === "darwin";

/** Flags of dlopen(3): resolve all now, and never unload. The second has another value on macOS (its dlfcn.h). */
const RTLD_NOW = 2;
const RTLD_NODELETE = MAC ? 0x80 : 0x1000;
/** Linux only: TensorFlow's own symbols before those of libraries already loaded. Mesa's GPU driver, loaded if WebGPU was looked for first,
 * brings an LLVM of another version, and TensorFlow calling into that one ends the process. */
const RTLD_DEEPBIND = MAC ? 0 : 0x8;

const WRITE_ONLY = 1;
const STANDARD_ERROR = 2;

function open() {
  return Deno.dlopen(MAC ? "libSystem.B.dylib" : "libc.so.6", {
    dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    dup: { parameters: ["i32"], result: "i32" },
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
}

/** Deno unloads what it opened when the program ends, and TensorFlow, with threads of its own running, does not survive that:
 * every normal end would be a segmentation fault. Opened once more with this flag, libraries stay until the process is gone. */
export function pinLibraries(files: string[]): void {
  const libc = open();
  for (const file of files) libc.symbols.dlopen(cString(file), RTLD_NOW | RTLD_NODELETE | RTLD_DEEPBIND);
  libc.close();
}

/** Runs `start` with standard error closed to native code: TensorFlow prints lines about oneDNN and CUDA there that no setting stops, and
 * they would stand in every notebook's output. What goes wrong still comes, as an exception. */
export function silently<T>(start: () => T): T {
  const libc = open();
  const c = libc.symbols;
  const kept = c.dup(STANDARD_ERROR);
  const nowhere = c.open(cString("/dev/null"), WRITE_ONLY);
  c.dup2(nowhere, STANDARD_ERROR);
  try {
    return start();
  } finally {
    c.dup2(kept, STANDARD_ERROR);
    c.close(kept);
    c.close(nowhere);
    libc.close();
  }
}

/** Where TensorFlow's C library is on this machine.
 * (merged) */

/** The two files of the library: the one to open, and the framework that it needs beside it. */
export interface LibraryFiles {
  library: string;
  framework: string;
}

/** A place that was looked at, and what was there. */
interface Place {
  what: string;
  folder: string | undefined;
}

/** The names by platform. The wheel calls the library "cc"; the archive that tfjs-node downloads has no suffix. */
const NAMES: Partial<Record<typeof Deno.build.os, { library: string[]; framework: string }>> = {
  linux: { library: ["libtensorflow_cc.so.2", "libtensorflow.so.2"], framework: "libtensorflow_framework.so.2" },
  darwin: { library: ["libtensorflow_cc.2.dylib", "libtensorflow.2.dylib"], framework: "libtensorflow_framework.2.dylib" },
};

/** The library in a folder, if both files are there. */
function filesIn(folder: string): LibraryFiles | undefined {
  const names = NAMES[Deno.build.os];
  const framework = join(folder, names?.framework ?? "");
  for (const name of names?.library ?? []) {
    const library = join(folder, name);
    if (isFile(library) && isFile(framework)) return { library, framework };
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** The folder of the wheel's libraries in a virtual environment: `lib/python3.x/site-packages/tensorflow`. */
function wheelIn(environment: string | undefined): string | undefined {
  if (!environment) return undefined;
  try {
    for (const { name } of Deno.readDirSync(join(environment, "lib"))) {
      if (name.startsWith("python3")) return join(environment, "lib", name, "site-packages", "tensorflow");
    }
  } catch { /* no such environment: the next place is looked at */ }
}

/** What tfjs-node's own installer downloads, when somebody has run it: `deps/lib` beside its `dist`. */
function addOnFolder(): string | undefined {
  try {
    const kernels = tfjsNode.url();
    if (kernels.startsWith("file:")) return join(dirname(dirname(fileURLToPath(kernels))), "deps", "lib");
  } catch { /* not in a local folder */ }
}

/** The project's root, when Forger is run from its files rather than from a registry. */
function projectFolder(): string | undefined {
  return import.meta.url.startsWith("file:") ? fileURLToPath(new URL("../../..", import.meta.url)) : undefined;
}

/** Finds the C library: `FORGER_TENSORFLOW` (a folder), the project's `.venv`, the active virtual environment, tfjs-node's own
 * `deps/lib`, in this order.
 * @throws {Error} if it is nowhere, naming the places and the cure. */
export function findTensorflow(): LibraryFiles {
  const asked = Deno.env.get("FORGER_TENSORFLOW");
  const root = projectFolder();
  const places: Place[] = asked ? [{ what: "FORGER_TENSORFLOW", folder: asked }] : [
    { what: ".venv of the project", folder: wheelIn(root && join(root, ".venv")) },
    { what: "the active virtual environment", folder: wheelIn(Deno.env.get("VIRTUAL_ENV")) },
    { what: "tfjs-node's deps/lib", folder: addOnFolder() },
  ];
  for (const { folder } of places) {
    const files = folder && filesIn(folder);
    if (files) return files;
  }
  if (asked) {
    throw new Error(
      `Cannot load TensorFlow: FORGER_TENSORFLOW is ${asked}, and it has no ${NAMES[Deno.build.os]?.library[0] ?? "library"}; ` +
        `set it to the folder "tensorflow" of the wheel, or unset it`,
    );
  }
  throw new Error(
    `Cannot load TensorFlow: its C library is not in ${places.map((place) => place.what).join(", ")}; run "deno task setup"`,
  );
}
