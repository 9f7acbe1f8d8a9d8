/** The parts of a training run that differ if several workers train together: see backend/tensorflow/cluster.ts.
 *
 * All workers run the same loop on their shares of the same batches. Worker 0 alone writes checkpoints. The others compute
 * everything that it computes, samples included, so that the positions in the random number streams stay the same.
 * @module */
import { requireTensorflow } from "../backend/tensorflow/active.ts";
import { activeCluster } from "../backend/tensorflow/active_cluster.ts";
import type { Cluster } from "../backend/tensorflow/cluster.ts";
import { BATCH_DEFAULTS, shareOf } from "../data/stream.ts";
import type { WarningEvent } from "../events.ts";
import * as tf from "../tf.ts";
import { VERSION } from "./files.ts";
import type { TrainingData, TrainOptions } from "./options.ts";
import { compareData } from "./provenance.ts";
import { digestOfState, type Position, type Trained } from "./state.ts";

/** Time for which a worker that stops waits, so that the others can still receive the last values, in milliseconds. */
const LINGER = 500;

/** Checks that all workers receive equal shares of a batch.
 * @throws {RangeError} If the batch size is not a multiple of the number of workers. */
export function checkShares(batch: number): void {
  const count = activeCluster()?.workers.length ?? 1;
  if (batch % count === 0) return;
  throw new RangeError(
    `Cannot train together: expected a batch size that is a multiple of ${count}, the number of workers, got ${batch}; ` +
      "change batch, which is the total for all workers",
  );
}

/** The workers of a training run. Without a cluster, there is one. */
export class Workers {
  readonly #cluster: Cluster | undefined = activeCluster();
  readonly count: number = this.#cluster?.workers.length ?? 1;
  readonly #index = this.#cluster?.index ?? 0;
  #stopping = false;

  /** @throws {RangeError} If the batch size is not a multiple of the number of workers. */
  constructor({ batch = 1 }: TrainOptions) {
    checkShares(batch);
  }

  /** Whether this worker writes the checkpoints. */
  get isFirst(): boolean {
    return this.#index === 0;
  }

  /** Option that selects this worker's share of each batch. */
  get share(): { share?: { index: number; of: number } } {
    return this.#cluster ? { share: { index: this.#index, of: this.count } } : {};
  }

  /** Waits for the other workers, and checks that all have the same versions, settings and data.
   * @param signal Ends the run before it begins, if it is aborted.
   * @returns Whether the run can begin; false if a worker is stopping.
   * @throws {RangeError} With both values, if something differs.
   * @throws {ClusterError} If a worker does not start. */
  async begin<Batch>(
    data: TrainingData<Batch>,
    { data: _, ...settings }: Record<string, unknown>, // without the name of the data, which may differ
    options: TrainOptions,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (!this.#cluster) return true;
    const { epochs, checkpoint, checkpointEvery = 1, onNan = "stop", acceptData = false, resume = false, sampleEpochs } = options;
    const own: Position = { epoch: 0, stepInEpoch: 0, step: 0, sums: {} };
    await compareData(data, own);
    if (!await this.#cluster.meet(signal)) return false;
    const values = {
      ...{ Forger: VERSION, TensorFlow: requireTensorflow().tensors.context.library.version },
      ...settings,
      ...{ epochs, checkpointEvery, onNan, acceptData, resume, sampleEpochs, checkpoint: checkpoint ? "a folder" : "none" },
      ...{ "data with hash": own.data?.sha256.slice(0, 16), FORGER_CLUSTER_BFLOAT16: this.#cluster.bfloat16 },
    };
    this.#cluster.compare(values, "start all workers with the same version, command and data");
    return true;
  }

  /** Sends the bytes of a checkpoint from worker 0 to all workers. */
  send(bytes: Uint8Array<ArrayBuffer> | undefined): Uint8Array<ArrayBuffer> | undefined {
    return this.#cluster ? this.#cluster.send(bytes) : bytes;
  }

  /** Returns a warning if the number of workers or the precision of the gradients differs from that of the checkpoint, and
   * records the current one. */
  compareCount(position: Position): WarningEvent[] {
    const { workers: before = "1 worker", epoch, step } = position;
    const now = this.#cluster ? `${this.count} workers${this.#cluster.bfloat16 ? " with bfloat16 gradients" : ""}` : "1 worker";
    if (this.#cluster) position.workers = now;
    else delete position.workers;
    if (step === 0 || before === now) return [];
    const message =
      `the run had ${before} until step ${step}, and now has ${now}: the order of the data and the random numbers ` +
      "stay the same, but sums are rounded differently, and batch norm averages over other images";
    return [{ type: "warning", epoch: epoch + 1, step, message }];
  }

  /** Gives all workers the running statistics of worker 0, which are not averaged. */
  shareStatistics({ networks }: Trained): void {
    if (!this.#cluster) return;
    for (const weight of Object.values(networks).flatMap((network) => network.nonTrainableWeights)) {
      const variable = weight.read() as tf.Variable;
      const sent = this.#cluster.send(new Uint8Array((variable.dataSync() as Float32Array).slice().buffer))!;
      if (!this.isFirst) tf.tidy(() => variable.assign(tf.tensor(new Float32Array(sent.buffer), variable.shape)));
    }
  }

  /** Runs a step on this worker's share of a batch.
   * @param size Number of elements in the whole batch. */
  step<Result>(batch: object, size: number, run: () => Result): Result {
    const cluster = this.#cluster;
    if (!cluster) return run();
    const { length } = shareOf(size, { ...BATCH_DEFAULTS, ...this.share });
    const rows = Object.values(batch).find((part) => part instanceof tf.Tensor)?.shape[0];
    if (rows !== length) {
      const cure = "make batches() use its option share";
      throw new RangeError(`Cannot train together: expected ${length} elements for this worker, got ${rows}; ${cure}`);
    }
    cluster.inStep = true;
    try {
      return run();
    } finally {
      cluster.inStep = false;
    }
  }

  /** Returns the means of the losses over all workers, and decides whether all of them stop after this step.
   * @param isAborted Whether this worker has been asked to stop. */
  agree(losses: Record<string, number>, isAborted: boolean): Record<string, number> {
    if (!this.#cluster) return losses;
    const means = this.#cluster.meanOf([...Object.values(losses), isAborted ? 1 : 0]);
    this.#stopping = means.pop()! > 0;
    return Object.fromEntries(Object.keys(losses).map((name, i) => [name, means[i]!]));
  }

  /** Returns whether the run stops before its end. */
  stops(signal: AbortSignal): boolean {
    return this.#cluster ? this.#stopping : signal.aborted;
  }

  /** Checks that all workers are in the same state.
   * @throws {RangeError} If they are not. */
  async compareState(trained: Trained): Promise<void> {
    this.#cluster?.compare(
      { "weights with hash": (await digestOfState(trained)).slice(0, 16) },
      "the last checkpoint is kept: check the memory and the processors of these machines",
    );
  }

  /** Returns the error to report for an error of a run. */
  async explain(error: unknown): Promise<unknown> {
    return await this.#cluster?.explain(error) ?? error;
  }

  /** Ends the run on this worker. */
  async end(isComplete: boolean): Promise<void> {
    if (!this.#cluster) return;
    if (isComplete) this.#cluster.settle();
    else await new Promise((resolve) => setTimeout(resolve, LINGER));
    this.#cluster.unwatch();
  }
}
