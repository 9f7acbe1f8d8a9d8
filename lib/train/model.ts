/** The base class for the models of all systems: construction from settings, training, sampling, saving, loading and disposal. A
 * system adds its networks, its training step, and methods for using the model.
 * @module */
import { compile, type Compiled, type Structure } from "../backend/compile.ts";
import { RandomStream } from "../backend/random.ts";
import type { Image } from "../data/image_bytes.ts";
import type { TrainEvent } from "../events.ts";
import { seedSequence } from "../models/blocks.ts";
import { Adam, type AdamSettings } from "../optimizers/adam.ts";
import { type Optimizer, variablesOf } from "../optimizers/optimizer.ts";
import { completeSettings, type Described, wrongSetting } from "../settings.ts";
import type { Game } from "../plot/game.ts";
import type * as tf from "../tf.ts";
import { type Losses, TrainingRun } from "./loop.ts";
import { loadWeights, readDescription, saveModel } from "./model_folder.ts";
import { type BatchOf, LEARNING_RATE, type Named, type TrainingData, type TrainOptions } from "./options.ts";
import type { Provenance } from "./provenance.ts";
import type { Stateful, Trained } from "./state.ts";

/** Values that must be the same for the data and the model, keyed by names such as "height" and "classes". */
export type Shape = Record<string, number | string>;

/** The shape that a model expects of its data, and the actual shape of the data, with the same keys. */
export interface Shapes {
  expected: Shape;
  actual: Shape;
}

/** Rows of sample images; the images in a row are keyed by role: "input", "generated", "target". */
export type SampleRows = Record<string, Image>[];

/** Anything that owns memory. */
interface Disposable {
  dispose(): void;
}

/** The parts of one training run. Parts created by a session are freed after the run; their state is saved in checkpoints. */
export class Session {
  readonly trained: Required<Trained>;
  /** Settings, in addition to those of the model, that must be unchanged when the run resumes. */
  settings: Record<string, unknown> = {};
  /** Called with the zero-based epoch index before the first step of each epoch. */
  beginEpoch: (epoch: number) => void = () => {};
  readonly #options: TrainOptions;
  readonly #owned: Disposable[] = [];

  /** @param networks Networks, keyed by their names in checkpoints. */
  constructor(networks: Record<string, tf.LayersModel>, options: TrainOptions) {
    this.trained = { networks, optimizers: {}, others: {} };
    this.#options = options;
  }

  /** Creates an Adam optimizer for the given networks; by default, it uses the run's learning rate.
   * @param name Name of the optimizer in checkpoints. */
  adam(name: string, networks: string[], settings: Partial<AdamSettings> = {}): Optimizer {
    const learningRate = this.#options.learningRate ?? LEARNING_RATE;
    const variables = variablesOf(...networks.map((network) => this.trained.networks[network]!));
    return this.trained.optimizers[name] = this.#own(new Adam({ learningRate, ...settings }, variables));
  }

  /** Creates the random stream for the run's noise, based on the run's seed. */
  random(): RandomStream {
    const random = new RandomStream(seedSequence(this.#options.seed ?? 0)());
    this.trained.others["random"] = {
      snapshot: () => Promise.resolve({ arrays: {}, note: { position: random.position } }),
      restore: ({ note }) => void (random.position = (note as { position: number }).position),
    };
    return random;
  }

  /** Adds a stateful part to the run, such as a pool of images.
   * @param name Name of the part in checkpoints. */
  keep<T extends Stateful & Disposable>(name: string, part: T): T {
    this.trained.others[name] = part;
    return this.#own(part);
  }

  /** Compiles a function for the duration of the run. */
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
  /** Kind of system, as used in `forger.json` and on the command line. */
  readonly kind: Kind;
  /** All settings: the given ones, and defaults for the others. */
  readonly settings: Settings;
  /** Networks, keyed by name. */
  abstract readonly networks: Record<string, tf.LayersModel>;
  /** Describes what the networks pass to each other in a training step, for `plot.game`. */
  readonly game: () => Game | undefined = () => undefined;
  /** Description of what the model was trained on, if it has been trained. */
  provenance: Provenance | undefined;
  /** Batch size of the last training run. `translate` uses the same batch size, since batch statistics depend on it. */
  batch = 1;
  readonly #owned: Disposable[] = [];
  #inTraining = false;
  #disposed = false;

  /** Checks the settings.
   * @throws {RangeError} If a setting is unknown or invalid. */
  constructor(kind: Kind, fields: Described<Settings>, given: Partial<Settings>) {
    this.kind = kind;
    this.settings = completeSettings(kind, fields, given);
  }

  /** Returns the error for a setting that is incompatible with the other settings. */
  protected wrong(name: keyof Settings & string, expected: string): RangeError {
    return wrongSetting(this.kind, name, expected, this.settings[name]);
  }

  /** Registers a part that is freed together with the model. */
  protected owns<T extends Disposable>(part: T): T {
    this.#owned.push(part);
    return part;
  }

  /** Returns the shape that the model expects and the shape of the data, for comparison. */
  protected abstract shapes(data: Data): Shapes;

  /** Creates the optimizers and compiled functions for a training run.
   * @returns The training step. */
  protected abstract start(session: Session, options: Options): (batch: BatchOf<Data>) => Losses;

  /** Loss of each discriminator when it cannot tell real images from generated ones, keyed by the name of the loss. */
  protected equilibrium(): Record<string, number> {
    return {};
  }

  /** Returns the options for `train`, with missing values filled in from the system's defaults. */
  protected trainOptions(options: Options, _data: Data): TrainOptions {
    return options;
  }

  /** Generates samples that show the progress of a training run. */
  protected samples(_options: Options): Promise<SampleRows | undefined> {
    return Promise.resolve(undefined);
  }

  /** Trains the model: `for await (const event of model.train(data, { epochs: 20 }))`. Leaving the loop stops the run after the
   * current step.
   * @throws {RangeError} If the data does not fit the model, or an option is invalid.
   * @throws {Error} If the model is already being trained, or a loss is not finite. */
  async *train(data: Data, given: Options): AsyncGenerator<TrainEvent> {
    this.#checkData(data);
    // Untyped code may pass undefined, which must not override a default.
    const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as Options;
    const complete = this.trainOptions(options, data);
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
    const got = `the model expects ${listed(expected)}, the data has ${listed(actual)}`;
    const cure = "read the data in the model's shape, or build a model that fits the data";
    throw new RangeError(`Cannot train on ${data.name}: ${got}; ${cure}`);
  }

  /** Saves the model to a folder, from which {@linkcode loadModel} can load it. */
  async save(folder: string): Promise<void> {
    const { kind, networks, provenance } = this;
    await saveModel(folder, { kind, settings: { ...this.settings, batch: this.batch }, networks, provenance });
  }

  /** Loads the weights written by `save`.
   * @throws {RangeError} If the weights belong to a different model. */
  async load(folder: string): Promise<void> {
    const { settings, training } = await readDescription(folder);
    for (const [name, network] of Object.entries(this.networks)) await loadWeights(folder, name, network);
    this.provenance = training ?? this.provenance;
    this.batch = (settings as { batch?: number }).batch ?? 1;
  }

  /** Frees the weights and all compiled functions. Idempotent. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const part of this.#owned) part.dispose();
    for (const network of Object.values(this.networks)) network.dispose();
  }
}
