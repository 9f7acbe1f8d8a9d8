/** Applies the layers of a network to parts of an image.
 *
 * In each layer, a region of the output depends on a region of the input that is only slightly larger; for a convolution, the
 * kernel size determines the margin. Each layer is applied to the smallest input region that determines the requested output
 * exactly; padding is added only at the borders of the image.
 * @module */
import { BatchNorm, type Mode } from "../layers/batch_norm.ts";
import { Dropout } from "../layers/dropout.ts";
import * as tf from "../tf.ts";
import { type Axis, cut, gathered, mirroredIndices, POINTWISE, type Rule, type Span, spanOf } from "./regions.ts";
import { batchNorm, dropout, normalization } from "./tile_norms.ts";

const within = ([start, end]: Span, length: number): Span => [Math.max(0, start), Math.min(length, end)];
const pair = (value: number | number[]): number[] => typeof value === "number" ? [value, value] : value;
const call = (layer: tf.layers.Layer, inputs: tf.Tensor4D[]): tf.Tensor4D =>
  layer.call(inputs.length === 1 ? inputs[0]! : inputs, {}) as tf.Tensor4D;

type Config = Record<"kernelSize" | "strides" | "dilationRate", number | number[]> & {
  padding: string | [[number, number], [number, number]] | number;
  cropping: [[number, number], [number, number]];
  size: [number, number];
  activation: string;
  axis: number;
  rate: number;
  epsilon: number;
};

/** Functions that create the rule for a layer, keyed by the class name of the layer. */
const RULES: Record<string, (layer: tf.layers.Layer, config: Config, mode: Mode) => Rule | undefined> = {
  ReLU: pointwise,
  LeakyReLU: pointwise,
  Activation: pointwise,
  Add: pointwise,
  Concatenate: (layer, { axis }) => axis === -1 || axis === 3 ? pointwise(layer) : undefined,
  Conv2D: convolution,
  Conv2DTranspose: transposedConvolution,
  UpSampling2D: (layer, { size }) => ({
    length: (n, axis) => n * size[axis],
    needs: ([start, end], _, axis) => [Math.floor(start / size[axis]), Math.ceil(end / size[axis])],
    apply: ([x], at, out) => cut(call(layer, [x!]), at[0][0] * size[0], at[1][0] * size[1], out),
    work: 0,
  }),
  ZeroPadding2D: (_, { padding }) => zeroPadding(padding as [[number, number], [number, number]]),
  ReflectionPad: (_, { padding }) => reflectionPadding(padding as number),
  Cropping2D: (_, { cropping }) => ({
    length: (n, axis) => n - cropping[axis][0] - cropping[axis][1],
    needs: ([start, end], _, axis) => [start + cropping[axis][0], end + cropping[axis][0]],
    apply: ([x]) => tf.clone(x!),
    work: 0,
  }),
  BatchNormalization: (layer, _, mode) => layer instanceof BatchNorm ? batchNorm(layer, mode) : undefined,
  InstanceNormalization: (layer, { epsilon }) => normalization({ each: true }, epsilon, layer.getWeights() as tf.Tensor1D[]),
  Dropout: (layer, { rate }, mode) =>
    (mode.dropout ?? mode.training) && layer instanceof Dropout ? dropout(layer, rate) : pointwise(layer),
};

/** Returns the {@linkcode Rule} for applying a layer to parts of an image.
 * @throws {RangeError} If a layer of this kind cannot be applied to a part of an image. */
export function ruleOf(layer: tf.layers.Layer, mode: Mode): Rule {
  const kind = layer.getClassName();
  const rule = RULES[kind]?.(layer, layer.getConfig() as unknown as Config, mode);
  if (rule) return rule;
  throw new RangeError(
    `Cannot translate in tiles: expected supported layers, got the ${kind} ${layer.name}; translate the image in one piece`,
  );
}

function pointwise(layer: tf.layers.Layer): Rule {
  return { ...POINTWISE, apply: (inputs) => call(layer, inputs) };
}

/** A convolution with padding "same" pads every part of an image, so the outermost outputs of a part are correct only at the
 * borders of the image. The input region is therefore enlarged until the incorrect outputs lie outside the requested region. */
function convolution(layer: tf.layers.Layer, config: Config): Rule | undefined {
  const [kernel, strides] = [pair(config.kernelSize), pair(config.strides)];
  if (config.activation !== "linear" || pair(config.dilationRate).some((rate) => rate !== 1)) return undefined;
  const same = config.padding === "same";
  return {
    length: (n, axis) => {
      if (!same) return Math.floor((n - kernel[axis]!) / strides[axis]!) + 1;
      if (n % strides[axis]! === 0) return n / strides[axis]!;
      throw new RangeError(
        `Cannot translate in tiles: ${layer.name} needs a height and width divisible by ${strides[axis]}, got ${n}; translate ` +
          "the image in one piece",
      );
    },
    needs: ([start, end], n, axis) => {
      const [k, s] = [kernel[axis]!, strides[axis]!];
      const before = same ? Math.max(0, k - s) >> 1 : 0;
      const [from, to] = [start * s - before, (end - 1) * s - before + k];
      return within(same ? [Math.floor(from / s) * s, Math.ceil(to / s) * s] : [from, to], n);
    },
    apply: ([x], at, out) => {
      const y = call(layer, [x!]);
      return same ? cut(y, at[0][0] / strides[0]!, at[1][0] / strides[1]!, out) : y;
    },
    work: layer.getWeights()[0]!.size,
  };
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
      return cut(y, at[0][0] * strides[0]!, at[1][0] * strides[1]!, out);
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
      return cut(y, at[0][0] - rows[0] + padding[0][0], at[1][0] - columns[0] + padding[1][0], out);
    },
    work: 0,
  };
}

function reflectionPadding(padding: number): Rule {
  const mirrored = (span: Span, n: number) => mirroredIndices(n, n + 2 * padding).slice(...span);
  return {
    length: (n) => n + 2 * padding,
    needs: (out, n) => spanOf(mirrored(out, n)),
    apply: ([x], at, out, size) => gathered(x!, at, out.map((span, axis) => mirrored(span, size[axis]!))),
    work: 0,
  };
}
