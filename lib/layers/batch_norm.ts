/** Batch normalization (Ioffe and Szegedy, 2015, arXiv:1502.03167) with statistics that can be chosen on each call.
 *
 * pix2pix uses the batch's statistics at test time as well (section 3.4). In tfjs's layer, the option `training` selects the
 * batch's statistics and also updates the moving averages, so running a network in training mode changes its weights. In a saved
 * model, this layer is a plain tfjs "BatchNormalization" layer, which can be loaded without Forger.
 *
 * Taught in: notebooks/02_pictures_from_noise.ipynb, Eq. (2.2)
 * @module */
import * as tf from "../tf.ts";
import { normalizeBatch } from "../backend/batch_norm.ts";
import { initialScale, ones, zeros } from "./initializers.ts";

/** Options for `model.apply(input, mode)`; tfjs passes them to every layer. The options control how layers behave in training and
 * inference. */
export interface Mode {
  /** Training mode: dropout is active; batch norm uses the batch's statistics and updates its moving averages. Default false. */
  training?: boolean;
  /** Whether dropout is active. Default: same as `training`. */
  dropout?: boolean;
  /** Whether batch norm uses the batch's statistics. Default: same as `training`. */
  batchStatistics?: boolean;
  /** Whether batch norm updates its moving averages. Default: same as `training`. */
  updateStatistics?: boolean;
}

/** Constant added to the variance. The value 1e-5 is PyTorch's default, which pix2pix's reference implementation uses. */
export const EPSILON = 1e-5;
/** Factor by which the moving averages decay in each step. PyTorch's "momentum", 0.1 by default, is one minus this factor. */
export const MOMENTUM = 0.9;

/** Settings of {@linkcode BatchNorm}. */
export interface BatchNormSettings {
  /** Name of the layer. Default: chosen by tfjs. */
  name?: string;
  /** Seed for the initial scale (gamma). */
  seed: number;
}

/** Batch normalization layer. The input and the output have the shape `[batch, height, width, channels]`. */
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
    this.#gamma = this.addWeight("gamma", channels, "float32", initialScale(this.#seed));
    this.#beta = this.addWeight("beta", channels, "float32", zeros());
    this.#movingMean = this.addWeight("moving_mean", channels, "float32", zeros(), undefined, false);
    this.#movingVariance = this.addWeight("moving_variance", channels, "float32", ones(), undefined, false);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], mode: Mode): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
      const [gamma, beta] = [this.#gamma.read() as tf.Tensor1D, this.#beta.read() as tf.Tensor1D];
      if (!(mode.batchStatistics ?? mode.training)) {
        const [mean, variance] = [this.#movingMean.read() as tf.Tensor1D, this.#movingVariance.read() as tf.Tensor1D];
        return tf.batchNorm(x, mean, variance, beta, gamma, EPSILON);
      }
      const { output, mean, variance } = normalizeBatch(x, gamma, beta, EPSILON);
      if (mode.updateStatistics ?? mode.training) {
        updateAverage(this.#movingMean, mean);
        updateAverage(this.#movingVariance, variance);
      }
      return output;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: -1, momentum: MOMENTUM, epsilon: EPSILON, center: true, scale: true };
  }
}

/** Updates a moving average: average ← momentum · average + (1 − momentum) · value. */
function updateAverage(average: tf.LayerVariable, value: tf.Tensor): void {
  average.write(tf.add(tf.mul(average.read(), MOMENTUM), tf.mul(value, 1 - MOMENTUM)));
}
