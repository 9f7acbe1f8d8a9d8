/** How fast this machine multiplies matrices: the measure of how well a step uses it.
 * @module */
import * as tf from "@tensorflow/tfjs";
import { median } from "./numbers.ts";

/** Floating-point operations, in thousands of millions, of a pix2pix step at size 256 with 64 filters and batch 1, as a direct convolution counts them:
 * two for each weight and position, G's pass once and its gradients by pictures and weights, D's pass three times with what its two steps need of
 * its gradients. */
export const GFLOP_OF_A_STEP = 89.6;

/** Side of the matrices. */
export const SIDE = 4096;

/** Products of two square matrices, in thousands of millions of operations a second: the middle of several.
 * @param side of the matrices. */
export async function matmulRate(side: number = SIDE, products = 7): Promise<number> {
  const [a, b] = [1, 2].map((seed) => tf.randomUniform([side, side], -1, 1, "float32", seed) as tf.Tensor2D);
  const rates: number[] = [];
  for (let i = -1; i < products; i++) { // the first is not counted
    const start = performance.now();
    const product = tf.matMul(a!, b!);
    const corner = tf.slice(product, [0, 0], [1, 1]);
    await corner.data();
    if (i >= 0) rates.push(2 * side ** 3 / 1e6 / (performance.now() - start));
    tf.dispose([product, corner]);
  }
  tf.dispose([a!, b!]);
  return median(rates);
}
