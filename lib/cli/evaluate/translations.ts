/** Metrics for models that translate images, and the direction in which such a model is evaluated.
 * @module */
import { basename, resolve } from "node:path";
import type * as tf from "../../tf.ts";
import { pairedArchives } from "../../data/archives.ts";
import type { Direction, PairData, UnpairedData } from "../../data/datasets.ts";
import { type Image, toImages } from "../../data/image_bytes.ts";
import { labelNumbers } from "../../data/label_maps.ts";
import { palette } from "../../../data/worlds/toytown/facade/scene.ts";
import { recoverLabels } from "../../../data/worlds/toytown/recover/mod.ts";
import { diversity } from "../../metrics/diversity.ts";
import type { TranslateParts } from "../../metrics/large_images.ts";
import { evaluatePairs } from "../../metrics/pairs.ts";
import { addConfusion, type Confusion, confusionMatrix, segmentationScores } from "../../metrics/segmentation.ts";
import { l1 } from "../../metrics/image_similarity.ts";
import type { TranslatingModel } from "../../systems/registry.ts";
import type { Provenance } from "../../train/provenance.ts";
import { distanceMeasures, higher, lower, type Measure } from "./measure.ts";

/** Translates images. The seed determines all random values. */
export type Translate = (input: tf.Tensor4D, seed: number) => Promise<tf.Tensor4D>;

/** Number of inputs that are translated several times, to measure diversity. */
const VARIED = 16;

/** Compares translations with the targets.
 * @param pairs Held-out pairs.
 * @param photosOfLabels Whether the inputs are toytown's label maps and the targets are toytown's photos, from which the labels
 * can be recovered.
 * @param inParts Function that translates large images in parts, for a data set of crops. With this function, L1, PSNR and SSIM
 * are computed on whole images. Distances and diversity are computed on the centre of a large image, since its features and its
 * ten outputs would not fit in memory. */
export async function pairMeasures(
  translate: Translate,
  pairs: PairData,
  photosOfLabels: boolean,
  inParts?: TranslateParts,
): Promise<Measure[]> {
  const scores = await evaluatePairs((input) => translate(input, 0), pairs, { inParts });
  const { diversity: apart, bestL1, count } = await diversity(translate, pairs, { count: VARIED });
  return [
    lower("l1", "L1 distance to the target (pixels in [-1, 1])", scores.l1),
    higher("psnr", "PSNR in dB", scores.psnr),
    higher("ssim", "SSIM", scores.ssim),
    ...await distanceMeasures(translated(pairs, translate), targets(pairs), [pairs.count, pairs.count]),
    higher("diversity", `mean difference between 10 outputs for one input, over ${count} inputs`, apart),
    lower("best_l1", `L1 distance of the best of these 10 outputs to the target, over ${count} inputs`, bestL1),
    ...(photosOfLabels ? await labelMeasures(translate, pairs) : []),
  ];
}

async function* translated(pairs: PairData, translate: Translate): AsyncGenerator<tf.Tensor4D> {
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false, whole: true })) {
    target.dispose();
    yield await translate(input, 0).finally(() => input.dispose());
  }
}

/** Yields the targets of pairs, in order. */
export async function* targets(pairs: PairData): AsyncGenerator<tf.Tensor4D> {
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false, whole: true })) {
    input.dispose();
    yield target;
  }
}

/** Scores facades as in Section 4.2 of the pix2pix paper, but with fixed rules instead of a segmentation network. The rules
 * recover the labels from each photo; the recovered labels are compared with the labels of the input. */
export async function labelMeasures(translate: Translate, pairs: PairData): Promise<Measure[]> {
  const colours = Object.values(palette);
  const read = async (photo: Image) => labelNumbers(await recoverLabels(photo), colours);
  const counted: Record<"generated" | "real", Confusion | undefined> = { generated: undefined, real: undefined };
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false, whole: true })) {
    const generated = await translate(input, 0);
    const [labels, generatedPhoto, realPhoto] = [input, generated, target].map((tensor) => toImages(tensor)[0]!);
    for (const tensor of [input, generated, target]) tensor.dispose();
    const truth = labelNumbers(labels!, colours);
    for (const [kind, photo] of [["generated", generatedPhoto!], ["real", realPhoto!]] as const) {
      const confusion = confusionMatrix(truth, await read(photo), colours.length);
      counted[kind] = counted[kind] ? addConfusion(counted[kind], confusion) : confusion;
    }
  }
  const [generated, real] = [segmentationScores(counted.generated!), segmentationScores(counted.real!)];
  const measure = (key: string, says: string, value: number, ofReal: number): Measure => ({
    ...{ key, value, better: "closer to the real images' value" },
    says: `${says} of the recovered labels (${ofReal.toPrecision(3)} for real photos)`,
  });
  return [
    measure("label_pixel_accuracy", "pixel accuracy", generated.pixelAccuracy, real.pixelAccuracy),
    measure("label_class_accuracy", "class accuracy", generated.classAccuracy, real.classAccuracy),
    measure("label_mean_iou", "mean IoU", generated.meanIou, real.meanIou),
  ];
}

type Translating = Pick<TranslatingModel, "translate">;

/** Evaluates a CycleGAN: measures the distances between its translations and real images of the same domain, and between images
 * and their reconstructions. If the data set contains the true translations, also compares the model's outputs with them. */
export async function cycleMeasures(model: Translating, data: UnpairedData): Promise<Measure[]> {
  const ways = [["x_to_y_", "xToY", "yToX"], ["y_to_x_", "yToX", "xToY"]] as const;
  const measures: Measure[] = [];
  for (const [key, there, back] of ways) {
    const [from, to] = there === "xToY" ? ["a", "b"] as const : ["b", "a"] as const;
    const counts = [data[`${from}Count`], data[`${to}Count`]] as const;
    measures.push(...await distanceMeasures(across(model, data, there), own(data, to), counts, { of: key }));
    const says = `L1 distance between images and their reconstructions (translated ${there}, then ${back})`;
    measures.push(lower(`${key}cycle_l1`, says, await cycleDistance(model, data, there, back)));
  }
  if (!data.truth) return measures;
  const { l1, psnr, ssim } = await evaluatePairs((input) => model.translate(input), data.truth);
  return [
    ...measures,
    lower("x_to_y_l1", "L1 distance to the true image of the second domain, xToY", l1),
    higher("x_to_y_psnr", "PSNR relative to the true image, in dB", psnr),
    higher("x_to_y_ssim", "SSIM relative to the true image", ssim),
  ];
}

/** Yields each image of one domain once. An epoch contains as many images as the larger domain, so images from the smaller domain
 * are repeated. */
async function* own(data: UnpairedData, side: "a" | "b"): AsyncGenerator<tf.Tensor4D> {
  let left = side === "a" ? data.aCount : data.bCount;
  for await (const { a, b } of data.batches({ shuffle: false, augment: false, whole: true })) {
    const [own, other] = side === "a" ? [a, b] : [b, a];
    other.dispose();
    yield own;
    if (--left === 0) return;
  }
}

async function* across(model: Translating, data: UnpairedData, direction: "xToY" | "yToX"): AsyncGenerator<tf.Tensor4D> {
  for await (const images of own(data, direction === "xToY" ? "a" : "b")) {
    yield await model.translate(images, { direction }).finally(() => images.dispose());
  }
}

async function cycleDistance(model: Translating, data: UnpairedData, there: string, back: string): Promise<number> {
  let [sum, count] = [0, 0];
  for await (const images of own(data, there === "xToY" ? "a" : "b")) {
    const translated = await model.translate(images, { direction: there });
    const again = await model.translate(translated, { direction: back });
    const distance = l1(again, images);
    for (const value of await distance.data<"float32">()) [sum, count] = [sum + value, count + 1];
    for (const tensor of [images, translated, again, distance]) tensor.dispose();
  }
  return sum / count;
}

/** Returns the requested direction. If no direction is requested, returns the direction used in training, provided that the data
 * has the same layout as the training data. Toytown and each of the pix2pix data sets have their own layout; all other folders
 * are assumed to share one layout.
 * @returns The direction, or `undefined` if the default direction of the data applies, as for models without a recorded
 * direction. */
export function directionFor(
  { data, direction }: { data: string | undefined; direction: Direction | undefined },
  training: Provenance | undefined,
): Direction | undefined {
  if (direction !== undefined || data === undefined || training?.direction === undefined) return direction;
  const name = data === "toytown" ? data : basename(resolve(data));
  const trainedOn = training.data.replace(/ \(.*\)$/, "");
  return layoutOf(name, data === "toytown") === layoutOf(trainedOn, true) ? training.direction : undefined;
}

/** @param generated Whether the name "toytown" stands for the generated data set rather than for a folder of that name. */
function layoutOf(name: string, generated: boolean): string {
  return generated && name === "toytown" || Object.hasOwn(pairedArchives, name) ? name : "own";
}
