/** What all systems share: building from settings, training, sampling, saving, loading and freeing. A system adds its networks,
 * its step, and what one does with it.
 * @module */
import { compile, type Compiled, type Structure } from "../backend/compile.ts";
import { RandomStream } from "../backend/random.ts";
import type { Image } from "../data/image_bytes.ts";
import type { TrainEvent } from "../events.ts";
import { seedSequence } from "../models/blocks.ts";
import { Adam, type AdamSettings } from "../optimizers/adam.ts";
import { type Optimizer, variablesOf } from "../optimizers/optimizer.ts";
import { completeSettings, type Described, wrongSetting } from "../settings.ts";
import type * as tf from "../tf.ts";
import { type Losses, TrainingRun } from "./loop.ts";
import { loadWeights, readDescription, saveModel } from "./model_folder.ts";
import { type BatchOf, LEARNING_RATE, type Named, type TrainingData, type TrainOptions } from "./options.ts";
import type { Provenance } from "./provenance.ts";
import type { Stateful, Trained } from "./state.ts";

/** Numbers in which the data and the model must agree, by name: "height", "classes". */
export type Shape = Record<string, number | string>;

/** What a model expects of its data, and what the data has, under the same names. */
export interface Shapes {
  expected: Shape;
  actual: Shape;
}

/** Rows of sample images, each image by its role: "input", "generated", "target". */
export type SampleRows = Record<string, Image>[];

/** Anything with memory of its own. */
interface Disposable {
  dispose(): void;
}

/** The parts of one training run: what a system makes here is saved in checkpoints and freed at the end. */
export class Session {
  readonly trained: Required<Trained>;
  /** Settings of the run besides those of the model that must be unchanged at a resume. */
  settings: Record<string, unknown> = {};
  /** Called before the first step of each epoch, counted from 0. */
  beginEpoch: (epoch: number) => void = () => {};
  readonly #options: TrainOptions;
  readonly #owned: Disposable[] = [];

  /** @param networks by name, as in checkpoints. */
  constructor(networks: Record<string, tf.LayersModel>, options: TrainOptions) {
    this.trained = { networks, optimizers: {}, others: {} };
    this.#options = options;
  }

  /** Creates an optimizer that updates some networks, with the learning rate of the run.
   * @param name of the optimizer in checkpoints. */
  adam(name: string, networks: string[], settings: Partial<AdamSettings> = {}): Optimizer {
    const learningRate = this.#options.learningRate ?? LEARNING_RATE;
    const variables = variablesOf(...networks.map((network) => this.trained.networks[network]!));
    return this.trained.optimizers[name] = this.#own(new Adam({ learningRate, ...settings }, variables));
  }

  /** The stream of the run's noise, which follows from its seed. */
  random(): RandomStream {
    const random = new RandomStream(seedSequence(this.#options.seed ?? 0)());
    this.trained.others.random = {
      snapshot: () => Promise.resolve({ arrays: {}, note: { position: random.position } }),
      restore: ({ note }) => void (random.position = (note as { position: number }).position),
    };
    return random;
  }

  /** Adds a part with state of its own.
   * @param name of the part in checkpoints. */
  keep<T extends Stateful & Disposable>(name: string, part: T): T {
    this.trained.others[name] = part;
    return this.#own(part);
  }

  /** Compiles a function for the length of the run. */
  compile<A extends Structure[], R extends Structure>(step: (...args: A) => R): Compiled<A, R> {
    return this.#own(compile(step));
  }

  #own<T extends Disposable>(part: T): T {
    this.#owned.push(part);
    return part;
  }

  /** Frees all parts. */
  dispose(): void {
    for (const part of this.#owned.splice(0)) part.dispose();
  }
}

/** A model that can be trained, used, saved and loaded. */
export abstract class Model<
  Kind extends string,
  Settings extends object,
  Data extends TrainingData<Named>,
  Options extends TrainOptions = TrainOptions,
> {
  /** Kind of system, as in `forger.json` and on the command line. */
  readonly kind: Kind;
  /** All settings: the given ones, and the defaults of the others. */
  readonly settings: Settings;
  /** Networks by name. */
  abstract readonly networks: Record<string, tf.LayersModel>;
  /** What the model was trained on, if it was trained. */
  provenance: Provenance | undefined;
  /** Batch of the last training run: batch statistics, in translation, depend on it. */
  batch = 1;
  readonly #owned: Disposable[] = [];
  #inTraining = false;
  #disposed = false;

  /** Checks the settings.
   * @throws {RangeError} if a setting is unknown or not accepted. */
  constructor(kind: Kind, fields: Described<Settings>, given: Partial<Settings>) {
    this.kind = kind;
    this.settings = completeSettings(kind, fields, given);
  }

  /** The error of a setting that does not fit the others. */
  protected wrong(name: keyof Settings & string, expected: string): RangeError {
    return wrongSetting(this.kind, name, expected, this.settings[name]);
  }

  /** Frees a part together with the model. */
  protected owns<T extends Disposable>(part: T): T {
    this.#owned.push(part);
    return part;
  }

  /** Compares the data with what the model expects. */
  protected abstract shapes(data: Data): Shapes;

  /** Creates optimizers and compiled functions for a training run.
   * @returns the step. */
  protected abstract start(session: Session, options: Options): (batch: BatchOf<Data>) => Losses;

  /** Loss of each discriminator, by the name of the loss, when it cannot tell real from generated. */
  protected equilibrium(): Record<string, number> {
    return {};
  }

  /** Options of `train` with the defaults of the system. */
  protected trainOptions(options: Options): TrainOptions {
    return options;
  }

  /** Generates the samples that show the progress of a training run. */
  protected samples(_options: Options): Promise<SampleRows | undefined> {
    return Promise.resolve(undefined);
  }

  /** Trains: `for await (const event of model.train(data, { epochs: 20 }))`. Leaving the loop stops the run after the current
   * step.
   * @throws {RangeError} if the data does not fit the model, or an option is not possible.
   * @throws {Error} if the model is in training already, or a loss is not finite. */
  async *train(data: Data, given: Options): AsyncGenerator<TrainEvent> {
    this.#checkData(data);
    // Untyped code may pass undefined, which must not replace a default.
    const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as Options;
    const complete = this.trainOptions(options);
    if (this.#inTraining) {
      throw new Error(
        "Cannot train: the model is already being trained; wait until that run ends, leave its loop, or build another model",
      );
    }
    this.#inTraining = true;
    const session = new Session(this.networks, complete);
    try {
      const step = this.start(session, options);
      const job = {
        trained: session.trained,
        settings: { ...this.settings, ...session.settings },
        equilibrium: this.equilibrium(),
        begin: () => void (this.batch = complete.batch ?? 1),
        beginEpoch: session.beginEpoch,
        step,
        sample: () => this.samples(options),
        end: (provenance: Provenance | undefined) => void (this.provenance = provenance ?? this.provenance),
      };
      yield* new TrainingRun(job, data as unknown as TrainingData<BatchOf<Data> & Named>, complete).run();
    } finally {
      session.dispose();
      this.#inTraining = false;
    }
  }

  #checkData(data: Data): void {
    const { expected, actual } = this.shapes(data);
    const wrong = Object.keys(expected).filter((name) => expected[name] !== actual[name]);
    if (wrong.length === 0) return;
    const listed = (shape: Shape) => wrong.map((name) => `${name} ${shape[name]}`).join(", ");
    throw new RangeError(
      `Cannot train on ${data.name}: the model expects ${listed(expected)}, the data has ${
        listed(actual)
      }; read the data in that shape, or ` +
        "build a model that fits the data",
    );
  }

  /** Writes the model into a folder, from which {@linkcode loadModel} loads it. */
  async save(folder: string): Promise<void> {
    const { kind, networks, provenance } = this;
    await saveModel(folder, { kind, settings: { ...this.settings, batch: this.batch }, networks, provenance });
  }

  /** Loads the weights that `save` wrote.
   * @throws {RangeError} if they belong to another model. */
  async load(folder: string): Promise<void> {
    const { settings, training } = await readDescription(folder);
    for (const [name, network] of Object.entries(this.networks)) await loadWeights(folder, name, network);
    this.provenance = training ?? this.provenance;
    this.batch = (settings as { batch?: number }).batch ?? 1;
  }

  /** Frees the weights and everything compiled. Idempotent. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const part of this.#owned) part.dispose();
    for (const network of Object.values(this.networks)) network.dispose();
  }
}
