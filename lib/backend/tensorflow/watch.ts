/** A thread that watches the other workers of a cluster while the main thread computes. If a worker does not answer, the thread
 * aborts the reductions for which the main thread waits.
 * @module */
import { cString } from "./libc.ts";

const P = "pointer", B = "buffer", I = "i32", V = "void", N = "usize";

/** The functions of TensorFlow's C API (c_api_experimental.h) that only a cluster needs. */
export const clusterSymbols = {
  TF_NewStatus: { parameters: [], result: P },
  TF_GetCode: { parameters: [P], result: I },
  TF_SetStatus: { parameters: [P, I, B], result: V },
  TF_DeleteStatus: { parameters: [P], result: V },
  TF_DeleteBuffer: { parameters: [P], result: V },
  TFE_GetServerDef: { parameters: [B, P], result: P },
  TFE_EnableCollectiveOps: { parameters: [P, P, N, P], result: V },
  TFE_CollectiveOpsCheckPeerHealth: { parameters: [P, B, "i64", P], result: V, nonblocking: true },
  TFE_AbortCollectiveOps: { parameters: [P, P], result: V },
} as const;

/** TensorFlow's name of a worker. */
export function taskName(index: number): string {
  return `/job:worker/replica:0/task:${index}`;
}

/** Asks whether a worker answers.
 * @param seconds Time limit for the answer.
 * @returns 0 if the worker answers; otherwise TensorFlow's error code. */
export async function healthOf(
  c: Deno.DynamicLibrary<typeof clusterSymbols>["symbols"],
  context: Deno.PointerValue,
  index: number,
  seconds: number,
): Promise<number> {
  const status = c.TF_NewStatus();
  await c.TFE_CollectiveOpsCheckPeerHealth(context, cString(taskName(index)), BigInt(Math.ceil(seconds * 1000)), status);
  const code = c.TF_GetCode(status);
  c.TF_DeleteStatus(status);
  return code;
}

/** Message that starts the watching thread. */
interface Watch {
  /** Path of TensorFlow's library, and the address of the eager context. */
  file: string;
  context: bigint;
  /** Indices of the other workers. */
  others: number[];
  /** Those of them that have answered. */
  seen: number[];
  /** Number of seconds within which a loss must be noticed and reported. */
  seconds: number;
}

/** Time between two checks, as a fraction of the seconds within which a loss must be detected and reported. */
const PAUSE = 0.1;
/** Time limit for the answer to a check, as a fraction of the same number of seconds. */
const ANSWER = 0.5;
/** Maximum time from the first worker's detection of a loss to the last worker's, as a fraction of the same number of seconds. */
export const UNTIL_ALL_NOTICE = 0.3;

/** TensorFlow's code UNAVAILABLE. */
const UNAVAILABLE = 14;

async function watch({ file, context, others, seen, seconds }: Watch): Promise<void> {
  const c = Deno.dlopen(file, clusterSymbols).symbols;
  const pointer = Deno.UnsafePointer.create(context);
  const known = new Set(seen);
  while (true) {
    const codes = await Promise.all(others.map((index) => healthOf(c, pointer, index, seconds * ANSWER)));
    const lost = others.filter((index, i) => codes[i] !== 0 && known.has(index));
    others.filter((_, i) => codes[i] === 0).forEach((index) => known.add(index));
    if (lost.length > 0) {
      (self as unknown as Pick<Worker, "postMessage">).postMessage(lost);
      const status = c.TF_NewStatus();
      c.TF_SetStatus(status, UNAVAILABLE, cString(`Collective ops were aborted: no answer from ${lost.map(taskName)}`));
      return c.TFE_AbortCollectiveOps(pointer, status);
    }
    await new Promise((resolve) => setTimeout(resolve, seconds * PAUSE * 1000));
  }
}

if ("DedicatedWorkerGlobalScope" in globalThis) {
  globalThis.addEventListener("message", (event) => void watch((event as MessageEvent<Watch>).data));
}
