/** The loop around a training step: epochs, batches, events, samples, checkpoints, stopping. All trainers share it.
 * @module */
import * as tf from "../tf.ts";
import { trimMemory } from "../backend/trim_memory.ts";
import type { EpochEvent, SampleEvent, StepEvent, TrainEvent, WarningEvent } from "../events.ts";
import { takeForTraining } from "./in_training.ts";
import type { TrainOptions } from "./options.ts";
import { yieldToEventLoop } from "./yield_to_event_loop.ts";
import { linearDecay, type Schedule } from "../optimizers/schedule.ts";
import { constantImages, NonFiniteLossError, refuseSpoilt, sentence, spoiltNetwork } from "./not_a_number.ts";
import { compareData, rememberData } from "./provenance.ts";
import { STEPS, TrainingSigns } from "./signs.ts";
import { checkpointFile, gradientSizes, hasState, loadState, type Position, saveState } from "./state.ts";
import { stopSignal } from "./stop.ts";
import { checkOptions, type Named, numbersOf, settingsOf, type System, tooFewBatches, type TrainingData } from "./system.ts";

/** Batches that are left out at most, one a rollback; after more it is not the data. */
const MOST_ROLLBACKS = 5;

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
  readonly #signs: TrainingSigns;
  /** Whether anything was learnt since the last checkpoint. */
  #unsaved = false;

  constructor(system: System<Batch>, data: TrainingData<Batch>, options: TrainOptions) {
    checkOptions(options);
    this.#system = system;
    this.#data = data;
    this.#options = options;
    const { epochs, batch = 1, decayFrom } = options;
    this.#settings = settingsOf(system, data, options);
    this.#stepsInEpoch = Math.ceil(data.count / batch);
    const optimizers = Object.values(system.trained.optimizers);
    this.#signs = new TrainingSigns(system.undecided);
    this.#rates = optimizers.map(({ learningRate: rate }) => linearDecay({ rate, epochs, from: decayFrom ?? epochs }));
  }

  /** Trains, telling what happens. Leaving the loop early, or a stop, ends it after the step that is running, with a checkpoint.
   * @throws {Error} if a loss is no longer a number; the last checkpoint is then left as it was. If another one writes into the folder, or trains this model. */
  async *run(): AsyncGenerator<TrainEvent> {
    const networks = Object.values(this.#system.trained.networks);
    const taken = await takeForTraining(networks, this.#options.checkpoint);
    const { signal, done } = stopSignal(this.#options.signal);
    try {
      const resumed = await this.#resume();
      yield* await compareData(this.#data, this.#position);
      this.#system.begin?.();
      if (!resumed) yield* this.#sample(0);
      await this.#keepStart();
      while (this.#position.epoch < this.#options.epochs && !signal.aborted) {
        try {
          for await (const event of this.#epoch(signal)) {
            yield event;
            yield* this.#signs.look(event);
            if (event.type === "step" && event.step % STEPS === 0) {
              yield* this.#signs.lookAtGradients(event, await gradientSizes(this.#system.trained));
            }
          }
        } catch (error) {
          yield await this.#rollback(error);
        }
      }
    } finally {
      done();
      rememberData(networks, this.#data, this.#position);
      await this.#save().finally(() => taken.release());
    }
  }

  async #resume(): Promise<boolean> {
    const { checkpoint, resume = false } = this.#options;
    if (!checkpoint || !await hasState(checkpoint)) return false;
    if (!resume) {
      const file = checkpointFile(checkpoint);
      throw new Error(`Cannot train into ${checkpoint}: ${file} is of an earlier training; resume it, or choose another folder`);
    }
    this.#position = await loadState(checkpoint, this.#system.trained, this.#settings);
    return true;
  }

  /** There must be something to go back to before the first checkpoint, too. */
  async #keepStart(): Promise<void> {
    const { onNan, checkpoint } = this.#options;
    if (onNan !== "rollback" || !checkpoint || await hasState(checkpoint)) return;
    this.#unsaved = true;
    await this.#save();
  }

  /** Goes back to the last checkpoint, and remembers to leave out the batch that spoilt the step; throws if that is not wanted or not possible. */
  async #rollback(error: unknown): Promise<WarningEvent> {
    const { onNan = "stop", checkpoint } = this.#options;
    if (!(error instanceof NonFiniteLossError) || onNan !== "rollback" || !checkpoint || !await hasState(checkpoint)) throw error;
    const { epoch, stepInEpoch, leftOut = [] } = this.#position;
    if (leftOut.length >= MOST_ROLLBACKS) throw error;
    this.#position = await loadState(checkpoint, this.#system.trained, this.#settings);
    this.#position.leftOut = [...leftOut, [epoch, stepInEpoch]];
    const message = `${sentence(error.spoilt)}: back to step ${this.#position.step}, and that batch is left out`;
    return { type: "warning", epoch: epoch + 1, step: this.#position.step, message };
  }

  /** Whether the batch that comes now was found to spoil a step. */
  #isLeftOut(): boolean {
    const { epoch, stepInEpoch, leftOut = [] } = this.#position;
    return leftOut.some(([inEpoch, place]) => inEpoch === epoch && place === stepInEpoch);
  }

  async *#epoch(signal: AbortSignal): AsyncGenerator<TrainEvent> {
    const { batch = 1, seed = 0, augment = true } = this.#options;
    const { epoch, stepInEpoch } = this.#position;
    Object.values(this.#system.trained.optimizers).forEach((optimizer, i) => optimizer.learningRate = this.#rates[i]!(epoch));
    this.#system.beginEpoch?.(epoch);
    const start = performance.now();
    let last = start;
    for await (const given of this.#data.batches({ batch, seed, epoch, augment, skip: stepInEpoch })) {
      if (this.#isLeftOut()) {
        tf.dispose(given as unknown as tf.TensorContainer);
        this.#position.stepInEpoch++;
        continue;
      }
      const losses = await this.#step(given);
      const now = performance.now();
      yield this.#stepEvent(losses, now - last);
      last = now;
      if (signal.aborted) break;
    }
    const { stepInEpoch: taken } = this.#position;
    if (taken < this.#stepsInEpoch && signal.aborted) return;
    if (taken < this.#stepsInEpoch) throw tooFewBatches(this.#data.name, this.#stepsInEpoch, taken); // or it would begin again for ever
    yield this.#endEpoch((performance.now() - start) / 1000);
    const done = this.#position.epoch;
    yield* this.#sample(done);
    trimMemory();
    const { checkpoint, checkpointEvery = 1, epochs } = this.#options;
    if (!checkpoint || (done % checkpointEvery !== 0 && done !== epochs)) return;
    await this.#save();
    yield { type: "checkpoint", epoch: done, step: this.#position.step, folder: checkpoint };
  }

  async #step(given: Batch): Promise<Record<string, number>> {
    const position = this.#position;
    try {
      const losses = await numbersOf(this.#system.step(given));
      const wrong = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
      if (wrong) {
        this.#unsaved = false; // the weights are spoilt: what was saved last must stay
        const { names } = given;
        const [network, flat] = [await spoiltNetwork(this.#system.trained.networks), await constantImages(given)];
        throw new NonFiniteLossError({ step: position.step + 1, loss: wrong[0], value: wrong[1], network, names, flat });
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
    const [optimizer] = Object.values(this.#system.trained.optimizers);
    const steps = this.#options.epochs * this.#stepsInEpoch - (this.#position.leftOut?.length ?? 0);
    return { type: "step", epoch: epoch + 1, step, steps, losses, learningRate: optimizer?.learningRate ?? 0, milliseconds };
  }

  #endEpoch(seconds: number): EpochEvent {
    const { step, stepInEpoch, sums, ...others } = this.#position;
    const taken = stepInEpoch - (others.leftOut?.filter(([epoch]) => epoch === this.#position.epoch).length ?? 0);
    const losses = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / taken]));
    const epoch = this.#position.epoch + 1;
    this.#position = { ...others, epoch, stepInEpoch: 0, step, sums: {} };
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
    this.#unsaved = false;
    await refuseSpoilt(this.#system.trained.networks, this.#position.step);
    await saveState(checkpoint, this.#system.trained, this.#position, this.#settings);
  }
}
