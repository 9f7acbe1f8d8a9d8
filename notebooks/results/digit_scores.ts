/** Scores of images of digits, and of the classifier that judges them.
 * @module */
import type { LabelledData } from "../../lib/data/datasets.ts";
import { ganMeasures } from "../../lib/cli/evaluate/generated.ts";
import { higher, lower, type Measure } from "../../lib/cli/evaluate/measure.ts";
import type { GeneratingModel, Models } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { TEST_DIGITS } from "./test_data.ts";

/** A classifier of digits. */
export type Judge = Models["classifier"];

/** Probability from which on a judge is sure of its answer. */
const SURE = 0.9;
/** Seed for the noise of generated images. */
const SEED = 1;
const BATCH = 100;

/** Measures a classifier. */
export async function classifierScores(model: Judge, data: LabelledData): Promise<Measure[]> {
  const answers = await judged(model, labelledBatches(data));
  const right = answers.filter(({ answer, label }) => answer === label).length;
  return [
    higher("accuracy", `fraction of ${answers.length} held-out images classified correctly`, right / answers.length),
    lower("cross_entropy", "mean cross-entropy", mean(answers.map(({ loss }) => loss))),
  ];
}

/** Measures generated digits. */
export async function digitScores(model: GeneratingModel, data: LabelledData, judge: Judge): Promise<Measure[]> {
  const isConditional = model.settings.classes !== undefined;
  return [
    ...await judgements(judge, generated(model, TEST_DIGITS), isConditional),
    ...await ganMeasures(model, data, judge, TEST_DIGITS),
  ];
}

/** Measures real digits with the metrics of generated ones. */
export async function realDigitScores(judge: Judge, data: LabelledData, isConditional: boolean): Promise<Measure[]> {
  const measures = await judgements(judge, labelledBatches(data), isConditional);
  return isConditional ? [...measures, await differenceWithinClass(data)] : measures;
}

/** Returns the mean absolute difference between consecutive images of a class, minimum over the classes. */
async function differenceWithinClass(data: LabelledData): Promise<Measure> {
  const byClass = new Map<number, tf.Tensor[]>();
  for await (const { images, labels } of labelledBatches(data)) {
    for (const [i, image] of tf.unstack(images).entries()) byClass.set(labels[i]!, [...byClass.get(labels[i]!) ?? [], image]);
    images.dispose();
  }
  const differences = [...byClass.values()].map((images) =>
    mean(images.slice(1).map((image, i) => tf.tidy(() => tf.mean(tf.abs(tf.sub(image, images[i]!))).dataSync()[0]!)))
  );
  tf.dispose([...byClass.values()].flat());
  return higher("difference_within_class", "mean difference between two images of a class", Math.min(...differences));
}

/** Measures the judge's answers to images. */
async function judgements(by: Judge, batches: AsyncIterable<Batch>, isConditional: boolean): Promise<Measure[]> {
  const answers = await judged(by, batches);
  const share = (holds: (one: Judged) => boolean) => answers.filter(holds).length / answers.length;
  const sure = ({ probability }: Judged) => probability >= SURE;
  const says = `fraction of ${answers.length} images of which the classifier is at least ${SURE} sure`;
  const right = higher(
    "right",
    `${says} that they show the requested digit`,
    share((one) => sure(one) && one.answer === one.label),
  );
  return [higher("sure", `${says} that they show some digit`, share(sure)), ...isConditional ? [right] : []];
}

/** Returns the mean cross-entropy of a classifier on the first images of a data set. */
export async function crossEntropyOn(judge: Judge, data: LabelledData, count: number): Promise<number> {
  return mean((await judged(judge, labelledBatches(data, count))).map(({ loss }) => loss));
}

/** Returns the mean probability of the class that the judge chooses for a generated image. */
export async function sureness(judge: Judge, model: GeneratingModel, count: number): Promise<number> {
  return mean((await judged(judge, generated(model, count))).map(({ probability }) => probability));
}

/** A batch of images, with the class that each shows or should show. */
interface Batch {
  images: tf.Tensor4D;
  labels: ArrayLike<number>;
}

/** What a classifier says about an image: the class, its probability, and the cross-entropy with the label. */
interface Judged {
  answer: number;
  probability: number;
  loss: number;
  label: number;
}

/** Yields real images. The consumer disposes of them. */
async function* labelledBatches(data: LabelledData, limit = Infinity): AsyncGenerator<Batch> {
  let count = 0;
  for await (const { images, labels } of data.batches({ batch: Math.min(BATCH, limit), shuffle: false, augment: false })) {
    yield { images, labels: await labels.data() };
    labels.dispose();
    if ((count += images.shape[0]) >= limit) return;
  }
}

/** Yields generated images; a conditional GAN generates each class in turn. The consumer disposes of them. */
async function* generated(model: GeneratingModel, count: number): AsyncGenerator<Batch> {
  const { classes = 1 } = model.settings;
  const labels = Array.from({ length: count }, (_, i) => i % classes);
  const options = classes > 1 ? { labels } : { count };
  const images = await model.generate({ ...options, seed: SEED });
  for (let start = 0; start < count; start += BATCH) {
    const part = tf.slice(images, [start, 0, 0, 0], [Math.min(BATCH, count - start), -1, -1, -1]);
    yield { images: part, labels: labels.slice(start, start + BATCH) };
  }
  images.dispose();
}

/** Classifies images, and disposes of them. */
async function judged({ networks: { classifier } }: Judge, batches: AsyncIterable<Batch>): Promise<Judged[]> {
  const answers: Judged[] = [];
  for await (const { images, labels } of batches) {
    const probabilities = tf.tidy(() => tf.softmax((classifier.apply(images) as tf.Tensor[])[0]!)) as tf.Tensor2D;
    for (const [i, row] of (await probabilities.array()).entries()) {
      const label = labels[i]!;
      const probability = Math.max(...row);
      answers.push({ answer: row.indexOf(probability), probability, loss: -Math.log(Math.max(row[label]!, 1e-30)), label });
    }
    tf.dispose([images, probabilities]);
  }
  return answers;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
