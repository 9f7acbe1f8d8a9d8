/** `deno task train cyclegan`: two translators from pictures without pairs.
 * @module */
import { useBackend } from "../../backend/use_backend.ts";
import { toPictures } from "../../data/picture.ts";
import type { UnpairedBatch, UnpairedData } from "../../data/unpaired.ts";
import { type GeneratorName, GENERATORS } from "../../models/generator.ts";
import type { TestPictures } from "../../plot/picture_table.ts";
import { type CycleDirection, type CycleGan, cycleGan } from "../../train/cyclegan.ts";
import { CYCLEGAN } from "../../train/cyclegan_settings.ts";
import type { Command } from "../command.ts";
import { member } from "../family.ts";
import { choice, flag, integer, number, type Values } from "../options.ts";
import { tellScores } from "../scores.ts";
import { tellBad } from "../skipped.ts";
import { usageIfRange } from "../usage.ts";
import { libraryOptions, outOf, samplesOption, trainingOptions } from "./options.ts";
import { ended, runTraining } from "./training.ts";
import { trainUnpaired, unpairedOptions } from "./unpaired.ts";

const options = {
  ...unpairedOptions,
  size: integer({
    default: CYCLEGAN.size,
    min: 32,
    max: 512,
    unit: "pixels",
    help: "Height and width to which pictures are resized: a multiple of 4.",
  }),
  filters: integer({ default: CYCLEGAN.filters, min: 1, help: "Filters of the first layer of all networks." }),
  generator: choice(GENERATORS as readonly GeneratorName[], { default: CYCLEGAN.generator, help: "Its architecture." }),
  blocks: integer({
    default: undefined,
    min: 1,
    max: 20,
    help: "Residual blocks of the ResNet. Without it 6, from 256 pixels on 9.",
  }),
  layers: integer({
    default: CYCLEGAN.layers,
    min: 0,
    max: 6,
    help: "Stride-2 layers of the discriminators, which decide the patch that they judge: 3 for 70x70.",
  }),
  lambda: number({ default: CYCLEGAN.lambda, min: 0, help: "Weight of the cycle loss." }),
  identity: number({ default: CYCLEGAN.identity, min: 0, help: "Weight of the identity loss, as a part of lambda; 0 for none." }),
  pool: integer({
    default: CYCLEGAN.pool,
    min: 0,
    unit: "pictures",
    help: "Translated pictures of earlier steps that the discriminators are shown again.",
  }),
  noAugment: flag({ help: "Without random jitter and mirroring." }),
  samples: samplesOption,
  ...trainingOptions({ epochs: 200, batch: 1, unit: "pictures of each set" }),
};

const command: Command<typeof options> = {
  name: "train cyclegan",
  usage: "--data FOLDER",
  about:
    "Trains two translators, there and back, on two sets of pictures that do not belong together one by one. The results are a folder: " +
    "the model, the losses, the samples, and index.html, a page that shows them. Ctrl-C ends the training after the running step with " +
    "everything kept. The defaults are the paper's (arXiv:1703.10593), which want a GPU; on a CPU begin with --size 64 --filters 32.",
  options,
  examples: [
    {
      line: "train cyclegan --data toytown --size 64 --filters 16 --count 100 --epochs 20",
      does: "brick to plaster, drawn here",
    },
    { line: "train cyclegan --data horse2zebra --size 64 --filters 32 --epochs 30", does: "horses to zebras" },
    { line: "train cyclegan --data summer --others winter --size 64 --filters 32 --epochs 30", does: "two folders of your own" },
  ],
};

/** Trains.
 * @returns exit status. */
async function train(values: Values<typeof options>): Promise<number> {
  const { size, filters, generator, blocks, layers, lambda, identity, pool, seed } = values;
  const { name, train: data, test } = await trainUnpaired(values);
  const backend = await useBackend(values.backend);
  const settings = {
    size,
    filters,
    generator,
    layers,
    lambda,
    identity,
    pool,
    seed,
    ...(blocks === undefined ? {} : { blocks }),
  };
  const model = usageIfRange(
    () => cycleGan({ ...settings, xChannels: data.aChannels, yChannels: data.bChannels }),
    "--size",
  );
  const out = outOf(values, "cyclegan", name);
  const library = { ...libraryOptions(values), augment: !values.noAugment };
  const samples = values.samples > 0 ? await firstPictures(test ?? data, values.samples) : undefined;
  const { truth } = test ?? {};
  const stopped = await runTraining({
    title: `CycleGAN on ${name}`,
    subtitle: `Trained on ${data.name}, ${data.aCount} and ${data.bCount} pictures without pairs`,
    settings: { data: data.name, ...model.settings, ...library },
    ...{ backend, out, epochs: values.epochs, resume: values.resume },
    ...(samples
      ? { samples: { names: namesOf(samples), note: `The first pictures of ${(test ?? data).name}, those of both sets.` } }
      : {}),
    train: ({ checkpoint, sampleEpochs }) =>
      model.train(data, { ...library, checkpoint, ...(samples ? { samples, sampleEpochs } : {}) }),
    save: (folder) => model.save(folder),
    ...(truth ? { measure: (when: string) => tellScores(when, (input) => model.translate(input), truth) } : {}),
    ...(test ? { tests: () => testPictures(model, test, values.samples) } : {}),
  });
  tellBad(data.bad);
  model.dispose();
  return ended(out, stopped, `deno task translate --model ${out} --input PICTURE_OR_FOLDER --output FOLDER [--back]`);
}

/** The rows of the samples: pictures of the first set, then of the second. */
function namesOf({ names, a }: UnpairedBatch): string[] {
  const both = names.map((name) => name.split(", "));
  return [0, 1].flatMap((side) => both.map((name) => name[side] ?? "")).slice(0, 2 * a.shape[0]);
}

/** The first pictures of both sets, always the same ones. */
async function firstPictures(data: UnpairedData, count: number): Promise<UnpairedBatch> {
  for await (const batch of data.batches({ batch: count, shuffle: false, augment: false })) return batch;
  throw new RangeError(`Cannot show samples of ${data.name}: it has no pictures`);
}

/** Pictures of each set that are held back and shown at the end. */
const TEST_PICTURES = 4;

/** What the model makes of the pictures behind those of the samples, there and back. */
async function testPictures(model: CycleGan, data: UnpairedData, skip: number): Promise<TestPictures[]> {
  const tests: [TestPictures[], TestPictures[]] = [[], []];
  for await (const { a, b, names } of data.batches({ skip, shuffle: false, augment: false })) {
    const [nameA = "", nameB = ""] = names[0]!.split(", ");
    for (const [i, images, name, there, back] of [[0, a, nameA, "xToY", "yToX"], [1, b, nameB, "yToX", "xToY"]] as const) {
      tests[i].push({ name, pictures: await thereAndBack(model, images, there, back) });
      images.dispose();
    }
    if (tests[0].length === TEST_PICTURES) break;
  }
  return tests.flat();
}

async function thereAndBack(model: CycleGan, images: UnpairedBatch["a"], there: CycleDirection, back: CycleDirection) {
  const generated = await model.translate(images, { direction: there });
  const reconstructed = await model.translate(generated, { direction: back });
  const [input, made, again] = [images, generated, reconstructed].map((tensor) => toPictures(tensor)[0]!);
  for (const tensor of [generated, reconstructed]) tensor.dispose();
  return { input: input!, generated: made!, reconstructed: again! };
}

/** The member of `deno task train`. */
export const trainCycleGan = member("translates pictures there and back, learnt without pairs (Zhu et al. 2017)", command, train);
