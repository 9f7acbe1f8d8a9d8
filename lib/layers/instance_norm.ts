/** Instance normalization (Ulyanov, Vedaldi and Lempitsky, 2016, arXiv:1607.08022, equation 3). Each channel of each image is
 * normalized by its own mean and variance, so that the result is independent of the other images in the batch.
 *
 * In the code, x_tijk (image t, channel i, position j, k) is an element of `x`; μ_ti is the mean, σ²_ti is the variance, and ε is
 * `epsilon`.
 *
 * The equation in the paper has no scale or shift. Most implementations add a scale (gamma) and a shift (beta); CycleGAN's does
 * not. tfjs has no instance norm layer (tfjs#626).
 *
 * Batch norm of a single image is instance norm. The faster operation that batch norm uses is therefore applied to each image,
 * except on plain JavaScript. Both implementations are twice differentiable, as a gradient penalty requires.
 * @module */
import * as tf from "../tf.ts";
import { normalizeBatch } from "../backend/batch_norm.ts";
import { isPlainJavaScript } from "../backend/cpu.ts";
import { ones, zeros } from "./initializers.ts";

/** Value of ε, which is added to the variance. The paper gives no value; 1e-5 is PyTorch's default, which CycleGAN's own code
 * uses. */
export const INSTANCE_EPSILON = 1e-5;

/** Options of {@linkcode instanceNorm}. */
export interface InstanceNormOptions {
  /** Scale of each channel, `[channels]`. Default: none. */
  gamma?: tf.Tensor1D | undefined;
  /** Shift of each channel, `[channels]`. Default: none. */
  beta?: tf.Tensor1D | undefined;
  /** Added to the variance. Default {@linkcode INSTANCE_EPSILON}. */
  epsilon?: number;
}

/** Computes gamma · (x − μ) / √(σ² + ε) + beta for each channel of each image.
 * @param x `[batch, height, width, channels]`, with more than one pixel per image: a single pixel would become 0.
 * @returns Tensor of the same shape.
 * @throws {RangeError} If height and width are both 1. */
export function instanceNorm(x: tf.Tensor4D, options: InstanceNormOptions = {}): tf.Tensor4D {
  const { gamma, beta, epsilon = INSTANCE_EPSILON } = options;
  refuseSinglePixel(x.shape);
  if (isPlainJavaScript()) return composed(x, options);
  return tf.tidy(() => {
    const [batch, , , channels] = x.shape;
    const [scale, shift] = [gamma ?? tf.ones<tf.Rank.R1>([channels]), beta ?? tf.zeros<tf.Rank.R1>([channels])];
    const one = (image: tf.Tensor) => normalizeBatch(image as tf.Tensor4D, scale, shift, epsilon).output;
    return batch === 1 ? one(x) : tf.concat(tf.split(x, batch).map(one));
  });
}

function composed(x: tf.Tensor4D, { gamma, beta, epsilon = INSTANCE_EPSILON }: InstanceNormOptions): tf.Tensor4D {
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
  throw new RangeError("Cannot apply instance norm to a single pixel: its normalized value is always 0; omit the norm here");
}

/** Settings of {@linkcode InstanceNorm}. */
export interface InstanceNormSettings {
  /** Name of the layer. Default: chosen by tfjs. */
  name?: string;
  /** Whether to learn a scale (initially 1) and a shift (initially 0) per channel. Default true; CycleGAN uses false. */
  affine?: boolean;
  /** Added to the variance. Default {@linkcode INSTANCE_EPSILON}. */
  epsilon?: number;
}

/** Instance normalization layer. The input and the output have the shape `[batch, height, width, channels]`. */
export class InstanceNorm extends tf.layers.Layer {
  /** @nocollapse */
  static className = "InstanceNormalization";
  readonly #affine: boolean;
  readonly #epsilon: number;
  #gamma?: tf.LayerVariable;
  #beta?: tf.LayerVariable;

  constructor(settings: InstanceNormSettings = {}) {
    super({ ...settings });
    this.#affine = settings.affine ?? true;
    this.#epsilon = settings.epsilon ?? INSTANCE_EPSILON;
    tf.serialization.registerClass(InstanceNorm);
  }

  /** @throws {RangeError} If height and width are both 1. */
  override build(inputShape: tf.Shape): void {
    refuseSinglePixel(inputShape);
    const channels = [inputShape[inputShape.length - 1]!];
    if (this.#affine) {
      this.#gamma = this.addWeight("gamma", channels, "float32", ones());
      this.#beta = this.addWeight("beta", channels, "float32", zeros());
    }
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
    const [gamma, beta] = [this.#gamma?.read(), this.#beta?.read()] as [tf.Tensor1D?, tf.Tensor1D?];
    return instanceNorm(x, { gamma, beta, epsilon: this.#epsilon });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), affine: this.#affine, epsilon: this.#epsilon };
  }
}
