/** Application of a network's layers to parts of an image.
 *
 * A layer's output in a region depends only on its input in a somewhat larger region: a convolution sees its kernel's reach. Each
 * layer is applied to the smallest input region that determines the requested output exactly; padding is added only at the
 * borders of the image. Norms and dropout are the exceptions: a norm may need statistics of the whole image, and the mask of
 * dropout must not depend on how the image is divided.
 * @module */
import { RandomStream } from "../backend/random.ts";
import type { Region } from "../data/preprocess.ts";
import { EPSILON, type Mode } from "../layers/batch_norm.ts";
import { Dropout } from "../layers/dropout.ts";
import { seedSequence } from "../models/blocks.ts";
import * as tf from "../tf.ts";

/** Rows or columns from `start` up to, but not including, `end`. */
export type Span = readonly [start: number, end: number];
/** A rectangle of positions. */
export type Place = readonly [rows: Span, columns: Span];
/** Height and width of a feature map. */
export type Size = readonly [height: number, width: number];
/** Index of the height or the width in a {@linkcode Size}. */
type Axis = 0 | 1;

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
 * @param at region that the tensor covers. */
export function cut(x: tf.Tensor4D, at: Place, out: Place): tf.Tensor4D {
  const [[top, bottom], [left, right]] = out;
  const [[y], [x0]] = at;
  if (bottom - top === x.shape[1] && right - left === x.shape[2]) return tf.clone(x);
  return tf.slice(x, [0, top - y, left - x0, 0], [-1, bottom - top, right - left, -1]);
}

/** Returns a place in the form in which images are read. */
export function regionOf([[top, bottom], [left, right]]: Place): Region {
  return { left, top, height: bottom - top, width: right - left };
}

/** Returns the smallest span that contains both. */
export function hull(a: Span, b: Span): Span {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

const within = ([start, end]: Span, length: number): Span => [Math.max(0, start), Math.min(length, end)];
const pair = (value: number | number[]): number[] => typeof value === "number" ? [value, value] : value;
const call = (layer: tf.layers.Layer, inputs: tf.Tensor4D[]): tf.Tensor4D =>
  layer.call(inputs.length === 1 ? inputs[0]! : inputs, {}) as tf.Tensor4D;

const POINTWISE: Pick<Rule, "length" | "needs" | "work"> = { length: (n) => n, needs: (out) => out, work: 0 };

type Config = Record<"kernelSize" | "strides" | "dilationRate", number | number[]> & {
  padding: string | [[number, number], [number, number]] | number;
  cropping: [[number, number], [number, number]];
  activation: string;
  filters: number;
  axis: number;
  rate: number;
  epsilon?: number;
};

/** Rules by class name of the layer. */
const RULES: Record<string, (layer: tf.layers.Layer, config: Config, mode: Mode) => Rule | undefined> = {
  ReLU: pointwise,
  LeakyReLU: pointwise,
  Activation: pointwise,
  Add: pointwise,
  Concatenate: pointwise,
  Conv2D: convolution,
  Conv2DTranspose: transposedConvolution,
  ZeroPadding2D: (_, { padding }) => zeroPadding(padding as [[number, number], [number, number]]),
  ReflectionPad: (_, { padding }) => reflectionPadding(padding as number),
  Cropping2D: (_, { cropping }) => ({
    length: (n, axis) => n - cropping[axis][0] - cropping[axis][1],
    needs: ([start, end], _, axis) => [start + cropping[axis][0], end + cropping[axis][0]],
    apply: ([x]) => tf.clone(x!),
    work: 0,
  }),
  BatchNormalization: (layer, _, mode) => batchNorm(layer, mode),
  InstanceNormalization: (layer, { epsilon }) => {
    const [gamma, beta] = layer.getWeights() as tf.Tensor1D[];
    return normalization({ each: true }, epsilon!, () => [gamma, beta]);
  },
  Dropout: (layer, { rate }, mode) =>
    (mode.dropout ?? mode.training) && layer instanceof Dropout ? dropout(layer, rate) : pointwise(layer),
};

/** Returns the rule for a layer of a network.
 * @throws {RangeError} if a layer of this kind cannot be applied to a part of an image. */
export function ruleOf(layer: tf.layers.Layer, mode: Mode): Rule {
  const kind = layer.getClassName();
  const rule = RULES[kind]?.(layer, layer.getConfig() as unknown as Config, mode);
  if (rule) return rule;
  throw new RangeError(
    `Cannot translate in tiles: expected layers of known kinds, got ${kind} ${layer.name}; translate the image in one piece`,
  );
}

function pointwise(layer: tf.layers.Layer): Rule {
  return { ...POINTWISE, apply: (inputs) => call(layer, inputs) };
}

/** With padding "same", the layer pads every part, so that the outermost outputs are wrong unless they are those of the image.
 * The input is chosen so large that they lie outside the requested region. */
function convolution(layer: tf.layers.Layer, config: Config): Rule | undefined {
  const [kernel, strides] = [pair(config.kernelSize), pair(config.strides)];
  if (config.activation !== "linear" || pair(config.dilationRate).some((rate) => rate !== 1)) return undefined;
  const same = config.padding === "same";
  const rule: Rule = {
    length: (n, axis) => {
      if (!same) return Math.floor((n - kernel[axis]!) / strides[axis]!) + 1;
      if (n % strides[axis]! === 0) return n / strides[axis]!;
      throw new RangeError(`Cannot translate in tiles: ${layer.name} needs a multiple of ${strides[axis]}, got ${n}`);
    },
    needs: ([start, end], n, axis) => {
      const [k, s] = [kernel[axis]!, strides[axis]!];
      const before = same ? Math.max(0, k - s) >> 1 : 0;
      const [from, to] = [start * s - before, (end - 1) * s - before + k];
      return within(same ? [Math.floor(from / s) * s, Math.ceil(to / s) * s] : [from, to], n);
    },
    apply: ([x], at, out) => {
      const y = call(layer, [x!]);
      const made = ([start]: Span, axis: Axis): Span => [start / strides[axis]!, start / strides[axis]! + y.shape[axis + 1]!];
      return same ? cut(y, [made(at[0], 0), made(at[1], 1)], out) : y;
    },
    work: layer.getWeights()[0]!.size,
  };
  return rule;
}

function transposedConvolution(layer: tf.layers.Layer, config: Config): Rule | undefined {
  const [kernel, strides] = [pair(config.kernelSize), pair(config.strides)];
  if (config.activation !== "linear" || kernel.some((k, axis) => k < strides[axis]!)) return undefined;
  const same = config.padding === "same";
  return {
    length: (n, axis) => n * strides[axis]! + (same ? 0 : kernel[axis]! - strides[axis]!),
    needs: ([start, end], n, axis) => {
      const [k, s] = [kernel[axis]!, strides[axis]!];
      const before = same ? (k - s) >> 1 : 0;
      return within([Math.ceil((start + before - k + 1) / s), Math.floor((end - 1 + before) / s) + 1], n);
    },
    apply: ([x], at, out) => {
      const y = call(layer, [x!]);
      const made = ([start]: Span, axis: Axis): Span => [start * strides[axis]!, start * strides[axis]! + y.shape[axis + 1]!];
      return cut(y, [made(at[0], 0), made(at[1], 1)], out);
    },
    work: layer.getWeights()[0]!.size / (strides[0]! * strides[1]!),
  };
}

function zeroPadding(padding: [[number, number], [number, number]]): Rule {
  return {
    length: (n, axis) => n + padding[axis][0] + padding[axis][1],
    needs: ([start, end], n, axis) => {
      const [from, to] = within([start - padding[axis][0], end - padding[axis][0]], n);
      return from < to ? [from, to] : [Math.min(from, n - 1), Math.max(to, 1)]; // a region within the padding
    },
    apply: ([x], at, out) => {
      const around = ([start, end]: Span, axis: Axis): [number, number] => {
        const wanted = out[axis].map((i) => i - padding[axis][0]) as [number, number];
        return [Math.max(0, start - wanted[0]), Math.max(0, wanted[1] - end)];
      };
      const [rows, columns] = [around(at[0], 0), around(at[1], 1)];
      const y = tf.pad(x!, [[0, 0], rows, columns, [0, 0]]);
      const made = (
        [start, end]: Span,
        [before, after]: [number, number],
        axis: Axis,
      ): Span => [start - before + padding[axis][0], end + after + padding[axis][0]];
      return cut(y, [made(at[0], rows, 0), made(at[1], columns, 1)], out);
    },
    work: 0,
  };
}

/** Returns the positions whose values a padded span shows. */
function mirrored([start, end]: Span, n: number, padding: number): number[] {
  return Array.from({ length: end - start }, (_, i) => {
    const at = Math.abs(start + i - padding);
    return at < n ? at : 2 * (n - 1) - at;
  });
}

function reflectionPadding(padding: number): Rule {
  return {
    length: (n) => n + 2 * padding,
    needs: (out, n) => spanOf(mirrored(out, n, padding)),
    apply: ([x], at, out, size) => gathered(x!, at, out.map((span, axis) => mirrored(span, size[axis]!, padding))),
    work: 0,
  };
}

/** Returns the smallest span that contains all positions. */
export function spanOf(positions: number[]): Span {
  return [Math.min(...positions), Math.max(...positions) + 1];
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

function batchNorm(layer: tf.layers.Layer, mode: Mode): Rule {
  const [gamma, beta, mean, variance] = layer.getWeights() as tf.Tensor1D[];
  const own = mode.batchStatistics ?? mode.training;
  if (own) return normalization({ each: false }, EPSILON, () => [gamma, beta]);
  return { ...POINTWISE, apply: ([x]) => tf.batchNorm(x!, mean!, variance!, beta, gamma, EPSILON) };
}

function normalization(norm: Norm, epsilon: number, weights: () => (tf.Tensor1D | undefined)[]): Rule {
  const [gamma, beta] = weights();
  const apply = ([x]: tf.Tensor4D[]): tf.Tensor4D => {
    const { mean, variance } = norm.statistics!;
    const images = mean.shape[0] === 1 ? [x!] : tf.split(x!, mean.shape[0]);
    const [means, variances] = [mean, variance].map((values) => tf.unstack(tf.squeeze(values, [1, 2])) as tf.Tensor1D[]);
    const normed = images.map((image, i) => tf.batchNorm(image, means![i]!, variances![i]!, beta, gamma, epsilon));
    return normed.length === 1 ? normed[0] as tf.Tensor4D : tf.concat(normed as tf.Tensor4D[]);
  };
  return { ...POINTWISE, apply, norm };
}

/** Side of the squares of positions for which a mask of dropout is drawn at once. */
const MASK = 16;

/** Dropout whose mask depends only on the seed and the position. */
function dropout(layer: Dropout, rate: number): Rule {
  // One draw of the layer's stream for each translation, so that translations differ as they do for an image in one piece.
  const seed = seedSequence(layer.random.seed ^ Math.imul(++layer.random.position, 0x9e3779b9))();
  const apply = ([x]: tf.Tensor4D[], _: Place, out: Place, [, width]: Size): tf.Tensor4D => {
    const [batch, , , channels] = x!.shape;
    const [rows, columns] = out.map(([start, end]) => [Math.floor(start / MASK), Math.ceil(end / MASK)] as const);
    const across = Math.ceil(width / MASK);
    const square = (row: number, column: number) =>
      new RandomStream(seed, row * across + column).uniform([batch, MASK, MASK, channels]) as tf.Tensor4D;
    const range = ([start, end]: Span) => Array.from({ length: end - start }, (_, i) => start + i);
    const drawn = tf.concat(range(rows!).map((row) => tf.concat(range(columns!).map((column) => square(row, column)), 2)), 1);
    const at = [rows!, columns!].map(([start, end]) => [start * MASK, end * MASK]) as unknown as Place;
    const kept = tf.cast(tf.greaterEqual(cut(drawn, at, out), rate), "float32");
    return tf.mul(x!, tf.mul(kept, 1 / (1 - rate)));
  };
  return { ...POINTWISE, apply };
}
