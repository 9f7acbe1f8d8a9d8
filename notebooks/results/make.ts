/** Makes a pretrained model: draws its data, trains it, measures it, stores it in little space, and writes its card. Usage:
 *
 *     deno run -A notebooks/results/make.ts facades-by-day
 *
 * Ctrl-C stops the command at any time; the same command continues it.
 * @module */
import "../../lib/train/hangup.ts"; // first, because it must be loaded early
import { basename, join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import type { Command } from "../../lib/cli/command.ts";
import { commandOf } from "../../lib/cli/export/card.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { fromWhereCalled, isThere } from "../../lib/cli/paths.ts";
import { ROOT, run as runProgram } from "../../lib/cli/process.ts";
import { COMMAND_FILE } from "../../lib/cli/resume.ts";
import { train } from "../../lib/cli/train.ts";
import { world } from "../../lib/cli/world.ts";
import { text, type Values } from "../../lib/settings.ts";
import { loadModel, type SomeModel } from "../../lib/systems/registry.ts";
import { MODEL_FILE } from "../../lib/train/model_folder.ts";
import { type HistoryPoint, PRETRAINED } from "../../lib/train/pretrained.ts";
import { type CardParts, writeCard } from "./card.ts";
import { factsOf, historyOf } from "./history.ts";
import { storeSmall } from "./pack.ts";
import { epochsPicture, lossesPicture, samplesPicture } from "./pictures.ts";
import { type Recipe, RECIPES, TEST, trainArguments } from "./recipes.ts";
import { checkOf, HOUSES, referencesOf, scoresOf, type Scoring } from "./scores.ts";
import { testDataOf } from "./test_data.ts";

const options = {
  runs: text({ value: "FOLDER", default: join(ROOT, "runs"), help: "Folder for the training run and its data." }),
  models: text({ value: "FOLDER", default: PRETRAINED, help: "Folder for the model." }),
};

const command: Command<typeof options> = {
  name: "make.ts",
  about:
    "Makes a pretrained model: draws its data, trains it, measures it after several epochs, stores it in little space, and " +
    "writes its card. Ctrl-C stops the command at any time; the same command continues it.",
  subject: { name: "model", help: "Name of the model.", choices: Object.keys(RECIPES) },
  options,
  examples: [],
};

/** Number of test items from which tests compute a value again. */
export const CHECKED = 32;

/** Makes a model.
 * @param recipe How to make it. Default: the recipe of this name.
 * @returns The exit status: 0 if the model is complete.
 * @throws {Error} If another folder would be replaced. */
export async function make(
  name: string,
  { runs, models }: Values<typeof options>,
  recipe: Recipe = RECIPES[name]!,
): Promise<number> {
  const [run, folder] = [join(fromWhereCalled(runs), name), join(fromWhereCalled(models), name)];
  if (await isThere(folder) && !await isThere(join(folder, MODEL_FILE))) {
    const cure = "choose another folder with --models";
    throw new Error(`Cannot make ${name}: ${folder} is not the folder of a model, and would be replaced; ${cure}`);
  }
  const status = await trained(name, recipe, run);
  if (status !== 0) return status;
  await useBackend();
  const judge = recipe.judge === undefined
    ? undefined
    : await loadModel(join(fromWhereCalled(models), recipe.judge), "classifier");
  const scoring: Scoring = { recipe, data: testDataOf(recipe), judge };
  const history = await historyOf(run, scoring, console.log);
  const weights = await storeSmall(run, folder, scoring);
  const parts = { name, recipe, run, folder, weights, history, ...await measured(folder, run, scoring, history) };
  const { metrics: [metric] } = await writeCard(parts);
  await runProgram(Deno.execPath(), ["fmt", "--quiet", "--config", join(ROOT, "deno.json"), join(folder, "README.md")]);
  console.log(`${folder}: ${metric!.value!.toPrecision(4)} ${metric!.says}; weights in ${weights}`);
  judge?.dispose();
  return 0;
}

/** Trains a model, or continues its training.
 * @returns The exit status: 0 if the training is complete.
 * @throws {Error} If the run was started with another command. */
async function trained(name: string, recipe: Recipe, run: string): Promise<number> {
  const data = join(run, "..", "data", name);
  const words = trainArguments(recipe, data);
  if (!await isThere(join(run, COMMAND_FILE))) {
    const status = await drawn(recipe, data);
    return status === 0 ? await train([...words, "--out", run]) : status;
  }
  const [wanted, got] = [`deno task train ${trainArguments(recipe, name).join(" ")}`, await commandOf(run) ?? "nothing"];
  if (sorted(wanted) !== sorted(got)) {
    throw new Error(`Cannot make ${name}: expected a run of "${wanted}" in ${run}, got "${got}"; move the run away`);
  }
  return (await factsOf(run)).status === "finished" ? 0 : await train(["--resume", run]);
}

/** Sorts the options of a command. */
function sorted(line: string): string {
  return line.split(/ (?=--)/).sort().join(" ");
}

/** Draws the training data that is missing.
 * @returns The exit status: 0 if the data is complete. */
async function drawn({ world: options }: Recipe, folder: string): Promise<number> {
  if (!options) return 0;
  const { left } = await world({ ...options, test: TEST, seed: 0, out: folder, overwrite: false, missing: true });
  return left === 0 ? 0 : 130;
}

/** Measures a stored model, and draws its pictures. Each measurement has its own copy of the model, since using a model changes
 * the noise of its next images. */
async function measured(
  folder: string,
  run: string,
  scoring: Scoring,
  history: HistoryPoint[],
): Promise<Pick<CardParts, "test" | "metrics" | "references" | "check" | "pictures">> {
  const using = async <T>(use: (model: SomeModel) => Promise<T>) => {
    const model = await loadModel(folder) as SomeModel;
    return await use(model).finally(() => model.dispose());
  };
  const { pairs, unpaired, labelled } = scoring.data;
  const set = pairs ?? unpaired ?? labelled ?? { name: "houses (test)", count: HOUSES };
  const epochs = await epochsPicture(run, history);
  return {
    test: { name: set.name, count: set.count },
    check: await using((model) => checkOf(model, scoring, CHECKED)),
    metrics: await using((model) => scoresOf(model, scoring)),
    references: await referencesOf(scoring),
    pictures: {
      "samples.png": await using((model) => samplesPicture(model, scoring)),
      ...epochs && { "epochs.png": epochs },
      "losses.png": await lossesPicture(run, `Losses of ${basename(folder)}`),
    },
  };
}

if (import.meta.main) await runCommand(command, (values, name) => make(name, values));
