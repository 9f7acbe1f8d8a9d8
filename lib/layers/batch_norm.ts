/** Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167), whose statistics can be chosen when the network is used.
 *
 * pix2pix keeps the batch's own statistics also when it translates (Sec. 3.4). tfjs's layer has one switch, `training`, and changes
 * its moving averages whenever it is on: using a network would change it. In a saved model this layer is a plain tfjs
 * "BatchNormalization", so that the file loads anywhere.
 *
 * Taught in: notebooks/02_pictures_from_noise.ipynb, Eq. (2.2)
 * @module */
import * as tf from "../tf.ts";
import { normaliseBatch } from "../backend/batch_norm.ts";
import type { Mode } from "./options.ts";

/** Added to the variance. PyTorch's default, which the reference implementation uses. */
export const EPSILON = 1e-5;
/** How much of the moving averages stays at each step; the rest is the batch's. PyTorch's 0.1, said the other way round. */
export const MOMENTUM = 0.9;
/** Standard deviation of gamma around 1 at the start, as in the reference implementation. */
export const GAMMA_DEVIATION = 0.02;

/** What to make. */
export interface BatchNormSettings {
  name?: string;
  /** Seed of gamma's initial values. */
  seed: number;
}

/** The layer: `[batch, height, width, channels]` to the same. */
export class BatchNorm extends tf.layers.Layer {
  /** @nocollapse */
  static className = "BatchNormalization";
  readonly #seed: number;
  #gamma!: tf.LayerVariable;
  #beta!: tf.LayerVariable;
  #movingMean!: tf.LayerVariable;
  #movingVariance!: tf.LayerVariable;

  constructor(settings: BatchNormSettings) {
    super(settings.name ? { name: settings.name } : {});
    this.#seed = settings.seed;
  }

  override build(inputShape: tf.Shape): void {
    const channels = [inputShape[inputShape.length - 1]!];
    const { ones, zeros, randomNormal } = tf.initializers;
    const around1 = randomNormal({ mean: 1, stddev: GAMMA_DEVIATION, seed: this.#seed });
    this.#gamma = this.addWeight("gamma", channels, "float32", around1);
    this.#beta = this.addWeight("beta", channels, "float32", zeros());
    this.#movingMean = this.addWeight("moving_mean", channels, "float32", zeros(), undefined, false);
    this.#movingVariance = this.addWeight("moving_variance", channels, "float32", ones(), undefined, false);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], mode: Mode): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
      const [gamma, beta] = [this.#gamma.read() as tf.Tensor1D, this.#beta.read() as tf.Tensor1D];
      if (!(mode.batchStatistics ?? mode.training)) {
        const [mean, variance] = [this.#movingMean.read() as tf.Tensor1D, this.#movingVariance.read() as tf.Tensor1D];
        return tf.batchNorm(x, mean, variance, beta, gamma, EPSILON);
      }
      const { output, mean, variance } = normaliseBatch(x, gamma, beta, EPSILON);
      if (mode.updateStatistics ?? mode.training) {
        follow(this.#movingMean, mean);
        follow(this.#movingVariance, variance);
      }
      return output;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: -1, momentum: MOMENTUM, epsilon: EPSILON, center: true, scale: true };
  }
}

/** moving ← momentum · moving + (1 − momentum) · new */
function follow(moving: tf.LayerVariable, value: tf.Tensor): void {
  moving.write(tf.add(tf.mul(moving.read(), MOMENTUM), tf.mul(value, 1 - MOMENTUM)));
}
