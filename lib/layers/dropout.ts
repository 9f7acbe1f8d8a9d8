/** Dropout (Srivastava et al. 2014) that follows a seed and is new at each call.
 *
 * tfjs's layer with a seed draws the same mask every time, and its masks would be frozen into a compiled step. In pix2pix dropout is also
 * the only noise there is, "at both training and test time" (Sec. 2.1). In a saved model this is a plain tfjs "Dropout".
 * @module */
import * as tf from "../tf.ts";
import { RandomStream } from "../backend/random.ts";
import type { Mode } from "./options.ts";

/** What to make. */
export interface DropoutSettings {
  name?: string;
  /** Share of the values that become zero, from 0 to below 1. */
  rate: number;
  /** Seed of the masks. */
  seed: number;
}

/** The layer: values become zero with probability `rate`, and the others grow by 1 / (1 - rate), so that the mean stays. */
export class Dropout extends tf.layers.Layer {
  /** @nocollapse */
  static className = "Dropout";
  /** Where the masks come from. Its position is the layer's only state. */
  readonly random: RandomStream;
  readonly #rate: number;

  constructor(settings: DropoutSettings) {
    super(settings.name ? { name: settings.name } : {});
    if (!(settings.rate >= 0 && settings.rate < 1)) {
      throw new RangeError(
        `Cannot drop values: the rate must be at least 0 and below 1, got ${settings.rate}; use 0.5, as pix2pix does`,
      );
    }
    this.#rate = settings.rate;
    this.random = new RandomStream(settings.seed);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], mode: Mode): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      if (!(mode.dropout ?? mode.training) || this.#rate === 0) return tf.clone(x);
      const kept = tf.cast(tf.greaterEqual(this.random.uniform(x.shape), this.#rate), "float32");
      return tf.mul(x, tf.mul(kept, 1 / (1 - this.#rate)));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.#rate };
  }
}
