/** Pairs that lie in memory as tensors: what is timed on them is the step, and no reading.
 * @module */
import * as tf from "../../lib/tf.ts";
import type { BatchOptions, PairBatch, PairData } from "../../lib/data/datasets.ts";

/** Pairs that have to be given back. */
export interface KeptPairs extends PairData {
  dispose(): void;
}

/** The same batches over and over, always in this order and never augmented.
 * @param kept at least one; they are disposed of with the set.
 * @param steps batches in an epoch. */
export function inMemory(name: string, kept: readonly PairBatch[], steps: number): KeptPairs {
  const [batch, height, width, inputChannels] = kept[0]!.input.shape;
  return {
    name,
    count: batch * steps,
    ...{ height, width, inputChannels, targetChannels: kept[0]!.target.shape[3] },
    async *batches({ skip = 0 }: BatchOptions = {}): AsyncGenerator<PairBatch> {
      for (let i = skip; i < steps; i++) {
        const { input, target, names } = kept[i % kept.length]!;
        yield { input: tf.clone(input), target: tf.clone(target), names };
      }
    },
    dispose: () => kept.forEach(({ input, target }) => tf.dispose([input, target])),
  };
}

/** One batch of random pictures.
 * @param steps batches in an epoch. */
export function randomPairs(size: number, batch: number, steps: number): KeptPairs {
  const [input, target] = [1, 2].map((seed) => tf.randomUniform([batch, size, size, 3], -1, 1, "float32", seed) as tf.Tensor4D);
  return inMemory("random pictures", [{ input: input!, target: target!, names: ["random"] }], steps);
}
