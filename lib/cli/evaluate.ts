/** `deno task evaluate`: what a trained model is worth, in numbers.
 * @module */
import type * as tf from "../tf.ts";
import { useBackend } from "../backend/use_backend.ts";
import { BicycleGan } from "../train/bicyclegan.ts";
import { ConditionalGan } from "../train/conditional_gan.ts";
import { CycleGan } from "../train/cyclegan.ts";
import { Gan } from "../train/gan.ts";
import { loadModel } from "../train/load_model.ts";
import { readDescription } from "../train/model_folder.ts";
import { Pix2Pix } from "../train/pix2pix.ts";
import { StackGan } from "../train/stackgan.ts";
import { backendOption } from "./backend.ts";
import type { Command } from "./command.ts";
import { refuseUseless } from "./evaluate/applies.ts";
import { directionFor } from "./evaluate/direction.ts";
import { captionMeasures, ganMeasures } from "./evaluate/generated.ts";
import { type Measure, measureLines } from "./evaluate/measure.ts";
import { cycleMeasures, pairMeasures } from "./evaluate/translations.ts";
import { runCommand } from "./main.ts";
import { choice, flag, integer, text, UsageError, type Values } from "./options.ts";
import { fromWhereCalled } from "./paths.ts";
import { statusLine } from "./status_line.ts";
import { labelledData } from "./train/labelled.ts";
import { pairOptions, trainPairs } from "./train/pairs.ts";
import { trainUnpaired, unpairedOptions } from "./train/unpaired.ts";

/** Pictures of a GAN without --count. */
const COUNT = 2000;

const { targets, colourise, skipBad } = pairOptions;
const options = {
  model: text({ value: "FOLDER", help: "The model: a folder that train made." }),
  data: text({
    value: "FOLDER",
    default: undefined,
    help:
      "What to measure on, as train has it: a folder or a set's name. Its pictures that are held back are used, where there are any. A StackGAN of " +
      "houses takes none.",
  }),
  ...{ targets, colourise, others: unpairedOptions.others, skipBad },
  direction: choice(["AtoB", "BtoA"], {
    default: undefined,
    help:
      "Which half is given and which is to be made: AtoB gives the left one. Without it the one that the model was trained with, if that was on " +
      "such data too; else AtoB, but BtoA for toytown and facades.",
  }),
  classifier: text({
    value: "FOLDER",
    default: undefined,
    help:
      "For GANs: a classifier that train made. It says whether a picture shows the class asked for, and its features compare the sets.",
  }),
  count: integer({
    default: undefined,
    min: 20,
    max: 100_000,
    unit: "pictures",
    help: `For GANs: how many to generate. Without it ${COUNT}.`,
  }),
  seed: integer({
    default: undefined,
    min: 0,
    max: 2 ** 31 - 1,
    help: "Of data that is drawn: the one that was trained with. Without it 0.",
  }),
  json: flag({ help: "Print one line of JSON." }),
  backend: backendOption,
};

const command: Command<typeof options> = {
  name: "evaluate",
  usage: "--model FOLDER --data FOLDER",
  about:
    "Measures a trained model. Translators: L1, PSNR, SSIM, how different several pictures of one input are, and the distance between the sets " +
    "of translated and true pictures; on toytown also whether the labels can be read back. GANs: the distance between the sets, and with a " +
    "classifier whether pictures show the class asked for. Distances are on the features of a network that is named: they compare with others " +
    "by the same network, and with no FID.",
  options,
  examples: [
    { line: "evaluate --model runs/facades --data facades", does: "a translator, on the facades held back" },
    { line: "evaluate --model runs/mnist --data mnist --classifier runs/mnist-classifier --json", does: "a conditional GAN" },
  ],
};

type AnyModel = Pix2Pix | BicycleGan | CycleGan | Gan | ConditionalGan | StackGan;

/** Measures.
 * @throws {UsageError} if the model is of a kind that is not measured so, or an option says nothing of its kind. */
export async function evaluate(values: Values<typeof options>): Promise<{ kind: string; measures: Measure[] }> {
  await useBackend(values.backend);
  const folder = fromWhereCalled(values.model);
  const { kind, training } = await readDescription(folder);
  refuseUseless(kind, values);
  const model = await loadModel(folder) as AnyModel;
  const progress = statusLine();
  progress.update("evaluate", `Measuring ${values.model}`);
  try {
    return { kind, measures: await measuresOf(model, { ...values, direction: directionFor(values, training) }) };
  } finally {
    progress.finish("evaluate");
    model.dispose();
  }
}

async function measuresOf(model: AnyModel, values: Values<typeof options>): Promise<Measure[]> {
  if (model instanceof StackGan) return await captionMeasures(model, values.count ?? COUNT);
  const { seed = 0 } = values;
  if (model instanceof CycleGan) {
    const { train, test } = await trainUnpaired({ ...values, size: model.settings.size, count: 1, seed });
    return await cycleMeasures(model, test ?? train);
  }
  if (model instanceof Gan || model instanceof ConditionalGan) return await ofGan(model as Gan, values);
  const varied = model instanceof BicycleGan;
  if (!varied && !(model instanceof Pix2Pix)) {
    throw new UsageError(`Option --model: ${values.model} is no model that makes pictures; give one that does`);
  }
  const { test } = await trainPairs({ ...values, size: model.settings.size, count: 1, seed });
  const translate = (input: tf.Tensor4D, seed: number) => varied ? model.translate(input, { seed }) : model.translate(input);
  return await pairMeasures(translate, test, values.data === "toytown" && values.direction !== "AtoB");
}

async function ofGan(model: Gan | ConditionalGan, values: Values<typeof options>): Promise<Measure[]> {
  const { data, seed = 0, skipBad, classifier, count = COUNT } = values;
  const [size, , depth] = model.settings.shape as [number, number, number];
  const channels = depth === 1 ? "1" : "3";
  const { set } = await labelledData({ data, size, channels, count: 10_000, seed, skipBad }, "test");
  const judge = classifier === undefined ? undefined : await loadModel(fromWhereCalled(classifier), "classifier");
  return await ganMeasures(model, set, judge, count);
}

if (import.meta.main) {
  await runCommand(command, async (values) => {
    const { kind, measures } = await evaluate(values);
    const found = Object.fromEntries(measures.map(({ key, value }) => [key, value]));
    console.log(
      values.json
        ? JSON.stringify({ model: values.model, kind, data: values.data ?? null, ...found })
        : measureLines(measures).join("\n"),
    );
  });
}
