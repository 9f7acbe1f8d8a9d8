/** pix2pix: image-to-image translation with conditional adversarial networks (Isola et al. 2017, arXiv:1611.07004).
 *
 * The generator is a U-Net (Sec. 3.2.1) with dropout as its noise, the discriminator judges patches (Sec. 3.2.2); one step of each in turn,
 * Adam with α 0.0002 and β₁ 0.5 (Sec. 3.3): see {@linkcode pix2pixStep}. What the paper compares this with is a matter of
 * {@linkcode Pix2PixSettings}.
 *
 * Departures: batch norm keeps running averages too, for {@linkcode Pix2Pix.translate} with `batchStatistics: false`. L2, instance norm
 * and the ResNet are not the paper's.
 * @module */
import type * as tf from "../tf.ts";
import { compile } from "../backend/compile.ts";
import type { PairBatch, PairData } from "../data/datasets.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import { buildGenerator, sizeMultiple } from "../models/generator.ts";
import { patchDiscriminator } from "../models/patchgan.ts";
import { Adam } from "../optimizers/adam.ts";
import { variablesOf } from "../optimizers/optimizer.ts";
import { checkPairs } from "./check_pairs.ts";
import { disposeNetworks } from "./dispose_networks.ts";
import type { TrainEvent } from "../events.ts";
import { Training } from "./loop.ts";
import { LEARNING_RATE } from "./system.ts";
import { loadWeights, saveNetworks, withWeights } from "./model_folder.ts";
import type { PairTrainOptions } from "./options.ts";
import { type Pix2PixSettings, pix2pixSettings } from "./pix2pix_settings.ts";
import { type VariantParts, variantStep } from "./pix2pix_variants.ts";
import { Translator } from "./translator.ts";

/** How to translate. */
export interface TranslateOptions {
  /** Dropout drops, as in training: "we apply dropout at test time" (Sec. 3.4). Default true. */
  dropout?: boolean;
  /** Batch norm uses the statistics of what it is given, as in training (Sec. 3.4), instead of the running averages. Default true. */
  batchStatistics?: boolean;
}

/** A pix2pix model, to be trained and used. */
export class Pix2Pix {
  /** What it is made of. */
  readonly settings: Pix2PixSettings;
  /** G. */
  readonly generator: tf.LayersModel;
  /** D. */
  readonly discriminator: tf.LayersModel;
  /** Pictures at a time when translating with batch statistics: as many as in training, lest the statistics be others. */
  batch = 1;
  readonly #translator: Translator;

  /** Builds the networks, with the paper's settings where none are given. */
  constructor(settings: Partial<Pix2PixSettings> = {}) {
    this.settings = pix2pixSettings(settings);
    const { inputChannels, outputChannels, conditional, seed } = this.settings;
    this.generator = buildGenerator(this.settings);
    this.#translator = new Translator(this.generator, sizeMultiple(this.settings));
    this.discriminator = patchDiscriminator({
      ...this.settings,
      imageChannels: outputChannels,
      conditionChannels: conditional ? inputChannels : 0,
      seed: seed + 1, // or the first layers of both would start alike
    });
  }

  /** Trains on pairs: `for await (const event of model.train(pairs, { epochs: 200 }))`. Leaving the loop stops it.
   * @throws {RangeError} if the pairs are of another size than the model. */
  async *train(pairs: PairData, options: PairTrainOptions): AsyncGenerator<TrainEvent> {
    checkPairs(pairs, this.settings);
    const parts = this.#parts(options.learningRate ?? LEARNING_RATE);
    const step = compile((input: tf.Tensor4D, target: tf.Tensor4D) => variantStep(parts, input, target));
    try {
      yield* new Training(
        {
          trained: {
            networks: { generator: this.generator, discriminator: this.discriminator },
            optimizers: { generatorAdam: parts.generatorOptimizer, discriminatorAdam: parts.discriminatorOptimizer },
          },
          settings: { ...this.settings },
          begin: () => void (this.batch = options.batch ?? 1),
          undecided: { discriminator: Math.LN2 },
          step: ({ input, target }) => step(input, target) as Record<string, tf.Scalar>,
          sample: () => this.#sample(options.samples),
        },
        pairs,
        options,
      ).run();
    } finally {
      step.dispose();
      parts.generatorOptimizer.dispose();
      parts.discriminatorOptimizer.dispose();
    }
  }

  #parts(learningRate: number): VariantParts {
    const { generator, discriminator, settings: { lambda, reconstruction, adversarial, updates } } = this;
    const optimizer = (network: tf.LayersModel) => new Adam({ learningRate }, variablesOf(network));
    return {
      generator,
      discriminator,
      lambda,
      reconstruction,
      adversarial,
      updates,
      generatorOptimizer: optimizer(generator),
      discriminatorOptimizer: optimizer(discriminator),
    };
  }

  async #sample(samples?: PairBatch): Promise<Record<string, Image>[] | undefined> {
    if (!samples) return undefined;
    const { input, target } = samples;
    const made = await this.translate(input);
    const [inputs, generated, targets] = [input, made, target].map(toImages) as [Image[], Image[], Image[]];
    made.dispose();
    return inputs.map((picture, i) => ({ input: picture, generated: generated[i]!, target: targets[i]! }));
  }

  /** Translates pictures of any height and width. Where the network's halvings do not divide them, they are continued as in a mirror, and the
   * result is cut back: with batch statistics, what was added counts too.
   * @param images `[count, height, width, inputChannels]` in [-1, 1]. Not disposed.
   * @returns `[count, height, width, outputChannels]` in [-1, 1].
   * @throws {RangeError} if they have another number of channels than the model wants. */
  async translate(images: tf.Tensor4D, options: TranslateOptions = {}): Promise<tf.Tensor4D> {
    const { dropout = true, batchStatistics = true } = options;
    return await this.#translator.translate(images, { dropout, batchStatistics }, this.batch);
  }

  /** Writes the model into a folder, from which {@linkcode loadModel} makes it again. */
  async save(folder: string): Promise<void> {
    const { generator, discriminator } = this;
    await saveNetworks(folder, "pix2pix", { ...this.settings, batch: this.batch }, { generator, discriminator });
  }

  /** Takes the weights that `save` wrote.
   * @throws {RangeError} if they are not of such a model. */
  async load(folder: string): Promise<void> {
    await loadWeights(folder, "generator", this.generator);
    await loadWeights(folder, "discriminator", this.discriminator);
  }

  /** Frees the weights and what was compiled. */
  dispose(): void {
    this.#translator.dispose();
    const { generator, discriminator } = this;
    disposeNetworks({ generator, discriminator });
  }
}

/** Builds a pix2pix model, with the paper's settings where none are given.
 * @throws {RangeError} if a setting does not fit: a size that the depth does not divide, say. */
export function pix2pix(settings: Partial<Pix2PixSettings> = {}): Pix2Pix {
  return new Pix2Pix(settings);
}

/** Makes the model that a folder's description is of, with the folder's weights. */
export async function loadPix2Pix(folder: string, settings: Record<string, unknown>): Promise<Pix2Pix> {
  const { batch, ...rest } = settings as Partial<Pix2PixSettings> & { batch?: number };
  const model = new Pix2Pix(rest);
  model.batch = batch ?? 1;
  return await withWeights(model, folder);
}
