/** Data-parallel training on several machines: processes that average their gradients through TensorFlow's own gRPC runtime.
 *
 * Each worker computes the gradients for its share of a batch. One op, `CollectiveReduceV2`, averages them inside the compiled
 * step, so all workers make the same update and their weights stay bit-identical. The only other op is the same reduction, of
 * values that are zero on all workers but one, which sends values from one worker to all.
 *
 * The ops wait for the slowest worker without a limit. A thread (watch.ts) checks that all workers answer; if one does not, it
 * aborts the ops. TensorFlow cannot use the cluster after that: all processes must end and start again.
 * @module */
import * as tf from "../../tf.ts";
import { FLOAT, idOf, requireTensorflow, runOp } from "./active.ts";
import { type Attribute, attribute } from "./attributes.ts";
import { cString } from "./libc.ts";
import { type Place, readConfig, refusePublic } from "./cluster_config.ts";
import type { Library } from "./library.ts";
import { DTYPE } from "./symbols.ts";
import { clusterSymbols, healthOf, taskName } from "./watch.ts";

/** Exit status of a process that another process of its cluster has left alone: EX_TEMPFAIL of sysexits.h, "try again". */
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

/** Size of the pieces in which gradients are reduced, in floats: 8 MB. A reduction can begin while the gradients of earlier
 * layers are still being computed. */
const BUCKET = 2 ** 21;
/** Size of the pieces in which bytes are sent, in int32 values. */
const PIECE = 2 ** 22;
const BFLOAT16 = 14;

/** The cluster that this process has joined. */
export class Cluster implements Place {
  readonly workers: string[];
  readonly index: number;
  /** Number of seconds after which a worker that does not answer counts as lost. */
  readonly timeout: number = secondsFrom("FORGER_CLUSTER_TIMEOUT", 10);
  /** Number of seconds to wait for the other workers at the start. */
  readonly wait: number = secondsFrom("FORGER_CLUSTER_WAIT", 600);
  /** Whether gradients are sent as bfloat16, which halves the traffic and rounds each gradient to 8 bits. */
  readonly bfloat16: boolean = Deno.env.get("FORGER_CLUSTER_BFLOAT16") === "1";
  /** Whether a training step is running, in which random numbers are those of the whole batch. */
  inStep = false;
  /** Why the cluster cannot start, if this process has learned so. */
  problem: string | undefined;
  readonly #c: Deno.DynamicLibrary<typeof clusterSymbols>["symbols"];
  readonly #file: string;
  readonly #context: Deno.PointerValue;
  #watcher: Worker | undefined;
  /** Number of keys given so far. A key names a reduction, alike on all workers, and always stands for the same shape. */
  #keys = 0;
  readonly #eagerKeys = new Map<string, number>();

  /** Starts the server of this process. Must be called before the first tensor. Does not wait for the other workers.
   * @throws {Error} If the server does not start, for example because the port is in use. */
  constructor(library: Library, context: Deno.PointerValue, { workers, index }: Place) {
    [this.workers, this.index, this.#file, this.#context] = [workers, index, library.file, context];
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

  get #others(): number[] {
    return this.workers.map((_, i) => i).filter((i) => i !== this.index);
  }

  /** Waits until all workers answer, and then watches them until {@linkcode unwatch} is called.
   * @throws {ClusterError} If a worker does not answer in time. */
  async watch(): Promise<void> {
    const server =
      "TensorFlow's server listens on all network interfaces of this machine, and whoever reaches its port can run code";
    const own = `${this.nameOf(this.index)} of ${this.workers.length}`;
    console.error(`Cluster: ${own}. ${server}: keep it inside a trusted network (README.md, Several machines)`);
    const end = performance.now() + this.wait * 1000;
    let absent = this.#others;
    for (let told = false; absent.length > 0; told = true) {
      absent = await this.#lost(absent, 1);
      if (absent.length > 0 && this.problem) throw new Error(`Cannot train together: ${this.problem}`);
      const names = absent.map((i) => this.nameOf(i)).join(", ");
      if (absent.length > 0 && !told) console.error(`Waiting for ${names}, for up to ${this.wait} s (FORGER_CLUSTER_WAIT)`);
      if (absent.length > 0 && performance.now() > end) {
        throw new ClusterError(`Cannot train together: ${names} did not start within ${this.wait} s; start all workers again`);
      }
      if (absent.length > 0) await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const context = Deno.UnsafePointer.value(this.#context);
    this.#watcher = new Worker(new URL("./watch.ts", import.meta.url), { type: "module" });
    this.#watcher.postMessage({ file: this.#file, context, others: this.#others, seconds: this.timeout });
  }

  /** Stops watching the other workers, which may then end. */
  unwatch(): void {
    this.#watcher?.terminate();
    this.#watcher = undefined;
  }

  /** Returns which of the workers do not answer. */
  async #lost(workers: number[], seconds: number): Promise<number[]> {
    const codes = await Promise.all(workers.map((i) => healthOf(this.#c, this.#context, i, seconds)));
    return workers.filter((_, n) => codes[n] !== 0);
  }

  /** Returns the error to throw instead of an error that may come from the loss of a worker. If there is such a loss, waits until
   * the other workers have noticed it as well, since this process counts as lost when it ends. */
  async explain(error: unknown): Promise<unknown> {
    if (error instanceof ClusterError) return error;
    const message = error instanceof Error ? error.message : String(error);
    if (!/Collective|\/job:worker\/|UNAVAILABLE/i.test(message)) return error; // a problem of this worker
    const lost = await this.#lost(this.#others, this.timeout / 2);
    await new Promise((resolve) => setTimeout(resolve, this.timeout / 2 * 1000));
    const named = message.match(/\/job:worker\/replica:0\/task:(\d+)/)?.[1];
    const who = lost.length > 0 ? lost.map((i) => this.nameOf(i)).join(", ") : named ? this.nameOf(Number(named)) : "a worker";
    return new ClusterError(
      `Cannot train together: ${who} ended, restarted, or did not answer for ${this.timeout} s (FORGER_CLUSTER_TIMEOUT); ` +
        "start all workers again with --resume, to continue from the last checkpoint",
      { cause: error },
    );
  }

  #key(signature: string): number {
    if (requireTensorflow().tensors.trace) return this.#keys++; // traced once, run often
    if (!this.#eagerKeys.has(signature)) this.#eagerKeys.set(signature, this.#keys++);
    return this.#eagerKeys.get(signature)!;
  }

  /** Adds or averages a tensor over all workers.
   * @param half Whether to send the values as bfloat16. */
  #reduce(x: tf.Tensor, final: "Id" | "Div", half = false): tf.Tensor {
    const key = this.#key(`${x.dtype} ${x.shape} ${final}`);
    const numbers = [this.workers.length, 1, key].map((n) => tf.scalar(n, "int32")); // group size, group, key
    const attributes = (type: Attribute): Attribute[] => [
      type,
      attribute.text("merge_op", "Add"),
      attribute.text("final_op", final),
      attribute.text("communication_hint", "auto"),
      attribute.float("timeout_seconds", 0),
      attribute.bool("is_stateless", false),
      attribute.int("Nordering_token", 0),
      attribute.int("max_subdivs_per_device", 16),
    ];
    const { kernels, tensors } = requireTensorflow();
    const { trace } = tensors;
    if (!half || !trace) {
      const type = x.dtype === "int32" ? attribute.type("T", DTYPE.int32) : FLOAT;
      return runOp("CollectiveReduceV2", attributes(type), [x, ...numbers])[0]!;
    }
    // tfjs has no tensors of bfloat16, so these ops are traced without it.
    const [own, ...rest] = [x, ...numbers].map((tensor) => tensors.symbol(idOf(tensor)));
    const cast = (from: number, to: number) => [attribute.type("SrcT", from), attribute.type("DstT", to)];
    const [short] = trace.op("Cast", cast(DTYPE.float32, BFLOAT16), [own!]);
    const [mean] = trace.op("CollectiveReduceV2", attributes(attribute.type("T", BFLOAT16)), [short!, ...rest]);
    const [long] = trace.op("Cast", cast(BFLOAT16, DTYPE.float32), [mean!]);
    return kernels.createOutputTensor(tensors.insertSymbol(long!));
  }

  /** Averages gradients over all workers, in pieces, beginning with the last layers, whose gradients are computed first. */
  mean(gradients: tf.NamedTensorMap): tf.NamedTensorMap {
    const means: tf.NamedTensorMap = {};
    for (const names of bucketsOf(gradients)) {
      const flat = tf.concat(names.map((name) => tf.reshape(gradients[name]!, [-1])));
      const parts = tf.split(this.#reduce(flat, "Div", this.bfloat16), names.map((name) => gradients[name]!.size));
      names.forEach((name, i) => means[name] = tf.reshape(parts[i]!, gradients[name]!.shape));
    }
    return Object.fromEntries(Object.keys(gradients).map((name) => [name, means[name]!])); // in the order of the layers
  }

  /** Joins the rows of all workers into those of the whole batch. */
  wholeBatch<T extends tf.Tensor>(x: T): T {
    return tf.tidy(() => {
      const [rows, ...rest] = x.shape as [number, ...number[]];
      const [before, after] = [this.index, this.workers.length - 1 - this.index];
      const padded = tf.pad(tf.reshape(x, [rows, 1, -1]), [[0, 0], [before, after], [0, 0]]);
      return tf.reshape(this.#reduce(padded, "Id"), [rows * this.workers.length, ...rest]) as T;
    });
  }

  /** Returns the rows of this worker from those of the whole batch: every n-th row for n workers. */
  ownRows<T extends tf.Tensor>(x: T): T {
    return tf.tidy(() => {
      const [rows, ...rest] = x.shape as [number, ...number[]];
      const own = rows / this.workers.length;
      const cut = tf.slice(tf.reshape(x, [own, this.workers.length, -1]), [0, this.index, 0], [own, 1, -1]);
      return tf.reshape(cut, [own, ...rest]) as T;
    });
  }

  /** Returns the mean of each number over all workers. */
  meanOf(numbers: number[]): number[] {
    return tf.tidy(() => Array.from(this.#reduce(tf.tensor1d(numbers, "float32"), "Div").dataSync()));
  }

  #sum(values: Int32Array): Int32Array {
    return tf.tidy(() => this.#reduce(tf.tensor1d(values, "int32"), "Id").dataSync() as Int32Array);
  }

  /** Sends bytes from worker 0 to all workers.
   * @param bytes The bytes on worker 0, or `undefined` for nothing; ignored on other workers. */
  send(bytes?: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    const isSource = this.index === 0;
    const length = this.#sum(Int32Array.of(isSource ? bytes?.length ?? -1 : 0))[0]!;
    if (length < 0) return undefined;
    const padded = new Int32Array(Math.ceil(length / 4));
    if (isSource) new Uint8Array(padded.buffer).set(bytes!);
    for (let at = 0; at < padded.length; at += PIECE) padded.set(this.#sum(padded.subarray(at, at + PIECE)), at);
    return new Uint8Array(padded.buffer, 0, length);
  }

  /** Returns the texts of all workers. */
  gather(text: string): string[] {
    const bytes = Array.from(new TextEncoder().encode(text));
    const table = (values: number[], width: number): Int32Array[] => {
      const own = new Int32Array(this.workers.length * width);
      own.set(values, this.index * width);
      const all = this.#sum(own);
      return this.workers.map((_, i) => all.subarray(i * width, (i + 1) * width));
    };
    const lengths = table([bytes.length], 1).map(([length]) => length!);
    const rows = table(bytes, Math.max(...lengths));
    return rows.map((row, i) => new TextDecoder().decode(Uint8Array.from(row.subarray(0, lengths[i]))));
  }

  /** Checks that values are the same on all workers.
   * @throws {RangeError} On all workers, with both values, if they are not. */
  compare(values: Record<string, unknown>, cure: string): void {
    const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value) ?? "none"]));
    const [first, ...rest] = this.gather(JSON.stringify(texts)).map((text) => JSON.parse(text) as Record<string, string>);
    for (const [i, other] of rest.entries()) {
      const name = [...new Set([...Object.keys(first!), ...Object.keys(other)])].find((name) => first![name] !== other[name]);
      if (name === undefined) continue;
      const shown = (worker: number, of: Record<string, string>) => `${this.nameOf(worker)} has ${name} ${of[name] ?? "none"}`;
      throw new RangeError(`Cannot train together: ${shown(0, first!)}, ${shown(i + 1, other)}; ${cure}`);
    }
  }
}

/** Divides gradients into pieces, the last layers first. */
function bucketsOf(gradients: tf.NamedTensorMap): string[][] {
  const buckets: string[][] = [];
  let size = BUCKET;
  for (const name of Object.keys(gradients).reverse()) {
    if (size >= BUCKET) {
      buckets.push([]);
      size = 0;
    }
    buckets.at(-1)!.push(name);
    size += gradients[name]!.size;
  }
  return buckets;
}

/** Joins the cluster that `TF_CONFIG` describes.
 * @returns `undefined` if there is only one worker. */
export function joinCluster(library: Library, context: Deno.PointerValue): Cluster | undefined {
  const place = readConfig(Deno.env.get("TF_CONFIG")!);
  if (!place) return undefined;
  refusePublic(place.workers, Deno.env.get("FORGER_CLUSTER_TRUSTED") === "1");
  return new Cluster(library, context, place);
}
