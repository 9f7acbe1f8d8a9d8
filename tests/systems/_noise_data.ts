/** Data that depends only on the seed, the epoch and the position.
 * @module */
import * as tf from "../../lib/tf.ts";
import type { BatchOptions, LabelledBatch, LabelledData } from "../../lib/data/datasets.ts";
import type { TrainEvent } from "../../lib/events.ts";

/** Height and width of the images. */
export const SIZE = 8;
/** Number of classes. */
export const CLASSES = 3;

/** Grey noise images, labelled 0, 1, 2, 0, ... */
export function noiseDigits(count: number): LabelledData {
  async function* batches(options: BatchOptions = {}): AsyncGenerator<LabelledBatch> {
    const { batch = 1, seed = 0, epoch = 0, skip = 0 } = options;
    for (let i = skip * batch; i < count; i += batch) {
      const length = Math.min(batch, count - i);
      const images = tf.randomUniform([length, SIZE, SIZE, 1], -1, 1, "float32", seed * 1e6 + epoch * 1e3 + i) as tf.Tensor4D;
      const labels = tf.tensor1d(Array.from({ length }, (_, n) => (i + n) % CLASSES), "int32");
      yield { images, labels, names: [`noise ${i}`] };
      await Promise.resolve();
    }
  }
  return { name: "noise", count, height: SIZE, width: SIZE, channels: 1, classes: CLASSES, batches };
}

/** All events of a training run. */
export async function collect(events: AsyncIterable<TrainEvent>): Promise<TrainEvent[]> {
  return await Array.fromAsync(events);
}

/** The weights of networks, as arrays of numbers. */
export function weightsOf(...networks: (tf.LayersModel | undefined)[]): number[][] {
  return networks.flatMap((network) => network?.getWeights().map((weight) => [...weight.dataSync()]) ?? []);
}
