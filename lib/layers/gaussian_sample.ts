/** A draw from a Gaussian whose mean and deviation a network says, through which gradients reach both: Kingma and Welling (2014), "Auto-Encoding
 * Variational Bayes", arXiv:1312.6114, Sec. 2.4.
 *
 *     z = μ + exp(log σ) ε,   ε ~ N(0, 1)
 *
 * Taught in: notebooks/11_two_stages.ipynb, Eq. (11.1)
 * @module */
import * as tf from "../tf.ts";

/** The layer: mean, log of the deviation, and ε, all `[batch, size]`, to z `[batch, size]`. ε is an input, so that who runs the network decides what is
 * chance: zeros give the mean. */
export class GaussianSample extends tf.layers.Layer {
  /** How a saved model calls this layer.
   * @nocollapse */
  static className = "GaussianSample";

  /** Makes the layer, and registers its class for loading. */
  constructor(settings: { name?: string } = {}) {
    super({ ...settings });
    tf.serialization.registerClass(GaussianSample);
  }

  /** That of the mean. */
  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return (inputShape as tf.Shape[])[0]!;
  }

  /** Draws. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [mean, logDeviation, epsilon] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
    return tf.tidy(() => tf.add(mean, tf.mul(tf.exp(logDeviation), epsilon)));
  }
}
