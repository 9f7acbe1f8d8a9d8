/** The training loop shared by all systems: epochs, batches, events, samples, checkpoints and stopping.
 * @module */
import { currentPrecision } from "../backend/tensorflow/precision.ts";
import { trimMemory } from "../backend/trim_memory.ts";
import type { Image } from "../data/image_bytes.ts";
import type { EpochEvent, SampleEvent, StepEvent, TrainEvent, WarningEvent } from "../events.ts";
import { linearDecay, type Schedule } from "../optimizers/schedule.ts";
import * as tf from "../tf.ts";
import {
  constantImages,
  describe,
  Diagnostics,
  NonFiniteLossError,
  nonFiniteNetwork,
  refuseNonFinite,
  WINDOW,
} from "./diagnostics.ts";
import { lockFolder } from "./locks.ts";
import { checkOptions, type Named, resumeSettings, type TrainingData, type TrainOptions } from "./options.ts";
import { compareData, type Provenance, provenanceOf } from "./provenance.ts";
import { checkpointFile, gradientSizes, hasState, isAhead, loadState, type Position, saveState, type Trained } from "./state.ts";
import { stopSignal, yieldToEventLoop } from "./stop.ts";
import { Workers } from "./together.ts";

/** Maximum number of rollbacks, each of which skips one batch; if more are needed, the data is unlikely to be the cause. */
const MOST_ROLLBACKS = 5;

/** Losses of a step, keyed by name. */
export type Losses = Record<string, tf.Scalar>;

/** State and functions that a system provides to the training loop. */
export interface TrainingJob<Batch> {
  /** All stateful parts of the run: networks, optimizers and others. */
  trained: Trained;
  /** Settings that must be unchanged when the run resumes. */
  settings: Record<string, unknown>;
  /** Loss of each discriminator when it cannot tell real images from generated ones. */
  equilibrium: Record<string, number>;
  /** Called after the run's options, folder and checkpoint have been validated. */
  begin(): void;
  /** Called with the zero-based epoch index before the first step of each epoch, and when the run resumes within an epoch. */
  beginEpoch(epoch: number): void;
  /** Performs one training step on a batch; does not dispose of the batch. */
  step(batch: Batch): Losses;
  /** Generates the sample images; returns `undefined` if the run has no samples. */
  sample(): Promise<Record<string, Image>[] | undefined>;
  /** Called at the end of the run with a description of what the model was trained on. */
  end(provenance: Provenance | undefined): void;
}

/** One training run, which starts with the first step or resumes from a checkpoint. */
export class TrainingRun<Batch extends Named> {
  readonly #job: TrainingJob<Batch>;
  readonly #data: TrainingData<Batch>;
  readonly #options: TrainOptions;
  readonly #settings: Record<string, unknown>;
  readonly #stepsPerEpoch: number;
  readonly #rates: Schedule[];
  #position: Position = { epoch: 0, stepInEpoch: 0, step: 0, sums: {} };
  readonly #diagnostics: Diagnostics;
  readonly #workers: Workers;
  /** Whether any steps have been taken since the last checkpoint. */
  #unsaved = false;

  constructor(job: TrainingJob<Batch>, data: TrainingData<Batch>, options: TrainOptions) {
    checkOptions(options);
    this.#workers = new Workers(options);
    this.#job = job;
    this.#data = data;
    this.#options = options;
    const { epochs, batch = 1, decayFrom } = options;
    this.#settings = { ...resumeSettings(job.settings, data, options), precision: currentPrecision() };
    this.#stepsPerEpoch = Math.ceil(data.count / batch);
    this.#diagnostics = new Diagnostics(job.equilibrium);
    const optimizers = Object.values(job.trained.optimizers);
    this.#rates = optimizers.map(({ learningRate: rate }) => linearDecay({ rate, epochs, from: decayFrom ?? epochs }));
  }

  /** Trains and yields events. If the run is stopped, or the caller breaks out of the loop, training ends after
   * the current step and a checkpoint is saved.
   * @throws {Error} If a loss is not finite (the last checkpoint is kept), or if another training run is writing to the
   * folder. */
  async *run(): AsyncGenerator<TrainEvent> {
    const { checkpoint, epochs } = this.#options;
    const workers = this.#workers;
    const lock = checkpoint === undefined || !workers.isFirst ? undefined : await lockFolder(checkpoint);
    const { signal, done } = stopSignal(this.#options.signal);
    let completed = false;
    try {
      await workers.begin(this.#data, this.#settings, this.#options);
      const resumed = await this.#resume();
      yield* await compareData(this.#data, this.#position, this.#options.acceptData);
      yield* workers.compareCount(this.#position);
      this.#job.begin();
      if (!resumed) yield* this.#sample(0);
      await this.#saveStart();
      while (this.#position.epoch < epochs && !workers.stops(signal)) {
        try {
          for await (const event of this.#epoch(signal)) {
            yield event;
            yield* this.#diagnostics.check(event);
            if (event.type === "step" && event.step % WINDOW === 0) {
              yield* this.#diagnostics.checkGradients(event, await gradientSizes(this.#job.trained));
            }
          }
        } catch (error) {
          yield await this.#rollback(error);
        }
      }
      if (workers.count > 1) await this.#save(true);
      completed = true;
    } catch (error) {
      throw await workers.explain(error);
    } finally {
      done();
      await workers.end(completed);
      this.#job.end(provenanceOf(this.#data, this.#position));
      await this.#save().finally(() => lock?.release());
    }
  }

  async #resume(): Promise<boolean> {
    const { checkpoint, resume = false, acceptData } = this.#options;
    const bytes = await this.#readCheckpoint();
    if (!checkpoint || !bytes) return false;
    if (!resume) {
      const file = checkpointFile(checkpoint);
      throw new Error(
        `Cannot write the run to ${checkpoint}: ${file} belongs to an earlier training run; resume it, or choose another folder`,
      );
    }
    this.#position = await loadState(checkpoint, this.#job.trained, this.#settings, acceptData, bytes);
    return true;
  }

  /** Reads the checkpoint of worker 0; returns `undefined` if there is none. */
  async #readCheckpoint(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { checkpoint } = this.#options;
    const has = checkpoint && this.#workers.isFirst && await hasState(checkpoint);
    return this.#workers.send(has ? await Deno.readFile(checkpointFile(checkpoint)) : undefined);
  }

  /** Saves the initial state, so that a rollback is possible before the first regular checkpoint. */
  async #saveStart(): Promise<void> {
    const { onNan, checkpoint } = this.#options;
    if (onNan !== "rollback" || !checkpoint || await hasState(checkpoint)) return;
    this.#unsaved = true;
    await this.#save();
  }

  /** Restores the last checkpoint, and marks the batch that had the non-finite loss, so that the run skips it. Rethrows the
   * error if no rollback is possible. */
  async #rollback(error: unknown): Promise<WarningEvent> {
    const { onNan = "stop", checkpoint } = this.#options;
    if (!(error instanceof NonFiniteLossError) || onNan !== "rollback" || !checkpoint) throw error;
    const bytes = await this.#readCheckpoint();
    if (!bytes) throw error;
    const { epoch, stepInEpoch, leftOut = [], data } = this.#position;
    if (leftOut.length >= MOST_ROLLBACKS) throw error;
    const loaded = await loadState(checkpoint, this.#job.trained, this.#settings, true, bytes); // the data has been compared
    this.#position = { ...loaded, leftOut: [...leftOut, [epoch, stepInEpoch]], ...data && { data } };
    const message = `${describe(error.found)}: returned to step ${this.#position.step}; the batch will be skipped`;
    return { type: "warning", epoch: epoch + 1, step: this.#position.step, message };
  }

  /** Total number of steps in the run. The remaining steps are calculated from the current size of the data, which may have
   * changed since earlier epochs. */
  get #steps(): number {
    const { epoch, stepInEpoch, step, leftOut = [] } = this.#position;
    const ahead = leftOut.filter((batch) => isAhead(batch, this.#position)).length;
    const rest = Math.max(this.#stepsPerEpoch - stepInEpoch, 0);
    return step + rest + (this.#options.epochs - epoch - 1) * this.#stepsPerEpoch - ahead;
  }

  /** Whether the next batch is skipped because of an earlier non-finite loss. */
  #isSkipped(): boolean {
    const { epoch, stepInEpoch, leftOut = [] } = this.#position;
    return leftOut.some(([inEpoch, place]) => inEpoch === epoch && place === stepInEpoch);
  }

  async *#epoch(signal: AbortSignal): AsyncGenerator<TrainEvent> {
    const { batch = 1, seed = 0, augment = true } = this.#options;
    const { epoch, stepInEpoch } = this.#position;
    Object.values(this.#job.trained.optimizers).forEach((optimizer, i) => optimizer.learningRate = this.#rates[i]!(epoch));
    this.#job.beginEpoch(epoch);
    this.#workers.shareStatistics(this.#job.trained);
    const start = performance.now();
    let last = start;
    for await (const given of this.#data.batches({ batch, seed, epoch, augment, skip: stepInEpoch, ...this.#workers.share })) {
      if (this.#isSkipped()) {
        tf.dispose(given as unknown as tf.TensorContainer);
        this.#position.stepInEpoch++;
        continue;
      }
      const losses = await this.#step(given, signal);
      const now = performance.now();
      yield this.#stepEvent(losses, now - last);
      last = now;
      if (this.#workers.stops(signal)) break;
    }
    const { stepInEpoch: taken } = this.#position;
    if (taken < this.#stepsPerEpoch && this.#workers.stops(signal)) return;
    // Without this error, the epoch would be restarted forever.
    if (taken < this.#stepsPerEpoch) throw tooFewBatches(this.#data.name, this.#stepsPerEpoch, taken);
    yield this.#endEpoch((performance.now() - start) / 1000);
    const completed = this.#position.epoch;
    yield* this.#sample(completed);
    trimMemory();
    const { checkpoint, checkpointEvery = 1, epochs } = this.#options;
    if (!checkpoint || (completed % checkpointEvery !== 0 && completed !== epochs)) return;
    await this.#save(true);
    yield { type: "checkpoint", epoch: completed, step: this.#position.step, folder: checkpoint };
  }

  async #step(given: Batch, signal: AbortSignal): Promise<Record<string, number>> {
    const position = this.#position;
    const { batch = 1 } = this.#options;
    const { networks } = this.#job.trained;
    this.#unsaved = false; // a step that fails half-way, or breaks the weights, must not replace the last checkpoint
    try {
      const size = Math.min(batch, this.#data.count - position.stepInEpoch * batch);
      const own = await valuesOf(this.#workers.step(given, size, () => this.#job.step(given)));
      const losses = this.#workers.agree(own, signal.aborted);
      const wrong = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
      if (wrong) {
        const [network, constant] = [await nonFiniteNetwork(networks), await constantImages(given)];
        const { names } = given;
        throw new NonFiniteLossError({ step: position.step + 1, loss: wrong[0], value: wrong[1], network, names, constant });
      }
      for (const [name, value] of Object.entries(losses)) position.sums[name] = (position.sums[name] ?? 0) + value;
      position.step++;
      position.stepInEpoch++;
      this.#unsaved = true;
      await yieldToEventLoop();
      return losses;
    } finally {
      tf.dispose(given as unknown as tf.TensorContainer);
    }
  }

  #stepEvent(losses: Record<string, number>, milliseconds: number): StepEvent {
    const { epoch, step } = this.#position;
    const [optimizer] = Object.values(this.#job.trained.optimizers);
    return {
      type: "step",
      epoch: epoch + 1,
      step,
      steps: this.#steps,
      losses,
      learningRate: optimizer?.learningRate ?? 0,
      milliseconds,
    };
  }

  #endEpoch(seconds: number): EpochEvent {
    const { step, stepInEpoch, sums, ...rest } = this.#position;
    const taken = stepInEpoch - (rest.leftOut?.filter(([epoch]) => epoch === this.#position.epoch).length ?? 0);
    const losses = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / taken]));
    const epoch = this.#position.epoch + 1;
    this.#position = { ...rest, epoch, stepInEpoch: 0, step, sums: {} };
    return { type: "epoch", epoch, epochs: this.#options.epochs, step, losses, seconds };
  }

  async *#sample(epoch: number): AsyncGenerator<SampleEvent> {
    const { sampleEpochs } = this.#options;
    if (sampleEpochs && !sampleEpochs.includes(epoch)) return;
    const rows = await this.#job.sample();
    if (rows) yield { type: "sample", epoch, step: this.#position.step, rows };
  }

  /** Saves a checkpoint.
   * @param together Whether all workers have reached this point, so that their states can be compared. */
  async #save(together = false): Promise<void> {
    const { checkpoint } = this.#options;
    if (!checkpoint || !this.#unsaved) return;
    this.#unsaved = false;
    await refuseNonFinite(this.#job.trained.networks, this.#position.step);
    if (together) await this.#workers.compareState(this.#job.trained);
    if (!this.#workers.isFirst) return;
    await saveState(checkpoint, this.#job.trained, this.#position, this.#settings);
  }
}

/** Reads the values of scalars, and then disposes of the scalars. */
async function valuesOf(scalars: Losses): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const [name, scalar] of Object.entries(scalars)) {
    values[name] = (await scalar.data())[0]!;
    scalar.dispose();
  }
  return values;
}

function tooFewBatches(name: string, expected: number, got: number): RangeError {
  return new RangeError(
    `Cannot train on ${name}: expected ${expected} batches per epoch, got ${got}; make batches() also yield the ` +
      "last, smaller batch, or lower the data set's count",
  );
}
