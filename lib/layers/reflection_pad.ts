/** Reflection padding: mirrors the image at its borders, without repeating the border pixels. CycleGAN applies reflection padding
 * before convolutions (arXiv:1703.10593, appendix 7.2) to avoid the border artefacts of zero padding.
 *
 * The gradient of `tf.mirrorPad` in tfjs is wrong, since it ignores the reflected pixels: if a 2 × 2 image is padded by 1, each
 * pixel appears four times, but the gradient is 1 instead of 4. Here, rows and columns are sliced, reversed and concatenated;
 * these operations have correct gradients of any order. Two calls to `tf.gather` would be much slower on WebAssembly. On
 * TensorFlow, its own op is used, which is faster still.
 * @module */
import * as tf from "../tf.ts";
import { mirrorPad } from "../backend/mirror_pad.ts";

/** Adds `padding` mirrored rows (axis 1) or columns (axis 2) on both sides. */
function reflectAxis(x: tf.Tensor4D, padding: number, axis: 1 | 2): tf.Tensor4D {
  const size = x.shape[axis];
  const [start, all] = [[0, 0].slice(0, axis), x.shape.slice(0, axis)];
  const mirrored = (from: number) => tf.reverse(tf.slice(x, [...start, from], [...all, padding]), axis);
  return tf.concat([mirrored(1), x, mirrored(size - 1 - padding)], axis);
}

/** Pads the height and width of images by reflection.
 * @param x `[batch, height, width, channels]`.
 * @param padding Number of pixels on each side, smaller than both the height and the width.
 * @returns The padded images, `[batch, height + 2 * padding, width + 2 * padding, channels]`.
 * @throws {RangeError} If the padding is not an integer ≥ 0 that is smaller than both the height and the width. */
export function reflectionPad(x: tf.Tensor4D, padding: number): tf.Tensor4D {
  const [, height, width] = x.shape;
  if (!Number.isInteger(padding) || padding < 0 || padding >= height || padding >= width) {
    const problem = "the padding must be an integer ≥ 0, smaller than both the height and the width";
    throw new RangeError(`Cannot pad by reflection: ${problem}, got ${padding} for [${height}, ${width}]`);
  }
  if (padding === 0) return tf.clone(x);
  return mirrorPad(x, padding) ?? tf.tidy(() => reflectAxis(reflectAxis(x, padding, 1), padding, 2));
}

/** Settings of {@linkcode ReflectionPad}. */
export interface ReflectionPadSettings {
  /** Name of the layer. Default: chosen by tfjs. */
  name?: string;
  /** Number of pixels on each side. */
  padding: number;
}

/** Padding layer: maps `[batch, height, width, channels]` to `[batch, height + 2 * padding, width + 2 * padding, channels]`. */
export class ReflectionPad extends tf.layers.Layer {
  /** @nocollapse */
  static className = "ReflectionPad";
  readonly #padding: number;

  constructor(settings: ReflectionPadSettings) {
    super({ ...settings });
    this.#padding = settings.padding;
    tf.serialization.registerClass(ReflectionPad);
  }

  override computeOutputShape([batch, height, width, channels]: tf.Shape): tf.Shape {
    const padded = (size: number | null | undefined) => (typeof size === "number" ? size + 2 * this.#padding : null);
    return [batch ?? null, padded(height), padded(width), channels ?? null];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return reflectionPad((Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D, this.#padding);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.#padding };
  }
}
