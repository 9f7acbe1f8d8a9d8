/** A check of gradients against central differences.
 * @module */
import { assertAlmostEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";

/** Step of the central difference: smaller steps lose precision in float32, larger ones see the curvature. */
const STEP = 1e-2;
/** Largest allowed error, relative to the largest element of the gradient. */
const TOLERANCE = 1e-4;

/** Returns random values in [-scale, scale]. */
export function sample(shape: tf.Tensor4D["shape"], seed: number, scale = 1): tf.Tensor4D {
  return tf.randomUniform(shape, -scale, scale, "float32", seed);
}

/** Returns a weighted sum in float64, so that differences of two such sums keep their precision. */
function weighted(y: tf.Tensor, weights: Float32Array): number {
  return (y.dataSync() as Float32Array).reduce((sum, value, i) => sum + value * weights[i]!, 0);
}

/** Asserts that the gradient of a weighted sum of f(x) equals the central difference at every element of x. */
export function assertGradient<T extends tf.Tensor>(f: (x: T) => tf.Tensor, x: T): void {
  tf.tidy(() => {
    const shape = f(x).shape;
    const weights = tf.randomUniform(shape as tf.Tensor4D["shape"], -1, 1, "float32", 77);
    const exact = tf.grad((x) => tf.sum(tf.mul(f(x as T), weights)))(x).dataSync();
    const [values, w] = [x.dataSync(), weights.dataSync() as Float32Array];
    const at = (i: number, step: number) => {
      const moved = Float32Array.from(values);
      moved[i]! += step;
      return weighted(f(tf.tensor(moved, x.shape) as T), w);
    };
    const scale = Math.max(1, ...exact.map(Math.abs));
    values.forEach((_, i) => {
      const difference = (at(i, STEP) - at(i, -STEP)) / (2 * STEP);
      assertAlmostEquals(
        exact[i]!,
        difference,
        TOLERANCE * scale,
        `element ${i}: gradient ${exact[i]}, difference ${difference}`,
      );
    });
  });
}
