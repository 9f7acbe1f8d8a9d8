/** `deno task evaluate`: evaluates a trained model.
 * @module */
import type * as tf from "../tf.ts";
import { useBackend } from "../backend/use_backend.ts";
import type { LabelledData } from "../data/datasets.ts";
import { meaningOf, type Reading } from "../data/side.ts";
import { choice, dimensionsOf, flag, integer, sizeFrom, text, type Values } from "../settings.ts";
import {
  type GeneratingModel,
  loadModel,
  type Models,
  type SomeModel,
  systemOf,
  type TranslatingModel,
} from "../systems/registry.ts";
import { readDescription } from "../train/model_folder.ts";
import { backendOption } from "./backend.ts";
import { type Command, optionName, UsageError } from "./command.ts";
import { LABELLED_SETS, openLabelled } from "./data/labelled.ts";
import { lookAtClasses, lookAtUnpaired } from "./data/look.ts";
import { lookAtPairs } from "./data/look_pairs.ts";
import { openPairs, pairOptions } from "./data/pairs.ts";
import { type CropChoice, folderBeforeSet, isDataSet, refuseGiven } from "./data/source.ts";
import { openUnpaired, unpairedOptions } from "./data/unpaired.ts";
import { isCommand } from "./entry.ts";
import { captionMeasures, ganMeasures } from "./evaluate/generated.ts";
import { higher, type Measure, measureLines } from "./evaluate/measure.ts";
import { cycleMeasures, directionFor, pairMeasures } from "./evaluate/translations.ts";
import { runCommand } from "./main.ts";
import { modelOption, modelPath } from "./model.ts";
import { inPartsBy } from "./scores.ts";
import { statusLine } from "./status_line.ts";

/** Number of images to generate if --count is not given. */
const COUNT = 2000;

const { targets, colourise, skipBad, asGiven, crop, scale } = pairOptions;
const options = {
  model: modelOption("runs/facades"),
  data: text({
    value: "FOLDER",
    default: undefined,
    help:
      "Data to evaluate on, specified as for deno task train: a folder or the name of a data set. Held-out images are used if " +
      "there are any. For a StackGAN that was trained on generated houses, omit --data.",
  }),
  targets,
  colourise: { ...colourise, help: "Treat the images as photographs: the model receives greyscale versions of them." },
  ...{ others: unpairedOptions.others, skipBad, asGiven },
  crop: {
    ...crop,
    help: "Evaluate on images at their own resolution. This is the default for models trained with --crop. GANs are evaluated " +
      "on random crops, other models on whole images. For L1, PSNR and SSIM on pairs, images that are taller or wider than " +
      "1024 pixels are translated in parts. For all other metrics, such images are cropped at the centre to at most 1024x1024 " +
      "pixels.",
  },
  scale: {
    ...scale,
    help: "With --crop: factor by which the images are resized. Targets are resized by the same factor as inputs. Default: the " +
      "factor used in training, or else 1.",
  },
  direction: choice(undefined, ["AtoB", "BtoA"], {
    help: "Which half of each image is the input: the left for AtoB, the right for BtoA. Default: if the data has the same " +
      "layout as the model's training data, the direction used in training; otherwise BtoA for toytown and facades, and AtoB " +
      "for all other data.",
  }),
  classifier: text({
    value: "FOLDER",
    default: undefined,
    help: "For GANs: folder of a classifier trained with deno task train classifier, or the name of a pretrained one. The " +
      "classifier judges whether an image shows the requested class, and its features are used to compare generated images " +
      "with real images.",
  }),
  count: integer(undefined, {
    min: 20,
    max: 100_000,
    unit: "images",
    help: `For GANs: number of images to generate. Default: ${COUNT}.`,
  }),
  seed: integer(undefined, {
    min: 0,
    max: 2 ** 31 - 1,
    help: "Seed for generated data sets; use the seed with which the model was trained. Default: 0.",
  }),
  json: flag(false, { help: "Print the results as one line of JSON." }),
  backend: backendOption,
};

type EvaluateValues = Omit<Values<typeof options>, keyof CropChoice> & CropChoice;

const command: Command<typeof options> = {
  name: "evaluate",
  usage: "--model FOLDER --data FOLDER",
  about: "Evaluates a trained model. For translation models, measures L1, PSNR, SSIM, the diversity of several outputs for one " +
    "input, and the distance between translated and real images; on toytown, also measures how well the labels can be " +
    "recovered from the output. For GANs, measures the distance between generated and real images and, if a classifier is " +
    "given, how often the images show the requested class. For classifiers, measures the accuracy. Distances are computed " +
    "from the features of a network, which is named next to each distance. Compare only distances computed with the same " +
    "network. They are not FID scores.",
  options,
  examples: [
    { line: "evaluate --model runs/facades --data facades", does: "evaluate a translation model on the held-out facades" },
    {
      line: "evaluate --model runs/mnist --data mnist --classifier runs/mnist-classifier --json",
      does: "evaluate a conditional GAN",
    },
  ],
};

/** Options that apply only to some kinds of data. */
const SOME = [
  ...["data", "targets", "colourise", "direction", "others", "skipBad", "asGiven", "crop", "scale"] as const,
  ...["classifier", "count", "seed"] as const,
];

/** Applicable options, keyed by the kind of data that a system is trained on. */
const APPLY: Record<string, readonly (typeof SOME)[number][]> = {
  pairs: ["data", "targets", "colourise", "direction", "skipBad", "asGiven", "crop", "scale", "seed"],
  unpaired: ["data", "others", "skipBad", "asGiven", "crop", "scale", "seed"],
  labelled: ["data", "skipBad", "asGiven", "crop", "scale", "classifier", "count", "seed"],
  captioned: ["count"],
  classifier: ["data", "skipBad", "asGiven", "seed"],
};

/** Rejects options that have no effect for the given kind of model, since the user could otherwise misinterpret the results.
 * Models that cannot be evaluated are rejected elsewhere.
 * @throws {UsageError} If such an option is given. */
export function refuseUnused(kind: string, values: { model: string } & { [Name in (typeof SOME)[number]]?: unknown }): void {
  const system = systemOf(kind);
  const apply = system && APPLY[system.uses.includes("classify") ? "classifier" : system.data];
  const unused = SOME.find((name) => values[name] !== undefined && values[name] !== false && apply && !apply.includes(name));
  if (unused === undefined) return;
  throw new UsageError(`Option ${optionName(unused)} does not apply to ${values.model}, which is a ${kind} model; omit it`);
}

/** Rejects options that have no effect on the data, and checks the user's own folders. */
async function checkData(kind: string, values: EvaluateValues): Promise<void> {
  const { data, targets, others, colourise } = values;
  if (data === undefined) return;
  const given = new Set(Object.keys(values).filter((name) => values[name as keyof EvaluateValues]));
  if (values.seed === 0) given.add("seed");
  const generated = data === "toytown" || data === "digits";
  const named = isDataSet(data);
  const useless = [...generated || LABELLED_SETS.includes(data) ? ["skipBad"] : [], ...named ? ["asGiven"] : []];
  refuseGiven(given, data, [...useless, ...generated ? [] : ["seed"]]);
  if (colourise) refuseGiven(given, `${data} with --colourise`, ["direction"]);
  if (named) return;
  const options = { ...values, count: undefined, say: console.error };
  const source = systemOf(kind)?.data;
  if (source === "pairs") await lookAtPairs(data, { ...options, targets, colourise });
  if (source === "unpaired") await lookAtUnpaired(data, others, options);
  if (source === "labelled") await lookAtClasses(data, options);
}

/** Evaluates a model.
 * @throws {UsageError} If the model cannot be evaluated, or if an option does not apply to it. */
export async function evaluate(given: EvaluateValues): Promise<{ kind: string; measures: Measure[] }> {
  const data = given.data === undefined ? undefined : await folderBeforeSet(given.data, console.error);
  const values = { ...given, data };
  await useBackend(values.backend);
  const folder = await modelPath(values.model);
  const { kind, training } = await readDescription(folder);
  refuseUnused(kind, values);
  await checkData(kind, values);
  const model = await loadModel(folder) as SomeModel;
  const progress = statusLine();
  progress.update("evaluate", `Evaluating ${values.model}`);
  try {
    return { kind, measures: await measuresOf(model, { ...values, direction: directionFor(values, training) }) };
  } finally {
    progress.finish("evaluate");
    model.dispose();
  }
}

async function measuresOf(model: SomeModel, values: EvaluateValues): Promise<Measure[]> {
  const { data, uses } = systemOf(model.kind)!;
  const { seed = 0, count = COUNT } = values;
  const { sides } = model.provenance?.reading ?? {};
  const crops = cropLike(model, values);
  const chosen = { ...values, ...crops, size: model.settings.size, count: undefined, seed, sides };
  if (uses.includes("captions")) return await captionMeasures(model as GeneratingModel, count);
  if (uses.includes("generate")) return await ofGan(model as GeneratingModel, { ...values, ...crops });
  if (uses.includes("classify")) return await ofClassifier(model, { ...values, ...crops });
  if (data === "unpaired") {
    const { train, test = train } = await openUnpaired(chosen);
    const { xChannels, yChannels } = model.settings;
    checkChannels(model, test, { a: [xChannels, test.aChannels], b: [yChannels, test.bChannels] });
    return await cycleMeasures(model as TranslatingModel, test);
  }
  if (!uses.includes("translate")) {
    throw new UsageError(`Option --model: ${values.model} does not generate images; choose a model that does`);
  }
  const { test } = await openPairs(chosen);
  const { inputChannels, outputChannels } = model.settings;
  checkChannels(model, test, { input: [inputChannels, test.inputChannels], target: [outputChannels, test.targetChannels] });
  const translate = (input: tf.Tensor4D, seed: number) => (model as TranslatingModel).translate(input, { seed });
  const photosOfLabels = values.data === "toytown" && values.direction !== "AtoB";
  return await pairMeasures(translate, test, photosOfLabels, inPartsBy(model as TranslatingModel));
}

/** Throws if the channels of the data differ in meaning from those of the training data, such as colours instead of classes.
 * @param channels For the input and for the output: the number of channels that the model expects, and the number that the
 * data has.
 * @throws {Error} If the number or the meaning of the channels differs. */
function checkChannels(
  { provenance }: SomeModel,
  { name, reading }: { name: string; reading?: Reading },
  channels: Record<string, [expected: number, got: number]>,
): void {
  for (const [side, [expected, got]] of Object.entries(channels)) {
    const [trained, given] = [provenance?.reading, reading].map((reading) => meaningOf(reading?.sides[side] ?? {}));
    if (expected === got && trained === given) continue;
    throw new Error(
      `Cannot evaluate on ${name}: the model expects ${expected} channels of ${trained} on the ${side} side, but the data has ` +
        `${got} channels of ${given}; choose data of the kind on which the model was trained`,
    );
  }
}

/** Returns the options for crops: those given on the command line, or else those used in training. */
function cropLike({ provenance }: SomeModel, { crop, scale }: CropChoice): CropChoice {
  const trained = provenance?.reading?.scale;
  if (trained === undefined || (!crop && scale !== undefined)) return { crop: crop ?? false, scale };
  return { crop: true, scale: scale ?? trained };
}

/** Opens labelled images that have the size and the number of channels that the model expects.
 * @throws {UsageError} If the images of the data set have a different size or a different number of channels. */
async function openImages(values: EvaluateValues, shape: [height: number, width: number, depth: number]): Promise<LabelledData> {
  const [height, width, depth] = shape;
  const { data, seed = 0, skipBad, crop, scale } = values;
  const [size, channels] = [sizeFrom({ height, width }), depth === 1 ? "1" as const : "3" as const];
  const { set } = await openLabelled({ data, size, channels, count: undefined, seed, skipBad, crop, scale }, "test");
  const got = [set.height, set.width, set.channels];
  if (got.join() === shape.join()) return set;
  const [own, other] = [shape, got].map((shape) => shape.join("x"));
  throw new UsageError(`Option --data: the model expects ${own} images, got ${other}; choose other data`);
}

async function ofClassifier(model: SomeModel, values: EvaluateValues): Promise<Measure[]> {
  const { size, channels, classes } = model.settings;
  const { height, width } = dimensionsOf(size);
  const set = await openImages(values, [height, width, channels]);
  if (set.classes !== classes) {
    throw new UsageError(`Option --data: the model expects ${classes} classes, got ${set.classes}; choose other data`);
  }
  const accuracy = await (model as unknown as Models["classifier"]).accuracy(set);
  return [higher("accuracy", `fraction of the ${set.count} images of ${set.name} classified correctly`, accuracy)];
}

async function ofGan(model: GeneratingModel, values: EvaluateValues): Promise<Measure[]> {
  const { classifier, count = COUNT } = values;
  const set = await openImages(values, model.settings.shape);
  const judge = classifier === undefined ? undefined : await loadModel(await modelPath(classifier), "classifier");
  return await ganMeasures(model, set, judge, count);
}

if (isCommand(import.meta)) {
  await runCommand(command, async (values) => {
    const { kind, measures } = await evaluate(values);
    const found = Object.fromEntries(measures.map(({ key, value }) => [key, value])); // JSON has no undefined values
    if (values.json) measureLines(measures.filter(({ value }) => value === undefined)).forEach((line) => console.error(line));
    console.log(
      values.json
        ? JSON.stringify({ model: values.model, kind, data: values.data ?? null, ...found })
        : measureLines(measures).join("\n"),
    );
  });
}
