/** Convolutions of stride 1 with a third to a quarter of the multiplications (Winograd 1980; Lavin and Gray 2015, arXiv:1509.09308, Sec. 4).
 *
 * The picture is cut into overlapping tiles of 6x6, kernel and tiles are transformed (cook_toom.ts), multiplied point by point, which over all
 * channels and tiles is 36 products of matrices, and transformed back. With X and Y the transforms of tiles, U that of the kernel:
 *
 *     y = Tᵣ [X U]        dx = Tₛᵀ [Y Uᵀ]        dW = Gᵀ [Xᵀ Y]        X = Tₛ x,  Y = Tᵣᵀ dy,  U = G w
 *
 * Tₛ cuts into tiles and transforms them at once, Tᵣ transforms back and lays the results together: along one axis each is a matrix, mostly zeros,
 * yet small beside the 36 products. The gradients are exact transposes of what they are gradients of.
 *
 * Along each axis a tile gives 7 − r results for a kernel of r: 3x3 of them from 144 multiplications for 4x4 kernels where 36 do, 4x4 of them for 3x3.
 * @module */
import * as tf from "../../tf.ts";
import { fixedTensor } from "./active.ts";

/** One convolution of stride 1. */
export interface Convolution {
  /** Of the picture: `[batch, height, width, channels]`. */
  inShape: number[];
  /** Of the result: `[batch, height, width, filters]`. */
  outShape: number[];
  /** Of the kernel: `[side, side, channels, filters]`. */
  kernelShape: number[];
  /** Rows of zeros above the picture. */
  top: number;
  /** Columns of zeros left of it. */
  left: number;
}

/** Multiplications less for each result, of r²: 12 of 16 for a 4x4 kernel, 6.75 of 9 for 3x3. */
export function savedPerPosition(side: number): number {
  return side ** 2 - (TILE / (TILE + 1 - side)) ** 2;
}

/** What cuts a picture into tiles or lays them together: a matrix for each axis, and whether it is to be used transposed. */
interface Tiling {
  /** As {@linkcode samplesMatrix} gives it, `[1, TILE · tiles, height]`, or as {@linkcode resultsMatrix} does, `[1, height, TILE · tiles]`. */
  rows: tf.Tensor3D;
  /** Likewise of the width. */
  columns: tf.Tensor3D;
  transposed: boolean;
}

/** Tₛ along one axis, `[1, TILE · tiles, samples]`: row (i, t) holds row i of Bᵀ where tile t begins. Zeros around the picture are left out. */
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
  return fixedTensor([1, TILE * tiles, size], values) as tf.Tensor3D;
}

/** Tᵣ along one axis, `[1, results, TILE · tiles]`: what the last tile gives beyond the end is left out. */
function resultsMatrix({ results }: CookToom, outSize: number): tf.Tensor3D {
  const step = results.length;
  const tiles = Math.ceil(outSize / step);
  const values = new Float32Array(outSize * TILE * tiles);
  for (let at = 0; at < outSize; at++) {
    const [tile, row] = [Math.floor(at / step), results[at % step]!];
    row.forEach((value, i) => values[at * TILE * tiles + i * tiles + tile] = value);
  }
  return fixedTensor([1, outSize, TILE * tiles], values) as tf.Tensor3D;
}

function samplesTiling({ inShape, outShape, kernelShape, top, left }: Convolution, transposed: boolean): Tiling {
  const matrices = cookToom(kernelShape[0]!);
  const rows = samplesMatrix(matrices, inShape[1]!, outShape[1]!, top);
  return { rows, columns: samplesMatrix(matrices, inShape[2]!, outShape[2]!, left), transposed };
}

function resultsTiling({ outShape, kernelShape }: Convolution, transposed: boolean): Tiling {
  const matrices = cookToom(kernelShape[0]!);
  return { rows: resultsMatrix(matrices, outShape[1]!), columns: resultsMatrix(matrices, outShape[2]!), transposed };
}

/** A picture `[b, h, w, c]` as its transformed tiles, `[TILE², positions, c]`; the first axis counts column points, then row points. */
function toTiles(picture: tf.Tensor, { rows, columns, transposed }: Tiling): tf.Tensor3D {
  const [b, h, w, c] = picture.shape as [number, number, number, number];
  const across = tf.matMul(columns, tf.reshape(picture, [b * h, w, c]), transposed); // [b·h, TILE·tiles, c]
  const sorted = tf.transpose(tf.reshape(across, [b, h, TILE, -1]), [2, 1, 0, 3]);
  const down = tf.matMul(rows, tf.reshape(sorted, [TILE, h, -1]), transposed); // [TILE, TILE·tiles, b·tiles·c]
  return tf.reshape(down, [TILE * TILE, -1, c]) as tf.Tensor3D;
}

/** The other way round: tiles `[TILE², positions, c]` laid together into a picture of that shape. */
function fromTiles(tiles: tf.Tensor, { rows, columns, transposed }: Tiling, shape: number[]): tf.Tensor {
  const [b, h, , c] = shape as [number, number, number, number];
  const points = rows.shape[transposed ? 1 : 2];
  const down = tf.matMul(rows, tf.reshape(tiles, [TILE, points, -1]), transposed); // [TILE, h, b·tiles·c]
  const sorted = tf.transpose(tf.reshape(down, [TILE, h, b, -1]), [2, 1, 0, 3]);
  const across = tf.matMul(columns, tf.reshape(sorted, [b * h, -1, c]), transposed); // [b·h, w, c]
  return tf.reshape(across, shape);
}

/** G for both axes at once, `[TILE², side²]`. */
function weightsMatrix(side: number): tf.Tensor2D {
  const { weights } = cookToom(side);
  const values = weights.flatMap((column) => weights.flatMap((row) => row.flatMap((a) => column.map((b) => a * b))));
  return fixedTensor([TILE * TILE, side * side], Float32Array.from(values)) as tf.Tensor2D;
}

/** U: a kernel's transform, `[TILE², channels, filters]`. */
function transformedKernel(kernel: tf.Tensor): tf.Tensor {
  const [side, , channels, filters] = kernel.shape as [number, number, number, number];
  const flat = tf.reshape(kernel, [side * side, channels * filters]);
  return tf.reshape(tf.matMul(weightsMatrix(side), flat), [TILE * TILE, channels, filters]);
}

/** y. */
export function forward(convolution: Convolution, picture: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const tiles = toTiles(picture, samplesTiling(convolution, false));
  return fromTiles(tf.matMul(tiles, transformedKernel(kernel)), resultsTiling(convolution, false), convolution.outShape);
}

/** dx. */
export function imageGradient(convolution: Convolution, dy: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const tiles = toTiles(dy, resultsTiling(convolution, true));
  const product = tf.matMul(tiles, transformedKernel(kernel), false, true);
  return fromTiles(product, samplesTiling(convolution, true), convolution.inShape);
}

/** dW. */
export function kernelGradient(convolution: Convolution, picture: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const [side, , channels, filters] = convolution.kernelShape as [number, number, number, number];
  const tiles = toTiles(picture, samplesTiling(convolution, false));
  const product = tf.matMul(tiles, toTiles(dy, resultsTiling(convolution, true)), true, false);
  const flat = tf.reshape(product, [TILE * TILE, channels * filters]);
  return tf.reshape(tf.matMul(weightsMatrix(side), flat, true, false), convolution.kernelShape);
}

/** The matrices of a short convolution with few multiplications (Cook and Toom; Winograd 1980; Lavin and Gray 2015, arXiv:1509.09308, Eq. 8).
 *
 *     y = Aᵀ [(G w) ⊙ (Bᵀ x)]        m results y from n = m + r − 1 samples x and r weights w, with n multiplications instead of m r
 *
 * x and w are taken as polynomials: their product is evaluated at n − 1 points and at infinity, multiplied there, and interpolated. This is the
 * transpose of that, which gives the correlation that networks call a convolution.
 * (merged) */

/** Where the polynomials are evaluated, besides infinity: small powers of two, so that the matrices are exact. With 1/2 and −2 instead of 2 and −2
 * the results are as close to float64 as those of the direct convolution; with ±2 their error is twice as large. */
export const POINTS: readonly number[] = [0, 1, -1, 1 / 2, -2];

/** Samples of a tile along one axis. */
export const TILE: number = POINTS.length + 1;

/** The matrices, row by row. */
export interface CookToom {
  /** Bᵀ, `[TILE, TILE]`: of the samples. */
  samples: number[][];
  /** G, `[TILE, r]`: of the weights. */
  weights: number[][];
  /** Aᵀ, `[m, TILE]`: of the results. */
  results: number[][];
}

/** Coefficients of ∏ (t − root), the constant first. */
function polynomial(roots: number[]): number[] {
  return roots.reduce(
    (product, root) => [...product, 0].map((_, i) => (product[i - 1] ?? 0) - root * (product[i] ?? 0)),
    [1],
  );
}

/** The matrices for a kernel of r weights along the axis.
 * @param r from 1 to {@linkcode TILE}. */
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
