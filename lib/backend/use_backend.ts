/** Selection of the backend: TensorFlow's C library, the GPU through WebGPU, WebAssembly, or plain JavaScript.
 * @module */
import * as tf from "../tf.ts";
import type { BackendInfo } from "./backend_info.ts";
import { startCpu } from "./cpu.ts";
import { type Precision, PRECISIONS, setPrecision } from "./tensorflow/precision.ts";
import { startWasm } from "./wasm/mod.ts";
import { startWebgpu } from "./webgpu/mod.ts";

/** Names of the backends, from the fastest to the slowest. */
export const BACKENDS = ["tensorflow", "webgpu", "wasm", "cpu"] as const;

/** One of {@linkcode BACKENDS}. */
export type BackendName = (typeof BACKENDS)[number];

/** Result of {@linkcode useBackend}. */
export interface Backend extends BackendInfo {
  /** Name of the backend. */
  name: BackendName;
  /** Precision of compiled training steps. */
  precision: Precision;
}

/** Options of {@linkcode useBackend}. */
export interface UseBackendOptions {
  /** Whether to suppress the message on stderr. Default false. */
  quiet?: boolean;
  /** Precision of the convolutions in compiled training steps. With "bfloat16", the steps of large networks take two thirds of
   * the time, and losses and weights differ slightly from those in float32, because values are rounded to 8 bits. Weights, Adam's
   * moments, losses and the statistics of norms remain float32. Only the backend tensorflow supports it, on processors with
   * instructions for bfloat16. Default "float32". */
  precision?: Precision;
  /** Whether to join the cluster that the environment variable `TF_CONFIG` describes, if it is set. Its workers train together.
   * Must be set at the first call. Default false. */
  cluster?: boolean;
  /** Number of threads that one op of TensorFlow may use. Several ops run at the same time, so in small networks each op should
   * use only some of the processors: see {@linkcode threadsPerOp}. Must be set at the first call. Default: all processors. */
  threadsPerOp?: number | undefined;
}

/** Minimum number of values in the first layer's output for which each op should use all processors. Measured on 2 cores: with
 * one thread per op, training steps take 3% to 25% less time below this number, and 15% more time above it. */
const LARGE = 2 ** 21;

/** Returns the number of threads per op with which training is fastest: half of the processors for small networks.
 * @param plan Size of the images in pixels, as in the settings of the systems; filters in the first layer; and batch size. */
export function threadsPerOp(
  { size = 1, filters = 1, batch = 1 }: {
    size?: number | readonly [height: number, width: number];
    filters?: number;
    batch?: number;
  },
): number {
  const [height, width] = typeof size === "number" ? [size, size] : size;
  const isSmall = height * width * filters * batch < LARGE;
  return isSmall ? Math.ceil(navigator.hardwareConcurrency / 2) : navigator.hardwareConcurrency;
}

/** @throws {RangeError} If an option is invalid. */
function checkOptions({ precision = "float32", threadsPerOp: threads = 1 }: UseBackendOptions): void {
  if (!PRECISIONS.includes(precision)) {
    throw new RangeError(`Cannot use the precision "${precision}": expected one of ${PRECISIONS.join(", ")}`);
  }
  if (Number.isInteger(threads) && threads >= 1) return;
  throw new RangeError(`Cannot start a backend: threadsPerOp must be an integer ≥ 1, got ${threads}; omit it for all processors`);
}

/** Loads and starts TensorFlow. Without `--allow-ffi`, Deno asks for permission only if TensorFlow was requested by name. */
async function startTensorflow(byName: boolean, options: UseBackendOptions): Promise<BackendInfo> {
  if (!byName && Deno.permissions.querySync({ name: "ffi" }).state !== "granted") throw new Error("requires --allow-ffi");
  const tensorflow = await import("./tensorflow/mod.ts");
  const info = await tensorflow.startTensorflow(options);
  await tf.setBackend("tensorflow");
  return info;
}

/** Functions that start a backend if necessary and make it active. Each throws an error with a one-line reason if the backend
 * does not work.
 * @param byName Whether the backend was requested by name, which also permits a GPU emulated in software.
 * @param options Options of {@linkcode useBackend}. */
const START = { tensorflow: startTensorflow, webgpu: startWebgpu, wasm: startWasm, cpu: startCpu };

/** Returns the value of `FORGER_BACKEND`, or undefined if this environment variable is unset or unreadable. Never prompts. */
function fromEnvironment(): string | undefined {
  const permission = Deno.permissions.querySync({ name: "env", variable: "FORGER_BACKEND" });
  return permission.state === "granted" ? Deno.env.get("FORGER_BACKEND") || undefined : undefined;
}

function checked(name: string, source: string): BackendName {
  if ((BACKENDS as readonly string[]).includes(name)) return name as BackendName;
  throw new RangeError(`Cannot use the backend "${name}"${source}: expected one of ${BACKENDS.join(", ")}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String((error as { message?: unknown }).message ?? error);
}

type Started = Omit<Backend, "precision">;

async function startNamed(name: BackendName, source: string, options: UseBackendOptions): Promise<Started> {
  try {
    return { name, ...await START[name](true, options) };
  } catch (cause) {
    if (options.cluster) throw cause; // no other backend can join the cluster
    const cure = `alternatively, use another backend: ${BACKENDS.join(", ")}`;
    throw new Error(`Cannot use the backend "${name}"${source}: ${reasonOf(cause)}; ${cure}`, { cause });
  }
}

/** Starts the first backend that works and returns it, together with the reasons why faster backends do not work. */
async function startFastest(options: UseBackendOptions): Promise<{ backend: Started; unavailable: string[] }> {
  const unavailable: string[] = [];
  for (const name of BACKENDS) {
    try {
      return { backend: { name, ...await START[name](false, options) }, unavailable };
    } catch (error) {
      unavailable.push(`${name} (${reasonOf(error)})`);
    }
  }
  const tried = unavailable.join(", ");
  throw new Error(`Cannot start any backend: tried ${tried}; reinstall the npm packages with deno install`);
}

/** Selects the backend for all subsequent computation and starts the backend if necessary. `name` defaults to the value of the
 * environment variable `FORGER_BACKEND`. Without a name, the first of {@linkcode BACKENDS} that works is used; GPUs emulated in
 * software are skipped. Prints one line to stderr with the chosen backend and the reasons why faster backends are unavailable.
 *
 * Call the function again to switch backends. Tensors move to the new backend when they are next used.
 *
 * @param name Name of the backend, or the options.
 * @throws {RangeError} If the name is not one of {@linkcode BACKENDS}, an option is invalid, or the backend cannot join the
 * cluster.
 * @throws {Error} With the reason, if the requested backend or precision does not work on this machine.
 * @example
 * ```ts
 * import { useBackend } from "./mod.ts";
 *
 * const { name, device } = await useBackend();
 * ``` */
export async function useBackend(name?: BackendName | UseBackendOptions, options: UseBackendOptions = {}): Promise<Backend> {
  if (typeof name === "object") return await useBackend(undefined, name);
  checkOptions(options);
  const environment = name === undefined ? fromEnvironment() : undefined;
  const source = environment === undefined ? "" : " (from FORGER_BACKEND)";
  const joins = options.cluster === true && Boolean(Deno.env.get("TF_CONFIG"));
  const starting = { ...options, cluster: joins };
  const wanted = name ?? environment ?? (joins ? "tensorflow" : undefined);
  if (joins && wanted !== "tensorflow") {
    const cure = "use the backend tensorflow, or train without TF_CONFIG and --workers";
    throw new RangeError(`Cannot join a cluster with the backend "${wanted}"${source}: only tensorflow can; ${cure}`);
  }
  const { backend, unavailable } = wanted === undefined
    ? await startFastest(starting)
    : { backend: await startNamed(checked(wanted, source), source, starting), unavailable: [] };
  const { quiet, precision = "float32" } = options;
  if (precision !== "float32" && backend.name !== "tensorflow") {
    throw new Error(
      `Cannot use ${precision} on the backend "${backend.name}": only the backend tensorflow supports it; use float32`,
    );
  }
  setPrecision(precision);
  if (!quiet) {
    const { version, device, threads } = backend;
    const why = unavailable.length ? `; not ${unavailable.join(", not ")}` : source;
    const parallel = backend.name === "webgpu" ? "" : `, ${threads} ${threads === 1 ? "thread" : "threads"}`;
    const reduced = precision === "float32" ? "" : `, ${precision}`;
    console.error(`Backend: ${backend.name} ${version} on ${device}${parallel}${reduced}${why}`);
  }
  return { ...backend, precision };
}
