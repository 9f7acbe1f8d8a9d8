/** The conditional GAN (Mirza and Osindero 2014, arXiv:1411.1784): generator and discriminator are both told the class, and so the generator
 * can be asked for one (Eq. 2, Fig. 1; see {@linkcode ganStep}).
 *
 *     min_G max_D V(D, G) = E[log D(x|y)] + E[log(1 − D(G(z|y)))]                    (2)
 *
 * Generated samples are asked for the classes of the real ones beside them. With `networks: "dcgan"` the networks are convolutional, and
 * the discriminator is given the class as planes: see dcgan.ts.
 *
 * Departures: those of {@linkcode gan}; the learning rate and momentum of Adam.
 *
 * Taught in: notebooks/03_asking_for_a_seven.ipynb, Eq. (3.1)
 * @module */
import type * as tf from "../tf.ts";
import type { LabelledBatch, LabelledData } from "../data/datasets.ts";
import { type Image, toImages } from "../data/image_bytes.ts";
import { CONDITIONAL_GAN, type ConditionalGanSettings } from "./conditional_gan_settings.ts";
import type { TrainEvent } from "../events.ts";
import type { GenerateOptions } from "./gan.ts";
import { GanModel, type GanTrainOptions } from "./gan_model.ts";
import { withWeights } from "./model_folder.ts";
import { completed } from "./gan_settings.ts";

/** What to generate: as many as there are labels, or one of each class, where no count is given. */
export interface GenerateLabelledOptions extends GenerateOptions {
  /** The class of each sample, from 0: `[7, 7, 7]` gives three sevens. Default: each class in turn. */
  labels?: number[];
}

/** Pictures of a class shown as a training goes, by default. */
const SHOWN = 8;

function checked(settings: ConditionalGanSettings): ConditionalGanSettings {
  const { classes, shape } = settings;
  if (shape.length === 3 && Number.isInteger(classes) && classes >= 2) return settings;
  throw new RangeError(
    `Cannot build the conditional GAN: wanted 2 or more classes and a picture's shape, got ${classes} and [${shape}]; give it both, or build a GAN without classes`,
  );
}

/** A conditional GAN of pictures, to be trained and used. */
export class ConditionalGan extends GanModel<ConditionalGanSettings> {
  /** The name in `forger.json`. */
  override readonly kind = "conditional-gan";

  /** Builds the networks, with the paper's settings where none are given. */
  constructor(settings: Partial<ConditionalGanSettings> = {}) {
    super(checked(completed(CONDITIONAL_GAN, settings)));
  }

  /** Trains: `for await (const event of model.train(digits, { epochs: 20 }))`. Leaving the loop stops it.
   * @throws {RangeError} if the pictures are of another shape or of another number of classes than the model's. */
  async *train(data: LabelledData, options: GanTrainOptions): AsyncGenerator<TrainEvent> {
    this.checkShape(data.name, [data.height, data.width, data.channels]);
    if (data.classes !== this.settings.classes) {
      throw new RangeError(
        `Cannot train on ${data.name}: the model is for ${this.settings.classes} classes, these are ${data.classes}; build it for as many`,
      );
    }
    const job = {
      data,
      read: ({ images, labels }: LabelledBatch) => ({ samples: images, labels }),
      sample: () => this.#sample(options.samples ?? SHOWN),
    };
    yield* this.training(job, options);
  }

  /** A row a class, its pictures "1" to the last. */
  async #sample(count: number): Promise<Record<string, Image>[] | undefined> {
    if (count === 0) return undefined;
    const { classes, seed } = this.settings;
    const labels = Array.from({ length: classes * count }, (_, i) => Math.floor(i / count));
    const images = await this.generate({ labels, seed });
    const pictures = toImages(images);
    images.dispose();
    const row = (label: number) => pictures.slice(label * count, (label + 1) * count).map((picture, i) => [`${i + 1}`, picture]);
    return Array.from({ length: classes }, (_, label) => Object.fromEntries(row(label)));
  }

  /** Makes pictures of the classes asked for.
   * @returns `[count, height, width, channels]` in [-1, 1].
   * @throws {RangeError} if a label is no class, or there are more or fewer labels than the count. */
  async generate({ labels, count = labels?.length ?? this.settings.classes, seed = 0 }: GenerateLabelledOptions = {}): Promise<
    tf.Tensor4D
  > {
    const { classes } = this.settings;
    const asked = labels ?? Array.from({ length: count }, (_, i) => i % classes);
    const wrong = asked.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
    if (wrong !== undefined) {
      throw new RangeError(
        `Cannot generate: labels are whole numbers from 0 to ${classes - 1}, got ${wrong}; ask for one of them`,
      );
    }
    if (asked.length !== count) {
      throw new RangeError(`Cannot generate: wanted ${count} labels, one a picture, got ${asked.length}; leave out count`);
    }
    return await this.draw(count, seed, asked) as tf.Tensor4D;
  }
}

/** Builds a conditional GAN, with the paper's settings where none are given.
 * @throws {RangeError} if a setting does not fit. */
export function conditionalGan(settings: Partial<ConditionalGanSettings> = {}): ConditionalGan {
  return new ConditionalGan(settings);
}

/** Makes the model that a folder's description is of, with the folder's weights. */
export async function loadConditionalGan(folder: string, settings: Record<string, unknown>): Promise<ConditionalGan> {
  return await withWeights(new ConditionalGan(settings as Partial<ConditionalGanSettings>), folder);
}
