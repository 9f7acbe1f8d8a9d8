/** Instance normalisation: Ulyanov, Vedaldi and Lempitsky (2016), arXiv:1607.08022, Eq. 3. Each channel of each picture gets zero mean
 * and unit variance by itself, in training and in use alike, so that a result depends on no other picture of the batch.
 *
 * Symbols: x_tijk → x (picture t, channel i, position j, k), μ_ti → mean, σ²_ti → variance, ε → epsilon.
 * The paper has no scale and shift; most implementations add gamma and beta, CycleGAN's does not. tfjs has no such layer (tfjs#626).
 * It is made of means and products alone, so that it also has second derivatives, as a gradient penalty needs.
 * @module */
import * as tf from "../tf.ts";

/** ε, added to the variance. The paper gives no number; this is PyTorch's, which CycleGAN's own code uses. */
export const INSTANCE_EPSILON = 1e-5;

/** How to normalise. */
export interface InstanceNormOptions {
  /** Scale of each channel, `[channels]`. Default: none. */
  gamma?: tf.Tensor1D;
  /** Shift of each channel, `[channels]`. Default: none. */
  beta?: tf.Tensor1D;
  /** Added to the variance. Default {@linkcode INSTANCE_EPSILON}. */
  epsilon?: number;
}

/** (x − μ) / √(σ² + ε) for each picture and channel, times gamma, plus beta.
 * @param x `[batch, height, width, channels]`; of a single pixel nothing but beta would remain.
 * @returns the same shape.
 * @throws {RangeError} if height and width are 1. */
export function instanceNorm(x: tf.Tensor4D, options: InstanceNormOptions = {}): tf.Tensor4D {
  const { gamma, beta, epsilon = INSTANCE_EPSILON } = options;
  refuseSinglePixel(x.shape);
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, [1, 2], true));
    const variance = tf.mean(tf.square(centred), [1, 2], true); // [batch, 1, 1, channels]
    const scale = tf.rsqrt(tf.add(variance, epsilon));
    const scaled = tf.mul(centred, gamma ? tf.mul(scale, gamma) : scale);
    return (beta ? tf.add(scaled, beta) : scaled) as tf.Tensor4D;
  });
}

function refuseSinglePixel([, height, width]: tf.Shape): void {
  if (height !== 1 || width !== 1) return;
  throw new RangeError(
    "Cannot normalise by instance: a channel of one pixel minus its mean is always 0, so nothing of the picture is left; " +
      "leave the norm out at this layer",
  );
}

/** What to make. */
export interface InstanceNormSettings {
  /** Default: one that tfjs makes up. */
  name?: string;
  /** Learn a scale (from 1) and a shift (from 0) for each channel. Default true; CycleGAN has false. */
  affine?: boolean;
  /** Added to the variance. Default {@linkcode INSTANCE_EPSILON}. */
  epsilon?: number;
}

/** The layer: `[batch, height, width, channels]` to the same. */
export class InstanceNorm extends tf.layers.Layer {
  /** How a saved model calls this layer.
   * @nocollapse */
  static className = "InstanceNormalization";
  readonly #affine: boolean;
  readonly #epsilon: number;
  #gamma?: tf.LayerVariable;
  #beta?: tf.LayerVariable;

  /** Makes the layer, and registers its class for loading. */
  constructor(settings: InstanceNormSettings = {}) {
    super({ ...settings });
    this.#affine = settings.affine ?? true;
    this.#epsilon = settings.epsilon ?? INSTANCE_EPSILON;
    tf.serialization.registerClass(InstanceNorm);
  }

  /** Makes gamma and beta.
   * @throws {RangeError} if height and width are 1. */
  override build(inputShape: tf.Shape): void {
    refuseSinglePixel(inputShape);
    const channels = [inputShape[inputShape.length - 1]!];
    if (this.#affine) {
      this.#gamma = this.addWeight("gamma", channels, "float32", tf.initializers.ones());
      this.#beta = this.addWeight("beta", channels, "float32", tf.initializers.zeros());
    }
    super.build(inputShape);
  }

  /** The same shape. */
  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  /** Normalises, in training and in use alike. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
    const weights = this.#gamma && this.#beta
      ? { gamma: this.#gamma.read() as tf.Tensor1D, beta: this.#beta.read() as tf.Tensor1D }
      : {};
    return instanceNorm(x, { ...weights, epsilon: this.#epsilon });
  }

  /** What a saved model keeps of it. */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), affine: this.#affine, epsilon: this.#epsilon };
  }
}
