/** Comparison of a backend with plain JavaScript.
 * @module */
import { assertLess } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { type BackendName, useBackend } from "../../../lib/backend/use_backend.ts";

/** Throws unless a computation gives the same values on a backend and on plain JavaScript.
 * @param tolerance largest difference, relative to the largest value where that is above 1. */
export async function compare(
  compute: () => tf.Tensor[],
  tolerance: number,
  backend: BackendName = "tensorflow",
): Promise<void> {
  const onBackend = async (name: BackendName) => {
    await useBackend(name, { quiet: true });
    return tf.tidy(() => compute().map((tensor) => tensor.dataSync() as Float32Array));
  };
  const [wanted, got] = [await onBackend("cpu"), await onBackend(backend)];
  wanted.forEach((values, n) => {
    const largest = (f: (value: number, i: number) => number) =>
      values.reduce((most: number, value, i) => Math.max(most, f(value, i)), 0);
    const difference = largest((value, i) => Math.abs(value - got[n]![i]!));
    assertLess(difference, tolerance * Math.max(1, largest(Math.abs)), `result ${n}`);
  });
}
