/** A sample from a Gaussian with predicted mean and standard deviation, differentiable with respect to both (the
 * reparameterization trick): Kingma and Welling (2014), "Auto-Encoding Variational Bayes", arXiv:1312.6114, Sec. 2.4.
 *
 *     z = μ + exp(log σ) ε,   ε ~ N(0, 1)
 *
 * Taught in: notebooks/11_two_stages.ipynb, Eq. (11.1)
 * @module */
import * as tf from "../tf.ts";

/** Sampling layer. Its inputs are the mean, the log of the standard deviation, and ε; its output is z. All are
 * `[batch, size]`. ε is an input so that the caller controls the noise; if ε is 0, the output is the mean. */
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
