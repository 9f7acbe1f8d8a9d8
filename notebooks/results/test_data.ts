/** The held-out data on which the pretrained models are tested.
 * @module */
import { digits } from "../../data/worlds/digits/mod.ts";
import { toytown, toytownUnpaired } from "../../data/worlds/toytown/mod.ts";
import { drawnPairs } from "../../lib/cli/export/held_out.ts";
import type { LabelledData, PairData, UnpairedData } from "../../lib/data/datasets.ts";
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
  if (recipe.world) return { pairs: drawnPairs(recipe.world, count) };
  if (optionOf(recipe, "--data") === "digits") return { labelled: digits({ count: TEST_DIGITS, seed, split }) };
  if (kind === "stackgan") return {};
  if (kind === "cyclegan") return { unpaired: toytownUnpaired({ size, seed, count, split }) };
  return { pairs: toytown({ size, seed, count, split }) };
}
