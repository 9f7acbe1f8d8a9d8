/** Dropout (Srivastava et al., 2014) with seeded masks that differ from call to call.
 *
 * With a seed, the dropout layer of tfjs draws the same mask on each call. In a compiled training step, that layer would use the
 * same mask in every step. In pix2pix, dropout is the only source of noise and is active both in training and at test time
 * (section 2.1). In a saved model, this layer is a plain tfjs "Dropout" layer.
 * @module */
import * as tf from "../tf.ts";
import { RandomStream } from "../backend/random.ts";
import type { Mode } from "./batch_norm.ts";

/** Settings of {@linkcode Dropout}. */
export interface DropoutSettings {
  /** Name of the layer. Default: chosen by tfjs. */
  name?: string;
  /** Fraction of values that are set to zero, in [0, 1). */
  rate: number;
  /** Seed for the masks. */
  seed: number;
}

/** Dropout layer: zeroes values with probability `rate` and scales the others by 1 / (1 - rate), which preserves the mean. */
export class Dropout extends tf.layers.Layer {
  /** @nocollapse */
  static className = "Dropout";
  /** Random stream from which the masks are drawn. The position in the stream is the layer's only state. */
  readonly random: RandomStream;
  readonly #rate: number;

  constructor(settings: DropoutSettings) {
    super(settings.name ? { name: settings.name } : {});
    const { rate, seed } = settings;
    if (!(rate >= 0 && rate < 1)) {
      throw new RangeError(`Cannot apply dropout: the rate must be a number in [0, 1), got ${rate}; use 0.5, as pix2pix does`);
    }
    this.#rate = rate;
    this.random = new RandomStream(seed);
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
