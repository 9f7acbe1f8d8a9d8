/** What a model is worth on pairs, told to a person.
 * @module */
import type * as tf from "@tensorflow/tfjs";
import type { PairData } from "../data/pairs.ts";
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

/** "mean L1 0.3480 (of [-1, 1]), PSNR 13.10 dB, SSIM 0.254" */
export function scoreWords({ l1, psnr, ssim }: PairScores): string {
  return `mean L1 ${l1.toFixed(4)} (of [-1, 1]), PSNR ${psnr.toFixed(2)} dB, SSIM ${ssim.toFixed(3)}`;
}
