/** Computes and prints the scores of a model on paired images.
 * @module */
import type { PairData } from "../data/datasets.ts";
import { diversity } from "../metrics/diversity.ts";
import type { TranslateParts } from "../metrics/large_images.ts";
import { evaluatePairs, type PairScores } from "../metrics/pairs.ts";
import { MOST_WHOLE } from "../data/preprocess.ts";
import type { TranslatingModel } from "../systems/registry.ts";
import type * as tf from "../tf.ts";
import { statusLine } from "./status_line.ts";

/** Returns a function with which the model translates large images in parts. */
export function inPartsBy(model: TranslatingModel): TranslateParts {
  return (source, sink) => model.translateTiles(source, sink, { tile: MOST_WHOLE });
}

/** Translates the inputs of all pairs, compares the outputs with the targets, and prints the mean scores.
 * @param when Time of the measurement, such as "before training".
 * @param inParts Function that translates large images in parts, for a data set of crops.
 * @returns The scores for the results page, keyed by a name that includes the unit. */
export async function reportScores(
  when: string,
  translate: (input: tf.Tensor4D) => Promise<tf.Tensor4D>,
  pairs: PairData,
  inParts?: TranslateParts,
): Promise<Record<string, number>> {
  const scores = await measuring(when, pairs, () => evaluatePairs(translate, pairs, { inParts }));
  console.log(`On the ${scores.count} pairs of ${pairs.name}, ${when}: ${scoreWords(scores)}`);
  return named(when, pairs, { "mean L1 (pixels in [-1, 1])": scores.l1, "PSNR in dB": scores.psnr, SSIM: scores.ssim });
}

/** Generates ten outputs for each of the first `count` inputs, and prints how much the outputs differ and how close the best
 * output is to the target.
 * @returns The scores for the results page, keyed by name. */
export async function reportDiversity(
  when: string,
  translate: (input: tf.Tensor4D, seed: number) => Promise<tf.Tensor4D>,
  pairs: PairData,
  count: number,
): Promise<Record<string, number>> {
  const found = await measuring(when, pairs, () => diversity(translate, pairs, { count }));
  const [difference, mean, best] = [found.diversity, found.meanL1, found.bestL1].map((value) => value.toFixed(4));
  console.log(
    `On ${found.count} pairs of ${pairs.name}, ${when}, with 10 outputs per input: mean difference ${difference}, ` +
      `mean L1 ${mean}, best L1 ${best} (pixels in [-1, 1])`,
  );
  return named(when, pairs, {
    "mean difference between 10 outputs for one input": found.diversity,
    "best L1 of 10 outputs": found.bestL1,
    "mean L1 of 10 outputs": found.meanL1,
  });
}

async function measuring<T>(when: string, { name }: PairData, measure: () => Promise<T>): Promise<T> {
  const progress = statusLine();
  progress.update("scores", `Evaluating on ${name}, ${when}`);
  return await measure().finally(() => progress.finish("scores"));
}

function named(when: string, { name: data }: PairData, numbers: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [`${name}, on ${data}, ${when}`, Number(value.toPrecision(4))]),
  );
}

/** Formats scores, for example as "mean L1 0.3480 (pixels in [-1, 1]), PSNR 13.10 dB, SSIM 0.254". */
function scoreWords({ l1, psnr, ssim }: PairScores): string {
  return `mean L1 ${l1.toFixed(4)} (pixels in [-1, 1]), PSNR ${psnr.toFixed(2)} dB, SSIM ${ssim.toFixed(3)}`;
}
