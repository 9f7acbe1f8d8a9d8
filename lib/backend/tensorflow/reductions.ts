/** Reductions of tensors over the workers of a cluster.
 *
 * Each worker computes the gradients for its share of a batch. One op, `CollectiveReduceV2`, averages them inside the compiled
 * step, so all workers make the same update and their weights stay bit-identical. The same op also sends values from one worker
 * to all: it adds values that are zero on all other workers.
 * @module */
import * as tf from "../../tf.ts";
import { FLOAT, idOf, requireTensorflow, runOp } from "./active.ts";
import { type Attribute, attribute } from "./attributes.ts";
import type { Place } from "./cluster_config.ts";
import { DTYPE } from "./symbols.ts";

/** Size of the pieces in which gradients are reduced, in floats: 8 MB. A reduction can begin while the gradients of earlier
 * layers are still being computed. */
const BUCKET = 2 ** 21;
/** Size of the pieces in which bytes are sent, in int32 values. */
const PIECE = 2 ** 22;
const BFLOAT16 = 14;

/** One of several workers, and the reductions that all workers perform together. */
export class Reductions implements Place {
  readonly workers: string[];
  readonly index: number;
  /** Whether gradients are sent as bfloat16, which halves the traffic and rounds each gradient to 8 bits. */
  readonly bfloat16: boolean = Deno.env.get("FORGER_CLUSTER_BFLOAT16") === "1";
  /** Whether a training step is running, in which random numbers are drawn for the whole batch. */
  inStep = false;
  /** Number of keys assigned so far. A key identifies a reduction on all workers, and always stands for the same shape. */
  #keys = 0;
  readonly #eagerKeys = new Map<string, number>();

  constructor({ workers, index }: Place) {
    [this.workers, this.index] = [workers, index];
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
    const { kernels, tensors } = requireTensorflow();
    const { trace } = tensors;
    if (!half || !trace) {
      const type = x.dtype === "int32" ? attribute.type("T", DTYPE.int32) : FLOAT;
      return runOp("CollectiveReduceV2", attributesOf(type, final), [x, ...numbers])[0]!;
    }
    // tfjs has no bfloat16 tensors, so these ops are added to the trace directly.
    const [own, ...rest] = [x, ...numbers].map((tensor) => tensors.symbol(idOf(tensor)));
    const cast = (from: number, to: number) => [attribute.type("SrcT", from), attribute.type("DstT", to)];
    const [short] = trace.op("Cast", cast(DTYPE.float32, BFLOAT16), [own!]);
    const [mean] = trace.op("CollectiveReduceV2", attributesOf(attribute.type("T", BFLOAT16), final), [short!, ...rest]);
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

  /** Waits until all workers call this method, while the event loop goes on.
   * @param seconds Time limit.
   * @throws {Error} If a worker is lost or does not call this method in time. */
  protected async arrive(seconds: number): Promise<void> {
    const { context } = requireTensorflow().tensors;
    const numbers = [0, this.workers.length, 1, this.#key("arrive")];
    const inputs = numbers.map((n) => context.handleOf([], DTYPE.int32, Int32Array.of(n)));
    const attributes = attributesOf(attribute.type("T", DTYPE.int32), "Id", seconds);
    try {
      context.delete(await context.executeAside("CollectiveReduceV2", attributes, inputs));
    } finally {
      inputs.forEach((input) => context.delete(input));
    }
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
}

/** Attributes of a reduction.
 * @param seconds Time limit; 0 for none. */
function attributesOf(type: Attribute, final: "Id" | "Div", seconds = 0): Attribute[] {
  return [
    type,
    attribute.text("merge_op", "Add"),
    attribute.text("final_op", final),
    attribute.text("communication_hint", "auto"),
    attribute.float("timeout_seconds", seconds),
    attribute.bool("is_stateless", false),
    attribute.int("Nordering_token", 0),
    attribute.int("max_subdivs_per_device", 16),
  ];
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
