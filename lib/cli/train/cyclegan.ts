/** `deno task train cyclegan`: two translators from pictures without pairs.
 * @module */
import { useBackend } from "../../backend/use_backend.ts";
import { type GeneratorName, GENERATORS } from "../../models/generator.ts";
import { cycleGan } from "../../train/cyclegan.ts";
import { CYCLEGAN, type CycleGanSettings } from "../../train/cyclegan_settings.ts";
import type { Command } from "../command.ts";
import { member } from "../family.ts";
import { choice, flag, integer, number, type Values } from "../options.ts";
import { tellScores } from "../scores.ts";
import { tellBad } from "../skipped.ts";
import { usageIfRange } from "../usage.ts";
import { firstPictures, namesOf, testPictures } from "./cyclegan_pictures.ts";
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

/** What of the command line is the model's. Without blocks they follow from the size. */
function settingsOf({ blocks, ...values }: Values<typeof options>): Partial<CycleGanSettings> {
  const { size, filters, generator, layers, lambda, identity, pool, seed } = values;
  return { size, filters, generator, layers, lambda, identity, pool, seed, ...(blocks === undefined ? {} : { blocks }) };
}

/** Trains.
 * @returns exit status. */
async function train(values: Values<typeof options>): Promise<number> {
  const { name, train: data, test } = await trainUnpaired(values);
  const backend = await useBackend(values.backend);
  const model = usageIfRange(
    () => cycleGan({ ...settingsOf(values), xChannels: data.aChannels, yChannels: data.bChannels }),
    "--size",
  );
  const out = outOf(values, "cyclegan", name);
  const library = { ...libraryOptions(values), augment: !values.noAugment };
  const shown = test ?? data;
  const samples = values.samples > 0 ? await firstPictures(shown, values.samples) : undefined;
  const { truth } = test ?? {};
  const stopped = await runTraining({
    title: `CycleGAN on ${name}`,
    subtitle: `Trained on ${data.name}, ${data.aCount} and ${data.bCount} pictures without pairs`,
    settings: { data: data.name, ...model.settings, ...library },
    ...{ backend, out, epochs: values.epochs, resume: values.resume },
    ...(samples ? { samples: { names: namesOf(samples), note: `The first pictures of both sets of ${shown.name}.` } } : {}),
    train: ({ checkpoint, sampleEpochs }) =>
      model.train(data, { ...library, checkpoint, ...(samples ? { samples, sampleEpochs } : {}) }),
    save: (folder) => model.save(folder),
    ...(truth ? { measure: (when: string) => tellScores(when, (input) => model.translate(input), truth) } : {}),
    ...(test ? { tests: () => testPictures(model, test, values.samples) } : {}),
  });
  tellBad(data.bad);
  model.dispose();
  return ended(
    out,
    stopped,
    (model) => `deno task translate --model ${model} --input PICTURE_OR_FOLDER --output FOLDER [--back]`,
  );
}

/** The member of `deno task train`. */
export const trainCycleGan = member("translates pictures there and back, learnt without pairs (Zhu et al. 2017)", command, train);
