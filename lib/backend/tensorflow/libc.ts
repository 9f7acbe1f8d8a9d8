/** The system's C library, called through Deno's FFI to convert strings, to load libraries, and to read files that Deno refuses
 * to open.
 * @module */

const encoder = new TextEncoder();
const names = new Map<string, Uint8Array<ArrayBuffer>>();

/** Returns a C string. The string is never freed, because TensorFlow may read an attribute's name after the call that sets the
 * attribute. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = names.get(text);
  if (!bytes) names.set(text, bytes = encoder.encode(`${text}\0`));
  return bytes;
}

/** Returns the text that a `char*` points to. */
export function textAt(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

const MAC = Deno.build.os === "darwin";

/** Flags for dlopen(3): resolve all symbols immediately, and never unload the library. The value of RTLD_NODELETE is different on
 * macOS (dlfcn.h). */
const RTLD_NOW = 2;
const RTLD_NODELETE = MAC ? 0x80 : 0x1000;
/** Flag for dlopen(3) on Linux: prefer TensorFlow's own symbols to those of libraries loaded earlier. If WebGPU was tried first,
 * Mesa's GPU driver has loaded another version of LLVM, and the process would crash if TensorFlow called that version. */
const RTLD_DEEPBIND = MAC ? 0 : 0x8;

/** Flags for open(2). */
const READ_ONLY = 0;
const WRITE_ONLY = 1;
const STANDARD_ERROR = 2;

/** Opens the system's C library. Close it after use. */
export function openLibc() {
  return Deno.dlopen(MAC ? "libSystem.B.dylib" : "libc.so.6", {
    system: { parameters: ["buffer"], result: "i32" },
    read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    dup: { parameters: ["i32"], result: "i32" },
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
}

/** Returns the lines of /proc/cpuinfo that describe the first processor. Deno's own functions open /proc/cpuinfo only with
 * `--allow-all`. */
export function processor(): string {
  const libc = openLibc();
  const { open, read, close } = libc.symbols;
  const file = open(cString("/proc/cpuinfo"), READ_ONLY);
  const bytes = new Uint8Array(8192);
  const length = file < 0 ? 0 : Number(read(file, bytes, BigInt(bytes.length)));
  if (file >= 0) close(file);
  libc.close();
  const [first = ""] = new TextDecoder().decode(bytes.subarray(0, Math.max(0, length))).split("\n\n");
  return first.split("\n").filter((line) => /^(model name|flags|Features|CPU (implementer|part))/.test(line)).join("\n");
}

/** Keeps libraries loaded until the process ends. Deno unloads libraries when the program ends, while TensorFlow's threads are
 * still running, so every normal exit would end in a segmentation fault. */
export function pinLibraries(files: string[]): void {
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
