/** `bench matmul`: how fast this machine multiplies matrices, the measure of how well a step uses it.
 * @module */
import * as tf from "../../lib/tf.ts";
import { type BackendName, useBackend } from "../../lib/backend/use_backend.ts";
import type { Configuration } from "./configurations.ts";
import { median, tenths } from "./numbers.ts";

/** The configuration of which it is told what share of the machine's rate a step reaches: the paper's. */
export const WHOLE: Configuration = { size: 256, filters: 64, batch: 1 };

/** What a step of {@linkcode WHOLE} counts as, in thousands of millions of floating-point operations, its convolutions taken as direct ones: two for
 * each weight and position, as often as the network is passed, forward or for the gradients by its pictures or by its weights. G is passed 3 times
 * (1 forward, 2 for gradients), at 12.10; D 8 times (3 forward, for the real and the fake picture and again once updated; 3 by pictures; 2 by weights),
 * at 6.66 with its last two layers at 32x32 positions, as "same" padding has them.
 *
 * That is the usual count, the same for every system. What Forger's step cannot do without is 86.9: those layers have 31x31 and 30x30 positions, and
 * nobody asks for the gradients by the pictures that are given. */
export const GFLOP_OF_A_STEP = 89.6;

/** Side of the matrices. */
export const SIDE = 4096;

/** What is printed as JSON. */
export interface MatmulResult {
  backend: string;
  version: string;
  /** Height and width of the matrices. */
  side: number;
  /** The middle of the products'; float32. */
  gflop_per_second: number;
}

/** Times products of two square matrices.
 * @param side of the matrices.
 * @param products how many count, after one to warm up. */
export async function benchMatmul(backend?: BackendName, side: number = SIDE, products = 7): Promise<MatmulResult> {
  const { name, version } = await useBackend(backend);
  const [a, b] = [1, 2].map((seed) => tf.randomUniform([side, side], -1, 1, "float32", seed) as tf.Tensor2D);
  const rates: number[] = [];
  for (let i = -1; i < products; i++) {
    const start = performance.now();
    const product = tf.matMul(a!, b!);
    const corner = tf.slice(product, [0, 0], [1, 1]);
    await corner.data(); // only now it is certainly computed
    if (i >= 0) rates.push(2 * side ** 3 / 1e6 / (performance.now() - start));
    tf.dispose([product, corner]);
  }
  tf.dispose([a!, b!]);
  return { backend: name, version, side, gflop_per_second: tenths(median(rates)) };
}

/** The result for a person. */
export function matmulSentence({ backend, version, side, gflop_per_second }: MatmulResult): string {
  return `Matrices of ${side}x${side} are multiplied at ${gflop_per_second} GFLOP/s on ${backend} ${version}`;
}
