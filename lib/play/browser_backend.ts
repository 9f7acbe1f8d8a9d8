/// <reference lib="dom" />
/** The backends of a browser: WebGPU, WebGL, WebAssembly with Forger's kernels, and plain JavaScript. The first backend that
 * works is used.
 * @module */
import * as tf from "../tf.ts";
import { tfjsWasm, tfjsWebgpu } from "../packages.ts";
import { BROWSER_BACKENDS, type BrowserBackend } from "./protocol.ts";

/** A backend that failed, and the reason. */
export interface Failure {
  backend: BrowserBackend;
  reason: string;
}

/** Starts the first backend that works, and makes it active.
 * @param prepare Functions to call before a backend starts, such as {@linkcode prepareWasm}. A script that does not pass a
 * backend's function need not contain the backend.
 * @param wanted The backends to try, in this order.
 * @throws {Error} If no backend works. */
export async function startBackend(
  prepare: Partial<Record<BrowserBackend, () => unknown>>,
  wanted: readonly BrowserBackend[] = BROWSER_BACKENDS,
): Promise<{ backend: BrowserBackend; failures: Failure[] }> {
  const failures: Failure[] = [];
  for (const backend of wanted) {
    try {
      if (wanted.length > 1 && await isSimulated(backend)) throw new Error("emulated GPU, and thus slow");
      await prepare[backend]?.();
      await orUnhandled(setBackend(backend));
      return { backend, failures };
    } catch (error) {
      failures.push({ backend, reason: (error as Error).message.split("\n")[0]! });
      abandon(backend);
    }
  }
  const tried = failures.map(({ backend, reason }) => `${backend} (${reason})`).join(", ");
  throw new Error(`Cannot start a backend: tried ${tried}; use a current browser`);
}

/** Returns whether the browser only emulates a GPU, as on many virtual machines. WebAssembly is then much faster. */
async function isSimulated(backend: BrowserBackend): Promise<boolean> {
  if (backend === "webgpu") {
    const adapter = await (navigator as { gpu?: GPU }).gpu?.requestAdapter();
    return adapter?.info.isFallbackAdapter ?? false;
  }
  if (backend !== "webgl" || typeof OffscreenCanvas === "undefined") return false;
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  const unmasked = gl?.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL;
  const renderer: unknown = gl?.getParameter(unmasked ?? gl.RENDERER);
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(`${renderer}`);
}

async function setBackend(backend: BrowserBackend): Promise<void> {
  if (!await tf.setBackend(backend)) throw new Error("not available");
  await probe();
}

/** Removes a backend that failed. Otherwise, tfjs would wait for it to start, perhaps forever, before another one could
 * compute. */
function abandon(backend: BrowserBackend): void {
  try {
    if (tf.findBackendFactory(backend)) tf.removeBackend(backend);
  } catch {
    // The backend that failed cannot free its memory.
  }
}

/** Waits for a task, and fails if an unhandled error is thrown first. tfjs would wait forever for a damaged .wasm file. */
async function orUnhandled(task: Promise<void>): Promise<void> {
  const listening = new AbortController();
  const unhandled = new Promise<never>((_, reject) => {
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      reject(event.reason);
    }, { signal: listening.signal });
  });
  try {
    await Promise.race([task, unhandled]);
  } finally {
    listening.abort();
  }
}

/** Reports an error to the page when the browser loses access to the GPU. tfjs would wait forever for the results. */
export function reportLoss(): void {
  const lost = () => reportError(new Error("the browser lost access to the GPU"));
  const { gpgpu, device } = tf.backend() as { gpgpu?: { gl: WebGL2RenderingContext }; device?: GPUDevice };
  gpgpu?.gl.canvas.addEventListener("webglcontextlost", lost);
  device?.lost.then(lost);
}

/** Loads the backend "webgpu".
 * @throws {Error} If there is no GPU. */
export async function prepareWebgpu(): Promise<void> {
  const { gpu } = navigator as { gpu?: GPU };
  if (!await gpu?.requestAdapter()) throw new Error("no GPU");
  await tfjsWebgpu();
}

/** Loads the backend "wasm".
 * @param address Address of the WebAssembly file that uses SIMD.
 * @param register Registers Forger's kernels, those for training or those for inference. */
export async function prepareWasm(address: string, register: () => void): Promise<void> {
  const { setWasmPaths } = await tfjsWasm.load();
  setWasmPaths(
    Object.fromEntries(["", "-simd", "-threaded-simd"].map((kind) => [`tfjs-backend-wasm${kind}.wasm`, address])),
    true,
  );
  register();
}

/** Computes a small test. A backend may start and still fail at its first kernel. */
async function probe(): Promise<void> {
  const result = tf.tidy(() => tf.conv2d(tf.ones([1, 4, 4, 1]) as tf.Tensor4D, tf.ones([2, 2, 1, 1]) as tf.Tensor4D, 2, "same"));
  const values = await result.data();
  result.dispose();
  if (values.length !== 4 || values.some((value) => value !== 4)) throw new Error("its convolutions are wrong");
}
