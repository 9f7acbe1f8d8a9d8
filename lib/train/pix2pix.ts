/** pix2pix: image-to-image translation with conditional adversarial networks (Isola et al. 2017, arXiv:1611.07004).
 *
 * The generator is a U-Net (Sec. 3.2.1) with dropout as its noise, the discriminator judges patches (Sec. 3.2.2); one step of each in turn,
 * Adam with α 0.0002 and β₁ 0.5 (Sec. 3.3): see {@linkcode pix2pixStep}.
 *
 * Departures: batch norm keeps running averages too, for {@linkcode Pix2Pix.translate} with `batchStatistics: false`.
 * @module */
import * as tf from "@tensorflow/tfjs";
import { compile, type Compiled } from "../backend/compile.ts";
import type { PairBatch, PairData } from "../data/pairs.ts";
import { type Picture, toPictures } from "../data/picture.ts";
import type { Mode } from "../layers/options.ts";
import { patchDiscriminator } from "../models/patchgan.ts";
import { depthOf, unet } from "../models/unet.ts";
import { Adam } from "./adam.ts";
import type { TrainEvent } from "./events.ts";
import { LEARNING_RATE, Training } from "./loop.ts";
import { loadWeights, saveNetworks } from "./model_folder.ts";
import { otherWork } from "./other_work.ts";
import type { PairTrainOptions } from "./options.ts";
import { PIX2PIX, type Pix2PixSettings } from "./pix2pix_settings.ts";
import { type Pix2PixParts, pix2pixStep } from "./pix2pix_step.ts";

/** How to translate. */
export interface TranslateOptions {
  /** Dropout drops, as in training: "we apply dropout at test time" (Sec. 3.4). Default true. */
  dropout?: boolean;
  /** Batch norm uses the statistics of what it is given, as in training (Sec. 3.4), instead of the running averages. Default true. */
  batchStatistics?: boolean;
}

/** A pix2pix model, to be trained and used. */
export class Pix2Pix {
  readonly settings: Pix2PixSettings;
  readonly generator: tf.LayersModel;
  readonly discriminator: tf.LayersModel;
  /** Pictures at a time when translating with batch statistics: as many as in training, lest the statistics be others. */
  batch = 1;
  readonly #translators = new Map<string, Compiled<[tf.Tensor], tf.Tensor>>();

  constructor(settings: Partial<Pix2PixSettings> = {}) {
    const size = settings.size ?? PIX2PIX.size;
    this.settings = { ...PIX2PIX, depth: depthOf(size), ...settings };
    const { inputChannels, outputChannels, conditional, seed } = this.settings;
    this.generator = unet(this.settings);
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
    this.#checkPairs(pairs);
    this.batch = options.batch ?? 1;
    const parts = this.#parts(options.learningRate ?? LEARNING_RATE);
    const step = compile((input: tf.Tensor4D, target: tf.Tensor4D) => pix2pixStep(parts, input, target));
    try {
      yield* new Training(
        {
          trained: {
            networks: { generator: this.generator, discriminator: this.discriminator },
            optimizers: { generatorAdam: parts.generatorOptimizer, discriminatorAdam: parts.discriminatorOptimizer },
          },
          settings: { ...this.settings },
          step: ({ input, target }) => step(input, target),
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

  #parts(learningRate: number): Pix2PixParts {
    const { generator, discriminator, settings: { lambda } } = this;
    const optimizer = (network: tf.LayersModel) =>
      new Adam({ learningRate }, network.trainableWeights.map((weight) => weight.read() as tf.Variable));
    return {
      generator,
      discriminator,
      lambda,
      generatorOptimizer: optimizer(generator),
      discriminatorOptimizer: optimizer(discriminator),
    };
  }

  #checkPairs(pairs: PairData): void {
    const { size, inputChannels, outputChannels } = this.settings;
    const wanted = [size, size, inputChannels, outputChannels];
    const got = [pairs.height, pairs.width, pairs.inputChannels, pairs.targetChannels];
    if (tf.util.arraysEqual(wanted, got)) return;
    throw new RangeError(
      `Cannot train on ${pairs.name}: the model is for ${size}x${size} pictures of ${inputChannels} to ${outputChannels} channels, these are ` +
        `${got[1]}x${got[0]}, ${got[2]} to ${got[3]}; read them at the model's size, or build the model for theirs`,
    );
  }

  async #sample(samples?: PairBatch): Promise<Record<string, Picture>[] | undefined> {
    if (!samples) return undefined;
    const { input, target } = samples;
    const made = await this.translate(input);
    const [inputs, generated, targets] = [input, made, target].map(toPictures) as [Picture[], Picture[], Picture[]];
    made.dispose();
    return inputs.map((picture, i) => ({ input: picture, generated: generated[i]!, target: targets[i]! }));
  }

  /** Translates pictures.
   * @param images `[count, size, size, inputChannels]` in [-1, 1]. Not disposed.
   * @returns `[count, size, size, outputChannels]` in [-1, 1].
   * @throws {RangeError} if they are of another size than the model. */
  async translate(images: tf.Tensor4D, options: TranslateOptions = {}): Promise<tf.Tensor4D> {
    const { size, inputChannels } = this.settings;
    if (images.rank !== 4 || !tf.util.arraysEqual(images.shape.slice(1), [size, size, inputChannels])) {
      throw new RangeError(
        `Cannot translate: the model wants pictures [count, ${size}, ${size}, ${inputChannels}], got [${images.shape}]; resize them`,
      );
    }
    const { dropout = true, batchStatistics = true } = options;
    const translator = this.#translator({ dropout, batchStatistics });
    const parts: tf.Tensor4D[] = [];
    try {
      for (let i = 0; i < images.shape[0]; i += this.batch) {
        const count = Math.min(this.batch, images.shape[0] - i);
        parts.push(tf.tidy(() => translator(tf.slice(images, [i, 0, 0, 0], [count, -1, -1, -1])) as tf.Tensor4D));
        await otherWork();
      }
      return tf.concat(parts, 0);
    } finally {
      tf.dispose(parts);
    }
  }

  #translator(mode: Mode): Compiled<[tf.Tensor], tf.Tensor> {
    const key = JSON.stringify(mode);
    let translator = this.#translators.get(key);
    if (!translator) {
      translator = compile((image: tf.Tensor) => tf.tidy(() => this.generator.apply(image, { ...mode }) as tf.Tensor));
      this.#translators.set(key, translator);
    }
    return translator;
  }

  /** Writes the model into a folder, from which {@linkcode loadModel} makes it again. */
  async save(folder: string): Promise<void> {
    const { generator, discriminator } = this;
    await saveNetworks(folder, "pix2pix", { ...this.settings, batch: this.batch }, { generator, discriminator });
  }

  /** Frees the weights and what was compiled. */
  dispose(): void {
    for (const translator of this.#translators.values()) translator.dispose();
    this.generator.dispose();
    this.discriminator.dispose();
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
  try {
    await loadWeights(folder, "generator", model.generator);
    await loadWeights(folder, "discriminator", model.discriminator);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}
