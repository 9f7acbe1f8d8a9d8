/** Data for the benchmarks: pairs in memory, and facades as jpg files.
 * @module */
import { join } from "node:path";
import { data, tf } from "../../mod.ts";

/** Pairs that must be disposed of. */
export interface KeptPairs extends data.PairData {
  dispose(): void;
}

/** Returns the same batches in the same order in every epoch, without augmentation, so that reading takes no time.
 * @param kept at least one batch; disposed of with the data set.
 * @param steps batches in an epoch. */
export function inMemory(name: string, kept: readonly data.PairBatch[], steps: number): KeptPairs {
  const [batch, height, width, inputChannels] = kept[0]!.input.shape;
  return {
    name,
    count: batch * steps,
    ...{ height, width, inputChannels, targetChannels: kept[0]!.target.shape[3] },
    async *batches({ skip = 0 }: data.BatchOptions = {}): AsyncGenerator<data.PairBatch> {
      for (let i = skip; i < steps; i++) {
        const { input, target, names } = kept[i % kept.length]!;
        yield { input: tf.clone(input), target: tf.clone(target), names };
      }
    },
    dispose: () => kept.forEach(({ input, target }) => tf.dispose([input, target])),
  };
}

/** Returns one batch of random images, repeated.
 * @param steps batches in an epoch. */
export function randomPairs(size: number, batch: number, steps: number): KeptPairs {
  const [input, target] = [1, 2].map((seed) => tf.randomUniform([batch, size, size, 3], -1, 1, "float32", seed) as tf.Tensor4D);
  return inMemory("random images", [{ input: input!, target: target!, names: ["random"] }], steps);
}

/** Writes facades as jpg files, side by side in the layout of pix2pix's data sets: the photo on the left (A), its labels on the
 * right (B).
 * @param size size of each half, in pixels.
 * @param half which half to write. Default: both. */
export async function drawJpgs(folder: string, size: number, count: number, half?: "input" | "target"): Promise<void> {
  let n = 0;
  for await (const { input, target } of data.toytown({ size, count, seed: 1 }).batches({ shuffle: false, augment: false })) {
    const both = tf.concat([target, input], 2) as tf.Tensor4D;
    await data.writeImage(join(folder, `${++n}.jpg`), { input, target, both }[half ?? "both"]);
    tf.dispose([input, target, both]);
  }
}
