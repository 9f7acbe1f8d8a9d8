/** Reflection padding: the picture goes on beyond its border as in a mirror, the border pixel itself not repeated. CycleGAN pads so
 * before its convolutions (arXiv:1703.10593, appendix 7.2), against artefacts that zeros make at the border.
 *
 * tfjs has `tf.mirrorPad`, and its gradient is wrong: it only crops, so that what reflected pixels contribute is lost (a 2 × 2 picture
 * padded by 1 shows each pixel four times; tfjs gives 1). Here the rows and columns are sliced, reversed and joined, whose gradients
 * are right, to any order. Two gathers would be right as well, and take several times as long on WebAssembly.
 * @module */
import * as tf from "../tf.ts";

/** Adds `padding` mirrored rows (axis 1) or columns (axis 2) on both sides. */
function reflectAxis(x: tf.Tensor4D, padding: number, axis: 1 | 2): tf.Tensor4D {
  const size = x.shape[axis];
  const mirrored = (from: number): tf.Tensor4D => {
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    const count: [number, number, number, number] = [...x.shape];
    begin[axis] = from;
    count[axis] = padding;
    return tf.reverse(tf.slice(x, begin, count), axis);
  };
  return tf.concat([mirrored(1), x, mirrored(size - 1 - padding)], axis);
}

/** Pads height and width by reflection.
 * @param x `[batch, height, width, channels]`.
 * @param padding pixels on every side, below height and width.
 * @returns `[batch, height + 2 * padding, width + 2 * padding, channels]`.
 * @throws {RangeError} if the padding is no whole number from 0 to below height and width. */
export function reflectionPad(x: tf.Tensor4D, padding: number): tf.Tensor4D {
  const [, height, width] = x.shape;
  if (!Number.isInteger(padding) || padding < 0 || padding >= height || padding >= width) {
    throw new RangeError(
      `Cannot pad by reflection: wanted a whole number from 0 to below height and width, got ${padding} for [${height}, ${width}]; ` +
        `use a smaller padding or a larger picture`,
    );
  }
  if (padding === 0) return tf.clone(x);
  return tf.tidy(() => reflectAxis(reflectAxis(x, padding, 1), padding, 2));
}

/** What to make. */
export interface ReflectionPadSettings {
  /** Default: one that tfjs makes up. */
  name?: string;
  /** Pixels on every side. */
  padding: number;
}

/** The layer: `[batch, height, width, channels]` to `[batch, height + 2 * padding, width + 2 * padding, channels]`. */
export class ReflectionPad extends tf.layers.Layer {
  /** How a saved model calls this layer.
   * @nocollapse */
  static className = "ReflectionPad";
  readonly #padding: number;

  /** Makes the layer, and registers its class for loading. */
  constructor(settings: ReflectionPadSettings) {
    super({ ...settings });
    this.#padding = settings.padding;
    tf.serialization.registerClass(ReflectionPad);
  }

  /** Height and width grow by twice the padding. */
  override computeOutputShape([batch, height, width, channels]: tf.Shape): tf.Shape {
    const grown = (size: number | null | undefined) => (typeof size === "number" ? size + 2 * this.#padding : null);
    return [batch ?? null, grown(height), grown(width), channels ?? null];
  }

  /** Pads.
   * @throws {RangeError} if the picture is not larger than the padding. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return reflectionPad((Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D, this.#padding);
  }

  /** What a saved model keeps of it. */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.#padding };
  }
}
