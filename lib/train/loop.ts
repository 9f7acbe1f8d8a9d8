/** The training loop shared by all systems: epochs, batches, events, samples, checkpoints and stopping.
 * @module */
import { currentPrecision } from "../backend/tensorflow/precision.ts";
import { trimMemory } from "../backend/trim_memory.ts";
import type { Image } from "../data/image_bytes.ts";
import type { EpochEvent, SampleEvent, StepEvent, TrainEvent } from "../events.ts";
import { linearDecay, type Schedule } from "../optimizers/schedule.ts";
import * as tf from "../tf.ts";
import { Checkpoints } from "./checkpoints.ts";
import { constantImages, Diagnostics, NonFiniteLossError, nonFiniteNetwork, WINDOW } from "./diagnostics.ts";
import { lockFolder } from "./locks.ts";
import { checkOptions, type Named, resumeSettings, type TrainingData, type TrainOptions } from "./options.ts";
import { compareData, type Provenance, provenanceOf } from "./provenance.ts";
import { gradientSizes, isAhead, type Trained } from "./state.ts";
import { stopSignal, yieldToEventLoop } from "./stop.ts";
import { Workers } from "./together.ts";

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
  readonly #diagnostics: Diagnostics;
  readonly #workers: Workers;
  readonly #checkpoints: Checkpoints;

  constructor(job: TrainingJob<Batch>, data: TrainingData<Batch>, options: TrainOptions) {
    checkOptions(options);
    this.#workers = new Workers(options);
    this.#job = job;
    this.#data = data;
    this.#options = options;
    const { epochs, batch = 1, decayFrom } = options;
    this.#settings = { ...resumeSettings(job.settings, data, options), precision: currentPrecision() };
    this.#checkpoints = new Checkpoints(job.trained, this.#settings, options, this.#workers);
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
      if (!await workers.begin(this.#data, this.#settings, this.#options, signal)) return;
      const resumed = await this.#checkpoints.resume();
      yield* await compareData(this.#data, this.#checkpoints.position, this.#options.acceptData);
      yield* workers.compareCount(this.#checkpoints.position);
      this.#job.begin();
      if (!resumed) yield* this.#sample(0);
      await this.#checkpoints.saveStart();
      while (this.#checkpoints.position.epoch < epochs && !workers.stops(signal)) {
        try {
          for await (const event of this.#epoch(signal)) {
            yield event;
            yield* this.#diagnostics.check(event);
            if (event.type === "step" && event.step % WINDOW === 0) {
              yield* this.#diagnostics.checkGradients(event, await gradientSizes(this.#job.trained));
            }
          }
        } catch (error) {
          yield await this.#checkpoints.rollback(error);
        }
      }
      if (workers.count > 1) await this.#checkpoints.save(true);
      completed = true;
    } catch (error) {
      throw await workers.explain(error);
    } finally {
      done();
      await workers.end(completed)
        .then(() => this.#job.end(provenanceOf(this.#data, this.#checkpoints.position)))
        .then(() => this.#checkpoints.save())
        .finally(() => lock?.release());
    }
  }

  /** Total number of steps in the run. The remaining steps are calculated from the current size of the data, which may have
   * changed since earlier epochs. */
  get #steps(): number {
    const { epoch, stepInEpoch, step, leftOut = [] } = this.#checkpoints.position;
    const ahead = leftOut.filter((batch) => isAhead(batch, this.#checkpoints.position)).length;
    const rest = Math.max(this.#stepsPerEpoch - stepInEpoch, 0);
    return step + rest + (this.#options.epochs - epoch - 1) * this.#stepsPerEpoch - ahead;
  }

  async *#epoch(signal: AbortSignal): AsyncGenerator<TrainEvent> {
    const { batch = 1, seed = 0, augment = true } = this.#options;
    const { epoch, stepInEpoch } = this.#checkpoints.position;
    Object.values(this.#job.trained.optimizers).forEach((optimizer, i) => optimizer.learningRate = this.#rates[i]!(epoch));
    this.#job.beginEpoch(epoch);
    this.#workers.shareStatistics(this.#job.trained);
    const start = performance.now();
    let last = start;
    for await (const given of this.#data.batches({ batch, seed, epoch, augment, skip: stepInEpoch, ...this.#workers.share })) {
      if (this.#checkpoints.isSkipped()) {
        tf.dispose(given as unknown as tf.TensorContainer);
        this.#checkpoints.position.stepInEpoch++;
        continue;
      }
      const losses = await this.#step(given, signal);
      const now = performance.now();
      yield this.#stepEvent(losses, now - last);
      last = now;
      if (this.#workers.stops(signal)) break;
    }
    const { stepInEpoch: taken } = this.#checkpoints.position;
    if (taken < this.#stepsPerEpoch && this.#workers.stops(signal)) return;
    // Without this error, the epoch would be restarted forever.
    if (taken < this.#stepsPerEpoch) throw tooFewBatches(this.#data.name, this.#stepsPerEpoch, taken);
    yield this.#endEpoch((performance.now() - start) / 1000);
    const completed = this.#checkpoints.position.epoch;
    yield* this.#sample(completed);
    trimMemory();
    const { checkpoint, checkpointEvery = 1, epochs } = this.#options;
    if (!checkpoint || (completed % checkpointEvery !== 0 && completed !== epochs)) return;
    await this.#checkpoints.save(true);
    yield { type: "checkpoint", epoch: completed, step: this.#checkpoints.position.step, folder: checkpoint };
  }

  async #step(given: Batch, signal: AbortSignal): Promise<Record<string, number>> {
    const position = this.#checkpoints.position;
    const { batch = 1 } = this.#options;
    const { networks } = this.#job.trained;
    this.#checkpoints.unsaved = false; // a step that fails half-way, or breaks the weights, must not replace the last checkpoint
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
      this.#checkpoints.unsaved = true;
      await yieldToEventLoop();
      return losses;
    } finally {
      tf.dispose(given as unknown as tf.TensorContainer);
    }
  }

  #stepEvent(losses: Record<string, number>, milliseconds: number): StepEvent {
    const { epoch, step } = this.#checkpoints.position;
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
    const { step, stepInEpoch, sums, ...rest } = this.#checkpoints.position;
    const taken = stepInEpoch - (rest.leftOut?.filter(([epoch]) => epoch === this.#checkpoints.position.epoch).length ?? 0);
    const losses = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / taken]));
    const epoch = this.#checkpoints.position.epoch + 1;
    this.#checkpoints.position = { ...rest, epoch, stepInEpoch: 0, step, sums: {} };
    return { type: "epoch", epoch, epochs: this.#options.epochs, step, losses, seconds };
  }

  async *#sample(epoch: number): AsyncGenerator<SampleEvent> {
    const { sampleEpochs } = this.#options;
    if (sampleEpochs && !sampleEpochs.includes(epoch)) return;
    const rows = await this.#job.sample();
    if (rows) yield { type: "sample", epoch, step: this.#checkpoints.position.step, rows };
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
