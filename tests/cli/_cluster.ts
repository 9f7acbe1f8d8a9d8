/** Several processes that train together, in a network namespace of their own where the system allows one.
 * @module */
import { fileURLToPath } from "node:url";
import { findTensorflow } from "../../lib/backend/tensorflow/library.ts";
import { withFolder } from "./_task.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Time limits in seconds: a lost worker is noticed in `FORGER_CLUSTER_TIMEOUT`, and a late one is awaited. */
export const LIMITS = { FORGER_CLUSTER_TIMEOUT: "4", FORGER_CLUSTER_WAIT: "60" };

/** Time after which a test gives up, in milliseconds. It is not a measurement: a slow machine may need most of it. */
const PATIENCE = 120_000;

/** Whether TensorFlow's library is installed. */
export const hasTensorflow: boolean = (() => {
  try {
    return Boolean(findTensorflow());
  } catch {
    return false;
  }
})();

/** A process, and what it has printed. */
export interface Running {
  process: Deno.ChildProcess;
  /** Exit status, once the process has ended; for a signal, its name. */
  ended: Promise<number | Deno.Signal>;
  stdout: string;
  stderr: string;
}

/** A private network. TensorFlow's server listens on all interfaces, so the tests keep it in a namespace. */
export class Network {
  readonly #holder: Deno.ChildProcess | undefined;
  readonly #enter: string[];
  readonly #started: Running[] = [];

  private constructor(holder?: Deno.ChildProcess) {
    this.#holder = holder;
    this.#enter = holder ? ["nsenter", "--preserve-credentials", "-U", "-n", "-t", `${holder.pid}`] : [];
  }

  /** Creates a namespace; where this is not allowed, the loopback interface of the machine is used. */
  static async create(): Promise<Network> {
    try {
      const args = ["-rn", "sh", "-c", "ip link set lo up && echo up && exec sleep 3600"];
      const holder = new Deno.Command("unshare", { args, stdin: "null", stdout: "piped", stderr: "null" }).spawn();
      const reader = holder.stdout.getReader();
      const { value } = await reader.read();
      await reader.cancel();
      if (value) return new Network(holder);
    } catch { /* no such program */ }
    return new Network();
  }

  /** Starts a Deno program in the network. */
  start(args: string[], env: Record<string, string>): Running {
    const [program, ...rest] = [...this.#enter, Deno.execPath(), ...args];
    const process = new Deno.Command(program!, {
      args: rest,
      cwd: ROOT,
      ...{ stdin: "null", stdout: "piped", stderr: "piped" } as const,
      env: { NO_COLOR: "1", FORGER_BACKEND: "", FORGER_DEBUG: "", INIT_CWD: "", TF_CONFIG: "", ...LIMITS, ...env },
    }).spawn();
    const running: Running = { process, ended: ended(process), stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) void collect(process[name], (text) => running[name] += text);
    this.#started.push(running);
    return running;
  }

  /** Starts workers that run the same program.
   * @param argsOf arguments of Deno for each worker. */
  cluster(count: number, argsOf: (index: number) => string[], env: Record<string, string> = {}): Running[] {
    return places(count).map((place, index) => this.start(argsOf(index), { ...place, ...env }));
  }

  /** Ends all processes. */
  async end(): Promise<void> {
    for (const { process } of this.#started) kill(process, "SIGKILL");
    await statuses(this.#started);
  }

  /** Ends the namespace. */
  close(): void {
    this.#holder?.kill("SIGKILL");
  }
}

/** Returns the environment of each worker of a new cluster. */
export function places(count: number): { TF_CONFIG: string }[] {
  const worker = freePorts(count).map((port) => `127.0.0.1:${port}`);
  return worker.map((_, index) => ({ TF_CONFIG: JSON.stringify({ cluster: { worker }, task: { type: "worker", index } }) }));
}

function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  listeners.forEach((listener) => listener.close());
  return ports;
}

async function ended(process: Deno.ChildProcess): Promise<number | Deno.Signal> {
  const timer = setTimeout(() => process.kill("SIGKILL"), PATIENCE);
  const { code, signal } = await process.status;
  clearTimeout(timer);
  return signal ?? code;
}

async function collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) add(text);
}

/** Waits until all processes have ended.
 * @returns their exit statuses. */
export async function statuses(workers: Running[]): Promise<(number | Deno.Signal)[]> {
  return await Promise.all(workers.map(({ ended }) => ended));
}

/** Waits until a condition holds or the process has ended. */
export async function until(running: Running, holds: () => boolean | Promise<boolean>): Promise<void> {
  let isOver = false;
  void running.ended.then(() => isOver = true);
  while (!isOver && !await holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Sends a signal to a process, unless it has ended. */
export function kill(process: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    process.kill(signal);
  } catch { /* it has ended */ }
}

/** Runs a test with a network and a temporary folder. */
export async function withNetwork(test: (network: Network, folder: string) => Promise<void>): Promise<void> {
  const network = await Network.create();
  await withFolder((folder) => test(network, folder).finally(() => network.end())).finally(() => network.close());
}

/** Arguments of Deno for `deno task train`. */
export function trainArgs(args: string[]): string[] {
  return ["run", "--no-prompt", "--allow-all", "lib/cli/train.ts", ...args];
}

/** Reads a file, or returns "" if it does not exist. */
export async function textOf(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch(() => "");
}
