/** What a model is worth on pairs, told to a person.
 * @module */
import type * as tf from "../tf.ts";
import type { PairData } from "../data/datasets.ts";
import { diversity } from "../metrics/diversity.ts";
import { evaluatePairs, type PairScores } from "../metrics/pairs.ts";
import { statusLine } from "./status_line.ts";

/** Translates all pairs, compares with the targets and prints the means.
 * @param when "before training", say.
 * @returns the numbers by name, with their units, for the page of results. */
export async function tellScores(
  when: string,
  translate: (input: tf.Tensor4D) => Promise<tf.Tensor4D>,
  pairs: PairData,
): Promise<Record<string, number>> {
  const progress = statusLine();
  progress.update("scores", `Measuring on ${pairs.name}, ${when}`);
  const scores = await evaluatePairs(translate, pairs);
  progress.finish("scores");
  console.log(`On the ${scores.count} pairs of ${pairs.name}, ${when}: ${scoreWords(scores)}`);
  const named = { "mean L1, of [-1, 1]": scores.l1, "PSNR, dB": scores.psnr, SSIM: scores.ssim };
  return Object.fromEntries(
    Object.entries(named).map(([name, value]) => [`${name}, on ${pairs.name}, ${when}`, Number(value.toPrecision(4))]),
  );
}

/** Makes ten pictures of each of the first inputs and prints how different they are, and how near the best of them comes to the target.
 * @returns the numbers by name, for the page of results. */
export async function tellDiversity(
  when: string,
  translate: (input: tf.Tensor4D, seed: number) => Promise<tf.Tensor4D>,
  pairs: PairData,
  count: number,
): Promise<Record<string, number>> {
  const progress = statusLine();
  progress.update("scores", `Measuring on ${pairs.name}, ${when}`);
  const found = await diversity(translate, pairs, { count });
  progress.finish("scores");
  console.log(
    `On ${found.count} pairs of ${pairs.name}, ${when}, of 10 pictures each: mean difference ${found.diversity.toFixed(4)}, ` +
      `L1 ${found.meanL1.toFixed(4)}, of the best ${found.bestL1.toFixed(4)} (of [-1, 1])`,
  );
  const named = {
    "mean difference of 10 pictures of one input": found.diversity,
    "L1 of the best of 10": found.bestL1,
    "L1 of any of 10": found.meanL1,
  };
  return Object.fromEntries(
    Object.entries(named).map(([name, value]) => [`${name}, on ${pairs.name}, ${when}`, Number(value.toPrecision(4))]),
  );
}

/** "mean L1 0.3480 (of [-1, 1]), PSNR 13.10 dB, SSIM 0.254" */
export function scoreWords({ l1, psnr, ssim }: PairScores): string {
  return `mean L1 ${l1.toFixed(4)} (of [-1, 1]), PSNR ${psnr.toFixed(2)} dB, SSIM ${ssim.toFixed(3)}`;
}
