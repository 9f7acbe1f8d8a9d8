/** Samples from a Gaussian whose mean and standard deviation are predicted by a network. A sample is differentiable with respect
 * to the mean and the standard deviation (the reparameterization trick; Kingma and Welling, 2014, arXiv:1312.6114, section 2.4).
 *
 * ```text
 * z = μ + exp(log σ) ε,   ε ~ N(0, 1)
 * ```
 *
 * Taught in: notebooks/11_two_stages.ipynb, Eq. (11.1)
 * @module */
import * as tf from "../tf.ts";

/** Sampling layer. The inputs are the mean μ, the logarithm of the standard deviation σ, and the noise ε; the output is the
 * sample z. All tensors have the shape `[batch, size]`. ε is an input so that the caller controls the noise; if the noise is 0,
 * the output is the mean. */
export class GaussianSample extends tf.layers.Layer {
  /** @nocollapse */
  static className = "GaussianSample";

  constructor(settings: { name?: string } = {}) {
    super({ ...settings });
    tf.serialization.registerClass(GaussianSample);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return (inputShape as tf.Shape[])[0]!;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [mean, logDeviation, epsilon] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
    return tf.tidy(() => tf.add(mean, tf.mul(tf.exp(logDeviation), epsilon)));
  }
}
