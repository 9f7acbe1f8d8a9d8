/** Checks of a model that notebooks/results/make.ts has made.
 * @module */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type ModelCard, readCard } from "../../lib/cli/model.ts";
import { loadModel, type SomeModel } from "../../lib/systems/registry.ts";
import { readJsonFile } from "../../lib/train/files.ts";
import { readDescription } from "../../lib/train/model_folder.ts";
import { digestOf } from "../../notebooks/results/card.ts";
import { HISTORY_FILE, type HistoryPoint } from "../../lib/train/pretrained.ts";
import type { Recipe } from "../../notebooks/results/recipes.ts";
import { checkOf } from "../../notebooks/results/scores.ts";
import { testDataOf } from "../../notebooks/results/test_data.ts";

/** Largest file of a model, in bytes. */
export const LARGEST_FILE = 8e6;
/** Tolerance for other processors and backends, relative to the value. */
const TOLERANCE = 0.01;
/** Paths that would reveal where a model was made. */
const OF_A_MACHINE = /["' (=]\/(?!\/)[\w.-]+\/|[A-Z]:\\|file:|~\//;

/** Checks the files of a model, and that its card has all parts. */
export async function checkFiles(folder: string, recipe: Recipe): Promise<void> {
  const card = (await readCard(folder))!;
  const { networks, training, versions } = await readDescription(folder);
  assertEquals(Object.keys(card.digests), networks.map((name) => `${name}/weights.bin`));
  for (const [path, digest] of Object.entries(card.digests)) assertEquals(await digestOf(join(folder, path)), digest, path);
  assertEquals([card.data.name, card.data.count, card.steps], [training!.data, training!.count, training!.steps]);
  assertEquals(card.versions, versions);
  const history = await readJsonFile<HistoryPoint[]>(join(folder, HISTORY_FILE), []);
  assertEquals([history[0]!.epoch, history.at(-1)!.epoch], [0, card.epochs]);
  for (const { values } of history) for (const { key } of card.metrics) assert(Number.isFinite(values[key]), key);
  assert(card.metrics.some(({ key }) => key === recipe.metric), recipe.metric);
  await checkText(folder, card, recipe);
  for (const [path, text] of await textsIn(folder)) assert(!OF_A_MACHINE.test(text), `${path}: ${text.match(OF_A_MACHINE)}`);
}

async function checkText(folder: string, card: ModelCard, recipe: Recipe): Promise<void> {
  const readme = await Deno.readTextFile(join(folder, "README.md"));
  const words = readme.replaceAll(/\s+/g, " ");
  const titles = ["Use", "What it cannot do", "Metrics", "Quality against time", "Training", "Files"];
  assertEquals([...readme.matchAll(/^## (.*)$/gm)].map(([, title]) => title), titles);
  const { name, about, limits, command, world, machine, backend, weights, data, test, digests, metrics } = card;
  for (const part of [name, about, limits, command, world?.command ?? "", machine, backend, weights, data.licence, test.name]) {
    assertStringIncludes(words, part);
  }
  for (const part of [...recipe.use, ...Object.values(digests), ...metrics.map(({ says }) => says), `make.ts ${name}`]) {
    assertStringIncludes(words, part);
  }
  const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path!);
  assert(pictures.includes("samples.png") && pictures.includes("losses.png"), `${pictures}`);
  for (const path of pictures) assert((await Deno.stat(join(folder, path))).isFile, path);
}

async function textsIn(folder: string): Promise<[path: string, text: string][]> {
  const names = ["README.md", "card.json", "history.json", "forger.json"];
  return await Promise.all(names.map(async (name) => [name, await Deno.readTextFile(join(folder, name))] as [string, string]));
}

/** Checks that a model has, on the first items of the test set, the value that its card says.
 * @param judge Folder of the classifier that judges generated images. */
export async function checkValue(folder: string, recipe: Recipe, judge?: string): Promise<void> {
  const { check } = (await readCard(folder))!;
  const by = judge === undefined ? undefined : await loadModel(judge, "classifier");
  const model = await loadModel(folder) as SomeModel;
  try {
    const found = await checkOf(model, { recipe, data: testDataOf(recipe, check.items), judge: by }, check.items);
    assertEquals([found.says, found.items], [check.says, check.items]);
    assertAlmostEquals(found.value, check.value, TOLERANCE * Math.abs(check.value), check.says);
  } finally {
    model.dispose();
    by?.dispose();
  }
}
