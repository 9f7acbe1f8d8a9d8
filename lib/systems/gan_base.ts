/** What the GAN (gan.ts) and the conditional GAN (conditional_gan.ts) have in common: networks, training and the generation of
 * samples. For the training step, see {@linkcode ganStep}.
 *
 * The settings also cover the DCGAN (arXiv:1511.06434), the least squares GAN (arXiv:1611.04076), the geometric GAN
 * (arXiv:1705.02894, the hinge loss) and the Wasserstein GAN with gradient penalty (arXiv:1704.00028).
 *
 * Departure from the papers: Adam is used instead of gradient descent with momentum. Departures in the networks are described
 * in mlp.ts and dcgan.ts.
 * @module */
import { compile, type Compiled } from "../backend/compile.ts";
import { RandomStream } from "../backend/random.ts";
import type { LabelledBatch, LabelledData, PointBatch, PointData, UnlabelledBatch, UnlabelledData } from "../data/datasets.ts";
import { toImages } from "../data/image_bytes.ts";
import { dcganDiscriminator, dcganGenerator } from "../models/dcgan.ts";
import { mlpDiscriminator, mlpGenerator } from "../models/mlp.ts";
import type { Game } from "../plot/game.ts";
import { type Described, type Size, sizeFrom } from "../settings.ts";
import * as tf from "../tf.ts";
import { Model, type SampleRows, type Session, type Shapes } from "../train/model.ts";
import type { TrainingData, TrainOptions } from "../train/options.ts";
import { yieldToEventLoop } from "../train/stop.ts";
import { checkShares } from "../train/together.ts";
import type { ConditionalGanSettings, GanSettings } from "./gan_fields.ts";
import { ganGame, type GanLosses, type GanParts, ganStep, labelsFor, noiseOf, type Samples } from "./gan_step.ts";
import type { Parts, PartsOptions } from "./parts.ts";

/** Number of samples per discriminator step: "mini-batches of size 100" (arXiv:1411.1784, Sec. 4.1). */
export const GAN_BATCH = 100;

/** Options of `train`. `batch` is the batch size of one discriminator step, {@linkcode GAN_BATCH} by default. `augment` is false
 * by default, since a mirrored digit is not a digit. For data sets of crops, `augment` is true by default, so that the positions
 * of the crops vary. */
export interface GanTrainOptions extends TrainOptions {
  /** Number of sample images, which are always generated from the same noise; for a conditional GAN, the number per class.
   * Default 8; 0 for none. */
  samples?: number;
}

/** Options for generating samples. */
export interface GenerateOptions {
  /** Number of samples. Default: the number of rows in `noise`, or 16 if `noise` is not given. */
  count?: number;
  /** Seed for the noise: the same seed gives the same samples. Default 0. */
  seed?: number;
  /** Noise z, `[count, latent]`, for example points on the line between two random vectors. Not disposed. Default: drawn with
   * `seed`. */
  noise?: tf.Tensor2D;
}

/** Samples for a step. */
export type GanBatch = UnlabelledBatch | PointBatch | LabelledBatch;
/** Data sets of samples. */
export type GanData = UnlabelledData | PointData | LabelledData;

/** Loss of a discriminator that cannot tell real samples from generated ones: its logits are 0, or ½ for the least squares
 * loss. The Wasserstein loss has no fixed value at equilibrium. */
const EQUILIBRIUM = { minimax: Math.log(4), nonSaturating: Math.log(4), leastSquares: 0.5, hinge: 2, wasserstein: undefined };

/** Number of samples generated at once. The number is lower for images with more than {@linkcode PART_PIXELS} pixels. */
const PART = 100;
const PART_PIXELS = 64 * 64;
/** Default number of sample images. */
export const SHOWN = 8;

/** Common base class of the GAN and the conditional GAN. */
export abstract class AnyGan<Kind extends string, S extends GanSettings, Data extends GanData> extends Model<
  Kind,
  S,
  Data & TrainingData<GanBatch>,
  GanTrainOptions
> {
  override readonly networks: Record<"generator" | "discriminator", tf.LayersModel> & { average?: tf.LayersModel };
  override readonly game: () => Game = () => ganGame(this.settings);
  readonly #draw: Compiled<[tf.Tensor, tf.Tensor | undefined], tf.Tensor>;

  constructor(kind: Kind, fields: Described<S>, settings: Partial<S>) {
    super(kind, fields, settings);
    const { shape, networks, diffAugment, averageDecay } = this.settings;
    if (networks === "dcgan" && shape.length !== 3) {
      throw this.wrong("shape", "[height, width, channels] for the dcgan networks");
    }
    if (diffAugment.length > 0 && shape.length !== 3) throw this.wrong("diffAugment", "an empty list for points");
    this.networks = { generator: generatorOf(this.settings), discriminator: discriminatorOf(this.settings) };
    // Built with the same seed, and therefore with the same initial weights.
    if (averageDecay > 0) this.networks.average = generatorOf(this.settings);
    const generator = this.networks.average ?? this.networks.generator;
    this.#draw = this.owns(compile((noise: tf.Tensor, classes: tf.Tensor | undefined) =>
      tf.tidy(() => {
        const labels = labelsFor(generator, classes as tf.Tensor1D | undefined);
        return generator.apply(labels ? [noise, labels] : noise) as tf.Tensor;
      })
    ));
  }

  protected override shapes(data: Data): Shapes {
    const actual = "dimensions" in data ? [data.dimensions] : [data.height, data.width, data.channels];
    return { expected: { shape: `[${this.settings.shape}]` }, actual: { shape: `[${actual}]` } };
  }

  protected override trainOptions(options: GanTrainOptions, data: Data & TrainingData<GanBatch>): TrainOptions {
    const { batch = GAN_BATCH } = options;
    checkShares(batch); // of each of D's steps
    return { augment: data.scale !== undefined, ...options, batch: batch * this.settings.discriminatorSteps };
  }

  protected override equilibrium(): Record<string, number> {
    const value = EQUILIBRIUM[this.settings.loss];
    return value === undefined ? {} : { discriminator: this.settings.halved ? value / 2 : value };
  }

  protected override start(session: Session): (batch: GanBatch) => GanLosses & Record<string, tf.Scalar> {
    const { beta1, beta2 } = this.settings;
    const random = session.random();
    const parts: GanParts = {
      ...this.networks,
      generatorOptimizer: session.adam("generatorAdam", ["generator"], { beta1, beta2 }),
      discriminatorOptimizer: session.adam("discriminatorAdam", ["discriminator"], { beta1, beta2 }),
      random,
      settings: this.settings,
    };
    const step = session.compile((samples: tf.Tensor, labels: tf.Tensor | undefined) =>
      ganStep(parts, samples as Samples, labels as tf.Tensor1D | undefined)
    );
    return (batch) => step("points" in batch ? batch.points : batch.images, this.labelsOf(batch));
  }

  /** The labels of a batch; `undefined` unless the GAN is conditional. */
  protected labelsOf(_batch: GanBatch): tf.Tensor1D | undefined {
    return undefined;
  }

  /** Generates samples in parts. Batch norm uses its running statistics, so that a sample does not depend on the others in its
   * batch. */
  protected async *parts(
    count: number,
    { seed = 0, skip = () => false, noise: given }: GenerateOptions & PartsOptions,
    labels?: number[],
  ): Parts<Samples> {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(`Cannot generate: count must be an integer ≥ 1, got ${count}; change count`);
    }
    const { latent } = this.settings;
    if (given && !tf.util.arraysEqual(given.shape, [count, latent])) {
      throw new RangeError(`Cannot generate: noise must have shape [${count}, ${latent}], got [${given.shape}]; change noise`);
    }
    const noise = given?.clone() ?? noiseOf(this.settings, new RandomStream(seed), count);
    const part = partSize(this.settings.shape);
    try {
      for (let start = 0; start < count; start += part) {
        const length = Math.min(part, count - start);
        if (skip(start, length)) continue;
        const samples = tf.tidy(() => {
          const classes = labels && tf.tensor1d(labels.slice(start, start + length), "int32");
          return this.#draw(tf.slice(noise, [start, 0], [length, -1]), classes) as Samples;
        });
        yield { start, samples };
        await yieldToEventLoop();
      }
    } finally {
      noise.dispose();
    }
  }
}

function imagesOf(shape: number[]): { size: Size; channels: number } {
  const [height, width, channels] = shape as [number, number, number];
  return { size: sizeFrom({ height, width }), channels };
}

/** Returns the number of samples to generate at once. */
function partSize(shape: readonly number[]): number {
  const [height, width] = shape.length === 3 ? shape as [number, number, number] : [1, 1];
  return Math.min(PART, Math.max(1, Math.floor(PART * PART_PIXELS / (height * width))));
}

function generatorOf(settings: GanSettings & Partial<ConditionalGanSettings>): tf.LayersModel {
  const { networks, shape, latent, hidden, classes = 0, labelUnits, seed } = settings;
  if (networks === "dcgan") return dcganGenerator({ ...settings, ...imagesOf(shape) });
  return mlpGenerator({ shape, latent, hidden, classes, ...labelUnits !== undefined && { labelUnits }, seed });
}

function discriminatorOf(settings: GanSettings & Partial<ConditionalGanSettings>): tf.LayersModel {
  const { networks, shape, loss, discriminatorHidden: hidden, classes = 0, dropout, discriminatorLabelUnits: labelUnits } =
    settings;
  const seed = settings.seed + 1; // differs from G's seed, so that their first layers do not start equal
  const norm = loss === "wasserstein" ? "none" : "batch";
  if (networks === "dcgan") return dcganDiscriminator({ ...settings, ...imagesOf(shape), norm, seed });
  return mlpDiscriminator({ shape, hidden, classes, ...labelUnits !== undefined && { labelUnits }, dropout, seed });
}

/** Splits a batch into rows of `columns` images, and disposes of the batch. */
export function imageRows(images: tf.Tensor4D, columns: number): SampleRows {
  const all = toImages(images);
  images.dispose();
  return Array.from(
    { length: all.length / columns },
    (_, row) => Object.fromEntries(all.slice(row * columns, (row + 1) * columns).map((image, i) => [`${i + 1}`, image])),
  );
}

/** Properties that the registry entries of both systems share. */
export const COMMON = {
  data: "labelled",
  training: { epochs: 20, batch: GAN_BATCH },
  presets: { quick: { filters: 16, epochs: 5 }, paper: { filters: 64, epochs: 20 } },
  commandDefaults: { networks: "dcgan" },
} as const;
