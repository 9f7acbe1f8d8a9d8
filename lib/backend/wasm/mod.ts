/** The "wasm" backend: tfjs's WebAssembly kernels, loaded entirely from npm packages, and additional kernels for training.
 *
 * The backend runs wherever Deno runs, but on a single thread, because tfjs's multithreaded version is for browsers only. The
 * backend needs permission to read the .wasm file in Deno's cache (`--allow-read`), but no network access once the package has
 * been downloaded.
 * @module */
import * as tf from "../../tf.ts";
import { type BackendWasm, tfjsWasm } from "../../packages.ts";
import type { BackendInfo } from "../backend_info.ts";
import { registerKernels } from "./kernels.ts";

/** Names of the .wasm files that tfjs may request: without SIMD, with SIMD, and with SIMD and threads. */
const FILES = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"] as const;

/** Reads the .wasm file in advance, so that a failure results in a single clear error. Otherwise, tfjs would print ten lines and
 * abort.
 * @returns An object URL for the file's content, which the caller must revoke. */
async function load(file: string): Promise<string> {
  try {
    const path = new URL(file, tfjsWasm.url()); // beside the package's main file
    return URL.createObjectURL(new Blob([await Deno.readFile(path)], { type: "application/wasm" }));
  } catch (error) {
    throw new Error(`cannot read the file ${file}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** Makes allocation throw an error when the heap is full. Otherwise, malloc would return 0, and tfjs would silently overwrite
 * memory. */
function guardMemory(backend: BackendWasm): void {
  const wasm = backend.wasm as unknown as { _malloc(bytes: number): number; _free(offset: number): void };
  wasm._free(wasm._malloc(4)); // the first call replaces the placeholders by the real functions
  const allocate = wasm._malloc;
  wasm._malloc = (bytes: number): number => {
    const offset = allocate(bytes);
    if (offset === 0 && bytes > 0) {
      const cure = 'use a smaller image or batch size, or the backend "tensorflow"';
      throw new RangeError(`Cannot allocate ${bytes} bytes: WebAssembly has used all 4 GB of its memory; ${cure}`);
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
  if (!await tf.setBackend("wasm")) throw new Error("WebAssembly failed to start; see tfjs's message above");
  URL.revokeObjectURL(address);
  guardMemory(tf.backend() as BackendWasm);
  return { version, device: `CPU (WebAssembly${simd ? " with SIMD" : ""})`, threads: 1 };
}

/** Starts WebAssembly if needed and makes it the active backend.
 * @throws {Error} With a one-line reason, if the backend cannot run on this machine. */
export async function startWasm(): Promise<BackendInfo> {
  started ??= start().catch((error) => {
    started = undefined;
    throw error;
  });
  const info = await started;
  await tf.setBackend("wasm");
  return info;
}
