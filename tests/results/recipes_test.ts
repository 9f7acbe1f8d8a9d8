/** The recipes of the pretrained models. */
import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { parse } from "../../lib/cli/command.ts";
import { trainCommand } from "../../lib/cli/train_command.ts";
import { modelSettings, refuseUnsavedEpochs, refuseUnusedSettings, type RunValues } from "../../lib/cli/train_options.ts";
import { withoutInitialWeights } from "../../lib/layers/initializers.ts";
import { type SomeModel, systemOf } from "../../lib/systems/registry.ts";
import { type Recipe, RECIPES, trainArguments, worldCommand } from "../../notebooks/results/recipes.ts";

/** Size of a weight tensor with fewer values than this is 4 bytes per value; of others, at least 1. */
const FEW = 4096;
/** Bytes for the weights of all models; the rest of the 24 MB is for cards and pictures. */
const WEIGHTS = 22e6;
const LARGEST_FILE = 8e6;

/** Settings that the data of a recipe determines, besides the defaults. */
function decided({ train }: Recipe): object {
  if (train.startsWith("stackgan")) return { conditionSize: 10 };
  return train.includes("--data digits") && !train.startsWith("classifier") ? { shape: [28, 28, 1] } : {};
}

/** Builds the model of a recipe, without initial weights. */
function modelOf(name: string): SomeModel {
  const [kind, ...words] = trainArguments(RECIPES[name]!, name);
  const system = systemOf(kind!)!;
  const command = trainCommand(system);
  const values = parse(command, words) as unknown as RunValues;
  refuseUnsavedEpochs(values);
  refuseUnusedSettings(command, values, {});
  return withoutInitialWeights(Infinity, () => system.build({ ...modelSettings(system, values), ...decided(RECIPES[name]!) }));
}

Deno.test("the recipes are commands that train small models", async () => {
  await useBackend("cpu", { quiet: true });
  let all = 0;
  for (const name of Object.keys(RECIPES)) {
    const model = modelOf(name);
    for (const network of Object.values(model.networks)) {
      const bytes = network.weights.map(({ shape }) => {
        const count = (shape as number[]).reduce((product, n) => product * n, 1);
        return count < FEW ? 4 * count : count;
      }).reduce((sum, n) => sum + n, 0);
      assert(bytes <= LARGEST_FILE, `${name}: ${bytes} bytes`);
      all += bytes;
    }
    model.dispose();
  }
  assert(all <= WEIGHTS, `${all} bytes`);
});

Deno.test("each judge is made before the models that it judges, and each recipe keeps models of several epochs", () => {
  const names = Object.keys(RECIPES);
  for (const [name, { judge = name, train, use, about, limits }] of Object.entries(RECIPES)) {
    assert(names.indexOf(judge) <= names.indexOf(name), name);
    assert(train.includes("--keep-epochs 1,") && train.includes("--seed 1"), name);
    assert(use.every((line) => line.startsWith("deno task ")) && about.endsWith(".") && limits.endsWith("."), name);
  }
});

Deno.test("worldCommand() draws the data to which trainArguments() refers", () => {
  const recipe = RECIPES["town-colours"]!;
  assertEquals(
    worldCommand(recipe, "towns"),
    `deno task world --scene town --left grey --right aerial --count ${recipe.world!.count} --test 32 --size 256 --out towns`,
  );
  assertEquals(trainArguments(recipe, "towns").slice(0, 5), ["pix2pix", "--data", "towns", "--direction", "AtoB"]);
  assertEquals(worldCommand(RECIPES["digits"]!, "digits"), undefined);
});
