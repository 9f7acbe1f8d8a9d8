/** A bound on what a model's description may make the library build: a folder from elsewhere can say anything, and its files show how much of it there is.
 * @module */
import * as tf from "../tf.ts";
import { join } from "node:path";

/** Beside what the files hold: for small models whose files were cut short, whose own error says more. */
const SLACK = 2 ** 20;

/** tfjs's own way to make a weight, which its types keep to the layers themselves. */
type AddWeight = (name: string, shape: number[], ...rest: unknown[]) => unknown;

/** How many bytes of weights a model's folder holds. */
export async function bytesOfWeights(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) bytes += await Deno.stat(join(folder, name, "weights.bin")).then(({ size }) => size, () => 0);
  }
  return bytes;
}

/** Runs `build`, which may make layers with so many bytes of weights and no more.
 * @throws {RangeError} before it makes the first one too many. */
export function withinBudget<T>(bytes: number, folder: string, build: () => T): T {
  const layer = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = layer;
  let left = bytes + SLACK;
  layer.addWeight = function (name, shape, ...rest) {
    left -= 4 * tf.util.sizeFromShape(shape);
    if (left >= 0) return addWeight.call(this, name, shape, ...rest);
    throw new RangeError(
      `Cannot load the model: forger.json in ${folder} describes more weights than the ${bytes} bytes that are there; it is damaged, save ` +
        `the model again`,
    );
  };
  try {
    return build();
  } finally {
    layer.addWeight = addWeight;
  }
}
