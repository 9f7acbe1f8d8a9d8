/** The generative adversarial network (Goodfellow et al. 2014, arXiv:1406.2661): a generator that makes samples of noise, a discriminator
 * that tells them from real ones, and each learns from the other (Eq. 1, Algorithm 1; see {@linkcode ganStep}).
 *
 * With {@linkcode GanSettings} it is also the DCGAN (Radford et al. 2016, arXiv:1511.06434), the least squares GAN (arXiv:1611.04076), the
 * geometric GAN (hinge, arXiv:1705.02894) and the Wasserstein GAN with gradient penalty (arXiv:1704.00028).
 *
 * Departures from the first paper: Adam in place of gradient descent with momentum; those of the networks are told in mlp.ts.
 * @module */
import type * as tf from "../tf.ts";
import type { BatchOptions, PointBatch, PointData, UnlabelledBatch, UnlabelledData } from "../data/datasets.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import type { TrainEvent } from "../events.ts";
import { GanModel, type GanTrainOptions } from "./gan_model.ts";
import { withWeights } from "./model_folder.ts";
import { completed, GAN, type GanSettings } from "./gan_settings.ts";
import type { Samples } from "./gan_step.ts";

export type { UnlabelledBatch, UnlabelledData } from "../data/datasets.ts";

/** What to generate. */
export interface GenerateOptions {
  /** How many samples. Default 16. */
  count?: number;
  /** Seed of the noise: the same seed gives the same samples. Default 0. */
  seed?: number;
}

const COUNT = 16;
/** Pictures shown as a training goes, by default. */
const SHOWN = 8;

/** A GAN, to be trained and used. `T` is what it makes: pictures or points. */
export class Gan<T extends Samples = tf.Tensor4D> extends GanModel<GanSettings> {
  /** The name in `forger.json`. */
  override readonly kind = "gan";

  /** Builds the networks, with the papers' settings where none are given. */
  constructor(settings: Partial<GanSettings> = {}) {
    super(completed(GAN, settings));
  }

  /** Trains: `for await (const event of model.train(data, { epochs: 20 }))`. Leaving the loop stops it.
   * @param data pictures, or points: see `data.pointsOf`.
   * @throws {RangeError} if they are of another shape than the model's. */
  async *train(data: UnlabelledData | PointData, options: GanTrainOptions): AsyncGenerator<TrainEvent> {
    this.checkShape(data.name, "dimensions" in data ? [data.dimensions] : [data.height, data.width, data.channels]);
    const job = {
      data: data as { name: string; count: number; batches(options?: BatchOptions): AsyncIterable<UnlabelledBatch | PointBatch> },
      read: (batch: UnlabelledBatch | PointBatch) => ({ samples: "points" in batch ? batch.points : batch.images }),
      sample: () => this.#sample(options.samples ?? SHOWN),
    };
    yield* this.training(job, options);
  }

  /** One row of pictures, "1" to the last. */
  async #sample(count: number): Promise<Record<string, Image>[] | undefined> {
    if (count === 0 || this.settings.shape.length !== 3) return undefined;
    const images = await this.draw(count, this.settings.seed) as tf.Tensor4D;
    const row = Object.fromEntries(toImages(images).map((picture, i) => [`${i + 1}`, picture]));
    images.dispose();
    return [row];
  }

  /** Makes samples.
   * @returns points `[count, dimensions]`, or pictures `[count, height, width, channels]` in [-1, 1].
   * @throws {RangeError} if the count is no whole number of at least 1. */
  async generate({ count = COUNT, seed = 0 }: GenerateOptions = {}): Promise<T> {
    return await this.draw(count, seed) as T;
  }
}

/** Builds a GAN of points, with the papers' settings where none are given.
 * @throws {RangeError} if a setting does not fit. */
export function gan(settings: Partial<GanSettings> & { shape: [dimensions: number] }): Gan<tf.Tensor2D>;
/** Builds a GAN of pictures, with the papers' settings where none are given.
 * @throws {RangeError} if a setting does not fit. */
export function gan(settings?: Partial<GanSettings>): Gan;
export function gan(settings: Partial<GanSettings> = {}): Gan<Samples> {
  return new Gan<Samples>(settings);
}

/** Makes the model that a folder's description is of, with the folder's weights. */
export async function loadGan(folder: string, settings: Record<string, unknown>): Promise<Gan<Samples>> {
  return await withWeights(new Gan<Samples>(settings as Partial<GanSettings>), folder);
}
