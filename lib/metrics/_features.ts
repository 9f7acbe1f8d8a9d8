/** Features as JavaScript's numbers, with which distances between distributions are computed in double precision: they are small differences of
 * large sums.
 * @module */
import type * as tf from "../tf.ts";

/** Features of a set of samples, row by row. */
export interface Features {
  values: Float32Array;
  /** Samples. */
  count: number;
  /** Features a sample. */
  size: number;
}

/** Reads them from the backend.
 * @param action what could not be done, for the message: "compute a Fréchet distance".
 * @throws {TypeError} if the rank is not 2.
 * @throws {RangeError} if there are fewer than two samples, no features, or one is not finite. */
export async function readFeatures(action: string, features: tf.Tensor2D): Promise<Features> {
  const { rank, shape } = features as tf.Tensor;
  if (rank !== 2) {
    throw new TypeError(
      `Cannot ${action}: wanted features [samples, features], got rank ${rank}, [${shape}]; pool or flatten them`,
    );
  }
  const [count, size] = features.shape;
  if (count < 2 || size < 1) {
    throw new RangeError(`Cannot ${action}: wanted at least 2 samples with 1 feature, got [${shape}]; take more samples`);
  }
  const values = Float32Array.from(await features.data());
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot ${action}: features must be finite, got ${values[bad]} in feature ${bad % size} of sample ${
        Math.floor(bad / size)
      }; ` +
        `look for a diverged generator`,
    );
  }
  return { values, count, size };
}
