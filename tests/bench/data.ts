/** Data for the benchmarks: random images in memory for each system, and facades as jpg files.
 * @module */
import { join } from "node:path";
import type { SomeModel } from "../../lib/systems/registry.ts";
import type { Named, TrainingData } from "../../lib/train/options.ts";
import { bicycleGan, conditionalGan, cycleGan, data, pix2pix, type Pix2PixSettings, stackGan, tf } from "../../mod.ts";
import type { Configuration, SystemName } from "./rows.ts";

/** A data set that must be disposed of. */
export type Kept<Batch, Facts> = Facts & TrainingData<Batch> & { dispose(): void };

/** Returns the same batches in the same order in every epoch, without augmentation, so that reading takes no time.
 * @param facts Name of the data set, its image size, and so on.
 * @param kept At least one batch; disposed of with the data set.
 * @param steps Batches in an epoch. */
export function inMemory<Batch extends Named, Facts extends { name: string }>(
  facts: Facts,
  kept: readonly Batch[],
  steps: number,
): Kept<Batch, Facts> {
  const copy = (value: unknown) => value instanceof tf.Tensor ? tf.clone(value) : value;
  return {
    ...facts,
    count: kept[0]!.names.length * steps,
    async *batches({ skip = 0 }: data.BatchOptions = {}): AsyncGenerator<Batch> {
      for (let i = skip; i < steps; i++) {
        const entries = Object.entries(kept[i % kept.length]!).map(([name, value]) => [name, copy(value)]);
        yield Object.fromEntries(entries) as Batch;
      }
    },
    dispose: () => kept.forEach((batch) => tf.dispose(batch as unknown as tf.TensorContainer)),
  };
}

/** A model, random data to train it on, and the options for training. */
export interface Trainee {
  model: SomeModel;
  data: Kept<Named, object>;
  options: object;
}

/** Number of classes, or of elements of a condition. */
const CLASSES = 10;

/** Builds a model and random data: one batch, repeated.
 * @param steps Batches in an epoch.
 * @param more Further settings of pix2pix.
 * @throws {RangeError} If the system does not support the size. */
export function traineeOf(
  system: SystemName,
  { size, filters, batch }: Configuration,
  steps: number,
  more: Partial<Pix2PixSettings> = {},
): Trainee {
  const images = (seed: number, channels = 3) =>
    tf.randomUniform([batch, size, size, channels], -1, 1, "float32", seed) as tf.Tensor4D;
  const labels = Array.from({ length: batch }, (_, i) => i % CLASSES);
  const names = labels.map(() => "random");
  const facts = { name: "random images", height: size, width: size };
  const settings = { size, filters };
  const trainee = (model: SomeModel, more: object, values: () => object, options: object = {}): Trainee => ({
    model,
    data: inMemory({ ...facts, ...more }, [{ ...values(), names }], steps),
    options,
  });
  const pairs = [{ inputChannels: 3, targetChannels: 3 }, () => ({ input: images(1), target: images(2) })] as const;
  switch (system) {
    case "pix2pix":
      return trainee(pix2pix({ ...settings, ...more }), ...pairs);
    case "bicyclegan":
      return trainee(bicycleGan(settings), ...pairs);
    case "cyclegan":
      return trainee(cycleGan(settings), { aChannels: 3, bChannels: 3 }, () => ({ a: images(1), b: images(2) }));
    case "conditional-gan": {
      const model = conditionalGan({ networks: "dcgan", shape: [size, size, 1], classes: CLASSES, filters });
      const values = () => ({ images: images(1, 1), labels: tf.tensor1d(labels, "int32") });
      return trainee(model, { channels: 1, classes: CLASSES }, values, { samples: 0 });
    }
    case "stackgan": {
      const conditions = () => tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES).toFloat();
      const values = () => ({ images: images(1), conditions: tf.tidy(conditions) });
      const model = stackGan({ ...settings, conditionSize: CLASSES });
      return trainee(model, { channels: 3, conditionSize: CLASSES }, values, { sketchEpochs: 0 }); // stage II only
    }
  }
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
