/** pix2pix: image-to-image translation with conditional adversarial networks (Isola et al. 2017, arXiv:1611.07004).
 *
 * The generator is a U-Net (Sec. 3.2.1) with dropout as its noise; the discriminator classifies patches (Sec. 3.2.2).
 *
 * | paper | here |
 * |---|---|
 * | x, y, G(x, z) | `input`, `target`, `fake`; z is the dropout inside G |
 * | L_cGAN(G, D), Eq. 1 | `nonSaturating` on D's logits, "rather than minimizing log(1 − D(x, G(x, z)))" (Sec. 3.3) |
 * | L_GAN(G, D), Eq. 2 | the same with a discriminator that does not see x: `conditional: false` |
 * | L_L1(G), Eq. 3 | `l1` |
 * | G* = arg min max L_cGAN(G, D) + λ L_L1(G), Eq. 4 | {@linkcode pix2pixStep} |
 *
 * The rows of Table 1 correspond to settings: L1 (`adversarial: false`), GAN (`conditional: false, reconstruction: "none"`), cGAN
 * (`reconstruction: "none"`), L1+GAN (`conditional: false`), and L1+cGAN, the default.
 *
 * Departures: batch norm also keeps running statistics, for `translate` with `batchStatistics: false`; L2, instance norm and the
 * ResNet are not in the paper.
 *
 * Taught in: notebooks/07_pix2pix.ipynb, Eq. (7.5); the variants in notebooks/05_from_picture_to_picture.ipynb, Eq. (5.5)
 * @module */
import { withoutTape } from "../backend/tape.ts";
import type { PairBatch, PairData } from "../data/datasets.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import { l1, l2 } from "../losses/distance.ts";
import { nonSaturating } from "../losses/non_saturating.ts";
import { buildGenerator, type GeneratorName, GENERATORS, sizeMultiple } from "../models/generator.ts";
import { type Norm, NORMS } from "../models/blocks.ts";
import { MOST_LAYERS, patchDiscriminator } from "../models/patchgan.ts";
import { blocksOf } from "../models/resnet.ts";
import { depthOf } from "../models/unet.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { choice, defaultsOf, type Described, flag, fromData, integer, number, seed } from "../settings.ts";
import * as tf from "../tf.ts";
import { Model, type SampleRows, type Session, type Shapes } from "../train/model.ts";
import type { PairTrainOptions } from "../train/options.ts";
import { Translator } from "../train/translator.ts";
import { discriminatorLogits, TRAINING } from "./step.ts";
import type { System } from "./system.ts";

/** Settings of a pix2pix model; {@linkcode PIX2PIX_FIELDS} describes them. */
export interface Pix2PixSettings {
  size: number;
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

/** Meaning, default, unit and limits of each setting. The defaults are those of Sec. 3.3 and appendix 6. */
export const PIX2PIX_FIELDS: Described<Pix2PixSettings> = {
  size: integer(256, {
    min: 4,
    unit: "pixels",
    help: "Height and width of the images: a multiple of 4. A power of two allows the deepest U-Net.",
  }),
  inputChannels: fromData(3, "Number of input channels."),
  outputChannels: fromData(3, "Number of target channels."),
  generator: choice("unet", GENERATORS, { help: "Architecture of the generator." }),
  filters: integer(64, {
    min: 1,
    help:
      "Number of filters in the first layer of both networks (ngf and ndf). Halving it cuts the computation to about a quarter.",
  }),
  depth: integer(({ size }) => depthOf(size), {
    min: 2,
    help: "Number of times a U-Net or an encoder-decoder halves the image size. By default, as often as possible, up to 8 times.",
  }),
  blocks: integer(({ size }) => blocksOf(size), {
    min: 0,
    help: "Number of residual blocks in a ResNet. By default, 6 for sizes below 256 pixels, and 9 otherwise.",
  }),
  norm: choice("batch", NORMS, { help: "Normalization used in both networks." }),
  layers: integer(3, {
    min: 0,
    max: MOST_LAYERS,
    help: "Number of stride-2 layers in the discriminator: 0 to 6 give patch sizes of 1, 16, 34, 70, 142, 286 and 574 pixels.",
  }),
  conditional: flag(true, {
    help: "Show the input to the discriminator, too: cGAN rather than GAN.",
    off: { name: "unconditional", help: "Hide the input from the discriminator: GAN rather than cGAN." },
  }),
  adversarial: flag(true, {
    help: "Train with a discriminator.",
    off: { help: "Train without a discriminator, using the reconstruction loss alone." },
  }),
  reconstruction: choice("l1", ["l1", "l2", "none"], { help: "Reconstruction loss." }),
  lambda: number(100, { min: 0, help: "λ, weight of the reconstruction loss (Eq. 4)." }),
  updates: choice("alternating", ["alternating", "simultaneous"], {
    help:
      "Whether the generator's step uses the discriminator as just updated (alternating, Sec. 3.3) or as it was before that " +
      "update (simultaneous: faster, as in TensorFlow's tutorial).",
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

/** Networks, optimizers and loss settings for a step. The optional settings default to the paper's. */
export interface Pix2PixParts {
  /** G. */
  generator: tf.LayersModel;
  /** D. */
  discriminator: tf.LayersModel;
  /** Updates G. */
  generatorOptimizer: Optimizer;
  /** Updates D. */
  discriminatorOptimizer: Optimizer;
  /** λ, weight of the reconstruction loss. */
  lambda: number;
  /** Reconstruction loss. Default "l1". */
  reconstruction?: Pix2PixSettings["reconstruction"];
  /** Whether to use the adversarial loss; without it, D is not updated. Default true. */
  adversarial?: boolean;
  /** Order of the updates. Default "alternating". */
  updates?: Pix2PixSettings["updates"];
}

/** Losses of a step, as scalars. */
export type Pix2PixLosses = {
  /** ½ (mean −log D(x, y) + mean −log(1 − D(x, G(x)))): ln 2 at equilibrium, 0 for a perfect D. Absent without an adversarial
   * loss. */
  discriminator?: tf.Scalar;
  /** mean −log D(x, G(x)): ln 2 at equilibrium, large for a perfect D. */
  adversarial?: tf.Scalar;
  /** mean |y − G(x)|, not yet weighted by λ; in [0, 2]. */
  l1?: tf.Scalar;
  /** mean (y − G(x))², not yet weighted by λ; in [0, 4]. */
  l2?: tf.Scalar;
};

const DISTANCES = { l1, l2 };

/** D's loss on a real pair and on a generated pair, which is treated as a constant, together with the gradients of the loss.
 * "We divide the objective by 2 while optimizing D, which slows down the rate at which D learns relative to G" (Sec. 3.3). */
export function discriminatorGradient(
  { discriminator, discriminatorOptimizer }: Pix2PixParts,
  input: tf.Tensor4D,
  target: tf.Tensor4D,
  fake: tf.Tensor4D,
): { value: tf.Scalar; grads: tf.NamedTensorMap } {
  return tf.variableGrads(() => {
    const realLogits = discriminatorLogits(discriminator, target, input);
    const fakeLogits = discriminatorLogits(discriminator, fake, input);
    return nonSaturating.discriminator(realLogits, fakeLogits, { halved: true });
  }, discriminatorOptimizer.variables);
}

/** Updates D once, on a real pair and a generated pair.
 * @returns D's loss before the update. */
export function discriminatorStep(parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D, fake: tf.Tensor4D): tf.Scalar {
  const { value, grads } = discriminatorGradient(parts, input, target, fake);
  parts.discriminatorOptimizer.apply(grads);
  tf.dispose(grads);
  return value;
}

/** One update of D, then one of G against the updated D (Sec. 3.3). Both updates use the same forward pass of G.
 * @param input x, `[batch, height, width, channels]` in [-1, 1].
 * @param target y, `[batch, height, width, channels]` in [-1, 1]. */
export function pix2pixStep(
  parts: Pix2PixParts & { adversarial?: true; reconstruction?: "l1" },
  input: tf.Tensor4D,
  target: tf.Tensor4D,
): Record<"discriminator" | "adversarial" | "l1", tf.Scalar>;
/** The same step for the paper's variants: without the adversarial loss, or with a different reconstruction loss. */
export function pix2pixStep(parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D): Pix2PixLosses;
export function pix2pixStep(parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D): Pix2PixLosses {
  const { generator, discriminator, lambda, reconstruction = "l1", adversarial = true, updates = "alternating" } = parts;
  return tf.tidy(() => {
    const losses: Pix2PixLosses = {};
    let delayed: tf.NamedTensorMap | undefined;
    const { grads } = tf.variableGrads(() => {
      const fake = generator.apply(input, { ...TRAINING }) as tf.Tensor4D;
      const terms: tf.Scalar[] = [];
      if (adversarial) {
        const { value, grads } = withoutTape(() => discriminatorGradient(parts, input, target, fake));
        losses.discriminator = tf.keep(value);
        if (updates === "alternating") parts.discriminatorOptimizer.apply(grads);
        else delayed = Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [name, tf.keep(gradient)]));
        losses.adversarial = tf.keep(nonSaturating.generator(discriminatorLogits(discriminator, fake, input)));
        terms.push(losses.adversarial);
      }
      if (reconstruction !== "none") {
        const distance = losses[reconstruction] = tf.keep(DISTANCES[reconstruction](target, fake));
        terms.push(tf.mul(distance, lambda));
      }
      return terms.reduce((sum, term) => tf.add(sum, term));
    }, parts.generatorOptimizer.variables);
    if (delayed) parts.discriminatorOptimizer.apply(delayed);
    tf.dispose(delayed ?? []);
    parts.generatorOptimizer.apply(grads);
    return losses;
  });
}

/** Options of {@linkcode Pix2Pix.translate}. */
export interface TranslateOptions {
  /** Whether dropout stays on, as in training: "we apply dropout at test time" (Sec. 3.4). Default true. */
  dropout?: boolean;
  /** Whether batch norm uses the statistics of the images themselves, as in training (Sec. 3.4), rather than its running
   * statistics. Default true. */
  batchStatistics?: boolean;
}

/** A pix2pix model. */
export class Pix2Pix extends Model<"pix2pix", Pix2PixSettings, PairData, PairTrainOptions> {
  override readonly networks: Record<"generator" | "discriminator", tf.LayersModel>;
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
        seed: seed + 1, // with G's seed, the first layers of both would start alike
      }),
    };
    this.#translator = this.owns(new Translator(this.networks.generator, sizeMultiple(this.settings)));
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

  /** Translates images of any height and width. Images whose sides are not divisible by the generator's total downsampling factor
   * are reflection-padded, and the result is cropped; batch statistics include the padding.
   * @param images `[count, height, width, inputChannels]` in [-1, 1]. Not disposed.
   * @returns `[count, height, width, outputChannels]` in [-1, 1].
   * @throws {RangeError} if the images have the wrong number of channels. */
  async translate(images: tf.Tensor4D, options: TranslateOptions = {}): Promise<tf.Tensor4D> {
    const { dropout = true, batchStatistics = true } = options;
    return await this.#translator.translate(images, { dropout, batchStatistics }, this.batch);
  }
}

/** Shapes that a paired-image model expects, and the shapes of the data. */
export function pairShapes(
  { size, inputChannels, outputChannels }: { size: number; inputChannels: number; outputChannels: number },
  data: PairData,
): Shapes {
  return {
    expected: { height: size, width: size, "input channels": inputChannels, "target channels": outputChannels },
    actual: {
      height: data.height,
      width: data.width,
      "input channels": data.inputChannels,
      "target channels": data.targetChannels,
    },
  };
}

/** Builds a pix2pix model, with the paper's settings by default.
 * @throws {RangeError} if a setting is invalid, for example a size that cannot be halved `depth` times. */
export function pix2pix(settings: Partial<Pix2PixSettings> = {}): Pix2Pix {
  return new Pix2Pix(settings);
}

/** Registry entry for pix2pix. */
export const PIX2PIX_SYSTEM = {
  kind: "pix2pix",
  title: "pix2pix",
  does: "translates images, trained on pairs of images (Isola et al. 2017)",
  data: "pairs",
  uses: ["translate"],
  fields: PIX2PIX_FIELDS,
  training: { epochs: 200 },
  presets: { quick: { size: 128, filters: 32, epochs: 25 }, paper: { size: 256, filters: 64, epochs: 200 } },
  build: pix2pix,
} as const satisfies System<Pix2PixSettings, Pix2Pix>;
