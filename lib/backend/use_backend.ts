/** What computes: TensorFlow's C library, the GPU by WebGPU, WebAssembly, or plain JavaScript.
 * @module */
import * as tf from "../tf.ts";
import type { BackendInfo } from "./backend_info.ts";
import { startCpu } from "./cpu.ts";
import { startWasm } from "./wasm/mod.ts";
import { startWebgpu } from "./webgpu/mod.ts";

/** The backends, the fastest first. */
export const BACKENDS = ["tensorflow", "webgpu", "wasm", "cpu"] as const;

/** One of {@linkcode BACKENDS}. */
export type BackendName = (typeof BACKENDS)[number];

export type { BackendInfo };

/** What {@linkcode useBackend} took. */
export interface Backend extends BackendInfo {
  /** Which one. */
  name: BackendName;
}

/** How to choose. */
export interface UseBackendOptions {
  /** Do not say what was taken. Default false. */
  quiet?: boolean;
}

/** Loads TensorFlow only now, and without --allow-ffi asks a person for it only if that person named TensorFlow. */
async function takeTensorflow(byName: boolean): Promise<BackendInfo> {
  if (!byName && Deno.permissions.querySync({ name: "ffi" }).state !== "granted") throw new Error("it needs --allow-ffi");
  const { startTensorflow } = await import("./tensorflow/mod.ts");
  const info = await startTensorflow();
  await tf.setBackend("tensorflow");
  return info;
}

/** Each starts its backend, the first time, and takes it; or throws an error with one line that says why it cannot run here.
 * @param byName whether a person asked for it: a GPU that is computed on the CPU is then right. */
const START: Record<BackendName, (byName: boolean) => Promise<BackendInfo>> = {
  tensorflow: (byName) => takeTensorflow(byName),
  webgpu: (byName) => startWebgpu({ software: byName }),
  wasm: () => startWasm(),
  cpu: () => startCpu(),
};

/** The choice of the environment. Without the permission to read it (`--allow-env=FORGER_BACKEND`) there is none, and no question. */
function fromEnvironment(): string | undefined {
  const permission = Deno.permissions.querySync({ name: "env", variable: "FORGER_BACKEND" });
  return permission.state === "granted" ? Deno.env.get("FORGER_BACKEND") || undefined : undefined;
}

function checked(name: string, source: string): BackendName {
  if ((BACKENDS as readonly string[]).includes(name)) return name as BackendName;
  throw new RangeError(`Cannot use the backend "${name}"${source}: wanted ${BACKENDS.join(", ")}; name one of them`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String((error as { message?: unknown }).message ?? error);
}

async function startNamed(name: BackendName, source: string): Promise<Backend> {
  try {
    return { name, ...await START[name](true) };
  } catch (error) {
    throw new Error(
      `Cannot use the backend "${name}"${source}: ${reasonOf(error)}; or choose another of ${BACKENDS.join(", ")}`,
      {
        cause: error,
      },
    );
  }
}

/** The first that works, and why those before it do not. */
async function startFastest(): Promise<{ backend: Backend; refused: string[] }> {
  const refused: string[] = [];
  for (const name of BACKENDS) {
    try {
      return { backend: { name, ...await START[name](false) }, refused };
    } catch (error) {
      refused.push(`${name} (${reasonOf(error)})`);
    }
  }
  throw new Error(`Cannot compute: no backend works here, ${refused.join(", ")}; reinstall the npm packages with "deno install"`);
}

/** Chooses what computes all that follows, and starts it if need be. A name that is given decides; without one the environment variable
 * `FORGER_BACKEND` decides; without that it is the fastest that works here, in the order of {@linkcode BACKENDS}, where a GPU that is only
 * simulated on the CPU is passed over. Says in one line on stderr what it took, and why not a faster one.
 *
 * It may be called again, also to change to another backend: tensors move along when they are next used.
 *
 * @example
 * ```ts
 * import { useBackend } from "./mod.ts";
 *
 * const { name, device } = await useBackend();
 * ```
 * @throws {RangeError} for a name that is none of {@linkcode BACKENDS}.
 * @throws {Error} if the one asked for does not work here, with the reason. */
export async function useBackend(name?: BackendName, options: UseBackendOptions = {}): Promise<Backend> {
  const environment = name === undefined ? fromEnvironment() : undefined;
  const source = environment === undefined ? "" : " (from FORGER_BACKEND)";
  const wanted = name ?? environment;
  const { backend, refused } = wanted === undefined
    ? await startFastest()
    : { backend: await startNamed(checked(wanted, source), source), refused: [] };
  if (!options.quiet) {
    const { version, device, threads } = backend;
    const why = refused.length ? `; not ${refused.join(", not ")}` : source;
    const parallel = backend.name === "webgpu" ? "" : `, ${threads} ${threads === 1 ? "thread" : "threads"}`;
    console.error(`Backend: ${backend.name} ${version} on ${device}${parallel}${why}`);
  }
  return backend;
}
