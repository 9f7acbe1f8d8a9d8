/** A classifier of pictures: not a GAN, but the judge of one. It tells which class a generated picture shows, and its features are what sets of
 * pictures are compared by.
 * @module */
import * as tf from "../tf.ts";
import { compile, type Compiled } from "../backend/compile.ts";
import type { LabelledBatch, LabelledData } from "../data/datasets.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { classifierNetwork, type ClassifierSettings } from "../models/classifier.ts";
import { Adam } from "../optimizers/adam.ts";
import { variablesOf } from "../optimizers/optimizer.ts";
import { disposeNetworks } from "./dispose_networks.ts";
import type { TrainEvent } from "../events.ts";
import { Training } from "./loop.ts";
import { loadWeights, saveNetworks, withWeights } from "./model_folder.ts";
import type { TrainOptions } from "./options.ts";
import { yieldToEventLoop } from "./yield_to_event_loop.ts";

/** Of Adam, its own paper's (arXiv:1412.6980). */
export const CLASSIFIER_RATE = 0.001;
/** Pictures in a step, by default. */
export const CLASSIFIER_BATCH = 100;

/** Pictures that are looked at together. */
const AT_ONCE = 200;

/** A classifier, to be trained and asked. */
export class Classifier {
  /** What it is made of. */
  readonly settings: Required<ClassifierSettings>;
  /** Pictures to logits and features. */
  readonly network: tf.LayersModel;
  /** What it was trained on, for the name of its features; "" before. */
  trainedOn = "";
  readonly #look: Compiled<[tf.Tensor], tf.Tensor[]>;

  /** Builds the network. */
  constructor(settings: ClassifierSettings) {
    this.settings = { channels: 1, filters: 64, features: 128, seed: 0, ...settings };
    this.network = classifierNetwork(this.settings);
    this.#look = compile((images: tf.Tensor) => tf.tidy(() => this.network.apply(images) as tf.Tensor[]));
  }

  /** Trains: `for await (const _ of classifier.train(digits, { epochs: 4 }));`. The losses are the cross-entropy and the share of wrong answers.
   * @param options the learning rate is {@linkcode CLASSIFIER_RATE} by default, the batch {@linkcode CLASSIFIER_BATCH}.
   * @throws {RangeError} if the pictures or the classes are not the network's. */
  async *train(data: LabelledData, options: TrainOptions): AsyncGenerator<TrainEvent> {
    this.#check(data);
    const { learningRate = CLASSIFIER_RATE, batch = CLASSIFIER_BATCH } = options;
    const optimizer = new Adam({ learningRate, beta1: 0.9 }, variablesOf(this.network));
    const step = compile((images: tf.Tensor, labels: tf.Tensor) => this.#step(optimizer, images, labels as tf.Tensor1D));
    const system = {
      trained: { networks: { classifier: this.network }, optimizers: { adam: optimizer } },
      settings: { ...this.settings },
      begin: () => void (this.trainedOn = data.name),
      step: ({ images, labels }: LabelledBatch) => step(images, labels) as Record<string, tf.Scalar>,
      sample: () => Promise.resolve(undefined),
    };
    try {
      yield* new Training(system, data, { ...options, learningRate, batch }).run();
    } finally {
      step.dispose();
      optimizer.dispose();
    }
  }

  #step(optimizer: Adam, images: tf.Tensor, labels: tf.Tensor1D): Record<string, tf.Scalar> {
    return tf.tidy(() => {
      let logits!: tf.Tensor2D;
      const { value, grads } = tf.variableGrads(() => {
        logits = tf.keep((this.network.apply(images, { training: true }) as tf.Tensor[])[0] as tf.Tensor2D);
        return crossEntropy(labels, logits);
      }, optimizer.variables);
      optimizer.apply(grads);
      const wrong = tf.mean(tf.cast(tf.notEqual(tf.argMax(logits, 1), labels), "float32")) as tf.Scalar;
      logits.dispose();
      return { crossEntropy: value, wrong };
    });
  }

  #check({ name, height, width, channels, classes }: LabelledData): void {
    const { size, channels: wanted, classes: known } = this.settings;
    if (height === size && width === size && channels === wanted && classes === known) return;
    throw new RangeError(
      `Cannot train on ${name}: the classifier is for ${size}x${size} pictures of ${wanted} channels in ${known} classes, these are ` +
        `${width}x${height}, ${channels} and ${classes}; build it for them`,
    );
  }

  /** Which class each picture shows.
   * @param images `[count, size, size, channels]` in [-1, 1]. Not disposed.
   * @returns from 0 to `classes - 1`, one a picture. */
  async classify(images: tf.Tensor4D): Promise<Int32Array> {
    const logits = await this.#seen(images, 0);
    const labels = tf.tidy(() => tf.argMax(logits, 1));
    const answer = Int32Array.from(await labels.data());
    tf.dispose([logits, labels]);
    return answer;
  }

  /** What the last hidden layer says of each picture, to compare sets of pictures by: see `metrics.frechetDistance`. The scale is this network's own.
   * @param images `[count, size, size, channels]` in [-1, 1]. Not disposed.
   * @returns `[count, features]`, ≥ 0. */
  async features(images: tf.Tensor4D): Promise<tf.Tensor2D> {
    return await this.#seen(images, 1) as tf.Tensor2D;
  }

  async #seen(images: tf.Tensor4D, which: 0 | 1): Promise<tf.Tensor> {
    const parts: tf.Tensor[] = [];
    try {
      for (let i = 0; i < images.shape[0]; i += AT_ONCE) {
        const part = tf.slice(images, [i, 0, 0, 0], [Math.min(AT_ONCE, images.shape[0] - i), -1, -1, -1]);
        const seen = this.#look(part);
        parts.push(seen[which]!);
        tf.dispose([part, seen[1 - which]!]);
        await yieldToEventLoop();
      }
      return tf.concat(parts, 0);
    } finally {
      tf.dispose(parts);
    }
  }

  /** The share of a set's pictures that it takes for what they are, in [0, 1]. */
  async accuracy(data: LabelledData): Promise<number> {
    let [right, count] = [0, 0];
    for await (const { images, labels } of data.batches({ batch: AT_ONCE, shuffle: false })) {
      const [answers, truth] = [await this.classify(images), await labels.data()];
      answers.forEach((answer, i) => right += answer === truth[i] ? 1 : 0);
      count += answers.length;
      tf.dispose([images, labels]);
    }
    return right / count;
  }

  /** Writes the model into a folder, from which {@linkcode loadModel} makes it again. */
  async save(folder: string): Promise<void> {
    await saveNetworks(folder, "classifier", { ...this.settings, trainedOn: this.trainedOn }, { classifier: this.network });
  }

  /** Takes the weights that `save` wrote.
   * @throws {RangeError} if they are not of such a model. */
  async load(folder: string): Promise<void> {
    await loadWeights(folder, "classifier", this.network);
  }

  /** Frees the weights and what was compiled. */
  dispose(): void {
    this.#look.dispose();
    disposeNetworks({ classifier: this.network });
  }
}

/** Builds a classifier.
 * @throws {RangeError} if a setting does not fit. */
export function classifier(settings: ClassifierSettings): Classifier {
  return new Classifier(settings);
}

/** Makes the model that a folder's description is of, with the folder's weights. */
export async function loadClassifier(folder: string, settings: Record<string, unknown>): Promise<Classifier> {
  const { trainedOn, ...rest } = settings as unknown as ClassifierSettings & { trainedOn: string };
  const model = await withWeights(new Classifier(rest), folder);
  model.trainedOn = trainedOn;
  return model;
}
