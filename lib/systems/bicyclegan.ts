/** BicycleGAN: generates several different images for one input ("Toward Multimodal Image-to-Image Translation", Zhu et al. 2017,
 * arXiv:1711.11586).
 *
 * Dropout, the only source of noise in pix2pix, hardly changes the output. BicycleGAN instead uses a latent code of eight
 * numbers. Training gives the code a meaning: a target must be reconstructible from its own code, and the code of a generated
 * image must be recoverable from that image. See {@linkcode bicycleGanStep}.
 *
 * By default, the code is appended only to the input of the generator. With `injection: "all"`, every layer of the encoder of its
 * U-Net receives the code as well. The paper tries both and finds similar results (Sec. 4).
 *
 * Taught in: notebooks/12_more_than_one_answer.ipynb, Eq. (12.5)
 * @module */
import { RandomStream } from "../backend/random.ts";
import type { PairBatch, PairData } from "../data/datasets.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import type { Region } from "../data/preprocess.ts";
import type { Mode } from "../layers/batch_norm.ts";
import { type Norm, NORMS, seedSequence, type Upsampling, UPSAMPLINGS } from "../models/blocks.ts";
import { CODE, latentEncoder } from "../models/latent_encoder.ts";
import { MOST_LAYERS, patchDiscriminator } from "../models/patchgan.ts";
import { depthOf, unet } from "../models/unet.ts";
import { choice, defaultsOf, type Described, fromData, integer, number, seed, type Size, size } from "../settings.ts";
import type { Game } from "../plot/game.ts";
import * as tf from "../tf.ts";
import { Model, type SampleRows, type Session, type Shapes } from "../train/model.ts";
import type { PairTrainOptions } from "../train/options.ts";
import type { TileOptions, TileSink, TileSource } from "../train/tiles.ts";
import { checkImages, Translator } from "../train/translator.ts";
import { bicycleGanGame, type BicycleGanParts, bicycleGanStep, encode, withCode } from "./bicyclegan_step.ts";
import { pairShapes } from "./pix2pix.ts";
import type { System } from "./system.ts";

/** The layers of the generator that receive the latent code: only the first layer, or all layers of the U-Net's encoder. */
export type Injection = "input" | "all";

/** Settings of a BicycleGAN; {@linkcode BICYCLEGAN_FIELDS} describes them. */
export interface BicycleGanSettings {
  size: Size;
  inputChannels: number;
  outputChannels: number;
  filters: number;
  depth: number;
  norm: Norm;
  upsample: Upsampling;
  layers: number;
  latent: number;
  injection: Injection;
  lambda: number;
  latentWeight: number;
  klWeight: number;
  seed: number;
}

/** Meaning, default, unit and limits of each setting. By default, λ = 10, λ_latent = 0.5, λ_KL = 0.01 and |z| = 8
 * (Sec. 4). */
export const BICYCLEGAN_FIELDS: Described<BicycleGanSettings> = {
  size: size(256, {
    min: 16,
    help: "Image size. Height and width must be multiples of 16, and at least 32 with instance norm.",
  }),
  inputChannels: fromData(3, "Number of input channels."),
  outputChannels: fromData(3, "Number of target channels."),
  filters: integer(64, { min: 1, help: "Number of filters in the first layer of each network." }),
  depth: integer(({ size }) => depthOf(size), {
    min: 2,
    help: "Number of times the generator halves the image size. By default, the image size is halved as often as possible, up " +
      "to 8 times.",
  }),
  norm: choice("instance", NORMS, { help: "Normalization used in all networks." }),
  upsample: choice("transposed", UPSAMPLINGS, {
    help: "How the generator doubles height and width: with transposed convolutions, as in the paper, or by resizing and a " +
      "convolution, which causes no checkerboard pattern but takes longer.",
  }),
  layers: integer(3, {
    min: 0,
    max: MOST_LAYERS,
    help: "Number of stride-2 layers in each discriminator: 0 to 6 give patch sizes of 1, 16, 34, 70, 142, 286 and 574 pixels.",
  }),
  latent: integer(CODE, {
    min: 1,
    max: 256,
    help: "|z|, number of dimensions of the latent code, which selects among the possible outputs for one input.",
  }),
  injection: choice("input", ["input", "all"], {
    help: "Layers of the generator that receive the latent code: only the input, or all layers of the encoder of its U-Net.",
  }),
  lambda: number(10, { min: 0, help: "λ, weight of the L1 distance between the target and its reconstruction." }),
  latentWeight: number(0.5, {
    min: 0,
    help: "λ_latent, weight of the L1 distance between a code and the code that the encoder computes from the generated image.",
  }),
  klWeight: number(0.01, {
    min: 0,
    help:
      "λ_KL, weight of the KL divergence between the distribution of the codes and the standard normal distribution. Larger " +
      "values make the outputs for one input more similar to each other and closer to the target.",
  }),
  seed: seed(),
};

/** Default settings. */
export const BICYCLEGAN: BicycleGanSettings = defaultsOf(BICYCLEGAN_FIELDS);

/** Options of {@linkcode BicycleGan.translate}. */
export interface VariedTranslateOptions {
  /** Latent codes, `[count, latent]`, one per image. Not disposed. Default: random codes drawn with `seed`. */
  codes?: tf.Tensor2D;
  /** Seed for the codes: different seeds give different images for the same input. Default 0. */
  seed?: number;
  /** As in {@linkcode TranslateOptions}. */
  tile?: number | undefined;
}

/** Batch norm uses the statistics of each image alone, as in training with a batch size of 1 (pix2pix, Sec. 3.4). */
const USED: Mode = { batchStatistics: true };
/** Number of sample images per input, each from a different code. */
const SHOWN = 4;

/** A BicycleGAN. */
export class BicycleGan extends Model<"bicyclegan", BicycleGanSettings, PairData, PairTrainOptions> {
  override readonly networks: Record<"generator" | "encoder" | "ownDiscriminator" | "drawnDiscriminator", tf.LayersModel>;
  override readonly game: () => Game = () => bicycleGanGame(this.settings);
  readonly #translator: Translator;

  /** Builds the networks, with the paper's settings by default. */
  constructor(settings: Partial<BicycleGanSettings> = {}) {
    super("bicyclegan", BICYCLEGAN_FIELDS, settings);
    const { size, inputChannels, outputChannels, filters, depth, norm, upsample, layers, latent, injection, seed } =
      this.settings;
    const nextSeed = seedSequence(seed);
    const common = { size, filters, norm };
    const channels = { imageChannels: outputChannels, conditionChannels: inputChannels };
    const discriminator = () => patchDiscriminator({ ...common, ...channels, layers, seed: nextSeed() });
    this.networks = {
      generator: unet({
        ...common,
        ...{ depth, upsample, inputChannels: inputChannels + latent, outputChannels, dropout: 0, seed: nextSeed() },
        codeChannels: injection === "all" ? latent : 0,
      }),
      encoder: latentEncoder({ ...common, channels: outputChannels, latent, seed: nextSeed() }),
      ownDiscriminator: discriminator(),
      drawnDiscriminator: discriminator(),
    };
    this.#translator = this.owns(new Translator(this.networks.generator, 2 ** depth));
  }

  protected override shapes(data: PairData): Shapes {
    return pairShapes(this.settings, data);
  }

  protected override start(session: Session): (batch: PairBatch) => Record<string, tf.Scalar> {
    const random = session.random();
    const parts: BicycleGanParts = {
      ...this.networks,
      generatorOptimizer: session.adam("generatorAdam", ["generator", "encoder"]),
      discriminatorOptimizer: session.adam("discriminatorAdam", ["ownDiscriminator", "drawnDiscriminator"]),
      random,
      settings: this.settings,
    };
    const step = session.compile((input: tf.Tensor4D, target: tf.Tensor4D) => bicycleGanStep(parts, input, target));
    return ({ input, target }) => step(input, target);
  }

  protected override equilibrium(): Record<string, number> {
    return { discriminator: 1 };
  }

  /** One row per input, with one image per code; all rows use the same codes. */
  protected override async samples({ samples }: PairTrainOptions): Promise<SampleRows | undefined> {
    if (!samples) return undefined;
    const { input, target } = samples;
    const columns: Record<string, Image[]> = { input: toImages(input) };
    for (let i = 0; i < SHOWN; i++) {
      const codes = tf.tidy(() => {
        const code = new RandomStream(i).normal([1, this.settings.latent]) as tf.Tensor2D;
        return tf.tile(code, [input.shape[0], 1]);
      });
      const translated = await this.translate(input, { codes });
      columns[`code ${i + 1}`] = toImages(translated);
      tf.dispose([codes, translated]);
    }
    columns["target"] = toImages(target);
    return samples.names.map((_, row) =>
      Object.fromEntries(Object.entries(columns).map(([name, images]) => [name, images[row]!]))
    );
  }

  /** Translates images of any height and width. If the height or width of the images is not divisible by the generator's total
   * downsampling factor, the images are reflection-padded, and the result is cropped.
   * @param images `[count, height, width, inputChannels]` in [-1, 1]. Not disposed.
   * @returns Images `[count, height, width, outputChannels]` in [-1, 1].
   * @throws {RangeError} If the images have the wrong number of channels, or the codes have the wrong shape. */
  async translate(images: tf.Tensor4D, options: VariedTranslateOptions = {}): Promise<tf.Tensor4D> {
    const inputs = tf.tidy(() => this.#withCodes(images, options));
    return await this.#translator.translate(inputs, USED, 1, options.tile).finally(() => inputs.dispose());
  }

  /** Translates an image in tiles, so that the image need not fit in memory. All tiles use the same latent code. To translate
   * files, use {@linkcode translateFile}.
   * @param source The image, which is read one region at a time.
   * @param sink Receives the parts of the result. */
  async translateTiles(source: TileSource, sink: TileSink, options: VariedTranslateOptions & TileOptions = {}): Promise<void> {
    const read = async (region: Region) => {
      const part = await source.read(region);
      try {
        return tf.tidy(() => this.#withCodes(part, options));
      } finally {
        part.dispose();
      }
    };
    const { height, width } = source;
    await this.#translator.translateTiles({ height, width, read }, sink, USED, options);
  }

  /** Appends the latent codes to the images. */
  #withCodes(images: tf.Tensor4D, { codes, seed = 0 }: VariedTranslateOptions): tf.Tensor4D {
    const { inputChannels, latent } = this.settings;
    checkImages(images, inputChannels);
    const count = images.shape[0];
    if (codes && !tf.util.arraysEqual(codes.shape, [count, latent])) {
      throw new RangeError(
        `Cannot translate: codes must have shape [${count}, ${latent}], got [${codes.shape}]; omit codes to draw them at random`,
      );
    }
    const drawn = codes ?? new RandomStream(seed).normal([count, latent]) as tf.Tensor2D;
    return withCode(tf.cast(images, "float32"), tf.cast(drawn, "float32")); // concatenation requires equal dtypes
  }

  /** Computes the latent codes of images. If the code of an image is passed to {@linkcode translate}, the results have the
   * style of that image.
   * @param images `[count, height, width, outputChannels]` in [-1, 1]. Not disposed.
   * @returns The means μ of the codes, `[count, latent]`. */
  encode(images: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => {
      const single = tf.split(images, images.shape[0]) as tf.Tensor4D[]; // batch norm would mix the images of a batch
      return tf.concat(single.map((image) => encode(this.networks.encoder, image, USED)[0]));
    });
  }
}

/** Builds a BicycleGAN, with the paper's settings by default.
 * @throws {RangeError} If a setting is invalid. */
export function bicycleGan(settings: Partial<BicycleGanSettings> = {}): BicycleGan {
  return new BicycleGan(settings);
}

/** Registry entry for BicycleGAN. */
export const BICYCLEGAN_SYSTEM = {
  kind: "bicyclegan",
  title: "BicycleGAN",
  does: "translates one image into several different outputs (Zhu et al. 2017)",
  data: "pairs",
  uses: ["translate", "variants"],
  fields: BICYCLEGAN_FIELDS,
  training: { epochs: 60 },
  presets: { quick: { size: 64, filters: 16, epochs: 10 }, paper: { size: 256, filters: 64, epochs: 60 } },
  game: bicycleGanGame,
  build: bicycleGan,
} as const satisfies System<BicycleGanSettings, BicycleGan>;
