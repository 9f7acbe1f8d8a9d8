/** pix2pix: image-to-image translation with conditional adversarial networks (Isola et al. 2017, arXiv:1611.07004).
 *
 * The generator is a U-Net with dropout as its source of noise (Sec. 3.2.1). The discriminator classifies the patches of an image
 * (Sec. 3.2.2). For the training step and the objective, see {@linkcode pix2pixStep} (Eq. 4).
 *
 * The following settings correspond to the rows of Table 1: L1 (`adversarial: false`), GAN
 * (`conditional: false, reconstruction: "none"`), cGAN (`reconstruction: "none"`), L1+GAN (`conditional: false`), and
 * L1+cGAN, the default.
 *
 * Departures from the paper: batch norm also keeps running statistics, which `translate` uses with `batchStatistics: false`; the
 * L2 loss, instance norm and the ResNet are additions.
 *
 * Taught in: notebooks/07_pix2pix.ipynb, Eq. (7.5), and notebooks/05_from_picture_to_picture.ipynb, Eq. (5.5)
 * @module */
import type { PairBatch, PairData } from "../data/datasets.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
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
  flag,
  fromData,
  integer,
  number,
  seed,
  type Size,
  size,
} from "../settings.ts";
import type { Game } from "../plot/game.ts";
import type * as tf from "../tf.ts";
import { Model, type SampleRows, type Session, type Shapes } from "../train/model.ts";
import type { PairTrainOptions } from "../train/options.ts";
import type { TileOptions, TileSink, TileSource } from "../train/tiles.ts";
import { Translator } from "../train/translator.ts";
import { pix2pixGame, type Pix2PixLosses, type Pix2PixParts, pix2pixStep } from "./pix2pix_step.ts";
import type { System } from "./system.ts";

/** Settings of a pix2pix model; {@linkcode PIX2PIX_FIELDS} describes them. */
export interface Pix2PixSettings {
  size: Size;
  inputChannels: number;
  outputChannels: number;
  generator: GeneratorName;
  filters: number;
  depth: number;
  blocks: number;
  norm: Norm;
  layers: number;
  conditional: boolean;
  adversarial: boolean;
  reconstruction: "l1" | "l2" | "none";
  lambda: number;
  updates: "alternating" | "simultaneous";
  dropout: number;
  seed: number;
}

/** Meaning, default, unit and limits of each setting. The defaults are those of section 3.3 and appendix 6 of the paper. */
export const PIX2PIX_FIELDS: Described<Pix2PixSettings> = {
  size: size(256, {
    min: 4,
    help: "Image size. Height and width must be multiples of 4. Powers of two allow the deepest U-Net.",
  }),
  inputChannels: fromData(3, "Number of input channels."),
  outputChannels: fromData(3, "Number of target channels."),
  generator: choice("unet", GENERATORS, { help: "Architecture of the generator." }),
  filters: integer(64, {
    min: 1,
    help: "Number of filters in the first layer of each network (ngf and ndf). Halving this number reduces the " +
      "computation to about a quarter.",
  }),
  depth: integer(({ size }) => depthOf(size), {
    min: 2,
    help: "Number of times a U-Net or an encoder-decoder halves the image size. By default, the image size is halved as often " +
      "as possible, up to 8 times.",
  }),
  blocks: integer(({ size }) => blocksOf(size), {
    min: 0,
    help: "Number of residual blocks in a ResNet. By default, a ResNet has 6 blocks for sizes below 256 pixels, and 9 otherwise.",
  }),
  norm: choice("batch", NORMS, { help: "Normalization used in both networks." }),
  layers: integer(3, {
    min: 0,
    max: MOST_LAYERS,
    help: "Number of stride-2 layers in the discriminator: 0 to 6 give patch sizes of 1, 16, 34, 70, 142, 286 and 574 pixels.",
  }),
  conditional: flag(true, {
    help: "Condition the discriminator on the input: cGAN rather than GAN.",
    off: { name: "unconditional", help: "Hide the input from the discriminator: GAN rather than cGAN." },
  }),
  adversarial: flag(true, {
    help: "Train with a discriminator.",
    off: { help: "Train without a discriminator, using the reconstruction loss alone." },
  }),
  reconstruction: choice("l1", ["l1", "l2", "none"], { help: "Reconstruction loss." }),
  lambda: number(100, { min: 0, help: "λ, weight of the reconstruction loss (Eq. 4)." }),
  updates: choice("alternating", ["alternating", "simultaneous"], {
    help: "Whether the two networks are updated one after the other, the discriminator first (alternating, as in section 3.3), " +
      "or at the same time (simultaneous, which is faster, as in TensorFlow's tutorial).",
  }),
  dropout: number(0.5, {
    min: 0,
    below: 1,
    help: "Dropout rate in the first three decoder layers or, for a ResNet, in the residual blocks.",
  }),
  seed: seed(),
};

/** Default settings. */
export const PIX2PIX: Pix2PixSettings = defaultsOf(PIX2PIX_FIELDS);

/** Options of {@linkcode Pix2Pix.translate}. */
export interface TranslateOptions {
  /** Whether dropout stays on, as in training: "we apply dropout at test time" (Sec. 3.4). Default true. */
  dropout?: boolean;
  /** Whether batch norm uses the statistics of the images, as in training, rather than its running statistics (Sec. 3.4). Default
   * true. */
  batchStatistics?: boolean;
  /** Images that are taller or wider than this number of pixels are translated in tiles, which limits memory use and gives the
   * same result. Integer ≥ 16. By default, all images are translated in one piece. */
  tile?: number | undefined;
}

/** A pix2pix model. */
export class Pix2Pix extends Model<"pix2pix", Pix2PixSettings, PairData, PairTrainOptions> {
  override readonly networks: Record<"generator" | "discriminator", tf.LayersModel>;
  override readonly game: () => Game = () => pix2pixGame(this.settings);
  readonly #translator: Translator;

  /** Builds the networks, with the paper's settings by default. */
  constructor(settings: Partial<Pix2PixSettings> = {}) {
    super("pix2pix", PIX2PIX_FIELDS, settings);
    const { inputChannels, outputChannels, conditional, adversarial, reconstruction, seed } = this.settings;
    if (!adversarial && reconstruction === "none") throw this.wrong("adversarial", "true without a reconstruction loss");
    this.networks = {
      generator: buildGenerator(this.settings),
      discriminator: patchDiscriminator({
        ...this.settings,
        imageChannels: outputChannels,
        conditionChannels: conditional ? inputChannels : 0,
        seed: seed + 1, // differs from G's seed, so that their first layers do not start equal
      }),
    };
    this.#translator = this.owns(new Translator(this.networks.generator, sizeMultiple(this.settings), leastSize(this.settings)));
  }

  protected override shapes(data: PairData): Shapes {
    return pairShapes(this.settings, data);
  }

  protected override start(session: Session): (batch: PairBatch) => Pix2PixLosses & Record<string, tf.Scalar> {
    const parts: Pix2PixParts = {
      ...this.settings,
      ...this.networks,
      generatorOptimizer: session.adam("generatorAdam", ["generator"]),
      discriminatorOptimizer: session.adam("discriminatorAdam", ["discriminator"]),
    };
    const step = session.compile((input: tf.Tensor4D, target: tf.Tensor4D) => pix2pixStep(parts, input, target));
    return ({ input, target }) => step(input, target);
  }

  protected override equilibrium(): Record<string, number> {
    return { discriminator: Math.LN2 };
  }

  protected override async samples({ samples }: PairTrainOptions): Promise<SampleRows | undefined> {
    if (!samples) return undefined;
    const { input, target } = samples;
    const translated = await this.translate(input);
    const [inputs, generated, targets] = [input, translated, target].map(toImages) as [Image[], Image[], Image[]];
    translated.dispose();
    return inputs.map((image, i) => ({ input: image, generated: generated[i]!, target: targets[i]! }));
  }

  /** Translates images of any height and width. If the height or width is not divisible by the generator's total downsampling
   * factor, the images are reflection-padded and the results are cropped; batch statistics include the padding.
   * @param images `[count, height, width, inputChannels]` in [-1, 1]. Not disposed.
   * @returns Images `[count, height, width, outputChannels]` in [-1, 1].
   * @throws {RangeError} If the images have the wrong number of channels. */
  async translate(images: tf.Tensor4D, options: TranslateOptions = {}): Promise<tf.Tensor4D> {
    return await this.#translator.translate(images, modeOf(options), this.batch, options.tile);
  }

  /** Translates an image in tiles, so that the image need not fit in memory. To translate files, use {@linkcode translateFile}.
   * @param source The image, which is read one region at a time.
   * @param sink Receives the parts of the result. */
  async translateTiles(source: TileSource, sink: TileSink, options: TranslateOptions & TileOptions = {}): Promise<void> {
    await this.#translator.translateTiles(source, sink, modeOf(options), options);
  }
}

function modeOf({ dropout = true, batchStatistics = true }: TranslateOptions): Mode {
  return { dropout, batchStatistics };
}

/** Returns the shapes that a model for paired images expects, and the shapes of the data. */
export function pairShapes(
  { size, inputChannels, outputChannels }: { size: Size; inputChannels: number; outputChannels: number },
  data: PairData,
): Shapes {
  return {
    expected: { ...dimensionsOf(size), "input channels": inputChannels, "target channels": outputChannels },
    actual: {
      height: data.height,
      width: data.width,
      "input channels": data.inputChannels,
      "target channels": data.targetChannels,
    },
  };
}

/** Builds a pix2pix model, with the paper's settings by default.
 * @throws {RangeError} If a setting is invalid, for example a size that cannot be halved `depth` times. */
export function pix2pix(settings: Partial<Pix2PixSettings> = {}): Pix2Pix {
  return new Pix2Pix(settings);
}

/** Registry entry for pix2pix. */
export const PIX2PIX_SYSTEM = {
  kind: "pix2pix",
  title: "pix2pix",
  does: "translates images; trains on pairs of images (Isola et al. 2017)",
  data: "pairs",
  uses: ["translate"],
  fields: PIX2PIX_FIELDS,
  training: { epochs: 200 },
  presets: { quick: { size: 128, filters: 32, epochs: 25 }, paper: { size: 256, filters: 64, epochs: 200 } },
  game: pix2pixGame,
  build: pix2pix,
} as const satisfies System<Pix2PixSettings, Pix2Pix>;
