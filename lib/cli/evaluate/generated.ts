/** What generators of pictures are worth.
 * @module */
import * as tf from "../../tf.ts";
import type { LabelledData } from "../../data/datasets.ts";
import { captionScores } from "../../metrics/captions.ts";
import { featureDistances, type FeatureNetwork, randomNetwork } from "../../metrics/feature_distance.ts";
import type { Classifier } from "../../train/classifier.ts";
import { ConditionalGan } from "../../train/conditional_gan.ts";
import type { Gan } from "../../train/gan.ts";
import type { StackGan } from "../../train/stackgan.ts";
import { distanceMeasures, type Measure } from "./measure.ts";

/** Pictures in a batch. */
const BATCH = 100;

/** A GAN against true pictures; a conditional one also by whether a classifier sees the class that was asked for.
 * @param count pictures to generate, and true ones to compare them with. */
export async function ganMeasures(
  model: Gan | ConditionalGan,
  data: LabelledData,
  judge: Classifier | undefined,
  count: number,
): Promise<Measure[]> {
  const network: FeatureNetwork = judge
    ? { name: `classifier of ${judge.trainedOn}`, features: (images) => judge.features(images) }
    : randomNetwork;
  const made = async function* (): AsyncGenerator<tf.Tensor4D> {
    for (let i = 0; i < count; i += BATCH) {
      yield await model.generate({ count: Math.min(BATCH, count - i), seed: i }) as tf.Tensor4D;
    }
  };
  const measures = distanceMeasures(await featureDistances(made(), truePictures(data, count), network));
  if (!judge || !(model instanceof ConditionalGan)) return measures;
  return [...await labelMeasures(model, data, judge, count), ...measures];
}

async function* truePictures(data: LabelledData, count: number): AsyncGenerator<tf.Tensor4D> {
  let left = count;
  for await (const { images, labels } of data.batches({ batch: BATCH, seed: 1 })) {
    labels.dispose();
    const few = Math.min(left, images.shape[0]);
    yield few === images.shape[0] ? images : tf.tidy(() => {
      const part = tf.slice(images, [0, 0, 0, 0], [few, -1, -1, -1]);
      images.dispose();
      return part;
    });
    if ((left -= few) === 0) return;
  }
}

async function labelMeasures(model: ConditionalGan, data: LabelledData, judge: Classifier, count: number): Promise<Measure[]> {
  const { classes } = model.settings;
  const right = new Array<number>(classes).fill(0), asked = new Array<number>(classes).fill(0);
  const differences: number[] = [];
  for (let label = 0; label < classes; label++) {
    const many = Math.max(2, Math.round(count / classes));
    const images = await model.generate({ labels: new Array<number>(many).fill(label), seed: 1000 + label });
    for (const answer of await judge.classify(images)) {
      asked[label]!++;
      if (answer === label) right[label]!++;
    }
    differences.push(neighbourDifference(images));
    images.dispose();
  }
  const share = right.reduce((sum, value) => sum + value, 0) / asked.reduce((sum, value) => sum + value, 0);
  const worst = right.map((value, label) => value / asked[label]!);
  const own = await judge.accuracy(data);
  return [
    {
      key: "label_accuracy",
      says: `share of pictures that the classifier takes for the class asked for (of true ones, ${data.name}, it knows ${
        own.toPrecision(4)
      })`,
      value: share,
      better: "more",
    },
    {
      key: "label_accuracy_worst",
      says: `the same of the worst class, ${worst.indexOf(Math.min(...worst))}`,
      value: Math.min(...worst),
      better: "more",
    },
    {
      key: "difference_within_class",
      says: "mean difference of two pictures of one class, least of all classes, of [-1, 1]",
      value: Math.min(...differences),
      better: "near the true pictures'",
    },
  ];
}

/** Mean absolute difference between each picture and the next. */
function neighbourDifference(images: tf.Tensor4D): number {
  const count = images.shape[0];
  const difference = tf.tidy(() => {
    const [first, second] = [0, 1].map((from) => tf.slice(images, [from, 0, 0, 0], [count - 1, -1, -1, -1]));
    return tf.mean(tf.abs(tf.sub(first!, second!)));
  });
  const value = difference.dataSync()[0]!;
  difference.dispose();
  return value;
}

/** A StackGAN of houses: whether they are as their captions say. */
export async function captionMeasures(model: StackGan, count: number): Promise<Measure[]> {
  const each = Math.max(1, Math.round(count / 24));
  const scores = await captionScores((conditions, seed) => model.generate({ conditions, seed }), { each });
  const of = `of ${scores.count} houses`;
  return [
    { key: "caption_colour", says: `share ${of} with the colour that the caption says`, value: scores.colour, better: "more" },
    { key: "caption_windows", says: `share ${of} with as many windows`, value: scores.windows, better: "more" },
    { key: "caption_both", says: `share ${of} that are right in both`, value: scores.both, better: "more" },
  ];
}
