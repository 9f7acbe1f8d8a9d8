/** What the GAN and the conditional GAN share: networks, training, drawing, saving.
 * @module */
import * as tf from "../tf.ts";
import { compile, type Compiled } from "../backend/compile.ts";
import { RandomStream } from "../backend/random.ts";
import type { Image } from "../data/picture.ts";
import { seedSequence } from "../models/blocks.ts";
import { Adam } from "../optimizers/adam.ts";
import { variablesOf } from "../optimizers/optimizer.ts";
import { disposeNetworks } from "./dispose_networks.ts";
import type { TrainEvent } from "../events.ts";
import { discriminatorOf, generatorOf } from "./gan_networks.ts";
import { type GanSettings, undecidedOf } from "./gan_settings.ts";
import { type GanParts, ganStep, labelsFor, noiseOf, type Samples } from "./gan_step.ts";
import { Training } from "./loop.ts";
import { LEARNING_RATE, type Named, type TrainingData } from "./system.ts";
import { loadWeights, saveNetworks } from "./model_folder.ts";
import type { TrainOptions } from "./options.ts";
import { yieldToEventLoop } from "./yield_to_event_loop.ts";
import type { Stateful } from "./state.ts";

/** Options of `train`. The batch is of one of the discriminator's steps, {@linkcode GAN_BATCH} by default, and `augment` is false by default:
 * a digit in a mirror is none. */
export interface GanTrainOptions extends TrainOptions {
  /** Samples to show before the training, and as it goes, always of the same noise; of a conditional GAN for each class. Pictures only.
   * Default 8; 0 for none. */
  samples?: number;
}

/** Samples in a minibatch: "mini-batches of size 100" (arXiv:1411.1784, Sec. 4.1). */
export const GAN_BATCH = 100;
/** Samples that are made at once. */
const MOST_AT_ONCE = 100;

/** What to train on, and what to show. */
export interface GanJob<Batch extends Named> {
  /** Gives the batches. */
  data: TrainingData<Batch>;
  /** What is in a batch. */
  read(batch: Batch): { samples: Samples; labels?: tf.Tensor1D };
  /** Pictures made now, if pictures are made. */
  sample(): Promise<Record<string, Image>[] | undefined>;
}

/** A stream's position, kept in checkpoints. */
export function stateful(random: RandomStream): Stateful {
  return {
    keep: () => Promise.resolve({ arrays: {}, note: { position: random.position } }),
    restore: ({ note }) => void (random.position = (note as { position: number }).position),
  };
}

/** A model that plays the game of generator and discriminator. */
export abstract class GanModel<S extends GanSettings> {
  /** The name in `forger.json`. */
  abstract readonly kind: string;
  /** What it was built with; what was not given is filled in. */
  readonly settings: S;
  /** Noise, and one-hot labels if it is conditional, to samples. */
  readonly generator: tf.LayersModel;
  /** Samples, and one-hot labels if it is conditional, to logits `[batch, 1]`. */
  readonly discriminator: tf.LayersModel;
  /** The moving average of the generator's weights, if the settings ask for one: samples are made with it. */
  readonly average: tf.LayersModel | undefined;
  readonly #draw: Compiled<[tf.Tensor, tf.Tensor | undefined], tf.Tensor>;

  /** Builds the networks. */
  constructor(settings: S) {
    this.settings = settings;
    this.generator = generatorOf(settings);
    this.discriminator = discriminatorOf(settings);
    this.average = settings.averageDecay > 0 ? generatorOf(settings) : undefined; // of the same seed, so with the same weights
    const drawer = this.average ?? this.generator;
    this.#draw = compile((noise: tf.Tensor, given: tf.Tensor | undefined) =>
      tf.tidy(() => {
        const labels = labelsFor(drawer, given as tf.Tensor1D | undefined);
        return drawer.apply(labels ? [noise, labels] : noise) as tf.Tensor;
      })
    );
  }

  /** Trains, telling what happens. */
  protected async *training<Batch extends Named>(job: GanJob<Batch>, options: GanTrainOptions): AsyncGenerator<TrainEvent> {
    const { discriminatorSteps } = this.settings;
    const random = new RandomStream(seedSequence(options.seed ?? 0)());
    const parts = this.#parts(options.learningRate ?? LEARNING_RATE, random);
    const step = compile((samples: tf.Tensor, labels: tf.Tensor | undefined) =>
      ganStep(parts, samples as Samples, labels as tf.Tensor1D | undefined)
    );
    const batch = (options.batch ?? GAN_BATCH) * discriminatorSteps;
    const system = {
      trained: {
        networks: this.#networks(),
        optimizers: { generatorAdam: parts.generatorOptimizer, discriminatorAdam: parts.discriminatorOptimizer },
        others: { random: stateful(random) },
      },
      settings: this.#description(),
      undecided: undecidedOf(this.settings),
      step: (batch: Batch) => {
        const { samples, labels } = job.read(batch);
        return step(samples, labels) as Record<string, tf.Scalar>;
      },
      sample: () => job.sample(),
    };
    try {
      yield* new Training(system, job.data, { augment: false, ...options, batch }).run();
    } finally {
      step.dispose();
      parts.generatorOptimizer.dispose();
      parts.discriminatorOptimizer.dispose();
    }
  }

  #parts(learningRate: number, random: RandomStream): GanParts {
    const { generator, discriminator, average, settings } = this;
    const { beta1, beta2 } = settings;
    const optimizer = (network: tf.LayersModel) => new Adam({ learningRate, beta1, beta2 }, variablesOf(network));
    const [generatorOptimizer, discriminatorOptimizer] = [optimizer(generator), optimizer(discriminator)];
    return { generator, discriminator, average, generatorOptimizer, discriminatorOptimizer, random, settings };
  }

  #description(): Record<string, unknown> {
    return { ...this.settings as GanSettings };
  }

  #networks(): Record<string, tf.LayersModel> {
    const { generator, discriminator, average } = this;
    return { generator, discriminator, ...average && { average } };
  }

  /** Throws unless the data has samples of the model's shape. */
  protected checkShape(name: string, shape: number[]): void {
    if (tf.util.arraysEqual(shape, this.settings.shape)) return;
    throw new RangeError(
      `Cannot train on ${name}: the model is for samples [${this.settings.shape}], these are [${shape}]; build the model for their shape`,
    );
  }

  /** Makes samples. Batch norm uses its running averages, so that a sample does not depend on those beside it.
   * @param labels one a sample, for conditional networks. */
  protected async draw(count: number, seed: number, labels?: number[]): Promise<Samples> {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(`Cannot generate: count must be a whole number of at least 1, got ${count}; ask for 1 or more`);
    }
    const noise = noiseOf(this.settings, new RandomStream(seed), count);
    const made: tf.Tensor[] = [];
    try {
      for (let i = 0; i < count; i += MOST_AT_ONCE) {
        const size = Math.min(MOST_AT_ONCE, count - i);
        made.push(tf.tidy(() => {
          const part = labels && tf.tensor1d(labels.slice(i, i + size), "int32");
          return this.#draw(tf.slice(noise, [i, 0], [size, -1]), part);
        }));
        await yieldToEventLoop();
      }
      return tf.concat(made, 0) as Samples;
    } finally {
      tf.dispose([noise, ...made]);
    }
  }

  /** Writes the model into a folder, from which {@linkcode loadModel} makes it again. */
  async save(folder: string): Promise<void> {
    await saveNetworks(folder, this.kind, this.#description(), this.#networks());
  }

  /** Takes the weights that `save` wrote.
   * @throws {RangeError} if they are not of such a model. */
  async load(folder: string): Promise<void> {
    for (const [name, network] of Object.entries(this.#networks())) await loadWeights(folder, name, network);
  }

  /** Frees the weights and what was compiled. */
  dispose(): void {
    this.#draw.dispose();
    disposeNetworks(this.#networks());
  }
}
