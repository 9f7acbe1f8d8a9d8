/** Measurements for choosing the precision of a page's weights: a model's outputs for its examples, and the metric of `deno task
 * evaluate` on held-out data.
 * @module */
import { allCaptions, captionSize, embedCaptions } from "../../data/worlds/houses/mod.ts";
import { RandomStream } from "../backend/random.ts";
import type { DataSet } from "../data/datasets.ts";
import { toTensor } from "../data/image_bytes.ts";
import { evaluatePairs } from "../metrics/pairs.ts";
import { type GeneratingModel, type Models, type SomeModel, systemOf, type TranslatingModel } from "../systems/registry.ts";
import * as tf from "../tf.ts";
import { type Example, type HeldOut, sizeOfImages } from "./examples.ts";
import type { Probe } from "./pack.ts";

/** Number of images that a GAN generates for the measurement. */
const GENERATED = 16;
/** Maximum number of captions in the measurement. */
const CAPTIONS = 8;
/** Maximum number of pairs, or of labelled images, on which the metric is computed. */
const PAIRS = 32, LABELLED = 2000;
/** Number of random inputs for a model without examples, and number of their blocks along each side. */
const RANDOM = 2, BLOCKS = 8;

/** Returns the functions that measure a model.
 * @param heldOut Data for the metric; without it, only the outputs are compared. */
export function probeOf({ kind, settings }: SomeModel, examples: readonly Example[], heldOut: HeldOut = {}): Probe {
  const { uses } = systemOf(kind)!;
  if (uses.includes("translate")) return translations(examples, heldOut);
  if (uses.includes("classify")) return classes(examples, heldOut);
  return {
    async outputs(model) {
      const { generate } = model as GeneratingModel;
      if (!uses.includes("captions")) return await generate.call(model, { count: GENERATED, seed: 1 });
      const conditions = conditionsFor(settings.conditionSize);
      return await generate.call(model, { conditions, seed: 1 }).finally(() => conditions.dispose());
    },
  };
}

function conditionsFor(size: number): tf.Tensor2D {
  if (size === captionSize) return embedCaptions(allCaptions.filter((_, i) => i % 5 === 0).slice(0, CAPTIONS));
  return tf.tidy(() => tf.slice(tf.eye(size), [0, 0], [Math.min(size, CAPTIONS), -1]));
}

function translations(examples: readonly Example[], { pairs, unpaired }: HeldOut): Probe {
  // Without dropout, the same weights give the same outputs.
  const translate = (model: SomeModel, input: tf.Tensor4D, back: boolean) =>
    (model as TranslatingModel).translate(input, { dropout: false, seed: 0, direction: back ? "yToX" : "xToY" });
  const measured = pairs ?? unpaired?.truth;
  return {
    async outputs(model) {
      const outputs: tf.Tensor[] = [];
      for (const { input, back } of inputsFor(model, examples)) {
        const output = await translate(model, input, back);
        outputs.push(tf.reshape(output, [-1]));
        tf.dispose([input, output]);
      }
      return tf.tidy(() => {
        const all = tf.concat(outputs);
        tf.dispose(outputs);
        return all;
      });
    },
    ...measured && {
      metric: {
        name: `L1 distance to the targets of ${measured.name}`,
        of: async (model) => (await evaluatePairs((input) => translate(model, input, false), first(measured, PAIRS))).l1,
      },
    },
  };
}

/** Returns the inputs of the examples, or images of random blocks if there are no examples. */
function inputsFor(model: SomeModel, examples: readonly Example[]): { input: tf.Tensor4D; back: boolean }[] {
  if (examples.length > 0) {
    return examples.map(({ input, back }) => ({ input: toTensor([input]), back: back ?? false }));
  }
  const { settings } = model;
  const { height, width } = sizeOfImages(model);
  const random = new RandomStream(1);
  return Array.from({ length: RANDOM }, () => ({
    back: false,
    input: tf.tidy(() => {
      const blocks = random.uniform([1, BLOCKS, BLOCKS, settings.inputChannels ?? settings.xChannels]) as tf.Tensor4D;
      return tf.sub<tf.Tensor4D>(tf.mul(tf.image.resizeNearestNeighbor(blocks, [height, width]), 2), 1);
    }),
  }));
}

function classes(examples: readonly Example[], { labelled }: HeldOut): Probe {
  return {
    outputs(model) {
      return Promise.resolve(tf.tidy(() => {
        const { height, width } = sizeOfImages(model);
        const images = examples.length > 0
          ? toTensor(examples.map(({ input }) => input))
          : new RandomStream(1).normal([RANDOM, height, width, model.settings.channels]);
        const [logits] = model.networks["classifier"]!.apply(images) as tf.Tensor[];
        return tf.softmax(logits!);
      }));
    },
    ...labelled && {
      metric: {
        name: `accuracy on ${labelled.name}`,
        of: (model) => (model as unknown as Models["classifier"]).accuracy(first(labelled, LABELLED)),
      },
    },
  };
}

/** Returns a data set with the first elements of another data set.
 * @param count Approximate number of elements. Batches remain whole, so the last batch may exceed it. */
function first<B, D extends DataSet<B>>(data: D, count: number): D {
  return Object.assign(Object.create(data) as D, {
    async *batches(options: Parameters<D["batches"]>[0] = {}) {
      let done = 0;
      for await (const batch of data.batches(options)) {
        yield batch;
        if ((done += options.batch ?? 1) >= count) break;
      }
    },
  });
}
