/** Normalization and dropout for images that are translated in tiles. A normalization layer may need statistics of the whole
 * image, and a dropout mask must not depend on how the image is divided into tiles.
 * @module */
import { RandomStream } from "../backend/random.ts";
import { type BatchNorm, EPSILON, type Mode } from "../layers/batch_norm.ts";
import type { Dropout } from "../layers/dropout.ts";
import { seedSequence } from "../models/blocks.ts";
import * as tf from "../tf.ts";
import { cut, type Norm, type Place, POINTWISE, type Rule, type Size, type Span } from "./regions.ts";

/** Batch normalization with the running statistics or, depending on the mode, the statistics of the images. */
export function batchNorm(layer: BatchNorm, mode: Mode): Rule {
  const [gamma, beta, mean, variance] = layer.getWeights() as tf.Tensor1D[];
  if (mode.batchStatistics ?? mode.training) return normalization({ each: false }, EPSILON, [gamma, beta]);
  return { ...POINTWISE, apply: ([x]) => tf.batchNorm(x!, mean!, variance!, beta, gamma, EPSILON) };
}

/** Normalization with the statistics of whole images. */
export function normalization(norm: Norm, epsilon: number, [gamma, beta]: (tf.Tensor1D | undefined)[]): Rule {
  const apply = ([x]: tf.Tensor4D[]): tf.Tensor4D => {
    const { mean, variance } = norm.statistics!;
    const [means, variances] = [mean, variance].map((values) => tf.unstack(tf.squeeze(values, [1, 2])) as tf.Tensor1D[]);
    const parts = means!.length === 1 ? [x!] : tf.split(x!, means!.length) as tf.Tensor4D[];
    return tf.concat(parts.map((part, i) => tf.batchNorm(part, means![i]!, variances![i]!, beta, gamma, epsilon)));
  };
  return { ...POINTWISE, apply, norm };
}

/** Side length of the squares in which the dropout mask is generated, in positions of the feature map. */
const MASK = 16;

/** Dropout whose mask depends only on the seed and the position. */
export function dropout(layer: Dropout, rate: number): Rule {
  // Each translation draws once from the layer's stream, so that translations differ, as for an image in one piece.
  const seed = seedSequence(layer.random.seed ^ Math.imul(++layer.random.position, 0x9e3779b9))();
  const apply = ([x]: tf.Tensor4D[], _: Place, out: Place, [, width]: Size): tf.Tensor4D => {
    const [batch, , , channels] = x!.shape;
    const [rows, columns] = out.map(([start, end]) => [Math.floor(start / MASK), Math.ceil(end / MASK)] as const);
    const across = Math.ceil(width / MASK);
    const square = (row: number, column: number) =>
      new RandomStream(seed, row * across + column).uniform([batch, MASK, MASK, channels]) as tf.Tensor4D;
    const range = ([start, end]: Span) => Array.from({ length: end - start }, (_, i) => start + i);
    const drawn = tf.concat(range(rows!).map((row) => tf.concat(range(columns!).map((column) => square(row, column)), 2)), 1);
    const kept = tf.cast(tf.greaterEqual(cut(drawn, rows![0] * MASK, columns![0] * MASK, out), rate), "float32");
    return tf.mul(x!, tf.mul(kept, 1 / (1 - rate)));
  };
  return { ...POINTWISE, apply };
}

/** Measures the mean and the variance of a feature map tile by tile (Chan, Golub and LeVeque 1979). */
export class Measurement {
  readonly #norm: Norm;
  #count = 0;
  #shape: [number, number, number, number] = [1, 1, 1, 0];
  #mean = new Float64Array();
  /** Sum of the squared deviations from the mean. */
  #squares = new Float64Array();

  constructor(norm: Norm) {
    this.#norm = norm;
  }

  /** Adds a tile. */
  add(x: tf.Tensor4D): void {
    const { mean, variance } = tf.tidy(() => tf.moments(x, this.#norm.each ? [1, 2] : [0, 1, 2], true));
    const [means, variances] = [mean.dataSync(), variance.dataSync()];
    if (this.#count === 0) {
      this.#shape = mean.shape as [number, number, number, number];
      [this.#mean, this.#squares] = [new Float64Array(means.length), new Float64Array(means.length)];
    }
    tf.dispose([mean, variance]);
    const added = x.size / x.shape[3] / (this.#norm.each ? x.shape[0] : 1);
    const total = this.#count + added;
    means.forEach((value, c) => {
      const difference = value - this.#mean[c]!;
      this.#mean[c]! += difference * added / total;
      this.#squares[c]! += variances[c]! * added + difference ** 2 * this.#count * added / total;
    });
    this.#count = total;
  }

  /** Passes the statistics to the normalization layer. */
  finish(): void {
    const tensor = (values: Float64Array) => tf.tensor4d(Float32Array.from(values), this.#shape);
    this.#norm.statistics = { mean: tensor(this.#mean), variance: tensor(this.#squares.map((sum) => sum / this.#count)) };
  }
}
