/** Regions of images and feature maps, and rules for applying layers to regions.
 * @module */
import type { Region } from "../data/preprocess.ts";
import * as tf from "../tf.ts";

/** Rows or columns from `start` up to, but not including, `end`. */
export type Span = readonly [start: number, end: number];
/** A rectangle of positions. */
export type Place = readonly [rows: Span, columns: Span];
/** Height and width of a feature map. */
export type Size = readonly [height: number, width: number];
/** Axis of a {@linkcode Size}: 0 for the height, 1 for the width. */
export type Axis = 0 | 1;

/** Rule for applying a layer to a part of its input. */
export interface Rule {
  /** Returns the height or width of the output for a given height or width of the input. */
  length(input: number, axis: Axis): number;
  /** Returns the rows or columns of the input on which the given rows or columns of the output depend. */
  needs(out: Span, input: number, axis: Axis): Span;
  /** Computes a region of the output.
   * @param at Region of the whole input that `inputs` covers.
   * @param out Region to compute.
   * @param size Height and width of the whole input. */
  apply(inputs: tf.Tensor4D[], at: Place, out: Place, size: Size): tf.Tensor4D;
  /** Number of multiplications per output position. */
  work: number;
  /** Present only for a normalization layer that uses statistics of the image. */
  norm?: Norm;
}

/** Statistics of a whole image, for a normalization layer. */
export interface Norm {
  /** Whether each image of a batch has its own statistics (instance norm). */
  each: boolean;
  /** Mean and variance, each of shape `[1 or batch, 1, 1, channels]`; set once they have been measured. */
  statistics?: { mean: tf.Tensor4D; variance: tf.Tensor4D };
}

/** Returns the part of a tensor that covers the given region.
 * @param top First row that the tensor covers.
 * @param left First column that the tensor covers. */
export function cut(x: tf.Tensor4D, top: number, left: number, [rows, columns]: Place): tf.Tensor4D {
  const [height, width] = [rows[1] - rows[0], columns[1] - columns[0]];
  if (height === x.shape[1] && width === x.shape[2]) return tf.clone(x);
  return tf.slice(x, [0, rows[0] - top, columns[0] - left, 0], [-1, height, width, -1]);
}

/** Returns the number of positions in a feature map. */
export const area = ([height, width]: Size): number => height * width;

/** Converts a {@linkcode Region} of an image to a {@linkcode Place}. */
export function placeOf({ left, top, height, width }: Region): Place {
  return [[top, top + height], [left, left + width]];
}

/** Converts a {@linkcode Place} to a {@linkcode Region} of an image. */
export function regionOf([[top, bottom], [left, right]]: Place): Region {
  return { left, top, height: bottom - top, width: right - left };
}

/** Returns the smallest span that contains two given spans. */
export function hull(a: Span, b: Span): Span {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Returns the smallest span that contains all given positions. */
export function spanOf(positions: number[]): Span {
  return [Math.min(...positions), Math.max(...positions) + 1];
}

/** Returns the indices that pad a row by reflection on both sides, without duplicating border pixels. Wide padding is reflected
 * repeatedly.
 * @param length Length of the row, at least 1.
 * @param longer Length of the padded row, which has the original row at its centre. */
export function mirroredIndices(length: number, longer: number): number[] {
  const before = (longer - length) >> 1;
  const period = Math.max(1, 2 * (length - 1));
  return Array.from({ length: longer }, (_, i) => {
    const at = (((i - before) % period) + period) % period;
    return at < length ? at : period - at;
  });
}

/** Selects rows and columns.
 * @param at Region of the image that the tensor covers.
 * @param positions The rows and the columns to select. */
export function gathered(x: tf.Tensor4D, at: Place, positions: number[][]): tf.Tensor4D {
  return positions.reduce<tf.Tensor4D>((y, wanted, axis) => {
    const start = at[axis]![0];
    const plain = wanted.length === y.shape[axis + 1] && wanted.every((position, i) => position === start + i);
    return plain ? tf.clone(y) : tf.gather(y, tf.tensor1d(wanted.map((i) => i - start), "int32"), axis + 1);
  }, x);
}

/** The part of a rule that all pointwise layers share: each output position depends only on the same position of the input. */
export const POINTWISE: Pick<Rule, "length" | "needs" | "work"> = { length: (n) => n, needs: (out) => out, work: 0 };
