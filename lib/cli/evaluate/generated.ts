/** Measures of models that generate images.
 * @module */
import type { LabelledData } from "../../data/datasets.ts";
import { captionScores } from "../../../data/worlds/houses/scores.ts";
import { featureDistances, type FeatureNetwork, randomNetwork } from "../../metrics/feature_distance.ts";
import type { GeneratingModel, Models } from "../../systems/registry.ts";
import * as tf from "../../tf.ts";
import { distanceMeasures, type Measure } from "./measure.ts";

type Judge = Models["classifier"];

/** Images generated at once. */
const BATCH = 100;

/** Whatever generates; its settings tell whether it has classes. */
type Generating = Pick<GeneratingModel, "generate" | "settings">;

/** Measures a GAN against real images; one with classes also by whether a classifier recognizes the requested class.
 * @param judge the classifier, if there is one.
 * @param count number of images to generate, and of real ones to compare them with. */
export async function ganMeasures(
  model: Generating,
  data: LabelledData,
  judge: Judge | undefined,
  count: number,
): Promise<Measure[]> {
  const network: FeatureNetwork = judge
    ? { name: `classifier of ${judge.trainedOn}`, features: (images) => judge.features(images) }
    : randomNetwork;
  const generated = async function* (): AsyncGenerator<tf.Tensor4D> {
    for (let i = 0; i < count; i += BATCH) yield await model.generate({ count: Math.min(BATCH, count - i), seed: i });
  };
  const measures = distanceMeasures(await featureDistances(generated(), realImages(data, count), network));
  if (!judge || model.settings.classes === undefined) return measures;
  return [...await labelMeasures(model, data, judge, count), ...measures];
}

async function* realImages(data: LabelledData, count: number): AsyncGenerator<tf.Tensor4D> {
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

async function labelMeasures(model: Generating, data: LabelledData, judge: Judge, count: number): Promise<Measure[]> {
  const classes: number = model.settings.classes;
  const right = new Array<number>(classes).fill(0), requested = new Array<number>(classes).fill(0);
  const differences: number[] = [];
  for (let label = 0; label < classes; label++) {
    const many = Math.max(2, Math.round(count / classes));
    const images = await model.generate({ labels: new Array<number>(many).fill(label), seed: 1000 + label });
    for (const answer of await judge.classify(images)) {
      requested[label]!++;
      if (answer === label) right[label]!++;
    }
    differences.push(neighbourDifference(images));
    images.dispose();
  }
  const sum = (counts: number[]) => counts.reduce((total, value) => total + value, 0);
  const accuracies = right.map((value, label) => value / requested[label]!);
  const worst = Math.min(...accuracies);
  const real = (await judge.accuracy(data)).toPrecision(4);
  return [
    {
      key: "label_accuracy",
      says: "fraction of generated images that the classifier assigns to the requested class (its accuracy on the real images " +
        `of ${data.name} is ${real})`,
      value: sum(right) / sum(requested),
      better: "higher",
    },
    {
      key: "label_accuracy_worst",
      says: `the same fraction for the worst class, ${accuracies.indexOf(worst)}`,
      value: worst,
      better: "higher",
    },
    {
      key: "difference_within_class",
      says: "mean difference between two images of a class (pixels in [-1, 1]), minimum over the classes",
      value: Math.min(...differences),
      better: "closer to the real images' value",
    },
  ];
}

/** Mean absolute difference between each image and the next one. */
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

/** Measures a StackGAN of houses: whether they match their captions. */
export async function captionMeasures(model: Generating, count: number): Promise<Measure[]> {
  const each = Math.max(1, Math.round(count / 24));
  const scores = await captionScores((conditions, seed) => model.generate({ conditions, seed }), { each });
  const houses = `fraction of ${scores.count} houses with`;
  return [
    { key: "caption_colour", says: `${houses} the colour in their captions`, value: scores.colour, better: "higher" },
    {
      key: "caption_windows",
      says: `${houses} the number of windows in their captions`,
      value: scores.windows,
      better: "higher",
    },
    { key: "caption_both", says: `${houses} both`, value: scores.both, better: "higher" },
  ];
}
