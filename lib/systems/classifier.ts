/** An image classifier, for evaluating GANs. The classifier predicts the class of a generated image, and its features can be used
 * to compare sets of images.
 * @module */
import { compile, type Compiled } from "../backend/compile.ts";
import type { LabelledBatch, LabelledData } from "../data/datasets.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { classifierNetwork } from "../models/classifier.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { defaultsOf, type Described, dimensionsOf, fromData, integer, seed, type Size, size } from "../settings.ts";
import type { Game } from "../plot/game.ts";
import * as tf from "../tf.ts";
import { Model, type Session, type Shapes } from "../train/model.ts";
import type { TrainOptions } from "../train/options.ts";
import { inParts } from "../train/translator.ts";
import { minimize } from "./step.ts";
import type { System } from "./system.ts";

/** Settings of a classifier; {@linkcode CLASSIFIER_FIELDS} describes them. */
export interface ClassifierSettings {
  size: Size;
  channels: number;
  classes: number;
  filters: number;
  features: number;
  seed: number;
}

/** Meaning, default, unit and limits of each setting. */
export const CLASSIFIER_FIELDS: Described<ClassifierSettings> = {
  size: { ...size(28, { min: 1, help: "Size of the images." }), fromData: true },
  channels: fromData(1, "Number of image channels."),
  classes: fromData(10, "Number of classes."),
  filters: integer(64, { min: 1, help: "Number of filters in the first layer." }),
  features: integer(128, { min: 1, help: "Number of features per image." }),
  seed: seed(),
};

/** Default settings. */
export const CLASSIFIER: ClassifierSettings = defaultsOf(CLASSIFIER_FIELDS);

/** Learning rate of Adam, as in the Adam paper (arXiv:1412.6980). */
export const CLASSIFIER_RATE = 0.001;
/** Default number of images per step. */
export const CLASSIFIER_BATCH = 100;

/** Number of images classified at once. */
const PART = 200;

/** Performs one training step, and returns the cross-entropy and the fraction of misclassified images. */
export function classifierStep(
  { classifier, optimizer }: { classifier: tf.LayersModel; optimizer: Optimizer },
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
): { crossEntropy: tf.Scalar; wrong: tf.Scalar } {
  return tf.tidy(() => {
    let logits!: tf.Tensor2D;
    const value = minimize(optimizer, () => {
      logits = tf.keep((classifier.apply(images, { training: true }) as tf.Tensor[])[0] as tf.Tensor2D);
      return crossEntropy(labels, logits);
    });
    const wrong = tf.mean(tf.cast(tf.notEqual(tf.argMax(logits, 1), labels), "float32")) as tf.Scalar;
    logits.dispose();
    return { crossEntropy: value, wrong };
  });
}

/** Describes {@linkcode classifierStep} for `plot.game`. */
function classifierGame(): Game {
  const losses = { crossEntropy: ["y", "C(x)"], wrong: ["C(x)", "y"] };
  return {
    title: "Classifier",
    given: { x: "images", y: "labels" },
    networks: { C: "classifier" },
    updates: [{ trains: ["C"], losses, only: { wrong: [] } }],
    notes: { wrong: "reported only" },
  };
}

/** A classifier. */
export class Classifier extends Model<"classifier", ClassifierSettings, LabelledData> {
  override readonly networks: Record<"classifier", tf.LayersModel>;
  override readonly game: () => Game = () => classifierGame();
  readonly #apply: Compiled<[tf.Tensor], tf.Tensor[]>;

  /** Builds the network. */
  constructor(settings: Partial<ClassifierSettings> = {}) {
    super("classifier", CLASSIFIER_FIELDS, settings);
    if (this.settings.classes < 2) throw this.wrong("classes", "an integer ≥ 2");
    const classifier = classifierNetwork(this.settings);
    this.networks = { classifier };
    this.#apply = this.owns(compile((images: tf.Tensor) => tf.tidy(() => classifier.apply(images) as tf.Tensor[])));
  }

  /** Name of the training data set, which also identifies the classifier's features; "" before training. */
  get trainedOn(): string {
    return this.provenance?.data ?? "";
  }

  protected override shapes({ height, width, channels, classes }: LabelledData): Shapes {
    const { size, channels: expected, classes: known } = this.settings;
    return {
      expected: { ...dimensionsOf(size), channels: expected, classes: known },
      actual: { height, width, channels, classes },
    };
  }

  protected override trainOptions(options: TrainOptions): TrainOptions {
    return { learningRate: CLASSIFIER_RATE, batch: CLASSIFIER_BATCH, ...options };
  }

  protected override start(session: Session): (batch: LabelledBatch) => Record<string, tf.Scalar> {
    const parts = { ...this.networks, optimizer: session.adam("adam", ["classifier"], { beta1: 0.9 }) };
    const step = session.compile((images: tf.Tensor, labels: tf.Tensor) =>
      classifierStep(parts, images as tf.Tensor4D, labels as tf.Tensor1D)
    );
    return ({ images, labels }) => step(images, labels);
  }

  /** Classifies images.
   * @param images `[count, height, width, channels]` in [-1, 1]. Not disposed.
   * @returns The class index of each image, from 0 to `classes - 1`. */
  async classify(images: tf.Tensor4D): Promise<Int32Array> {
    const logits = await this.#outputs(images, 0);
    const labels = tf.tidy(() => tf.argMax(logits, 1));
    const classes = Int32Array.from(await labels.data());
    tf.dispose([logits, labels]);
    return classes;
  }

  /** Computes image features (the output of the last hidden layer) for comparing sets of images: see `metrics.frechetDistance`.
   * The scale of the features differs between networks.
   * @param images `[count, height, width, channels]` in [-1, 1]. Not disposed.
   * @returns `[count, features]`, non-negative. */
  async features(images: tf.Tensor4D): Promise<tf.Tensor2D> {
    return await this.#outputs(images, 1) as tf.Tensor2D;
  }

  async #outputs(images: tf.Tensor4D, which: 0 | 1): Promise<tf.Tensor> {
    return await inParts(images.shape[0], PART, (start, length) => {
      return this.#apply(tf.slice(images, [start, 0, 0, 0], [length, -1, -1, -1]))[which]!;
    });
  }

  /** Returns the fraction of the images in a data set that are classified correctly, in [0, 1]. */
  async accuracy(data: LabelledData): Promise<number> {
    let [right, count] = [0, 0];
    for await (const { images, labels } of data.batches({ batch: PART, shuffle: false, augment: false })) {
      const [classes, truth] = [await this.classify(images), await labels.data()];
      classes.forEach((answer, i) => right += answer === truth[i] ? 1 : 0);
      count += classes.length;
      tf.dispose([images, labels]);
    }
    return right / count;
  }
}

/** Builds a classifier, for MNIST by default.
 * @throws {RangeError} If a setting is invalid. */
export function classifier(settings: Partial<ClassifierSettings> = {}): Classifier {
  return new Classifier(settings);
}

/** Registry entry for the classifier. */
export const CLASSIFIER_SYSTEM = {
  kind: "classifier",
  title: "Classifier",
  does: "classifies images, for example to evaluate generated images",
  data: "labelled",
  uses: ["classify"],
  fields: CLASSIFIER_FIELDS,
  training: { epochs: 5, batch: CLASSIFIER_BATCH, learningRate: CLASSIFIER_RATE },
  game: classifierGame,
  build: classifier,
} as const satisfies System<ClassifierSettings, Classifier>;
