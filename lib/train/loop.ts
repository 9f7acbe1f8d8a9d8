/** The loop around a training step: epochs, batches, events, samples, checkpoints, stopping. All trainers share it.
 * @module */
import * as tf from "@tensorflow/tfjs";
import type { BatchOptions } from "../data/pairs.ts";
import type { Picture } from "../data/picture.ts";
import type { EpochEvent, SampleEvent, StepEvent, TrainEvent } from "./events.ts";
import { takeFolder } from "./folder_lock.ts";
import type { TrainOptions } from "./options.ts";
import { otherWork } from "./other_work.ts";
import { linearDecay, type Schedule } from "./schedule.ts";
import { checkpointFile, hasState, loadState, type Position, saveState, type Trained } from "./state.ts";
import { stopSignal } from "./stop.ts";

/** What a batch has besides its tensors. */
export interface Named {
  /** Where each element came from. */
  names: string[];
}

/** What the loop needs to know of a set of data: pairs, labelled pictures, or others. */
export interface TrainingData<Batch> {
  readonly name: string;
  readonly count: number;
  /** One epoch. Who receives a batch owns it. */
  batches(options?: BatchOptions): AsyncIterable<Batch>;
}

/** What the loop needs to know of a trainer. */
export interface System<Batch> {
  /** Everything with weights or moments. */
  trained: Trained;
  /** Whatever must be the same when an interrupted training goes on. */
  settings: Record<string, unknown>;
  /** Told before an epoch's first step which one it is, from 0; also where one goes on in its middle. */
  beginEpoch?(epoch: number): void;
  /** One step on a batch, which it does not dispose of. */
  step(batch: Batch): Record<string, tf.Scalar>;
  /** What the generator makes, of the samples that were given to the training if it is made of something. */
  sample(): Promise<Record<string, Picture>[] | undefined>;
}

/** α of Adam in DCGAN, pix2pix and CycleGAN. */
export const LEARNING_RATE = 0.0002;

/** The values of some scalars, which are disposed of. */
async function values(scalars: Record<string, tf.Scalar>): Promise<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const [name, scalar] of Object.entries(scalars)) {
    numbers[name] = (await scalar.data())[0]!;
    scalar.dispose();
  }
  return numbers;
}

/** One training, from its beginning or its checkpoint to its end. */
export class Training<Batch extends Named> {
  readonly #system: System<Batch>;
  readonly #data: TrainingData<Batch>;
  readonly #options: TrainOptions;
  readonly #settings: Record<string, unknown>;
  readonly #stepsInEpoch: number;
  /** The learning rate of each optimizer. */
  readonly #rates: Schedule[];
  #position: Position = { epoch: 0, stepInEpoch: 0, step: 0, sums: {} };
  /** Whether anything was learnt since the last checkpoint. */
  #unsaved = false;

  constructor(system: System<Batch>, data: TrainingData<Batch>, options: TrainOptions) {
    checkCount("epochs", options.epochs);
    checkCount("batch", options.batch ?? 1);
    this.#system = system;
    this.#data = data;
    this.#options = options;
    const { epochs, batch = 1, seed = 0, augment = true, learningRate = LEARNING_RATE, decayFrom } = options;
    this.#settings = { ...system.settings, batch, seed, augment, learningRate, decayFrom, data: data.name, count: data.count };
    this.#stepsInEpoch = Math.ceil(data.count / batch);
    const optimizers = Object.values(system.trained.optimizers);
    this.#rates = optimizers.map(({ learningRate: rate }) => linearDecay({ rate, epochs, from: decayFrom ?? epochs }));
  }

  /** Trains, telling what happens. Leaving the loop early, or a stop, ends it after the step that is running, with a checkpoint.
   * @throws {Error} if a loss is no longer a number; the last checkpoint is then left as it was. If another training writes into the folder. */
  async *run(): AsyncGenerator<TrainEvent> {
    const { checkpoint } = this.#options;
    const lock = checkpoint === undefined ? undefined : await takeFolder(checkpoint);
    const { signal, done } = stopSignal(this.#options.signal);
    try {
      if (!await this.#resume()) yield* this.#sample(0);
      while (this.#position.epoch < this.#options.epochs && !signal.aborted) yield* this.#epoch(signal);
    } finally {
      done();
      await this.#save().finally(() => lock?.release());
    }
  }

  async #resume(): Promise<boolean> {
    const { checkpoint, resume = false } = this.#options;
    if (!checkpoint || !await hasState(checkpoint)) return false;
    if (!resume) {
      throw new Error(
        `Cannot train into ${checkpoint}: ${
          checkpointFile(checkpoint)
        } is of an earlier training; resume it, or choose another folder`,
      );
    }
    this.#position = await loadState(checkpoint, this.#system.trained, this.#settings);
    return true;
  }

  async *#epoch(signal: AbortSignal): AsyncGenerator<TrainEvent> {
    const { batch = 1, seed = 0, augment = true } = this.#options;
    const { epoch, stepInEpoch } = this.#position;
    Object.values(this.#system.trained.optimizers).forEach((optimizer, i) => optimizer.learningRate = this.#rates[i]!(epoch));
    this.#system.beginEpoch?.(epoch);
    const start = performance.now();
    let last = start;
    for await (const given of this.#data.batches({ batch, seed, epoch, augment, skip: stepInEpoch })) {
      const losses = await this.#step(given);
      const now = performance.now();
      yield this.#stepEvent(losses, now - last);
      last = now;
      if (signal.aborted) break;
    }
    if (this.#position.stepInEpoch < this.#stepsInEpoch) return; // stopped on the way
    yield this.#endEpoch((performance.now() - start) / 1000);
    const done = this.#position.epoch;
    yield* this.#sample(done);
    const { checkpoint, checkpointEvery = 1, epochs } = this.#options;
    if (!checkpoint || (done % checkpointEvery !== 0 && done !== epochs)) return;
    await this.#save();
    yield { type: "checkpoint", epoch: done, step: this.#position.step, folder: checkpoint };
  }

  async #step(given: Batch): Promise<Record<string, number>> {
    const position = this.#position;
    try {
      const losses = await values(this.#system.step(given));
      const wrong = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
      if (wrong) throw this.#notANumber(wrong[0], wrong[1], given.names);
      for (const [name, value] of Object.entries(losses)) position.sums[name] = (position.sums[name] ?? 0) + value;
      position.step++;
      position.stepInEpoch++;
      this.#unsaved = true;
      await otherWork();
      return losses;
    } finally {
      tf.dispose(given as unknown as tf.TensorContainer);
    }
  }

  #notANumber(name: string, value: number, pictures: string[]): Error {
    this.#unsaved = false; // the weights are spoilt: what was saved last must stay
    return new Error(
      `Training stopped at step ${this.#position.step + 1}: the ${name} loss is ${value}, on ${pictures.join(", ")}; ` +
        `look for a picture of one flat colour, or lower the learning rate`,
    );
  }

  #stepEvent(losses: Record<string, number>, milliseconds: number): StepEvent {
    const { epoch, step } = this.#position;
    const [optimizer] = Object.values(this.#system.trained.optimizers);
    const steps = this.#options.epochs * this.#stepsInEpoch;
    return { type: "step", epoch: epoch + 1, step, steps, losses, learningRate: optimizer?.learningRate ?? 0, milliseconds };
  }

  #endEpoch(seconds: number): EpochEvent {
    const { step, stepInEpoch, sums } = this.#position;
    const losses = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / stepInEpoch]));
    const epoch = this.#position.epoch + 1;
    this.#position = { epoch, stepInEpoch: 0, step, sums: {} };
    return { type: "epoch", epoch, epochs: this.#options.epochs, step, losses, seconds };
  }

  async *#sample(epoch: number): AsyncGenerator<SampleEvent> {
    const { sampleEpochs } = this.#options;
    if (sampleEpochs && !sampleEpochs.includes(epoch)) return;
    const rows = await this.#system.sample();
    if (rows) yield { type: "sample", epoch, step: this.#position.step, rows };
  }

  async #save(): Promise<void> {
    const { checkpoint } = this.#options;
    if (!checkpoint || !this.#unsaved) return;
    await saveState(checkpoint, this.#system.trained, this.#position, this.#settings);
    this.#unsaved = false;
  }
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`Cannot train: ${name} must be a whole number of at least 1, got ${value}`);
  }
}
