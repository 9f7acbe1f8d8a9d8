/** The held-out data on which the pretrained models are tested.
 * @module */
import { digits } from "../../data/worlds/digits/mod.ts";
import { toytown, toytownUnpaired } from "../../data/worlds/toytown/mod.ts";
import type { LabelledData, PairData, UnpairedData } from "../../lib/data/datasets.ts";
import * as tf from "../../lib/tf.ts";
import { optionOf, type Recipe, TEST } from "./recipes.ts";

/** Number of held-out digits. */
export const TEST_DIGITS = 2000;

/** Held-out data: one of the three kinds, or none for captioned houses. */
export interface TestData {
  pairs?: PairData;
  unpaired?: UnpairedData;
  labelled?: LabelledData;
}

/** Opens the held-out data of a recipe. Nothing is read from files: the scenes are those that `deno task train` holds out, or
 * those that `deno task world` writes to the subfolder test.
 * @param count Number of pairs, or of images per domain. */
export function testDataOf(recipe: Recipe, count: number = TEST): TestData {
  const [kind] = recipe.train.split(" ");
  const [size, seed] = [Number(optionOf(recipe, "--size")), Number(optionOf(recipe, "--seed") ?? 0)];
  const split = "test";
  if (recipe.world) {
    const { scene, left: input, right: target, size } = recipe.world;
    return { pairs: asColours(toytown({ ...{ scene, input, target, size, count, split } })) };
  }
  if (optionOf(recipe, "--data") === "digits") return { labelled: digits({ count: TEST_DIGITS, seed, split }) };
  if (kind === "stackgan") return {};
  if (kind === "cyclegan") return { unpaired: toytownUnpaired({ size, seed, count, split }) };
  return { pairs: toytown({ size, seed, count, split }) };
}

/** Repeats greyscale channels, as in the files that `deno task world` writes. */
function asColours(pairs: PairData): PairData {
  const colours = (images: tf.Tensor4D) =>
    tf.tidy(() => {
      const three = images.shape[3] === 3 ? images.clone() : tf.tile(images, [1, 1, 1, 3]);
      images.dispose();
      return three;
    });
  return Object.assign(Object.create(pairs) as PairData, {
    ...{ inputChannels: 3, targetChannels: 3 },
    async *batches(options: Parameters<PairData["batches"]>[0]) {
      for await (const { input, target, names } of pairs.batches(options)) {
        yield { input: colours(input), target: colours(target), names };
      }
    },
  });
}
