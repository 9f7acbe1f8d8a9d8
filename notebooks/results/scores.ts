/** Scores of the pretrained models on held-out data.
 * @module */
import { houses } from "../../data/worlds/houses/mod.ts";
import type { PairData } from "../../lib/data/datasets.ts";
import { captionMeasures } from "../../lib/cli/evaluate/generated.ts";
import { distanceMeasures, higher, lower, type Measure } from "../../lib/cli/evaluate/measure.ts";
import { cycleMeasures, labelMeasures, targets } from "../../lib/cli/evaluate/translations.ts";
import { diversity } from "../../lib/metrics/diversity.ts";
import { evaluatePairs } from "../../lib/metrics/pairs.ts";
import { type GeneratingModel, type SomeModel, systemOf, type TranslatingModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { classifierScores, crossEntropyOn, digitScores, type Judge, realDigitScores, sureness } from "./digit_scores.ts";
import { optionOf, type Recipe } from "./recipes.ts";
import { patchDistance, weave } from "./style.ts";
import { styleMeasures } from "./style_measures.ts";
import type { TestData } from "./test_data.ts";

type Translate = (input: tf.Tensor4D, seed: number) => Promise<tf.Tensor4D>;

/** Description of the patch distance. */
export const PATCHES = "squared Fréchet distance between patches of 3x3 pixels at half the size, generated and real";

/** What a score needs besides the model. */
export interface Scoring {
  recipe: Recipe;
  data: TestData;
  /** Classifier that judges generated images, for GANs. */
  judge?: Judge | undefined;
}

/** Number of inputs that are translated several times, to measure the diversity. */
const VARIED = 16;
/** Number of captioned houses: 10 for each of the 24 captions. */
export const HOUSES = 240;
/** Seed for the noise of generated images. */
const SEED = 1;

/** Measures a model on held-out data.
 * @param model The model, which must not have been used before: each image that it translates changes the noise of the next.
 * @returns The metrics, the most important one first. */
export async function scoresOf(model: SomeModel, { recipe, data, judge }: Scoring): Promise<Measure[]> {
  const { uses } = systemOf(model.kind)!;
  const { pairs, unpaired, labelled } = data;
  let measures: Measure[];
  if (pairs) {
    const translate: Translate = (input, seed) => (model as TranslatingModel).translate(input, { seed });
    measures = [
      ...await pairScores(translate, pairs, recipe.readsLabels ?? false),
      ...uses.includes("variants") ? await varietyScores(translate, pairs) : [],
    ];
  } else if (unpaired) measures = await unpairedScores(model as TranslatingModel, unpaired, seedOf(recipe));
  else if (uses.includes("classify")) measures = await classifierScores(model as unknown as Judge, labelled!);
  else if (labelled) measures = await digitScores(model as GeneratingModel, labelled, judge!);
  else measures = await houseScores(model as GeneratingModel, recipe);
  const main = measures.filter(({ key }) => key === recipe.metric);
  return [...main, ...measures.filter((measure) => !main.includes(measure))];
}

/** Measures other images with the metrics of a model: untranslated inputs for translations, real images for generated ones.
 * @returns The values, keyed by the name of these images and by the key of the metric. */
export async function referencesOf({ recipe, data, judge }: Scoring): Promise<Record<string, Record<string, number>>> {
  const { pairs, unpaired, labelled } = data;
  const same: Translate = (input) => Promise.resolve(input.clone());
  if (pairs) return { "untranslated input": valuesOf(await pairScores(same, pairs, false)) };
  if (unpaired) {
    const found = await unpairedScores({ translate: (input: tf.Tensor4D) => same(input, 0) }, unpaired, seedOf(recipe));
    return { "untranslated input": valuesOf(found.filter(({ key }) => !key.includes("cycle"))) };
  }
  if (!labelled || !judge || recipe.judge === undefined) return {};
  const measures = await realDigitScores(judge, labelled, recipe.train.startsWith("conditional-gan"));
  return { "real images": valuesOf(measures) };
}

/** Returns the values of measures, keyed by their keys. */
export function valuesOf(measures: readonly Measure[]): Record<string, number> {
  return Object.fromEntries(measures.flatMap(({ key, value }) => value === undefined ? [] : [[key, value]]));
}

/** Measures the translations of pairs.
 * @param readsLabels Whether the inputs are label maps of facades, which are recovered from the translations. */
export async function pairScores(translate: Translate, pairs: PairData, readsLabels: boolean): Promise<Measure[]> {
  const images: tf.Tensor4D[] = [];
  try {
    for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
      images.push(await translate(input, 0));
      tf.dispose([input, target]);
    }
    const again = () => {
      let next = 0;
      return () => Promise.resolve(images[next++]!.clone());
    };
    const all = async function* () {
      for (const image of images) yield await Promise.resolve(image.clone());
    };
    const { l1, psnr, ssim, count } = await evaluatePairs(again(), pairs);
    return [
      lower("l1", "L1 distance to the target (pixels in [-1, 1])", l1),
      higher("psnr", "PSNR in dB", psnr),
      higher("ssim", "SSIM", ssim),
      ...await distanceMeasures(all(), targets(pairs), [count, count]),
      ...await textureScores(images, pairs),
      ...readsLabels ? await labelMeasures(again(), pairs) : [],
    ];
  } finally {
    tf.dispose(images);
  }
}

/** Measures the texture of images: patches and weave. */
async function textureScores(images: tf.Tensor4D[], pairs: PairData): Promise<Measure[]> {
  const parts = await Array.fromAsync(targets(pairs));
  const [generated, real] = tf.tidy(() => [tf.concat(images, 0), tf.concat(parts, 0)] as const);
  try {
    const strength = await weave(generated, real);
    const says = `strength of the pattern that repeats every 2 pixels, where the real image is smooth (pixels in [-1, 1]; ` +
      `${strength.real.toPrecision(3)} for real photos)`;
    return [
      lower("patches", PATCHES, await patchDistance(generated, real)),
      { key: "weave", says, value: strength.generated, better: "closer to the real images' value" },
    ];
  } finally {
    tf.dispose([...parts, generated, real]);
  }
}

/** Measures the translations between brick and plaster.
 * @param data Held-out facades.
 * @param seed Seed of the data. */
export async function unpairedScores(
  model: Parameters<typeof cycleMeasures>[0],
  data: NonNullable<TestData["unpaired"]>,
  seed: number,
): Promise<Measure[]> {
  return [...await cycleMeasures(model, data), ...await styleMeasures(model, data.truth!, seed)];
}

function seedOf(recipe: Recipe): number {
  return Number(optionOf(recipe, "--seed") ?? 0);
}

async function varietyScores(translate: Translate, pairs: PairData): Promise<Measure[]> {
  const found = await diversity(translate, pairs, { count: Math.min(VARIED, pairs.count) });
  return [
    higher("diversity", `mean difference between 10 outputs for one input, over ${found.count} inputs`, found.diversity),
    lower("best_l1", `L1 distance of the best of these 10 outputs to the target, over ${found.count} inputs`, found.bestL1),
  ];
}

async function houseScores(model: GeneratingModel, recipe: Recipe): Promise<Measure[]> {
  const { generated, real } = await housesOf(model, recipe, HOUSES);
  const parts = async function* (images: tf.Tensor4D) {
    yield await Promise.resolve(images); // disposed of by distanceMeasures
  };
  return [
    ...await captionMeasures(model, HOUSES),
    ...await distanceMeasures(parts(generated), parts(real), [HOUSES, HOUSES]),
  ];
}

/** Draws held-out houses, and generates a house for the caption of each. The caller disposes of both. */
async function housesOf(
  model: GeneratingModel,
  recipe: Recipe,
  count: number,
): Promise<Record<"generated" | "real", tf.Tensor4D>> {
  const [size, seed] = [Number(optionOf(recipe, "--size")), Number(optionOf(recipe, "--seed") ?? 0)];
  const all = houses({ count, size, seed, split: "test" }).batches({ batch: count, shuffle: false, augment: false });
  for await (const { images: real, conditions } of all) {
    const generated = await model.generate({ conditions, seed: SEED }).finally(() => conditions.dispose());
    return { generated, real };
  }
  throw new Error("Cannot draw houses: the data set is empty; increase the count");
}

/** Computes a value that tests compute again: it takes seconds, and depends on all weights that are used.
 * @param model The model, which must not have been used before.
 * @param items Number of test items. */
export async function checkOf(
  model: SomeModel,
  { recipe, data: { pairs, unpaired, labelled }, judge: by }: Scoring,
  items: number,
): Promise<{ says: string; items: number; value: number }> {
  const truth = pairs ?? unpaired?.truth;
  if (truth) {
    const { l1, count } = await evaluatePairs((input) => (model as TranslatingModel).translate(input, { seed: 0 }), truth);
    return { says: `L1 distance to the targets of ${truth.name}`, items: count, value: l1 };
  }
  if (model.kind === "classifier") {
    const value = await crossEntropyOn(model as unknown as Judge, labelled!, items);
    return { says: `cross-entropy on ${labelled!.name}`, items, value };
  }
  if (by) {
    const value = await sureness(by, model as GeneratingModel, items);
    return { says: "mean probability of the class that the classifier chooses", items, value };
  }
  const { generated: images, real } = await housesOf(model as GeneratingModel, recipe, items);
  const value = tf.tidy(() => tf.mean(tf.abs(tf.sub(images, real))).dataSync()[0]!);
  tf.dispose([images, real]);
  return { says: "mean difference from drawn houses with the same captions", items, value };
}
