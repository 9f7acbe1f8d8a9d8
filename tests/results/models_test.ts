/** The pretrained models in data/models. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { bytesIn, listModels, listText } from "../../lib/cli/models.ts";
import { modelPath, readCard } from "../../lib/cli/model.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { PRETRAINED, pretrainedModels } from "../../lib/train/pretrained.ts";
import { RECIPES, trainArguments } from "../../notebooks/results/recipes.ts";
import { projectFiles } from "../tools/files.ts";
import { checkFiles, checkValue, LARGEST_FILE } from "./_model.ts";

/** Largest size of all models, in bytes. */
const LARGEST = 24e6;

for (const name of await pretrainedModels()) {
  const recipe = RECIPES[name];
  const folder = join(PRETRAINED, name);

  Deno.test(`the pretrained model ${name} has the weights, the run and the card of its recipe`, async () => {
    assert(recipe, "there is no recipe");
    await checkFiles(folder, recipe);
    const { command, about, limits } = (await readCard(folder))!;
    const [wanted, got] = [`deno task train ${trainArguments(recipe, name).join(" ")}`, command];
    assertEquals(got.split(/ (?=--)/).sort(), wanted.split(/ (?=--)/).sort());
    assertEquals([about, limits], [recipe.about, recipe.limits]);
    for (const path of await projectFiles(folder, [""])) assert((await Deno.stat(path)).size <= LARGEST_FILE, path);
  });

  Deno.test(`the pretrained model ${name} has the metric of its card on the first test items`, async () => {
    await useBackend(undefined, { quiet: true });
    await checkValue(folder, recipe!, recipe!.judge && join(PRETRAINED, recipe!.judge));
  });
}

Deno.test("the pretrained models are small", async () => {
  const bytes = await bytesIn(PRETRAINED);
  assert(bytes > 0 && bytes <= LARGEST, `${bytes} bytes`);
});

Deno.test("loadModel() takes the name of a pretrained model", async () => {
  await useBackend("cpu", { quiet: true });
  const model = await loadModel("digit-classifier", "classifier");
  assertEquals(model.trainedOn, "digits (train)");
  model.dispose();
});

Deno.test("deno task models lists all of them, with a metric and a sentence", async () => {
  const models = await listModels();
  assertEquals(models.map(({ name }) => name), await pretrainedModels());
  for (const { name, about, metric, bytes } of models) assert(about && metric?.value && bytes > 0, name);
  const text = listText(models);
  for (const name of await pretrainedModels()) assert(text.split("\n").some((line) => line.startsWith(`${name} `)), name);
  assert(text.includes("digits-by-class   Generates images of the digit"), text);
  assertEquals(await modelPath("digit-classifier"), join(PRETRAINED, "digit-classifier"));
});
