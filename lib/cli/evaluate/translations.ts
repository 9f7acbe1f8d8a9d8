/** What translators are worth.
 * @module */
import type * as tf from "../../tf.ts";
import { labelNumbers } from "../../data/label_maps.ts";
import type { PairData } from "../../data/pairs.ts";
import { type Image, toImages } from "../../data/picture.ts";
import { palette } from "../../../data/worlds/toytown/palette.ts";
import { recoverLabels } from "../../../data/worlds/toytown/recover/mod.ts";
import type { UnpairedData } from "../../data/unpaired.ts";
import { diversity } from "../../metrics/diversity.ts";
import { featureDistances } from "../../metrics/feature_distance.ts";
import { evaluatePairs } from "../../metrics/pairs.ts";
import { addConfusion, type Confusion, confusionMatrix, segmentationScores } from "../../metrics/segmentation.ts";
import { l1 } from "../../metrics/image_similarity.ts";
import type { CycleDirection, CycleGan } from "../../train/cyclegan.ts";
import { distanceMeasures, type Measure } from "./measure.ts";

/** Makes a picture of one. */
export type Translate = (input: tf.Tensor4D, seed: number) => Promise<tf.Tensor4D>;

/** Inputs that several pictures are made of. */
const VARIED = 16;

/** A translator against the true targets of its inputs.
 * @param pairs ones that it was not trained on.
 * @param photosOfLabels whether the inputs are toytown's labels and the targets its photos, of which the labels can be read back. */
export async function pairMeasures(translate: Translate, pairs: PairData, photosOfLabels: boolean): Promise<Measure[]> {
  const scores = await evaluatePairs((input) => translate(input, 0), pairs);
  const { diversity: apart, bestL1, count } = await diversity(translate, pairs, { count: VARIED });
  return [
    { key: "l1", says: "L1 to the target, of [-1, 1]", value: scores.l1, better: "less" },
    { key: "psnr", says: "PSNR, dB", value: scores.psnr, better: "more" },
    { key: "ssim", says: "SSIM", value: scores.ssim, better: "more" },
    ...distanceMeasures(await featureDistances(translated(pairs, translate), targets(pairs))),
    { key: "diversity", says: `mean difference of 10 pictures of one input, of ${count} inputs`, value: apart, better: "more" },
    { key: "best_l1", says: `L1 of the best of these 10, of ${count} inputs`, value: bestL1, better: "less" },
    ...(photosOfLabels ? await labelMeasures(translate, pairs) : []),
  ];
}

async function* translated(pairs: PairData, translate: Translate): AsyncGenerator<tf.Tensor4D> {
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
    target.dispose();
    yield await translate(input, 0).finally(() => input.dispose());
  }
}

async function* targets(pairs: PairData): AsyncGenerator<tf.Tensor4D> {
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
    input.dispose();
    yield target;
  }
}

/** As pix2pix's paper scores its facades (Sec. 4.2): the labels are read back from the picture, here by a rule, and compared with those it was made of. */
async function labelMeasures(translate: Translate, pairs: PairData): Promise<Measure[]> {
  const colours = Object.values(palette);
  const read = async (photo: Image) => labelNumbers(await recoverLabels(photo), colours);
  const counted: Record<"made" | "true", Confusion | undefined> = { made: undefined, true: undefined };
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
    const made = await translate(input, 0);
    const [labels, madePhoto, truePhoto] = [input, made, target].map((tensor) => toImages(tensor)[0]!);
    for (const tensor of [input, made, target]) tensor.dispose();
    const truth = labelNumbers(labels!, colours);
    for (const [kind, photo] of [["made", madePhoto!], ["true", truePhoto!]] as const) {
      const confusion = confusionMatrix(truth, await read(photo), colours.length);
      counted[kind] = counted[kind] ? addConfusion(counted[kind], confusion) : confusion;
    }
  }
  const [made, own] = [segmentationScores(counted.made!), segmentationScores(counted.true!)];
  const measure = (key: string, says: string, value: number, ofTrue: number): Measure => ({
    ...{ key, value, better: "near the true pictures'" },
    says: `${says} of the labels read back (of true photos ${ofTrue.toPrecision(3)})`,
  });
  return [
    measure("label_pixel_accuracy", "pixel accuracy", made.pixelAccuracy, own.pixelAccuracy),
    measure("label_class_accuracy", "class accuracy", made.classAccuracy, own.classAccuracy),
    measure("label_mean_iou", "mean IoU", made.meanIou, own.meanIou),
  ];
}

/** A CycleGAN: how far its pictures are from true ones of their kind, and whether they can be translated back; with the truth, if the set knows it, also what
 * is asked of a translator with pairs. */
export async function cycleMeasures(model: CycleGan, data: UnpairedData): Promise<Measure[]> {
  const ways = [["x_to_y_", "xToY", "yToX"], ["y_to_x_", "yToX", "xToY"]] as const;
  const measures: Measure[] = [];
  for (const [key, there, back] of ways) {
    const found = await featureDistances(across(model, data, there), own(data, there === "xToY" ? "b" : "a"));
    measures.push(...distanceMeasures(found, key));
    const value = await cycleDistance(model, data, there, back);
    measures.push({
      key: `${key}cycle_l1`,
      says: `L1 of pictures translated there and back, ${there} first`,
      value,
      better: "less",
    });
  }
  if (!data.truth) return measures;
  const { l1, psnr, ssim } = await evaluatePairs((input) => model.translate(input), data.truth);
  return [
    ...measures,
    { key: "x_to_y_l1", says: "L1 to the true picture of the second kind, xToY", value: l1, better: "less" },
    { key: "x_to_y_psnr", says: "PSNR to it, dB", value: psnr, better: "more" },
    { key: "x_to_y_ssim", says: "SSIM to it", value: ssim, better: "more" },
  ];
}

/** The pictures of one set, each once: an epoch is as long as the larger set, and begins the smaller one again. */
async function* own(data: UnpairedData, side: "a" | "b"): AsyncGenerator<tf.Tensor4D> {
  let left = side === "a" ? data.aCount : data.bCount;
  for await (const { a, b } of data.batches({ shuffle: false, augment: false })) {
    const [wanted, other] = side === "a" ? [a, b] : [b, a];
    other.dispose();
    yield wanted;
    if (--left === 0) return;
  }
}

async function* across(model: CycleGan, data: UnpairedData, direction: CycleDirection): AsyncGenerator<tf.Tensor4D> {
  for await (const images of own(data, direction === "xToY" ? "a" : "b")) {
    yield await model.translate(images, { direction }).finally(() => images.dispose());
  }
}

async function cycleDistance(model: CycleGan, data: UnpairedData, there: CycleDirection, back: CycleDirection): Promise<number> {
  let [sum, count] = [0, 0];
  for await (const images of own(data, there === "xToY" ? "a" : "b")) {
    const made = await model.translate(images, { direction: there });
    const again = await model.translate(made, { direction: back });
    const distance = l1(again, images);
    for (const value of await distance.data<"float32">()) [sum, count] = [sum + value, count + 1];
    for (const tensor of [images, made, again, distance]) tensor.dispose();
  }
  return sum / count;
}
