/** Data-parallel training on several machines: processes that average their gradients through TensorFlow's own gRPC runtime. This
 * file joins the cluster and detects the loss of workers; reductions.ts contains the arithmetic.
 *
 * Reductions wait for the slowest worker without a time limit. A thread (watch.ts) checks that all workers answer; if one does
 * not, the thread aborts the reductions. TensorFlow cannot use the cluster after that: all processes must be restarted.
 * @module */
import { cString } from "./libc.ts";
import { type Place, readConfig, refusePublic } from "./cluster_config.ts";
import type { Library } from "./library.ts";
import { Reductions } from "./reductions.ts";
import { clusterSymbols, healthOf, taskName, UNTIL_ALL_NOTICE } from "./watch.ts";

/** Exit status of a process whose cluster has lost another process: EX_TEMPFAIL in sysexits.h, "try again". */
export const TRY_AGAIN = 75;

/** Thrown if another worker has ended or no longer answers. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  /** Exit status for a command that ends with this error. */
  readonly exitStatus: number = TRY_AGAIN;
}

/** Reads a positive number from the environment. */
function secondsFrom(name: string, otherwise: number): number {
  const text = Deno.env.get(name) || String(otherwise);
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new RangeError(`Cannot join the cluster: expected a number of seconds > 0 in ${name}, got ${text}; change it`);
}

/** The cluster that this process has joined. */
export class Cluster extends Reductions {
  /** Number of seconds after which a worker that does not answer counts as lost. */
  readonly timeout: number = secondsFrom("FORGER_CLUSTER_TIMEOUT", 10);
  /** Number of seconds to wait for the other workers at the start. */
  readonly wait: number = secondsFrom("FORGER_CLUSTER_WAIT", 600);
  /** Reason why the cluster cannot start, if this process knows one. */
  problem: string | undefined;
  /** Whether all workers have begun to train, so that each of them notices the loss of another. */
  hasBegun = false;
  readonly #c: Deno.DynamicLibrary<typeof clusterSymbols>["symbols"];
  readonly #file: string;
  readonly #context: Deno.PointerValue;
  #watcher: Worker | undefined;
  /** Workers that have answered before, but no longer do. */
  #gone: number[] | undefined;

  /** Starts the server of this process. Must be called before the first tensor is created. Does not wait for the other workers.
   * @throws {Error} If the server does not start, for example because the port is in use. */
  constructor(library: Library, context: Deno.PointerValue, place: Place) {
    super(place);
    const { workers, index } = place;
    [this.#file, this.#context] = [library.file, context];
    const c = this.#c = Deno.dlopen(library.file, clusterSymbols).symbols;
    const tasks = workers.map((address, i) => `tasks{key:${i} value:${JSON.stringify(address)}}`).join(" ");
    const config = `allow_soft_placement:true device_filters:"/job:worker/task:${index}" device_count{key:"CPU" value:1} ` +
      `experimental{collective_group_leader:"${taskName(0)}"}`;
    const server = `cluster{job{name:"worker" ${tasks}}} job_name:"worker" task_index:${index} protocol:"grpc" ` +
      `default_session_config{${config}}`;
    const buffer = c.TFE_GetServerDef(cString(server), library.status);
    library.check("Cannot join the cluster");
    const view = new Deno.UnsafePointerView(buffer!); // TF_Buffer {void* data; size_t length; ...}
    c.TFE_EnableCollectiveOps(context, view.getPointer(0), BigInt(view.getBigUint64(8)), library.status);
    c.TF_DeleteBuffer(buffer);
    library.check(
      `Cannot join the cluster as ${this.nameOf(index)}; check that the port is free and not in use by another worker`,
    );
  }

  /** Describes a worker for messages. */
  nameOf(index: number): string {
    return `worker ${index} (${this.workers[index]})`;
  }

  /** Warns on stderr that the server of this process is not protected. */
  warn(): void {
    const server =
      "TensorFlow's server listens on all network interfaces of this machine, and whoever reaches its port can run code";
    const own = `${this.nameOf(this.index)} of ${this.workers.length}`;
    console.error(`Cluster: ${own}. ${server}: keep it inside a trusted network (README.md, Several machines)`);
  }

  get #others(): number[] {
    return this.workers.map((_, i) => i).filter((i) => i !== this.index);
  }

  /** Waits until all workers call this method, and begins to watch them.
   * @param signal Ends the run before it begins: on this worker if another one does not answer, otherwise on all workers.
   * @returns Whether the run can begin; false if a worker is stopping.
   * @throws {ClusterError} If a worker does not come in time, or ends. */
  async meet(signal: AbortSignal): Promise<boolean> {
    const end = performance.now() + this.wait * 1000;
    if (!this.#watcher) this.watch([]);
    for (let told = false;; told = true) {
      const absent = await this.#lost(1);
      if (this.problem) throw new Error(`Cannot train together: ${this.problem}`);
      if (this.#gone) throw await this.#lossOf(this.#gone);
      if (absent.length === 0) break;
      if (signal.aborted) return false;
      const names = absent.map((i) => this.nameOf(i)).join(", ");
      if (performance.now() > end) {
        throw new ClusterError(`Cannot train together: ${names} did not start within ${this.wait} s; start all workers again`);
      }
      if (!told) console.error(`Waiting for ${names}, for up to ${this.wait} s (FORGER_CLUSTER_WAIT)`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    this.watch();
    await this.arrive(this.wait).catch((error) => {
      if (!/timed out/i.test(error.message)) throw error;
      const cure = "start all workers again, with the same TF_CONFIG but for the index";
      throw new ClusterError(`Cannot train together: not all workers began to train within ${this.wait} s; ${cure}`);
    });
    this.hasBegun = true;
    return this.meanOf([signal.aborted ? 1 : 0])[0] === 0;
  }

  /** Watches the other workers until {@linkcode unwatch} is called.
   * @param seen The workers that have answered; the loss of another one is noticed after it has answered. Default: all. */
  watch(seen: number[] = this.#others): void {
    this.unwatch();
    const context = Deno.UnsafePointer.value(this.#context);
    this.#watcher = new Worker(new URL("./watch.ts", import.meta.url), { type: "module" });
    this.#watcher.onmessage = ({ data }) => this.#gone = data;
    this.#watcher.postMessage({ file: this.#file, context, others: this.#others, seen, seconds: this.timeout });
  }

  /** Stops watching the other workers, which may then end. */
  unwatch(): void {
    this.#watcher?.terminate();
    this.#watcher = undefined;
  }

  /** Waits until all workers have received the values of the last reduction, so that this worker can end. */
  settle(): void {
    try {
      this.meanOf([0]);
    } catch { /* a worker has ended, after all have received the values */ }
  }

  /** Waits at the end of a command until worker 0 has written its results.
   * @param status Exit status of this worker: not 0 if the run was stopped.
   * @returns The exit status, which is that of worker 0 if `status` is 0.
   * @throws {ClusterError} On the other workers, if worker 0 ends before and the run was not stopped. */
  async leave(status: number): Promise<number> {
    if (!this.hasBegun) return status;
    this.watch();
    try {
      const [first] = this.meanOf([this.index === 0 ? status * this.workers.length : 0]);
      this.settle();
      return status || Math.round(first!);
    } catch (error) {
      if (this.index === 0 || status !== 0) return status;
      throw await this.explain(error);
    } finally {
      this.unwatch();
    }
  }

  /** Returns which of the other workers do not answer. */
  async #lost(seconds: number): Promise<number[]> {
    const codes = await Promise.all(this.#others.map((i) => healthOf(this.#c, this.#context, i, seconds)));
    return this.#others.filter((_, n) => codes[n] !== 0);
  }

  /** Returns the error to throw instead of an error that may come from the loss of a worker. */
  async explain(error: unknown): Promise<unknown> {
    if (error instanceof ClusterError) return error;
    const message = error instanceof Error ? error.message : String(error);
    // The first line with names is the cause; further lines name the workers that have passed it on.
    const line = message.split("\n").find((line) => line.includes("/job:worker/")) ?? "";
    const named = this.#others.filter((i) => new RegExp(`${taskName(i)}\\b`).test(line));
    if (named.length === 0 && !/Collective|UNAVAILABLE/.test(message)) return error; // a problem of this worker
    return await this.#lossOf(named.length > 0 ? named : await this.#lost(this.timeout * UNTIL_ALL_NOTICE), error);
  }

  /** Returns the error for the loss of workers, when the others have noticed the loss as well: this process counts as lost when
   * it ends. */
  async #lossOf(workers: number[], cause?: unknown): Promise<ClusterError> {
    await new Promise((resolve) => setTimeout(resolve, this.timeout * UNTIL_ALL_NOTICE * 1000));
    const who = workers.map((i) => this.nameOf(i)).join(", ") || "a worker";
    return new ClusterError(
      `Cannot train together: ${who} ended, restarted, or did not answer for ${this.timeout} s (FORGER_CLUSTER_TIMEOUT); ` +
        "start all workers again with --resume, to continue from the last checkpoint",
      { cause },
    );
  }

  /** Checks that values are the same on all workers.
   * @throws {RangeError} On all workers, with both values, if they differ. */
  compare(values: Record<string, unknown>, cure: string): void {
    const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value) ?? "none"]));
    const [first, ...rest] = this.gather(JSON.stringify(texts)).map((text) => JSON.parse(text) as Record<string, string>);
    for (const [i, other] of rest.entries()) {
      const name = [...new Set([...Object.keys(first!), ...Object.keys(other)])].find((name) => first![name] !== other[name]);
      if (name === undefined) continue;
      this.settle();
      const shown = (worker: number, of: Record<string, string>) => `${this.nameOf(worker)} has ${name} ${of[name] ?? "none"}`;
      throw new RangeError(`Cannot train together: ${shown(0, first!)}, ${shown(i + 1, other)}; ${cure}`);
    }
  }
}

/** Joins the cluster that `TF_CONFIG` describes.
 * @returns `undefined` if there is only one worker. */
export function joinCluster(library: Library, context: Deno.PointerValue): Cluster | undefined {
  const place = readConfig(Deno.env.get("TF_CONFIG")!);
  if (!place) return undefined;
  refusePublic(place.workers, Deno.env.get("FORGER_CLUSTER_TRUSTED") === "1");
  return new Cluster(library, context, place);
}
