/** Regions of images and feature maps, and how layers are applied to them.
 * @module */
import type { Region } from "../data/preprocess.ts";
import * as tf from "../tf.ts";

/** Rows or columns from `start` up to, but not including, `end`. */
export type Span = readonly [start: number, end: number];
/** A rectangle of positions. */
export type Place = readonly [rows: Span, columns: Span];
/** Height and width of a feature map. */
export type Size = readonly [height: number, width: number];
/** Index of the height or the width in a {@linkcode Size}. */
export type Axis = 0 | 1;

/** How a layer is applied to a part of its input. */
export interface Rule {
  /** Returns the output's height or width for a given input. */
  length(input: number, axis: Axis): number;
  /** Returns the span of the input on which a span of the output depends. */
  needs(out: Span, input: number, axis: Axis): Span;
  /** Computes a region of the output.
   * @param at region of the inputs that is passed.
   * @param out region to compute.
   * @param size height and width of the whole input. */
  apply(inputs: tf.Tensor4D[], at: Place, out: Place, size: Size): tf.Tensor4D;
  /** Number of multiplications per position of the output. */
  work: number;
  /** Set for a norm that uses statistics of the image. */
  norm?: Norm;
}

/** A norm's statistics of a whole image. */
export interface Norm {
  /** Whether each image of a batch has its own statistics (instance norm). */
  each: boolean;
  /** `[1 or batch, 1, 1, channels]`; set after they have been measured. */
  statistics?: { mean: tf.Tensor4D; variance: tf.Tensor4D };
}

/** Returns the part of a tensor that covers region `out`.
 * @param top first row that the tensor covers.
 * @param left first column that the tensor covers. */
export function cut(x: tf.Tensor4D, top: number, left: number, [rows, columns]: Place): tf.Tensor4D {
  const [height, width] = [rows[1] - rows[0], columns[1] - columns[0]];
  if (height === x.shape[1] && width === x.shape[2]) return tf.clone(x);
  return tf.slice(x, [0, rows[0] - top, columns[0] - left, 0], [-1, height, width, -1]);
}

/** Number of positions of a map. */
export const area = ([height, width]: Size): number => height * width;

/** Returns a region, as images are read in, as a place. */
export function placeOf({ left, top, height, width }: Region): Place {
  return [[top, top + height], [left, left + width]];
}

/** Returns a place in the form in which images are read. */
export function regionOf([[top, bottom], [left, right]]: Place): Region {
  return { left, top, height: bottom - top, width: right - left };
}

/** Returns the smallest span that contains both. */
export function hull(a: Span, b: Span): Span {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Returns the smallest span that contains all positions. */
export function spanOf(positions: number[]): Span {
  return [Math.min(...positions), Math.max(...positions) + 1];
}

/** Indices that pad a row on both sides by reflection, repeatedly if necessary; border pixels are not duplicated.
 * @param length length of the row, at least 1.
 * @param longer length of the padded row, which has the original row at its centre. */
export function mirroredIndices(length: number, longer: number): number[] {
  const before = (longer - length) >> 1;
  const period = Math.max(1, 2 * (length - 1));
  return Array.from({ length: longer }, (_, i) => {
    const at = (((i - before) % period) + period) % period;
    return at < length ? at : period - at;
  });
}

/** Selects rows and columns.
 * @param at region that the tensor covers.
 * @param positions the rows and the columns to select. */
export function gathered(x: tf.Tensor4D, at: Place, positions: number[][]): tf.Tensor4D {
  return positions.reduce<tf.Tensor4D>((y, wanted, axis) => {
    const start = at[axis]![0];
    const plain = wanted.length === y.shape[axis + 1] && wanted.every((position, i) => position === start + i);
    return plain ? tf.clone(y) : tf.gather(y, tf.tensor1d(wanted.map((i) => i - start), "int32"), axis + 1);
  }, x);
}

/** The geometry of a layer whose output at a position depends only on its input there. */
export const POINTWISE: Pick<Rule, "length" | "needs" | "work"> = { length: (n) => n, needs: (out) => out, work: 0 };
