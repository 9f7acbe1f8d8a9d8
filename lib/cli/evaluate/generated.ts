/** Metrics for models that generate images.
 * @module */
import type { LabelledData } from "../../data/datasets.ts";
import { captionScores } from "../../../data/worlds/houses/scores.ts";
import { type FeatureNetwork, randomNetwork } from "../../metrics/feature_distance.ts";
import type { GeneratingModel, Models } from "../../systems/registry.ts";
import * as tf from "../../tf.ts";
import { distanceMeasures, higher, type Measure } from "./measure.ts";

type Judge = Models["classifier"];

const BATCH = 100;

/** A model that generates images; its settings indicate whether it has classes. */
type Generating = Pick<GeneratingModel, "generate" | "generateParts" | "settings">;

/** Generates `count` images, and compares them with at most as many real images. For class-conditional GANs, also measures how
 * often the classifier `judge`, if given, predicts the requested class. */
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
  const counts = [count, Math.min(count, data.count)] as const;
  const measures = await distanceMeasures(generated(), realImages(data, count), counts, { network });
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
    const images = generatedParts(model, { labels: new Array<number>(many).fill(label), seed: 1000 + label });
    const difference = neighbourDifference(images, async (part) => {
      for (const answer of await judge.classify(part)) {
        requested[label]!++;
        if (answer === label) right[label]!++;
      }
    });
    differences.push(await difference);
  }
  const sum = (counts: number[]) => counts.reduce((total, value) => total + value, 0);
  const accuracies = right.map((value, label) => value / requested[label]!);
  const worst = Math.min(...accuracies);
  const real = `its accuracy on the real images of ${data.name} is ${(await judge.accuracy(data)).toPrecision(4)}`;
  const fraction = `fraction of generated images that the classifier assigns to the requested class (${real})`;
  return [
    higher("label_accuracy", fraction, sum(right) / sum(requested)),
    higher("label_accuracy_worst", `the same fraction for the worst class, ${accuracies.indexOf(worst)}`, worst),
    {
      key: "difference_within_class",
      says: "mean difference between two images of a class (pixels in [-1, 1]), minimum over the classes",
      value: Math.min(...differences),
      better: "closer to the real images' value",
    },
  ];
}

async function* generatedParts(model: Generating, options: object): AsyncGenerator<tf.Tensor4D> {
  if (!model.generateParts) return yield await model.generate(options);
  for await (const { samples } of model.generateParts(options)) yield samples;
}

/** Returns the mean absolute difference between consecutive images.
 * @param parts Batches of images, which are disposed of.
 * @param visit Function that is called with each batch. */
async function neighbourDifference(
  parts: AsyncIterable<tf.Tensor4D>,
  visit: (images: tf.Tensor4D) => Promise<void>,
): Promise<number> {
  let [sum, count] = [0, 0];
  let last: tf.Tensor4D | undefined;
  for await (const images of parts) {
    await visit(images);
    const before = last;
    last = tf.tidy(() => {
      const all = before ? tf.concat([before, images], 0) : images;
      const pairs = all.shape[0] - 1;
      if (pairs > 0) {
        const [first, second] = [0, 1].map((from) => tf.slice(all, [from, 0, 0, 0], [pairs, -1, -1, -1]));
        sum += pairs * tf.mean(tf.abs(tf.sub(first!, second!))).dataSync()[0]!;
        count += pairs;
      }
      return tf.slice(all, [pairs, 0, 0, 0], [1, -1, -1, -1]);
    });
    tf.dispose(before ? [before, images] : images);
  }
  last?.dispose();
  return sum / count;
}

/** Measures how often the houses generated by a StackGAN match their captions. */
export async function captionMeasures(model: Generating, count: number): Promise<Measure[]> {
  const each = Math.max(1, Math.round(count / 24));
  const scores = await captionScores((conditions, seed) => model.generate({ conditions, seed }), { each });
  const houses = `fraction of ${scores.count} houses with`;
  return [
    higher("caption_colour", `${houses} the colour in their captions`, scores.colour),
    higher("caption_windows", `${houses} the number of windows in their captions`, scores.windows),
    higher("caption_both", `${houses} the colour and the number of windows in their captions`, scores.both),
  ];
}
