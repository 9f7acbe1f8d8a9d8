/** The generative adversarial network (Goodfellow et al. 2014, arXiv:1406.2661): a generator maps noise to samples, a
 * discriminator learns to tell these from real samples, and each learns from the other (Eq. 1, Algorithm 1; see
 * {@linkcode ganStep}). In the conditional GAN (Mirza and Osindero 2014, arXiv:1411.1784), both networks also receive the class,
 * so that the generator can be asked for samples of a given class (Eq. 2, Fig. 1):
 *
 *     min_G max_D V(D, G) = E[log D(x|y)] + E[log(1 − D(G(z|y)))]                    (2)
 *
 * The settings also cover the DCGAN (Radford et al. 2016, arXiv:1511.06434), the least squares GAN (arXiv:1611.04076), the
 * geometric GAN (hinge, arXiv:1705.02894) and the Wasserstein GAN with gradient penalty (arXiv:1704.00028).
 *
 * Departures: Adam is used instead of gradient descent with momentum; for departures in the networks, see mlp.ts and dcgan.ts.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.2); the conditional GAN in notebooks/03_asking_for_a_seven.ipynb, Eq. (3.1)
 * @module */
import { compile, type Compiled } from "../backend/compile.ts";
import { RandomStream } from "../backend/random.ts";
import type { LabelledBatch, LabelledData, PointBatch, PointData, UnlabelledBatch, UnlabelledData } from "../data/datasets.ts";
import { toImages } from "../data/image_bytes.ts";
import { gradientPenaltyWeight } from "../losses/gradient_penalty.ts";
import { LATENT } from "../models/blocks.ts";
import { dcganDiscriminator, dcganGenerator } from "../models/dcgan.ts";
import { mlpDiscriminator, mlpGenerator } from "../models/mlp.ts";
import { choice, defaultsOf, type Described, flag, fromData, integer, list, number, seed } from "../settings.ts";
import * as tf from "../tf.ts";
import { Model, type SampleRows, type Session, type Shapes } from "../train/model.ts";
import type { TrainingData, TrainOptions } from "../train/options.ts";
import { inParts } from "../train/translator.ts";
import { DIFF_AUGMENTATIONS, type DiffAugmentation } from "./diff_augment.ts";
import {
  GAN_LOSSES,
  type GanLoss,
  type GanLosses,
  type GanParts,
  ganStep,
  type GanStepSettings,
  labelsFor,
  noiseOf,
  type Samples,
} from "./gan_step.ts";
import type { System } from "./system.ts";

/** Settings of a GAN; {@linkcode GAN_FIELDS} describes them. */
export interface GanSettings extends GanStepSettings {
  shape: number[];
  networks: "mlp" | "dcgan";
  hidden: number[];
  discriminatorHidden: number[];
  dropout: number;
  filters: number;
  beta1: number;
  beta2: number;
  seed: number;
}

/** Settings of a conditional GAN; {@linkcode CONDITIONAL_GAN_FIELDS} describes them. */
export interface ConditionalGanSettings extends GanSettings {
  classes: number;
  labelUnits: number;
  discriminatorLabelUnits: number;
}

const units = integer(1200, { min: 1, help: "Number of units in a layer." });
const augmentation = choice("color", DIFF_AUGMENTATIONS, { help: "One augmentation." });

/** Meaning, default, unit and limits of each setting. The defaults are k = 1 and the non-saturating loss of arXiv:1406.2661
 * (Sec. 3 and 4), the shape of MNIST images, and Adam as in arXiv:1511.06434 (Sec. 4). With the Wasserstein loss, they are
 * those of arXiv:1704.00028, Algorithm 1, except for the learning rate of 0.0001, which must be passed to `train`. */
export const GAN_FIELDS: Described<GanSettings> = {
  shape: fromData([28, 28, 1], "Shape of a sample: [dimensions] for a point, [height, width, channels] for an image."),
  networks: choice("mlp", ["mlp", "dcgan"], {
    help: "Architecture: convolutional, for square images (dcgan, arXiv:1511.06434), or fully connected (mlp, arXiv:1406.2661).",
  }),
  hidden: list([1200, 1200], units, {
    of: "integers ≥ 1",
    help: "Number of units in each hidden layer of the generator, for mlp.",
  }),
  discriminatorHidden: list([1200, 1200], units, {
    of: "integers ≥ 1",
    help: "Number of units in each hidden layer of the discriminator, for mlp.",
  }),
  // New points are drawn in each epoch, so they cannot be memorized, and a small discriminator needs all its units.
  dropout: number(({ shape }) => shape.length === 1 ? 0 : 0.5, {
    min: 0,
    below: 1,
    help: "Dropout rate of the discriminator, for mlp. By default, 0 for points and 0.5 for images.",
  }),
  filters: integer(64, { min: 1, help: "Number of filters in the layers next to the image, for dcgan." }),
  latent: integer(LATENT, { min: 1, help: "Number of dimensions of the noise z." }),
  noise: choice("uniform", ["uniform", "normal"], { help: "Distribution of the noise: uniform in [-1, 1), or standard normal." }),
  loss: choice("nonSaturating", Object.keys(GAN_LOSSES) as GanLoss[], { help: "Adversarial loss for both networks." }),
  discriminatorSteps: integer(({ loss }) => loss === "wasserstein" ? 5 : 1, {
    min: 1,
    help: "k, number of discriminator steps per generator step. By default, 5 for the wasserstein loss and 1 otherwise.",
  }),
  halved: flag(false, {
    help: "Halve the discriminator's loss: J(D) = -V(D, G) / 2 (arXiv:1701.00160, Sec. 3.2.1). With Adam this makes no " +
      "difference, unless a gradient penalty, which is not halved, is added.",
  }),
  labelSmoothing: number(0, {
    min: 0,
    below: 1,
    help: "Amount by which the discriminator's target for real samples is below 1 (arXiv:1606.03498, Sec. 3.4); 0 for none.",
  }),
  penaltyWeight: number(gradientPenaltyWeight, {
    min: 0,
    help: "λ, weight of the gradient penalty (arXiv:1704.00028, Eq. 3), for wasserstein.",
  }),
  diffAugment: list<DiffAugmentation, readonly DiffAugmentation[], GanSettings>([], augmentation, {
    of: DIFF_AUGMENTATIONS.join(", "),
    help: "Random augmentations of all images that the discriminator sees, for small data sets (arXiv:2006.10738).",
  }),
  clipNorm: number(0, {
    min: 0,
    help: "Maximum gradient norm per network; gradients with a larger norm are scaled down to it. 0 for no limit.",
  }),
  averageDecay: number(0, {
    min: 0,
    below: 1,
    help: "Decay rate of a moving average of the generator's weights, for example 0.999; samples are then generated with the " +
      "averaged weights. 0 for no average.",
  }),
  beta1: number(({ loss }) => loss === "wasserstein" ? 0 : 0.5, {
    min: 0,
    below: 1,
    help: "β₁ of Adam. By default, 0 for the wasserstein loss and 0.5 otherwise.",
  }),
  beta2: number(({ loss }) => loss === "wasserstein" ? 0.9 : 0.999, {
    min: 0,
    below: 1,
    help: "β₂ of Adam. By default, 0.9 for the wasserstein loss and 0.999 otherwise.",
  }),
  seed: seed(),
};

/** The fields of the conditional GAN. In Sec. 4.1 of arXiv:1411.1784, the generator's hidden layers have 200 units for z,
 * 1000 for y, and 1200 for both together; the discriminator's have 240 maxout units for x, 50 for y, and 240 for both together.
 * mlp.ts replaces the maxout units. */
export const CONDITIONAL_GAN_FIELDS: Described<ConditionalGanSettings> = {
  ...GAN_FIELDS,
  hidden: { ...GAN_FIELDS.hidden, default: [200, 1200] },
  discriminatorHidden: { ...GAN_FIELDS.discriminatorHidden, default: [1200, 960] },
  classes: fromData(10, "Number of classes."),
  labelUnits: integer(1000, { min: 1, help: "Number of units in the generator's hidden layer for labels, for mlp." }),
  discriminatorLabelUnits: integer(250, {
    min: 1,
    help: "Number of units in the discriminator's hidden layer for labels, for mlp.",
  }),
};

/** Default settings. */
export const GAN: GanSettings = defaultsOf(GAN_FIELDS);
/** Default settings of the conditional GAN. */
export const CONDITIONAL_GAN: ConditionalGanSettings = defaultsOf(CONDITIONAL_GAN_FIELDS);

/** Number of samples per discriminator step: "mini-batches of size 100" (arXiv:1411.1784, Sec. 4.1). */
export const GAN_BATCH = 100;

/** Options of `train`. `batch` is the batch size of one discriminator step, {@linkcode GAN_BATCH} by default; `augment` is
 * false by default, since a mirrored digit is not a digit. */
export interface GanTrainOptions extends TrainOptions {
  /** Number of sample images, always from the same noise; for a conditional GAN, the number per class. Default 8; 0 for none. */
  samples?: number;
}

/** Options for generating samples. */
export interface GenerateOptions {
  /** Number of samples. Default 16. */
  count?: number;
  /** Seed for the noise: the same seed gives the same samples. Default 0. */
  seed?: number;
}

/** Options for generating samples by class; by default, one sample per class. */
export interface GenerateLabelledOptions extends GenerateOptions {
  /** Zero-based class index of each sample: `[7, 7, 7]` for three sevens. Default: each class in turn. */
  labels?: number[];
}

type GanBatch = UnlabelledBatch | PointBatch | LabelledBatch;
type GanData = UnlabelledData | PointData | LabelledData;

/** Loss of a discriminator that cannot tell real from generated samples: its logits are 0, or ½ for least squares. A
 * Wasserstein critic has no such value. */
const EQUILIBRIUM = { minimax: Math.log(4), nonSaturating: Math.log(4), leastSquares: 0.5, hinge: 2, wasserstein: undefined };

/** Number of samples generated at once. */
const PART = 100;
/** Default number of sample images. */
const SHOWN = 8;

/** Common base class of the GAN and the conditional GAN. */
abstract class AnyGan<Kind extends string, S extends GanSettings, Data extends GanData> extends Model<
  Kind,
  S,
  Data & TrainingData<GanBatch>,
  GanTrainOptions
> {
  override readonly networks: Record<"generator" | "discriminator", tf.LayersModel> & { average?: tf.LayersModel };
  readonly #draw: Compiled<[tf.Tensor, tf.Tensor | undefined], tf.Tensor>;

  constructor(kind: Kind, fields: Described<S>, settings: Partial<S>) {
    super(kind, fields, settings);
    const { shape, networks, diffAugment, averageDecay } = this.settings;
    if (networks === "dcgan" && (shape.length !== 3 || shape[0] !== shape[1])) {
      throw this.wrong("shape", "[size, size, channels] for the dcgan networks");
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

  protected override trainOptions(options: GanTrainOptions): TrainOptions {
    const { batch = GAN_BATCH } = options;
    return { augment: false, ...options, batch: batch * this.settings.discriminatorSteps };
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

  /** Generates samples. Batch norm uses its running statistics, so that a sample does not depend on the others in its batch. */
  protected async draw(count: number, seed: number, labels?: number[]): Promise<Samples> {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(`Cannot generate: count must be an integer ≥ 1, got ${count}; change count`);
    }
    const noise = noiseOf(this.settings, new RandomStream(seed), count);
    return await inParts(count, PART, (start, length) => {
      const classes = labels && tf.tensor1d(labels.slice(start, start + length), "int32");
      return this.#draw(tf.slice(noise, [start, 0], [length, -1]), classes);
    }).finally(() => noise.dispose()) as Samples;
  }
}

function generatorOf(settings: GanSettings & Partial<ConditionalGanSettings>): tf.LayersModel {
  const { networks, shape, latent, hidden, classes = 0, labelUnits, seed } = settings;
  if (networks === "dcgan") return dcganGenerator({ ...settings, size: shape[0]!, channels: shape[2]! });
  return mlpGenerator({ shape, latent, hidden, classes, ...labelUnits !== undefined && { labelUnits }, seed });
}

function discriminatorOf(settings: GanSettings & Partial<ConditionalGanSettings>): tf.LayersModel {
  const { networks, shape, loss, discriminatorHidden: hidden, classes = 0, dropout, discriminatorLabelUnits: labelUnits } =
    settings;
  const seed = settings.seed + 1; // with G's seed, the first layers of both would start alike
  const norm = loss === "wasserstein" ? "none" : "batch";
  if (networks === "dcgan") return dcganDiscriminator({ ...settings, size: shape[0]!, channels: shape[2]!, norm, seed });
  return mlpDiscriminator({ shape, hidden, classes, ...labelUnits !== undefined && { labelUnits }, dropout, seed });
}

/** A GAN. `T` is the type of its samples: images or points. */
export class Gan<T extends Samples = tf.Tensor4D> extends AnyGan<"gan", GanSettings, UnlabelledData | PointData> {
  /** Builds the networks, with the papers' settings by default. */
  constructor(settings: Partial<GanSettings> = {}) {
    super("gan", GAN_FIELDS, settings);
  }

  /** One row of images, named "1", "2" and so on. */
  protected override async samples({ samples = SHOWN }: GanTrainOptions): Promise<SampleRows | undefined> {
    if (samples === 0 || this.settings.shape.length !== 3) return undefined;
    return imageRows(await this.draw(samples, this.settings.seed) as tf.Tensor4D, samples);
  }

  /** Generates samples.
   * @returns points `[count, dimensions]`, or images `[count, height, width, channels]` in [-1, 1].
   * @throws {RangeError} if `count` is not an integer ≥ 1. */
  async generate({ count = 16, seed = 0 }: GenerateOptions = {}): Promise<T> {
    return await this.draw(count, seed) as T;
  }
}

/** A conditional GAN for images. */
export class ConditionalGan extends AnyGan<"conditional-gan", ConditionalGanSettings, LabelledData> {
  /** Builds the networks, with the paper's settings by default. */
  constructor(settings: Partial<ConditionalGanSettings> = {}) {
    super("conditional-gan", CONDITIONAL_GAN_FIELDS, settings);
    if (this.settings.shape.length !== 3) throw this.wrong("shape", "[height, width, channels]");
    if (this.settings.classes < 2) throw this.wrong("classes", "an integer ≥ 2");
  }

  protected override shapes(data: LabelledData): Shapes {
    const { expected, actual } = super.shapes(data);
    return { expected: { ...expected, classes: this.settings.classes }, actual: { ...actual, classes: data.classes } };
  }

  protected override labelsOf(batch: GanBatch): tf.Tensor1D {
    return (batch as LabelledBatch).labels;
  }

  /** One row per class, with images named "1", "2" and so on. */
  protected override async samples({ samples = SHOWN }: GanTrainOptions): Promise<SampleRows | undefined> {
    if (samples === 0) return undefined;
    const { classes, seed } = this.settings;
    const labels = Array.from({ length: classes * samples }, (_, i) => Math.floor(i / samples));
    return imageRows(await this.generate({ labels, seed }), samples);
  }

  /** Generates images of the requested classes.
   * @returns `[count, height, width, channels]` in [-1, 1].
   * @throws {RangeError} if a label is not a class index, or if the number of labels differs from `count`. */
  async generate({ labels, count = labels?.length ?? this.settings.classes, seed = 0 }: GenerateLabelledOptions = {}): Promise<
    tf.Tensor4D
  > {
    const { classes } = this.settings;
    const requested = labels ?? Array.from({ length: count }, (_, i) => i % classes);
    const wrong = requested.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
    if (wrong !== undefined) {
      throw new RangeError(`Cannot generate: labels must be integers from 0 to ${classes - 1}, got ${wrong}; change that label`);
    }
    if (requested.length !== count) {
      throw new RangeError(`Cannot generate: expected ${count} labels, one per image, got ${requested.length}; omit count`);
    }
    return await this.draw(count, seed, requested) as tf.Tensor4D;
  }
}

/** Splits a batch into rows of `columns` images, and disposes of the tensor. */
function imageRows(images: tf.Tensor4D, columns: number): SampleRows {
  const all = toImages(images);
  images.dispose();
  return Array.from(
    { length: all.length / columns },
    (_, row) => Object.fromEntries(all.slice(row * columns, (row + 1) * columns).map((image, i) => [`${i + 1}`, image])),
  );
}

/** Builds a GAN for points, with the papers' settings by default.
 * @throws {RangeError} if a setting is invalid. */
export function gan(settings: Partial<GanSettings> & { shape: [dimensions: number] }): Gan<tf.Tensor2D>;
/** Builds a GAN for images, with the papers' settings by default.
 * @throws {RangeError} if a setting is invalid. */
export function gan(settings?: Partial<GanSettings>): Gan;
export function gan(settings: Partial<GanSettings> = {}): Gan<Samples> {
  return new Gan<Samples>(settings);
}

/** Builds a conditional GAN, with the paper's settings by default.
 * @throws {RangeError} if a setting is invalid. */
export function conditionalGan(settings: Partial<ConditionalGanSettings> = {}): ConditionalGan {
  return new ConditionalGan(settings);
}

const COMMON = {
  data: "labelled",
  training: { epochs: 20, batch: GAN_BATCH },
  presets: { quick: { filters: 16, epochs: 5 }, paper: { filters: 64, epochs: 20 } },
  commandDefaults: { networks: "dcgan" },
} as const;

/** Registry entry for the GAN. */
export const GAN_SYSTEM = {
  ...COMMON,
  kind: "gan",
  title: "GAN",
  does: "generates images from noise (Goodfellow et al. 2014, Radford et al. 2016)",
  uses: ["generate"],
  fields: GAN_FIELDS,
  build: (settings: Partial<GanSettings> = {}): Gan<Samples> => new Gan<Samples>(settings),
} as const satisfies System<GanSettings, Gan<Samples>>;

/** Registry entry for the conditional GAN. */
export const CONDITIONAL_GAN_SYSTEM = {
  ...COMMON,
  kind: "conditional-gan",
  title: "Conditional GAN",
  does: "generates images of a requested class (Mirza and Osindero 2014)",
  uses: ["generate", "labels"],
  fields: CONDITIONAL_GAN_FIELDS,
  build: conditionalGan,
} as const satisfies System<ConditionalGanSettings, ConditionalGan>;
