/** CycleGAN: image-to-image translation without pairs (Zhu et al. 2017, arXiv:1703.10593).
 *
 * Two generators, one for each direction, and two discriminators, one for each domain; translated there and back, a picture must be what it
 * was: see {@linkcode moveGenerators} for the objective (Eq. 3) and {@linkcode cycleGanStep} for the seven steps. Adam with α 0.0002 and
 * β₁ 0.5, constant for the first half of the epochs, then falling linearly to zero (Sec. 4).
 *
 * Departures: none from the authors' code; from the paper, the identity loss is on for all data.
 * @module */
import * as tf from "../tf.ts";
import { compile } from "../backend/compile.ts";
import type { UnpairedBatch, UnpairedData } from "../data/datasets.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import { buildGenerator, sizeMultiple } from "../models/generator.ts";
import { patchDiscriminator } from "../models/patchgan.ts";
import { Adam } from "../optimizers/adam.ts";
import { variablesOf } from "../optimizers/optimizer.ts";
import { type CycleGanSettings, cycleGanSettings } from "./cyclegan_settings.ts";
import { type Both, type CycleGanParts, cycleGanStep, moveGenerators, updateDiscriminators } from "./cyclegan_step.ts";
import { disposeNetworks } from "./dispose_networks.ts";
import type { TrainEvent } from "../events.ts";
import { HistoryPool } from "./history_pool.ts";
import { Training } from "./loop.ts";
import { LEARNING_RATE, type System } from "./system.ts";
import { loadWeights, saveNetworks, withWeights } from "./model_folder.ts";
import type { TrainOptions } from "./options.ts";
import { Translator } from "./translator.ts";

/** Which way: to the second domain, or back to the first. */
export type CycleDirection = "xToY" | "yToX";

/** How to translate. */
export interface CycleTranslateOptions {
  /** Default "xToY". */
  direction?: CycleDirection;
  /** Dropout drops, if the generators have any. Default false. */
  dropout?: boolean;
  /** Batch norm, if the generators have it, uses the statistics of what it is given instead of the running averages. Default true. */
  batchStatistics?: boolean;
}

/** Options of `train` on unpaired pictures. */
export interface UnpairedTrainOptions extends TrainOptions {
  /** Pictures to translate, there and back, before the training, and then as it goes: the same each time. Not disposed. Default: none. */
  samples?: UnpairedBatch;
}

/** The pools' chances are others than the data's, which begin with the same seed. */
const POOL_SEEDS = { x: 101, y: 102 };

/** A CycleGAN, to be trained and used. */
export class CycleGan {
  /** What it is made of. */
  readonly settings: CycleGanSettings;
  /** G: makes a picture of domain Y of one of domain X. */
  readonly xToY: tf.LayersModel;
  /** F: the other way. */
  readonly yToX: tf.LayersModel;
  /** D_X: judges pictures of domain X. */
  readonly discriminatorX: tf.LayersModel;
  /** D_Y: judges pictures of domain Y. */
  readonly discriminatorY: tf.LayersModel;
  /** Pictures at a time when translating: as many as in training, in case the networks have batch norm. */
  batch = 1;
  readonly #translators: Record<CycleDirection, Translator>;

  /** Builds the networks, with the paper's settings where none are given. */
  constructor(settings: Partial<CycleGanSettings> = {}) {
    this.settings = cycleGanSettings(settings);
    const { xChannels, yChannels, seed } = this.settings;
    const generator = (inputChannels: number, outputChannels: number, seed: number) =>
      buildGenerator({ ...this.settings, inputChannels, outputChannels, seed });
    const discriminator = (imageChannels: number, seed: number) =>
      patchDiscriminator({ ...this.settings, imageChannels, conditionChannels: 0, seed });
    this.xToY = generator(xChannels, yChannels, seed);
    this.yToX = generator(yChannels, xChannels, seed + 1); // with the same seed all four would start alike
    this.discriminatorX = discriminator(xChannels, seed + 2);
    this.discriminatorY = discriminator(yChannels, seed + 3);
    const translator = (network: tf.LayersModel) => new Translator(network, sizeMultiple(this.settings));
    this.#translators = { xToY: translator(this.xToY), yToX: translator(this.yToX) };
  }

  /** The four of them, by their names in files. */
  get networks(): Record<CycleDirection | "discriminatorX" | "discriminatorY", tf.LayersModel> {
    const { xToY, yToX, discriminatorX, discriminatorY } = this;
    return { xToY, yToX, discriminatorX, discriminatorY };
  }

  /** Trains on two sets of pictures, of which the first is X and the second Y. Leaving the loop stops it.
   * @throws {RangeError} if the pictures are of another size than the model. */
  async *train(data: UnpairedData, options: UnpairedTrainOptions): AsyncGenerator<TrainEvent> {
    this.#check(data);
    const { seed = 0, learningRate = LEARNING_RATE } = options;
    const { pool } = this.settings;
    const pools = { x: new HistoryPool(pool, seed, POOL_SEEDS.x), y: new HistoryPool(pool, seed, POOL_SEEDS.y) };
    const parts = this.#parts(learningRate);
    const halves = {
      generators: compile((given: Both) => moveGenerators(parts, given)),
      discriminators: compile((real: Both, fakes: Both) => updateDiscriminators(parts, real, fakes)),
    };
    const system: System<UnpairedBatch> = {
      trained: {
        networks: this.networks,
        optimizers: { generatorAdam: parts.generatorOptimizer, discriminatorAdam: parts.discriminatorOptimizer },
        others: { poolX: pools.x, poolY: pools.y },
      },
      settings: { ...this.settings },
      begin: () => void (this.batch = options.batch ?? 1),
      undecided: { discriminatorX: 0.25, discriminatorY: 0.25 },
      step: ({ a: x, b: y }) => cycleGanStep(halves, pools, { x, y }) as Record<string, tf.Scalar>,
      sample: () => this.#sample(options.samples),
    };
    try {
      yield* new Training(system, data, { decayFrom: Math.ceil(options.epochs / 2), ...options }).run();
    } finally {
      for (const used of [...Object.values(halves), ...Object.values(pools)]) used.dispose();
      for (const optimizer of [parts.generatorOptimizer, parts.discriminatorOptimizer]) optimizer.dispose();
    }
  }

  #parts(learningRate: number): CycleGanParts {
    const { xToY, yToX, discriminatorX, discriminatorY, settings: { lambda, identity } } = this;
    const optimizer = (...networks: tf.LayersModel[]) => new Adam({ learningRate }, variablesOf(...networks));
    return {
      ...this.networks,
      lambda,
      identity,
      generatorOptimizer: optimizer(xToY, yToX),
      discriminatorOptimizer: optimizer(discriminatorX, discriminatorY),
    };
  }

  #check(data: UnpairedData): void {
    const { size, xChannels, yChannels } = this.settings;
    const wanted = [size, size, xChannels, yChannels];
    const got = [data.height, data.width, data.aChannels, data.bChannels];
    if (tf.util.arraysEqual(wanted, got)) return;
    throw new RangeError(
      `Cannot train on ${data.name}: the model is for ${size}x${size} pictures of ${xChannels} and ${yChannels} channels, these are ` +
        `${got[1]}x${got[0]}, of ${got[2]} and ${got[3]}; read them at the model's size, or build the model for theirs`,
    );
  }

  /** A row for each picture: first those of X, then those of Y. */
  async #sample(samples?: UnpairedBatch): Promise<Record<string, Image>[] | undefined> {
    if (!samples) return undefined;
    return [...await this.#thereAndBack(samples.a, "xToY", "yToX"), ...await this.#thereAndBack(samples.b, "yToX", "xToY")];
  }

  async #thereAndBack(images: tf.Tensor4D, there: CycleDirection, back: CycleDirection): Promise<Record<string, Image>[]> {
    const translated = await this.translate(images, { direction: there });
    const again = await this.translate(translated, { direction: back });
    const [input, generated, reconstructed] = [images, translated, again].map(toImages) as [Image[], Image[], Image[]];
    tf.dispose([translated, again]);
    return input.map((picture, i) => ({ input: picture, generated: generated[i]!, reconstructed: reconstructed[i]! }));
  }

  /** Translates pictures of any height and width. Where the network's halvings do not divide them, they are continued as in a mirror, and the
   * result is cut back.
   * @param images `[count, height, width, channels]` in [-1, 1]. Not disposed.
   * @returns `[count, height, width, channels]` in [-1, 1].
   * @throws {RangeError} if they have another number of channels than the generator wants. */
  async translate(images: tf.Tensor4D, options: CycleTranslateOptions = {}): Promise<tf.Tensor4D> {
    const { direction = "xToY", dropout = false, batchStatistics = true } = options;
    return await this.#translators[direction].translate(images, { dropout, batchStatistics }, this.batch);
  }

  /** Writes the model into a folder, from which {@linkcode loadModel} makes it again. */
  async save(folder: string): Promise<void> {
    await saveNetworks(folder, "cyclegan", { ...this.settings, batch: this.batch }, this.networks);
  }

  /** Takes the weights that `save` wrote.
   * @throws {RangeError} if they are not of such a model. */
  async load(folder: string): Promise<void> {
    for (const [name, network] of Object.entries(this.networks)) await loadWeights(folder, name, network);
  }

  /** Frees the weights and what was compiled. */
  dispose(): void {
    for (const translator of Object.values(this.#translators)) translator.dispose();
    disposeNetworks(this.networks);
  }
}

/** Builds a CycleGAN, with the paper's settings where none are given.
 * @throws {RangeError} if a setting does not fit: a size that the generators' halvings do not divide, say. */
export function cycleGan(settings: Partial<CycleGanSettings> = {}): CycleGan {
  return new CycleGan(settings);
}

/** Makes the model that a folder's description is of, with the folder's weights. */
export async function loadCycleGan(folder: string, settings: Record<string, unknown>): Promise<CycleGan> {
  const { batch, ...rest } = settings as Partial<CycleGanSettings> & { batch?: number };
  const model = new CycleGan(rest);
  model.batch = batch ?? 1;
  return await withWeights(model, folder);
}
