/** CycleGAN: image-to-image translation without paired images (Zhu et al. 2017, arXiv:1703.10593).
 *
 * CycleGAN has two generators, one for each direction, and two discriminators, one for each domain. An image that is translated
 * to the other domain and back should equal the original. For the training step, see {@linkcode cycleGanStep}; for the objective,
 * see {@linkcode moveGenerators} (Eq. 3). The learning rate is constant for the first half of the epochs and then falls linearly
 * to zero (Sec. 4).
 *
 * There are no departures from the authors' code. Unlike in the paper, the identity loss is used for all data.
 *
 * Taught in: notebooks/10_cyclegan.ipynb, Eq. (10.4)
 * @module */
import { type Image, toImages } from "../data/image_bytes.ts";
import type { UnpairedBatch, UnpairedData } from "../data/datasets.ts";
import type { Mode } from "../layers/batch_norm.ts";
import { buildGenerator, type GeneratorName, GENERATORS, leastSize, sizeMultiple } from "../models/generator.ts";
import { type Norm, NORMS } from "../models/blocks.ts";
import { MOST_LAYERS, patchDiscriminator } from "../models/patchgan.ts";
import { blocksOf } from "../models/resnet.ts";
import { depthOf } from "../models/unet.ts";
import {
  choice,
  defaultsOf,
  type Described,
  dimensionsOf,
  fromData,
  integer,
  number,
  seed,
  type Size,
  size,
} from "../settings.ts";
import type { Game } from "../plot/game.ts";
import * as tf from "../tf.ts";
import { Model, type SampleRows, type Session, type Shapes } from "../train/model.ts";
import type { TrainOptions } from "../train/options.ts";
import type { TileOptions, TileSink, TileSource } from "../train/tiles.ts";
import { Translator } from "../train/translator.ts";
import {
  type Both,
  cycleGanGame,
  type CycleGanParts,
  cycleGanStep,
  moveGenerators,
  updateDiscriminators,
} from "./cyclegan_step.ts";
import { HistoryPool, POOL_SIZE } from "./history_pool.ts";
import type { TranslateOptions } from "./pix2pix.ts";
import type { System } from "./system.ts";

/** Settings of a CycleGAN; {@linkcode CYCLEGAN_FIELDS} describes them. */
export interface CycleGanSettings {
  size: Size;
  xChannels: number;
  yChannels: number;
  generator: GeneratorName;
  filters: number;
  blocks: number;
  depth: number;
  norm: Norm;
  layers: number;
  lambda: number;
  identity: number;
  pool: number;
  dropout: number;
  seed: number;
}

/** Meaning, default, unit and limits of each setting. The defaults are from the paper (appendix 7, Sec. 4 and 5.2). In the paper,
 * the identity loss has weight 0.5λ and is used only between paintings and photographs (appendix 7.1). In the authors' code, the
 * identity loss is used for all data. */
export const CYCLEGAN_FIELDS: Described<CycleGanSettings> = {
  size: size(256, { min: 4, help: "Image size. Height and width must be multiples of 4." }),
  xChannels: fromData(3, "Number of image channels in domain X."),
  yChannels: fromData(3, "Number of image channels in domain Y."),
  generator: choice("resnet", GENERATORS, { help: "Architecture of both generators." }),
  filters: integer(64, { min: 1, help: "Number of filters in the first layer of each network." }),
  blocks: integer(({ size }) => blocksOf(size), {
    min: 0,
    help: "Number of residual blocks in a ResNet. By default, a ResNet has 6 blocks for sizes below 256 pixels, and 9 otherwise.",
  }),
  depth: integer(({ size }) => depthOf(size), {
    min: 2,
    help: "Number of times a U-Net or an encoder-decoder halves the image size. By default, the image size is halved as often " +
      "as possible, up to 8 times.",
  }),
  norm: choice("instance", NORMS, { help: "Normalization used in all networks." }),
  layers: integer(3, {
    min: 0,
    max: MOST_LAYERS,
    help: "Number of stride-2 layers in each discriminator: 0 to 6 give patch sizes of 1, 16, 34, 70, 142, 286 and 574 pixels.",
  }),
  lambda: number(10, { min: 0, help: "λ, weight of the cycle loss." }),
  identity: number(0.5, { min: 0, help: "Weight of the identity loss, as a fraction of λ; 0 for none." }),
  pool: integer(POOL_SIZE, {
    min: 0,
    unit: "images",
    help: "Capacity of each discriminator's pool of earlier generated images.",
  }),
  dropout: number(0, { min: 0, below: 1, help: "Dropout rate of the generators." }),
  seed: seed(),
};

/** Default settings. */
export const CYCLEGAN: CycleGanSettings = defaultsOf(CYCLEGAN_FIELDS);

/** Direction of a translation: from domain X to domain Y, or the reverse. */
export type CycleDirection = "xToY" | "yToX";

/** Options of {@linkcode CycleGan.translate}. Dropout is off by default. */
export interface CycleTranslateOptions extends TranslateOptions {
  /** Default "xToY". */
  direction?: CycleDirection;
}

/** Options for training on unpaired images. */
export interface UnpairedTrainOptions extends TrainOptions {
  /** Fixed images that are translated to the other domain and back, before the first step and after each epoch. Not disposed.
   * Default: none. */
  samples?: UnpairedBatch;
}

/** Additional seeds for the pools, so that their random draws differ from those of the data. */
const POOL_SEEDS = { x: 101, y: 102 };

/** A CycleGAN. */
export class CycleGan extends Model<"cyclegan", CycleGanSettings, UnpairedData, UnpairedTrainOptions> {
  /** `xToY` is the generator G: X → Y, and `yToX` is the generator F: Y → X. Each discriminator sees the images of one domain. */
  override readonly networks: Record<CycleDirection | "discriminatorX" | "discriminatorY", tf.LayersModel>;
  override readonly game: () => Game = () => cycleGanGame(this.settings);
  readonly #translators: Record<CycleDirection, Translator>;

  /** Builds the networks, with the paper's settings by default. */
  constructor(settings: Partial<CycleGanSettings> = {}) {
    super("cyclegan", CYCLEGAN_FIELDS, settings);
    const { xChannels, yChannels, identity, seed } = this.settings;
    if (identity !== 0 && xChannels !== yChannels) {
      throw this.wrong("identity", `0 for domains with different numbers of channels (${xChannels} and ${yChannels})`);
    }
    const generator = (inputChannels: number, outputChannels: number, seed: number) =>
      buildGenerator({ ...this.settings, inputChannels, outputChannels, seed });
    const discriminator = (imageChannels: number, seed: number) =>
      patchDiscriminator({ ...this.settings, imageChannels, conditionChannels: 0, seed });
    this.networks = {
      xToY: generator(xChannels, yChannels, seed),
      yToX: generator(yChannels, xChannels, seed + 1), // one seed per network, so that they do not start equal
      discriminatorX: discriminator(xChannels, seed + 2),
      discriminatorY: discriminator(yChannels, seed + 3),
    };
    const translator = (network: tf.LayersModel) =>
      this.owns(new Translator(network, sizeMultiple(this.settings), leastSize(this.settings)));
    this.#translators = { xToY: translator(this.networks.xToY), yToX: translator(this.networks.yToX) };
  }

  protected override shapes({ height, width, aChannels, bChannels }: UnpairedData): Shapes {
    const { size, xChannels, yChannels } = this.settings;
    return {
      expected: { ...dimensionsOf(size), "channels of X": xChannels, "channels of Y": yChannels },
      actual: { height, width, "channels of X": aChannels, "channels of Y": bChannels },
    };
  }

  protected override trainOptions(options: UnpairedTrainOptions): TrainOptions {
    return { decayFrom: Math.ceil(options.epochs / 2), ...options };
  }

  protected override start(
    session: Session,
    { seed = 0 }: UnpairedTrainOptions,
  ): (batch: UnpairedBatch) => Record<string, tf.Scalar> {
    const pool = (name: "x" | "y") => new HistoryPool(this.settings.pool, seed, POOL_SEEDS[name]);
    const pools = { x: session.keep("poolX", pool("x")), y: session.keep("poolY", pool("y")) };
    const parts: CycleGanParts = {
      ...this.settings,
      ...this.networks,
      generatorOptimizer: session.adam("generatorAdam", ["xToY", "yToX"]),
      discriminatorOptimizer: session.adam("discriminatorAdam", ["discriminatorX", "discriminatorY"]),
    };
    const halves = {
      generators: session.compile((images: Both) => moveGenerators(parts, images)),
      discriminators: session.compile((real: Both, fakes: Both) => updateDiscriminators(parts, real, fakes)),
    };
    return ({ a: x, b: y }) => cycleGanStep(halves, pools, { x, y });
  }

  protected override equilibrium(): Record<string, number> {
    return { discriminatorX: 0.25, discriminatorY: 0.25 };
  }

  /** One row per image: first the images of X, then those of Y. */
  protected override async samples({ samples }: UnpairedTrainOptions): Promise<SampleRows | undefined> {
    if (!samples) return undefined;
    return [...await this.#thereAndBack(samples.a, "xToY", "yToX"), ...await this.#thereAndBack(samples.b, "yToX", "xToY")];
  }

  async #thereAndBack(images: tf.Tensor4D, there: CycleDirection, back: CycleDirection): Promise<SampleRows> {
    const translated = await this.translate(images, { direction: there });
    const again = await this.translate(translated, { direction: back });
    const [input, generated, reconstructed] = [images, translated, again].map(toImages) as [Image[], Image[], Image[]];
    tf.dispose([translated, again]);
    return input.map((image, i) => ({ input: image, generated: generated[i]!, reconstructed: reconstructed[i]! }));
  }

  /** Translates images of any height and width. If the height or width of the images is not divisible by the generator's total
   * downsampling factor, the images are reflection-padded, and the result is cropped.
   * @param images `[count, height, width, channels]` in [-1, 1]. Not disposed.
   * @returns Images `[count, height, width, channels]` in [-1, 1].
   * @throws {RangeError} If the images have the wrong number of channels. */
  async translate(images: tf.Tensor4D, options: CycleTranslateOptions = {}): Promise<tf.Tensor4D> {
    const { direction = "xToY", tile } = options;
    return await this.#translators[direction].translate(images, modeOf(options), this.batch, tile);
  }

  /** Translates an image in tiles, so that the image need not fit in memory. To translate files, use {@linkcode translateFile}.
   * @param source The image, which is read one region at a time.
   * @param sink Receives the parts of the result. */
  async translateTiles(source: TileSource, sink: TileSink, options: CycleTranslateOptions & TileOptions = {}): Promise<void> {
    await this.#translators[options.direction ?? "xToY"].translateTiles(source, sink, modeOf(options), options);
  }
}

function modeOf({ dropout = false, batchStatistics = true }: CycleTranslateOptions): Mode {
  return { dropout, batchStatistics };
}

/** Builds a CycleGAN, with the paper's settings by default.
 * @throws {RangeError} If a setting is invalid, for example if the size is not divisible by the generators' total downsampling
 * factor. */
export function cycleGan(settings: Partial<CycleGanSettings> = {}): CycleGan {
  return new CycleGan(settings);
}

/** Registry entry for CycleGAN. */
export const CYCLEGAN_SYSTEM = {
  kind: "cyclegan",
  title: "CycleGAN",
  does: "translates images between two domains; trains on unpaired images (Zhu et al. 2017)",
  data: "unpaired",
  uses: ["translate", "back"],
  fields: CYCLEGAN_FIELDS,
  training: { epochs: 200 },
  options: {
    decayFrom: integer(undefined, {
      min: 0,
      unit: "epochs",
      help: "Number of epochs at the full learning rate, which then falls linearly to zero. By default, the decay begins after " +
        "half of the epochs.",
    }),
  },
  presets: { quick: { size: 64, filters: 32, epochs: 30 }, paper: { size: 256, filters: 64, epochs: 200 } },
  game: cycleGanGame,
  build: cycleGan,
} as const satisfies System<CycleGanSettings, CycleGan>;
