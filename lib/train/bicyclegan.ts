/** BicycleGAN: several different pictures for one input (Zhu et al. 2017, arXiv:1711.11586, "Toward Multimodal Image-to-Image Translation").
 *
 * pix2pix's noise, dropout, hardly changes what it makes. Here the noise is a code of eight numbers, and the training sees to it that it means something: a
 * target's own code must suffice to make it again, and the code of a generated picture must be readable from it: see {@linkcode bicycleGanStep}.
 *
 * Departures: those of the step; the code joins the input, not every layer of the generator (the paper tries both, and finds them much alike, Sec. 4).
 * @module */
import * as tf from "../tf.ts";
import { compile } from "../backend/compile.ts";
import { RandomStream } from "../backend/random.ts";
import type { PairBatch, PairData } from "../data/pairs.ts";
import { type Image, toImages } from "../data/picture.ts";
import type { Mode } from "../layers/batch_norm.ts";
import { seedSequence } from "../models/blocks.ts";
import { latentEncoder } from "../models/latent_encoder.ts";
import { patchDiscriminator } from "../models/patchgan.ts";
import { unet } from "../models/unet.ts";
import { Adam } from "../optimizers/adam.ts";
import { variablesOf } from "../optimizers/optimizer.ts";
import { type BicycleGanSettings, bicycleGanSettings } from "./bicyclegan_settings.ts";
import { type BicycleGanParts, bicycleGanStep, encode, withCode } from "./bicyclegan_step.ts";
import { checkPairs } from "./check_pairs.ts";
import { disposeNetworks } from "./dispose_networks.ts";
import type { TrainEvent } from "../events.ts";
import { stateful } from "./gan_model.ts";
import { Training } from "./loop.ts";
import { LEARNING_RATE } from "./system.ts";
import { loadWeights, saveNetworks, withWeights } from "./model_folder.ts";
import type { PairTrainOptions } from "./options.ts";
import { checkImages, Translator } from "./translator.ts";

/** How to translate. */
export interface VariedTranslateOptions {
  /** The codes, `[count, latent]`, one a picture. Not disposed. Default: drawn from the seed. */
  codes?: tf.Tensor2D;
  /** Of the codes: another seed makes another picture of the same input. Default 0. */
  seed?: number;
}

/** With batch norm each picture has its own statistics, as in a training with a batch of 1 (pix2pix, Sec. 3.4). */
const USED: Mode = { batchStatistics: true };
/** Pictures of each sample, made with as many codes. */
const SHOWN = 4;

/** A BicycleGAN, to be trained and used. */
export class BicycleGan {
  /** What it is made of. */
  readonly settings: BicycleGanSettings;
  /** The four of them, by their names in files. */
  readonly networks: Record<"generator" | "encoder" | "ownDiscriminator" | "drawnDiscriminator", tf.LayersModel>;
  readonly #translator: Translator;

  /** Builds the networks, with the paper's settings where none are given. */
  constructor(settings: Partial<BicycleGanSettings> = {}) {
    this.settings = bicycleGanSettings(settings);
    const { size, inputChannels, outputChannels, filters, depth, norm, layers, latent, seed } = this.settings;
    const nextSeed = seedSequence(seed);
    const shape = { size, filters, norm };
    const discriminator = () =>
      patchDiscriminator({
        ...shape,
        layers,
        imageChannels: outputChannels,
        conditionChannels: inputChannels,
        seed: nextSeed(),
      });
    this.networks = {
      generator: unet({ ...shape, depth, inputChannels: inputChannels + latent, outputChannels, dropout: 0, seed: nextSeed() }),
      encoder: latentEncoder({ ...shape, channels: outputChannels, latent, seed: nextSeed() }),
      ownDiscriminator: discriminator(),
      drawnDiscriminator: discriminator(),
    };
    this.#translator = new Translator(this.networks.generator, 2 ** depth);
  }

  /** Trains on pairs: `for await (const event of model.train(pairs, { epochs: 60 }))`. Leaving the loop stops it.
   * @throws {RangeError} if the pairs are of another size than the model. */
  async *train(pairs: PairData, options: PairTrainOptions): AsyncGenerator<TrainEvent> {
    checkPairs(pairs, this.settings);
    const random = new RandomStream(seedSequence(options.seed ?? 0)());
    const parts = this.#parts(options.learningRate ?? LEARNING_RATE, random);
    const step = compile((input: tf.Tensor4D, target: tf.Tensor4D) => bicycleGanStep(parts, input, target));
    try {
      yield* new Training(
        {
          trained: {
            networks: this.networks,
            optimizers: { generatorAdam: parts.generatorOptimizer, discriminatorAdam: parts.discriminatorOptimizer },
            others: { random: stateful(random) },
          },
          settings: { ...this.settings },
          undecided: { discriminator: 1 },
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

  #parts(learningRate: number, random: RandomStream): BicycleGanParts {
    const { generator, encoder, ownDiscriminator, drawnDiscriminator } = this.networks;
    const optimizer = (...networks: tf.LayersModel[]) => new Adam({ learningRate }, variablesOf(...networks));
    return {
      ...this.networks,
      generatorOptimizer: optimizer(generator, encoder),
      discriminatorOptimizer: optimizer(ownDiscriminator, drawnDiscriminator),
      random,
      settings: this.settings,
    };
  }

  /** Each input with pictures of the same few codes. */
  async #sample(samples?: PairBatch): Promise<Record<string, Image>[] | undefined> {
    if (!samples) return undefined;
    const { input, target } = samples;
    const columns: Record<string, Image[]> = { input: toImages(input) };
    for (let i = 0; i < SHOWN; i++) {
      const codes = tf.tidy(() => {
        const one = new RandomStream(i).normal([1, this.settings.latent]) as tf.Tensor2D;
        return tf.tile(one, [input.shape[0], 1]);
      });
      const made = await this.translate(input, { codes });
      columns[`code ${i + 1}`] = toImages(made);
      tf.dispose([codes, made]);
    }
    columns.target = toImages(target);
    return samples.names.map((_, row) => Object.fromEntries(Object.entries(columns).map(([name, of]) => [name, of[row]!])));
  }

  /** Translates pictures of any height and width: where the network's halvings do not divide them, they are continued as in a mirror, and the result is cut
   * back.
   * @param images `[count, height, width, inputChannels]` in [-1, 1]. Not disposed.
   * @returns `[count, height, width, outputChannels]` in [-1, 1].
   * @throws {RangeError} if they have another number of channels than the model wants, or codes do not fit. */
  async translate(images: tf.Tensor4D, { codes, seed = 0 }: VariedTranslateOptions = {}): Promise<tf.Tensor4D> {
    const { inputChannels, latent } = this.settings;
    const count = images.shape[0];
    checkImages(images, inputChannels);
    if (codes && !tf.util.arraysEqual(codes.shape, [count, latent])) {
      throw new RangeError(
        `Cannot translate: wanted codes [${count}, ${latent}], one a picture, got [${codes.shape}]; leave them out`,
      );
    }
    const given = tf.tidy(() => {
      const drawn = codes ?? new RandomStream(seed).normal([count, latent]) as tf.Tensor2D;
      return withCode(tf.cast(images, "float32"), tf.cast(drawn, "float32")); // numbers of two kinds cannot stand side by side
    });
    return await this.#translator.translate(given, USED, 1).finally(() => given.dispose());
  }

  /** The codes of pictures: what they have that their inputs do not say. With them {@linkcode translate} gives other inputs the same manner.
   * @param pictures `[count, size, size, outputChannels]` in [-1, 1]. Not disposed.
   * @returns μ, `[count, latent]`. */
  encode(pictures: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => {
      const each = tf.split(pictures, pictures.shape[0]) as tf.Tensor4D[]; // or with batch norm a code would depend on the company
      return tf.concat(each.map((picture) => encode(this.networks.encoder, picture, USED)[0]));
    });
  }

  /** Writes the model into a folder, from which {@linkcode loadModel} makes it again. */
  async save(folder: string): Promise<void> {
    await saveNetworks(folder, "bicyclegan", { ...this.settings }, this.networks);
  }

  /** Takes the weights that `save` wrote.
   * @throws {RangeError} if they are not of such a model. */
  async load(folder: string): Promise<void> {
    for (const [name, network] of Object.entries(this.networks)) await loadWeights(folder, name, network);
  }

  /** Frees the weights and what was compiled. */
  dispose(): void {
    this.#translator.dispose();
    disposeNetworks(this.networks);
  }
}

/** Builds a BicycleGAN, with the paper's settings where none are given.
 * @throws {RangeError} if a setting does not fit. */
export function bicycleGan(settings: Partial<BicycleGanSettings> = {}): BicycleGan {
  return new BicycleGan(settings);
}

/** Makes the model that a folder's description is of, with the folder's weights. */
export async function loadBicycleGan(folder: string, settings: Record<string, unknown>): Promise<BicycleGan> {
  return await withWeights(new BicycleGan(settings as Partial<BicycleGanSettings>), folder);
}
