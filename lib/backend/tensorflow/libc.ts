/** The few calls of the C library that TensorFlow's start needs.
 * @module */
import { cString } from "./library.ts";

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
