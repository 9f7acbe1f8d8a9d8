/** StackGAN: generates images from descriptions, in two stages (Zhang et al. 2017, arXiv:1612.03242).
 *
 * Stage I sketches shapes and colours at a quarter of the image's height and width; stage II generates the image from the sketch
 * and the description. Stage I is trained first, and stays fixed while stage II is trained (Sec. 4.1). See {@linkcode stageStep}
 * for the training step, and stackgan.ts in models/ for the networks. The description is a vector: a one-hot class label or a
 * caption embedding.
 *
 * Departures from the paper, in addition to those in the networks and in the training step: the learning rate is constant or
 * decays linearly, whereas the paper halves it every 100 epochs.
 *
 * Taught in: notebooks/11_two_stages.ipynb, Eq. (11.3)
 * @module */
import { RandomStream } from "../backend/random.ts";
import type { CaptionedBatch, CaptionedData } from "../data/datasets.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import type { Mode } from "../layers/batch_norm.ts";
import { LATENT } from "../models/blocks.ts";
import { type StackGanNetworks, stackGanNetworks, STAGE_SCALE } from "../models/stackgan.ts";
import { defaultsOf, type Described, fromData, integer, number, seed } from "../settings.ts";
import type { Game } from "../plot/game.ts";
import * as tf from "../tf.ts";
import { Model, type SampleRows, type Session, type Shapes } from "../train/model.ts";
import type { TrainOptions } from "../train/options.ts";
import { yieldToEventLoop } from "../train/stop.ts";
import { drawSketch, refineSketch, stackGanGame, type StackGanLosses, type Stage, stageStep } from "./stackgan_step.ts";
import { joined, type Parts, type PartsOptions } from "./parts.ts";
import type { System } from "./system.ts";

/** Settings of a StackGAN; {@linkcode STACKGAN_FIELDS} describes them. */
export interface StackGanSettings {
  size: number;
  channels: number;
  conditionSize: number;
  latent: number;
  augmented: number;
  compressed: number;
  filters: number;
  blocks: number;
  klWeight: number;
  seed: number;
}

/** Meaning, default, unit and limits of each setting. The defaults are those of sections 3 and 4.1 of the paper, except for the
 * sizes: the paper uses 256x256 images, 64x64 sketches, more filters and 4 residual blocks. */
export const STACKGAN_FIELDS: Described<StackGanSettings> = {
  size: integer(64, { min: 32, max: 1024, unit: "pixels", help: "Height and width of the images: a power of two." }),
  channels: fromData(3, "Number of image channels."),
  conditionSize: fromData(10, "Number of dimensions of a description vector."),
  latent: integer(LATENT, { min: 1, help: "Number of dimensions of the noise z." }),
  augmented: integer(128, { min: 1, help: "N_g, number of dimensions of the augmented condition ĉ." }),
  compressed: integer(128, { min: 1, help: "N_d, number of dimensions to which the discriminators compress the condition." }),
  filters: integer(64, { min: 1, help: "Number of filters in the layers at full image size." }),
  blocks: integer(2, { min: 0, help: "Number of residual blocks in stage II." }),
  klWeight: number(1, { min: 0, help: "λ, weight of the KL divergence in conditioning augmentation (Eq. 2 and 4)." }),
  seed: seed(),
};

/** Default settings. */
export const STACKGAN: StackGanSettings = defaultsOf(STACKGAN_FIELDS);

/** Number of images per step: "batch size 64" (Sec. 4.1). */
export const STACKGAN_BATCH = 64;

/** Options of `train`. */
export interface StackGanTrainOptions extends TrainOptions {
  /** Number of epochs for stage I; the remaining epochs train stage II. Default: half of the epochs, as in the paper (600 per
   * stage). With 0 epochs for stage I, stage II refines the sketches of an untrained stage I. */
  sketchEpochs?: number;
  /** Conditions for the sample images, `[count, conditionSize]`; the noise is always the same. Not disposed. Default: none. */
  samples?: tf.Tensor2D;
}

/** Options for generating images. */
export interface GenerateConditionedOptions {
  /** One condition per image, `[count, conditionSize]`. Not disposed. */
  conditions: tf.Tensor2D;
  /** Seed for the noise: the same seed gives the same images. Default 0. */
  seed?: number;
}

/** Number of images generated at once. */
const PART = 64;
/** Number of random tensors drawn for a part: ε and z for the sketch, and ε for the image. */
const DRAWS = 3;

/** A StackGAN. */
export class StackGan extends Model<"stackgan", StackGanSettings, CaptionedData, StackGanTrainOptions> {
  override readonly networks: StackGanNetworks & Record<string, tf.LayersModel>;
  override readonly game: () => Game = () => stackGanGame(this.settings);

  /** Builds the networks. */
  constructor(settings: Partial<StackGanSettings> = {}) {
    super("stackgan", STACKGAN_FIELDS, settings);
    this.networks = { ...stackGanNetworks(this.settings) };
  }

  protected override shapes({ height, width, channels, conditionSize }: CaptionedData): Shapes {
    const { size, channels: expected, conditionSize: dimensions } = this.settings;
    return {
      expected: { height: size, width: size, channels: expected, "condition size": dimensions },
      actual: { height, width, channels, "condition size": conditionSize },
    };
  }

  protected override trainOptions(options: StackGanTrainOptions, data: CaptionedData): TrainOptions {
    return { augment: data.scale !== undefined, batch: STACKGAN_BATCH, ...options };
  }

  protected override equilibrium(): Record<string, number> {
    return { discriminator: Math.log(4) };
  }

  protected override start(session: Session, options: StackGanTrainOptions): (batch: CaptionedBatch) => StackGanLosses {
    const { epochs, sketchEpochs = Math.floor(epochs / 2) } = options;
    if (!Number.isInteger(sketchEpochs) || sketchEpochs < 0 || sketchEpochs > epochs) {
      throw new RangeError(
        `Cannot train: sketchEpochs must be an integer from 0 to ${epochs}, got ${sketchEpochs}; change sketchEpochs`,
      );
    }
    const [sketch, refine] = this.#stages(session);
    const shrink = (images: tf.Tensor4D) => tf.avgPool(images, STAGE_SCALE, STAGE_SCALE, "valid");
    const stepI = session.compile((images: tf.Tensor4D, conditions: tf.Tensor2D) =>
      tf.tidy(() => stageStep(sketch, shrink(images), conditions))
    );
    const stepII = session.compile((images: tf.Tensor4D, conditions: tf.Tensor2D) => stageStep(refine, images, conditions));
    let step = stepI;
    session.settings = { sketchEpochs };
    session.beginEpoch = (epoch) => void (step = epoch < sketchEpochs ? stepI : stepII);
    return ({ images, conditions }) => step(images, conditions);
  }

  /** Creates both stages, each with its own optimizers. */
  #stages(session: Session): [sketch: Stage, refine: Stage] {
    const { networks, settings, settings: { klWeight } } = this;
    const random = session.random();
    const sketchOf = (conditions: tf.Tensor2D, mode: Mode) => drawSketch(networks, settings, random, conditions, mode);
    const sketch = {
      generate: sketchOf,
      discriminator: networks.sketchDiscriminator,
      generatorOptimizer: session.adam("sketcherAdam", ["sketcher"]),
      discriminatorOptimizer: session.adam("sketchDiscriminatorAdam", ["sketchDiscriminator"]),
      klWeight,
    };
    const refine = {
      // Stage I is fixed, and its batch norm uses running statistics, as at inference.
      generate: (conditions: tf.Tensor2D, mode: Mode) =>
        refineSketch(networks, settings, random, sketchOf(conditions, {}).image, conditions, mode),
      discriminator: networks.discriminator,
      generatorOptimizer: session.adam("refinerAdam", ["refiner"]),
      discriminatorOptimizer: session.adam("discriminatorAdam", ["discriminator"]),
      klWeight,
    };
    return [sketch, refine];
  }

  /** One row per condition. */
  protected override async samples({ samples: conditions }: StackGanTrainOptions): Promise<SampleRows | undefined> {
    if (!conditions) return undefined;
    const { sketches, images } = await this.generateBoth({ conditions });
    const [sketched, generated] = [sketches, images].map(toImages) as [Image[], Image[]];
    tf.dispose([sketches, images]);
    return generated.map((image, i) => ({ sketch: sketched[i]!, generated: image }));
  }

  /** Generates an image for each condition. Batch norm uses its running statistics, so that an image does not depend on the
   * others in its batch.
   * @returns Images `[count, size, size, channels]` in [-1, 1].
   * @throws {RangeError} If the conditions do not have the size that the model expects. */
  async generate(options: GenerateConditionedOptions): Promise<tf.Tensor4D> {
    return await joined(this.generateParts(options));
  }

  /** Like {@linkcode generate}, but yields the images in parts, which limits memory use. */
  async *generateParts(options: GenerateConditionedOptions & PartsOptions): Parts {
    for await (const { start, sketches, images } of this.#parts(options)) {
      sketches.dispose();
      yield { start, samples: images };
    }
  }

  /** Like {@linkcode generate}, but also returns the sketches: `[count, size / 4, size / 4, channels]`. */
  async generateBoth(options: GenerateConditionedOptions): Promise<{ sketches: tf.Tensor4D; images: tf.Tensor4D }> {
    const sketches: tf.Tensor4D[] = [], images: tf.Tensor4D[] = [];
    try {
      for await (const part of this.#parts(options)) {
        sketches.push(part.sketches);
        images.push(part.images);
      }
      return { sketches: tf.concat(sketches, 0), images: tf.concat(images, 0) };
    } finally {
      tf.dispose([...sketches, ...images]);
    }
  }

  async *#parts(
    { conditions, seed = 0, skip = () => false }: GenerateConditionedOptions & PartsOptions,
  ): AsyncGenerator<{ start: number; sketches: tf.Tensor4D; images: tf.Tensor4D }, void, void> {
    const { conditionSize } = this.settings;
    if (conditions.rank !== 2 || conditions.shape[0] < 1 || conditions.shape[1] !== conditionSize) {
      throw new RangeError(
        `Cannot generate: expected conditions [count, ${conditionSize}], got [${conditions.shape}]; encode them as in training`,
      );
    }
    const random = new RandomStream(seed);
    const count = conditions.shape[0];
    for (let start = 0; start < count; start += PART) {
      random.position = start / PART * DRAWS;
      const length = Math.min(PART, count - start);
      if (skip(start, length)) continue;
      const [sketches, images] = tf.tidy(() => {
        const part = tf.slice(conditions, [start, 0], [length, -1]);
        const sketch = drawSketch(this.networks, this.settings, random, part, {}).image;
        return [sketch, refineSketch(this.networks, this.settings, random, sketch, part, {}).image];
      }) as [tf.Tensor4D, tf.Tensor4D];
      yield { start, sketches, images };
      await yieldToEventLoop();
    }
  }
}

/** Builds a StackGAN, by default with the paper's settings except for the sizes: see {@linkcode STACKGAN_FIELDS}.
 * @throws {RangeError} If a setting is invalid. */
export function stackGan(settings: Partial<StackGanSettings> = {}): StackGan {
  return new StackGan(settings);
}

/** Registry entry for StackGAN. */
export const STACKGAN_SYSTEM = {
  kind: "stackgan",
  title: "StackGAN",
  does: "generates images from captions, in two stages (Zhang et al. 2017)",
  data: "captioned",
  uses: ["generate", "captions"],
  fields: STACKGAN_FIELDS,
  training: { epochs: 60, batch: STACKGAN_BATCH },
  options: {
    sketchEpochs: integer(undefined, {
      min: 0,
      unit: "epochs",
      help: "Number of epochs for stage I. By default, stage I gets half of the epochs.",
    }),
  },
  presets: { quick: { size: 32, filters: 16, epochs: 20 }, paper: { size: 256, filters: 128, blocks: 4, epochs: 1200 } },
  game: stackGanGame,
  build: stackGan,
} as const satisfies System<StackGanSettings, StackGan>;
