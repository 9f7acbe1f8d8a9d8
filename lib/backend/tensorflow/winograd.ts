/** Stride-1 convolutions that need only a quarter of the multiplications (Winograd 1980; Lavin and Gray 2015, arXiv:1509.09308,
 * Section 4).
 *
 * In one dimension, a filter of r weights w computes m outputs y from n = m + r − 1 samples x. Winograd's algorithm needs n
 * multiplications instead of m · r (Lavin and Gray 2015, Equation 8).
 *
 * ```text
 * y = Aᵀ [(G w) ⊙ (Bᵀ x)]
 * ```
 *
 * The Cook-Toom algorithm multiplies polynomials: it evaluates them at n − 1 points and at infinity, multiplies the values, and
 * interpolates the product. The transposed algorithm computes a cross-correlation, which is what a convolutional layer computes.
 *
 * In two dimensions, the image is divided into overlapping 6x6 tiles. The kernel and the tiles are transformed, multiplied
 * element-wise, and transformed back. The element-wise multiplication amounts to 36 matrix products over all channels and tiles.
 *
 * The formulas use the transformed image tiles X, the transformed tiles Y of the output gradient, and the transformed kernel U.
 *
 * ```text
 * X = Tₛ x           Y = Tᵣᵀ dy             U = G w
 * y = Tᵣ [X U]       dx = Tₛᵀ [Y Uᵀ]        dW = Gᵀ [Xᵀ Y]
 * ```
 *
 * The operator Tₛ extracts and transforms tiles; the operator Tᵣ transforms them back and assembles the output. Along one axis,
 * Tₛ and Tᵣ are sparse matrices. Applying Tₛ and Tᵣ costs little compared to the 36 products. The gradients are exact transposes
 * of the forward pass.
 *
 * Along each axis, a tile yields 7 − r outputs for a kernel of size r. A tile takes 36 multiplications instead of 144, both for a
 * 4x4 kernel with 3x3 outputs per tile and for a 3x3 kernel with 4x4 outputs per tile.
 * @module */
import * as tf from "../../tf.ts";
import { constantTensor, FLOAT, runOp } from "./active.ts";
import { attribute } from "./attributes.ts";
import type { Info } from "./small_convolution.ts";

/** Points at which polynomials are evaluated, besides infinity. The points are 0 and positive or negative small powers of two, so
 * that the matrices Aᵀ and Bᵀ are exact and only the matrix G is rounded. With the points 1/2 and −2, the error relative to
 * float64 is at most that of direct convolution; with 2 and −2, the error is twice as large. */
export const POINTS: readonly number[] = [0, 1, -1, 1 / 2, -2];

/** Number of samples in a tile along one axis. */
export const TILE: number = POINTS.length + 1;

/** Matrices of the one-dimensional algorithm, as arrays of rows. */
export interface CookToom {
  /** Matrix Bᵀ, which transforms the samples: `[TILE, TILE]`. */
  samples: number[][];
  /** Matrix G, which transforms the weights: `[TILE, r]`. */
  weights: number[][];
  /** Matrix Aᵀ, which transforms the products to outputs: `[m, TILE]`. */
  results: number[][];
}

/** Returns the coefficients of ∏ (t − root), starting with the constant term. */
function polynomial(roots: number[]): number[] {
  const times = (product: number[], root: number) =>
    [...product, 0].map((_, i) => (product[i - 1] ?? 0) - root * (product[i] ?? 0));
  return roots.reduce(times, [1]);
}

/** Returns the matrices for a kernel of size r.
 * @param r Size of the kernel, from 1 to {@linkcode TILE}. */
export function cookToom(r: number): CookToom {
  const others = (point: number) => POINTS.filter((other) => other !== point);
  const scale = (point: number) => others(point).reduce((product, other) => product * (point - other), 1);
  const padded = (row: number[]) => Array.from({ length: TILE }, (_, i) => row[i] ?? 0);
  const powers = (point: number, count: number) => Array.from({ length: count }, (_, i) => point ** i);
  const infinity = (count: number) => Array.from({ length: count }, (_, i) => i === count - 1 ? 1 : 0);
  const m = TILE + 1 - r;
  const columns = [...POINTS.map((point) => powers(point, m)), infinity(m)];
  return {
    samples: [...POINTS.map((point) => padded(polynomial(others(point)))), polynomial([...POINTS])],
    weights: [...POINTS.map((point) => powers(point, r).map((power) => power / scale(point))), infinity(r)],
    results: Array.from({ length: m }, (_, i) => columns.map((column) => column[i]!)),
  };
}

/** Returns the number of multiplications saved per output value: 12 of 16 for a 4x4 kernel, 6.75 of 9 for a 3x3 kernel. */
export function savedPerPosition(side: number): number {
  return side ** 2 - (TILE / (TILE + 1 - side)) ** 2;
}

/** Matrices that convert an image to tiles or tiles to an image, one for each axis, and whether the matrices are transposed. */
interface Tiling {
  /** Matrix for the vertical axis, as returned by {@linkcode samplesMatrix} or {@linkcode resultsMatrix}. */
  rows: tf.Tensor3D;
  /** Matrix for the horizontal axis. */
  columns: tf.Tensor3D;
  transposed: boolean;
}

/** Returns the matrix Tₛ for one axis: `[1, TILE · tiles, samples]`. Row (i, t) of Tₛ contains row i of the matrix Bᵀ, shifted to
 * the start of tile t. */
function samplesMatrix({ samples, results }: CookToom, size: number, outSize: number, before: number): tf.Tensor3D {
  const step = results.length;
  const tiles = Math.ceil(outSize / step);
  const values = new Float32Array(TILE * tiles * size);
  for (const [i, row] of samples.entries()) {
    for (let tile = 0; tile < tiles; tile++) {
      row.forEach((value, k) => {
        const at = tile * step + k - before;
        if (at >= 0 && at < size) values[(i * tiles + tile) * size + at] = value;
      });
    }
  }
  return constantTensor([1, TILE * tiles, size], values) as tf.Tensor3D;
}

/** Returns the matrix Tᵣ for one axis: `[1, results, TILE · tiles]`. Outputs beyond the edge of the image are discarded. */
function resultsMatrix({ results }: CookToom, outSize: number): tf.Tensor3D {
  const step = results.length;
  const tiles = Math.ceil(outSize / step);
  const values = new Float32Array(outSize * TILE * tiles);
  for (let at = 0; at < outSize; at++) {
    const [tile, row] = [Math.floor(at / step), results[at % step]!];
    row.forEach((value, i) => values[at * TILE * tiles + i * tiles + tile] = value);
  }
  return constantTensor([1, outSize, TILE * tiles], values) as tf.Tensor3D;
}

function samplesTiling(info: Info, transposed: boolean): Tiling {
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, padInfo: { top, left } } = info;
  const matrices = cookToom(filterHeight);
  const rows = samplesMatrix(matrices, inHeight, outHeight, top);
  return { rows, columns: samplesMatrix(matrices, inWidth, outWidth, left), transposed };
}

function resultsTiling({ outHeight, outWidth, filterHeight }: Info, transposed: boolean): Tiling {
  const matrices = cookToom(filterHeight);
  return { rows: resultsMatrix(matrices, outHeight), columns: resultsMatrix(matrices, outWidth), transposed };
}

/** Converts an image `[b, h, w, c]` to its transformed tiles, `[TILE², positions, c]`. */
function toTiles(image: tf.Tensor, { rows, columns, transposed }: Tiling): tf.Tensor3D {
  const [b, h, w, c] = image.shape as [number, number, number, number];
  const across = tf.matMul(columns, tf.reshape(image, [b * h, w, c]), transposed); // [b·h, TILE·tiles, c]
  const sorted = tf.transpose(tf.reshape(across, [b, h, TILE, -1]), [2, 1, 0, 3]);
  const down = tf.matMul(rows, tf.reshape(sorted, [TILE, h, -1]), transposed); // [TILE, TILE·tiles, b·tiles·c]
  return tf.reshape(down, [TILE * TILE, -1, c]) as tf.Tensor3D;
}

/** Converts tiles `[TILE², positions, c]` back to an image of the given shape. */
function fromTiles(tiles: tf.Tensor, { rows, columns, transposed }: Tiling, shape: number[]): tf.Tensor {
  const [b, h, , c] = shape as [number, number, number, number];
  const points = rows.shape[transposed ? 1 : 2];
  const down = tf.matMul(rows, tf.reshape(tiles, [TILE, points, -1]), transposed); // [TILE, h, b·tiles·c]
  const sorted = tf.transpose(tf.reshape(down, [TILE, h, b, -1]), [2, 1, 0, 3]);
  const across = tf.matMul(columns, tf.reshape(sorted, [b * h, -1, c]), transposed); // [b·h, w, c]
  return tf.reshape(across, shape);
}

/** Returns the matrix G for both axes at once: `[TILE², side²]`. */
function weightsMatrix(side: number): tf.Tensor2D {
  const { weights } = cookToom(side);
  const values = weights.flatMap((column) => weights.flatMap((row) => row.flatMap((a) => column.map((b) => a * b))));
  return constantTensor([TILE * TILE, side * side], Float32Array.from(values)) as tf.Tensor2D;
}

/** Computes U, the transform of a kernel: `[TILE², channels, filters]`. */
export function transformedKernel(kernel: tf.Tensor): tf.Tensor {
  const [side, , channels, filters] = kernel.shape as [number, number, number, number];
  const flat = tf.reshape(kernel, [side * side, channels * filters]);
  return tf.reshape(tf.matMul(weightsMatrix(side), flat), [TILE * TILE, channels, filters]);
}

/** Returns the products of the corresponding matrices of two stacks. Unlike the transforms, they may be computed in bfloat16: see
 * precision.ts, which tells the two apart by the names of their ops. */
function products(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor {
  return runOp("BatchMatMul", [FLOAT, attribute.bool("adj_x", transposeA), attribute.bool("adj_y", transposeB)], [a, b])[0]!;
}

/** Computes y. */
export function forward(image: tf.Tensor, kernel: tf.Tensor, info: Info): tf.Tensor {
  return forwardWith(image, transformedKernel(kernel), info);
}

/** Computes y from the transform U of the kernel. */
export function forwardWith(image: tf.Tensor, transformed: tf.Tensor, info: Info): tf.Tensor {
  const tiles = toTiles(image, samplesTiling(info, false));
  return fromTiles(products(tiles, transformed, false, false), resultsTiling(info, false), info.outShape);
}

/** Computes dx. */
export function imageGradient(dy: tf.Tensor, kernel: tf.Tensor, info: Info): tf.Tensor {
  const tiles = toTiles(dy, resultsTiling(info, true));
  const product = products(tiles, transformedKernel(kernel), false, true);
  return fromTiles(product, samplesTiling(info, true), info.inShape);
}

/** Computes dW. */
export function kernelGradient(image: tf.Tensor, dy: tf.Tensor, info: Info): tf.Tensor {
  const { filterHeight, inChannels, outChannels, filterShape } = info;
  const tiles = toTiles(image, samplesTiling(info, false));
  const product = products(tiles, toTiles(dy, resultsTiling(info, true)), true, false);
  const flat = tf.reshape(product, [TILE * TILE, inChannels * outChannels]);
  return tf.reshape(tf.matMul(weightsMatrix(filterHeight), flat, true, false), filterShape);
}
