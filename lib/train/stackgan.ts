/** StackGAN: pictures from a description, in two stages (Zhang et al. 2017, arXiv:1612.03242).
 *
 * Stage I sketches shapes and colours at a quarter of the side; stage II, trained when stage I is done and stays as it is (Sec. 4.1), reads the sketch and
 * the description again and makes the picture: see {@linkcode stageStep} and stackgan.ts of the models. The description is a vector: a class,
 * one-hot, or an embedded caption.
 *
 * Departures: those of the networks and of the step; the learning rate is constant, or falls linearly, where the paper halves it every 100 epochs.
 * @module */
import * as tf from "../tf.ts";
import { compile } from "../backend/compile.ts";
import { RandomStream } from "../backend/random.ts";
import type { CaptionedBatch, CaptionedData } from "../data/captioned.ts";
import { type Image, toImages } from "../data/picture.ts";
import { seedSequence } from "../models/blocks.ts";
import { type StackGanNetworks, stackGanNetworks, STAGE_SCALE } from "../models/stackgan.ts";
import { checkWeights } from "./check_weights.ts";
import { disposeNetworks } from "./dispose_networks.ts";
import type { TrainEvent } from "../events.ts";
import { stateful } from "./gan_model.ts";
import { Training } from "./loop.ts";
import { LEARNING_RATE } from "./system.ts";
import { loadWeights, saveNetworks, withWeights } from "./model_folder.ts";
import type { TrainOptions } from "./options.ts";
import { yieldToEventLoop } from "./yield_to_event_loop.ts";
import { STACKGAN, type StackGanSettings } from "./stackgan_settings.ts";
import { drawSketch, refineSketch, stagesOf } from "./stackgan_stages.ts";
import { stageStep } from "./stackgan_step.ts";

/** Options of `train`. */
export interface StackGanTrainOptions extends TrainOptions {
  /** Epochs of stage I; the rest are stage II's. Default: half of the epochs, as in the paper (600 and 600).
   * With 0 stage II refines sketches that nobody learnt to make. */
  sketchEpochs?: number;
  /** Conditions to show pictures of as the training goes, `[count, conditionSize]`: always of the same noise. Not disposed. Default: none. */
  samples?: tf.Tensor2D;
}

/** What to generate. */
export interface GenerateConditionedOptions {
  /** What describes each picture, `[count, conditionSize]`. Not disposed. */
  conditions: tf.Tensor2D;
  /** Seed of the noise: the same seed gives the same pictures. Default 0. */
  seed?: number;
}

/** Pictures in a step: "batch size 64" (Sec. 4.1). */
export const STACKGAN_BATCH = 64;
/** Pictures that are made at once. */
const AT_ONCE = 64;

/** A StackGAN, to be trained and used. */
export class StackGan {
  /** What it is made of. */
  readonly settings: StackGanSettings;
  /** The four of them, by their names in files. */
  readonly networks: StackGanNetworks;

  /** Builds the networks. */
  constructor(settings: Partial<StackGanSettings> & Pick<StackGanSettings, "conditionSize">) {
    this.settings = { ...STACKGAN, ...settings };
    checkWeights("StackGAN", { klWeight: this.settings.klWeight });
    this.networks = stackGanNetworks(this.settings);
  }

  /** Trains: `for await (const event of model.train(houses, { epochs: 60 }))`. Leaving the loop stops it.
   * @throws {RangeError} if the pictures or their conditions are not of the model's size. */
  async *train(data: CaptionedData, options: StackGanTrainOptions): AsyncGenerator<TrainEvent> {
    this.#check(data);
    const { epochs, learningRate = LEARNING_RATE, sketchEpochs = Math.floor(epochs / 2), seed = 0 } = options;
    if (!Number.isInteger(sketchEpochs) || sketchEpochs < 0 || sketchEpochs > epochs) {
      throw new RangeError(
        `Cannot train: sketchEpochs must be a whole number from 0 to ${epochs}, got ${sketchEpochs}; change it`,
      );
    }
    const random = new RandomStream(seedSequence(seed)());
    const { sketch, picture } = stagesOf(this.networks, this.settings, random, learningRate);
    const small = (images: tf.Tensor4D) => tf.avgPool(images, STAGE_SCALE, STAGE_SCALE, "valid");
    const steps = {
      sketch: compile((images: tf.Tensor, conditions: tf.Tensor) =>
        tf.tidy(() => stageStep(sketch, small(images as tf.Tensor4D), conditions as tf.Tensor2D))
      ),
      picture: compile((images: tf.Tensor, conditions: tf.Tensor) =>
        stageStep(picture, images as tf.Tensor4D, conditions as tf.Tensor2D)
      ),
    };
    let step = steps.sketch;
    const system = {
      trained: {
        networks: { ...this.networks },
        optimizers: {
          sketcherAdam: sketch.generatorOptimizer,
          sketchDiscriminatorAdam: sketch.discriminatorOptimizer,
          refinerAdam: picture.generatorOptimizer,
          discriminatorAdam: picture.discriminatorOptimizer,
        },
        others: { random: stateful(random) },
      },
      settings: { ...this.settings, sketchEpochs },
      undecided: { discriminator: Math.log(4) },
      beginEpoch: (epoch: number) => void (step = epoch < sketchEpochs ? steps.sketch : steps.picture),
      step: ({ images, conditions }: CaptionedBatch) => step(images, conditions) as Record<string, tf.Scalar>,
      sample: () => this.#sample(options.samples),
    };
    const batch = options.batch ?? STACKGAN_BATCH;
    try {
      yield* new Training(system, data, { augment: false, ...options, batch }).run();
    } finally {
      Object.values(steps).forEach((step) => step.dispose());
      Object.values(system.trained.optimizers).forEach((optimizer) => optimizer.dispose());
    }
  }

  #check({ name, height, width, channels, conditionSize }: CaptionedData): void {
    const { size, channels: wanted, conditionSize: numbers } = this.settings;
    if (height === size && width === size && channels === wanted && conditionSize === numbers) return;
    throw new RangeError(
      `Cannot train on ${name}: the model is for ${size}x${size} pictures of ${wanted} channels with ${numbers} numbers each, these are ` +
        `${width}x${height}, ${channels} and ${conditionSize}; build it for them`,
    );
  }

  /** A row for each condition. */
  async #sample(conditions?: tf.Tensor2D): Promise<Record<string, Image>[] | undefined> {
    if (!conditions) return undefined;
    const { sketches, pictures } = await this.generateBoth({ conditions });
    const [small, large] = [sketches, pictures].map(toImages) as [Image[], Image[]];
    tf.dispose([sketches, pictures]);
    return large.map((picture, i) => ({ sketch: small[i]!, generated: picture }));
  }

  /** Makes a picture for each condition. Batch norm uses its running averages, so that a picture does not depend on those beside it.
   * @returns `[count, size, size, channels]` in [-1, 1].
   * @throws {RangeError} if the conditions are of another size than the model's. */
  async generate(options: GenerateConditionedOptions): Promise<tf.Tensor4D> {
    const { sketches, pictures } = await this.generateBoth(options);
    sketches.dispose();
    return pictures;
  }

  /** As {@linkcode generate}, with the sketches that the pictures were made of: `[count, size / 4, size / 4, channels]`. */
  async generateBoth(
    { conditions, seed = 0 }: GenerateConditionedOptions,
  ): Promise<{ sketches: tf.Tensor4D; pictures: tf.Tensor4D }> {
    const { conditionSize } = this.settings;
    if (conditions.rank !== 2 || conditions.shape[0] < 1 || conditions.shape[1] !== conditionSize) {
      throw new RangeError(
        `Cannot generate: wanted conditions [count, ${conditionSize}], got [${conditions.shape}]; embed them as those of the training`,
      );
    }
    const random = new RandomStream(seed);
    const sketches: tf.Tensor4D[] = [], pictures: tf.Tensor4D[] = [];
    for (let i = 0; i < conditions.shape[0]; i += AT_ONCE) {
      const [sketch, picture] = tf.tidy(() => {
        const part = tf.slice(conditions, [i, 0], [Math.min(AT_ONCE, conditions.shape[0] - i), -1]);
        const sketch = drawSketch(this.networks, this.settings, random, part, {}).picture;
        return [sketch, refineSketch(this.networks, this.settings, random, sketch, part, {}).picture];
      });
      sketches.push(sketch!);
      pictures.push(picture!);
      await yieldToEventLoop();
    }
    const all = { sketches: tf.concat(sketches, 0), pictures: tf.concat(pictures, 0) };
    tf.dispose([...sketches, ...pictures]);
    return all;
  }

  /** Writes the model into a folder, from which {@linkcode loadModel} makes it again. */
  async save(folder: string): Promise<void> {
    await saveNetworks(folder, "stackgan", { ...this.settings }, { ...this.networks });
  }

  /** Takes the weights that `save` wrote.
   * @throws {RangeError} if they are not of such a model. */
  async load(folder: string): Promise<void> {
    for (const [name, network] of Object.entries(this.networks)) await loadWeights(folder, name, network);
  }

  /** Frees the weights. */
  dispose(): void {
    disposeNetworks({ ...this.networks });
  }
}

/** Builds a StackGAN, with the paper's settings where none are given but for the sizes: see {@linkcode STACKGAN}.
 * @throws {RangeError} if a setting does not fit. */
export function stackGan(settings: Partial<StackGanSettings> & Pick<StackGanSettings, "conditionSize">): StackGan {
  return new StackGan(settings);
}

/** Makes the model that a folder's description is of, with the folder's weights. */
export async function loadStackGan(folder: string, settings: Record<string, unknown>): Promise<StackGan> {
  return await withWeights(new StackGan(settings as unknown as StackGanSettings), folder);
}
