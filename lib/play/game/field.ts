/** D's field: the discriminator's outputs in the cells of the plane, as verdicts from −1 (generated) to 1 (real).
 * @module */
import type { GanLoss } from "../../systems/gan_step.ts";
import * as tf from "../../tf.ts";
import { PLANE } from "./settings.ts";

/** Number of cells of the field along each side of the plane. */
export const CELLS = 32;

/** Returns the centres of the field's cells, `[CELLS², 2]`, row by row from the top left. */
export function cellCentres(): tf.Tensor2D {
  const at = (i: number) => PLANE * ((2 * i + 1) / CELLS - 1);
  return tf.tensor2d(Array.from({ length: CELLS ** 2 }, (_, i) => [at(i % CELLS), -at(Math.floor(i / CELLS))]));
}

/** Returns a function that maps logits to verdicts, from −1 (generated) to 1 (real). The targets of a loss map to −1 and 1. A
 * critic has no targets; its verdicts are relative to the midpoint between the mean scores of real and generated points.
 * @param middle Midpoint between the mean scores.
 * @param reach Maximum difference between a score and the midpoint. */
export function verdictOf(loss: GanLoss, middle: number, reach: number): (logit: number) => number {
  const clip = (x: number) => Math.min(1, Math.max(-1, x));
  if (loss === "leastSquares") return (logit) => clip(2 * logit - 1);
  if (loss === "hinge") return clip;
  if (loss === "wasserstein") return (logit) => clip((logit - middle) / (reach || 1));
  return (logit) => Math.tanh(logit / 2); // 2 σ(s) − 1
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns D's field, and the share of points that D classifies correctly.
 * @param logits Logits of the cells, of the real points, and of the same number of generated points. */
export function judged(loss: GanLoss, logits: Float32Array): { field: Float32Array<ArrayBuffer>; right: number } {
  const cells = logits.subarray(0, CELLS ** 2);
  const shown = (logits.length - CELLS ** 2) / 2;
  const [real, fake] = [logits.subarray(CELLS ** 2, -shown), logits.subarray(-shown)];
  const middle = (meanOf(real) + meanOf(fake)) / 2;
  const reach = cells.reduce((most, logit) => Math.max(most, Math.abs(logit - middle)), 0);
  const verdict = verdictOf(loss, middle, reach);
  const right = real.filter((logit) => verdict(logit) > 0).length + fake.filter((logit) => verdict(logit) < 0).length;
  return { field: Float32Array.from(cells, verdict), right: right / (2 * shown) };
}
