/** The backend "wasm": tfjs's kernels in WebAssembly, from npm packages alone, with those added that training needs.
 *
 * It runs wherever Deno runs. It uses one thread: tfjs builds the one with threads for browsers only. It needs no network once the
 * package is in Deno's cache, and the permission to read the .wasm file there (`--allow-read`).
 * @module */
import * as tf from "../../tf.ts";
import { type BackendWasm, tfjsWasm } from "../../packages.ts";
import type { BackendInfo } from "../backend_info.ts";
import { registerKernels } from "./kernels.ts";

/** tfjs looks for these names, one for machines with vector instructions and one for those without. */
const FILES = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"] as const;

/** tfjs prints ten lines and aborts if it cannot read its .wasm file; this reads it first, so that there is one clear error.
 * @returns an address of the file's content, to be revoked. */
async function load(file: string): Promise<string> {
  try {
    const path = new URL(file, tfjsWasm.url()); // beside the package's main file
    return URL.createObjectURL(new Blob([await Deno.readFile(path)], { type: "application/wasm" }));
  } catch (error) {
    throw new Error(`its file ${file} cannot be read: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** A full heap makes malloc return 0, and tfjs then overwrites what lies there, silently. This makes it an error. */
function guardMemory(backend: BackendWasm): void {
  const wasm = backend.wasm as unknown as { _malloc(bytes: number): number; _free(offset: number): void };
  wasm._free(wasm._malloc(4)); // at its first call the module puts the real function in this one's place
  const allocate = wasm._malloc;
  wasm._malloc = (bytes: number): number => {
    const offset = allocate(bytes);
    if (offset === 0 && bytes > 0) {
      throw new RangeError(
        `Cannot allocate ${bytes} bytes: the 4 GB that WebAssembly can hold are full; use a smaller size or batch, dispose of ` +
          `tensors, or choose the backend "tensorflow"`,
      );
    }
    return offset;
  };
}

let started: Promise<BackendInfo> | undefined;

async function start(): Promise<BackendInfo> {
  const { setWasmPaths, version_wasm: version } = await tfjsWasm.load();
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  const address = await load(FILES[simd ? 1 : 0]);
  setWasmPaths(Object.fromEntries(FILES.map((file) => [file, address])), true);
  registerKernels();
  if (!await tf.setBackend("wasm")) throw new Error("WebAssembly did not start; tfjs's message above says why");
  URL.revokeObjectURL(address);
  guardMemory(tf.backend() as BackendWasm);
  return { version, device: `CPU (WebAssembly${simd ? " with SIMD" : ""})`, threads: 1 };
}

/** Starts WebAssembly, once, and takes it for all that follows.
 * @throws {Error} with one line that says why it cannot run here. */
export async function startWasm(): Promise<BackendInfo> {
  started ??= start().catch((error) => {
    started = undefined;
    throw error;
  });
  const info = await started;
  await tf.setBackend("wasm");
  return info;
}
