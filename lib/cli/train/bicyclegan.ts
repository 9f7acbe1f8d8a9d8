/** `deno task train bicyclegan`: a translator that makes several different pictures of one input.
 * @module */
import { useBackend } from "../../backend/use_backend.ts";
import { NORMS } from "../../models/blocks.ts";
import { bicycleGan } from "../../train/bicyclegan.ts";
import { BICYCLEGAN } from "../../train/bicyclegan_settings.ts";
import type { Command } from "../command.ts";
import { member } from "../family.ts";
import { choice, flag, integer, number, type Values } from "../options.ts";
import { tellDiversity } from "../scores.ts";
import { tellBad } from "../skipped.ts";
import { usageIfRange } from "../usage.ts";
import { libraryOptions, outOf, samplesOption, trainingOptions } from "./options.ts";
import { pairOptions, pairSettings, trainPairs } from "./pairs.ts";
import { firstPairs } from "./pix2pix.ts";
import { ended, runTraining } from "./training.ts";

const options = {
  ...pairOptions,
  size: integer({
    default: BICYCLEGAN.size,
    min: 32,
    max: 512,
    unit: "pixels",
    help: "Height and width to which pictures are resized: a multiple of 16.",
  }),
  filters: integer({ default: BICYCLEGAN.filters, min: 1, help: "Filters of the first layer of all networks." }),
  norm: choice(NORMS, { default: BICYCLEGAN.norm, help: "How all networks are normalised." }),
  layers: integer({
    default: BICYCLEGAN.layers,
    min: 0,
    max: 6,
    help: "Stride-2 layers of the discriminators, which decide the patch that they judge: 3 for 70x70.",
  }),
  latent: integer({
    default: BICYCLEGAN.latent,
    min: 1,
    max: 256,
    help: "Numbers in the code that makes one picture differ from another.",
  }),
  lambda: number({ default: BICYCLEGAN.lambda, min: 0, help: "Weight of L1 to the target." }),
  latentWeight: number({ default: BICYCLEGAN.latentWeight, min: 0, help: "Weight of reading a code back from its picture." }),
  klWeight: number({
    default: BICYCLEGAN.klWeight,
    min: 0,
    help:
      "Weight of the codes' divergence from the normal distribution: what it costs to say anything in a code. Larger, and pictures differ " +
      "less and come nearer to the target.",
  }),
  noAugment: flag({ help: "Without random jitter and mirroring, which else every pair gets anew in each epoch." }),
  samples: samplesOption,
  noEvaluation: flag({ help: "Do not measure diversity and L1 on pairs held back." }),
  ...trainingOptions({ epochs: 60, batch: 1, unit: "pairs" }),
};

const command: Command<typeof options> = {
  name: "train bicyclegan",
  usage: "--data FOLDER",
  about:
    "Trains a translator on pairs of pictures that makes several different pictures of one input (arXiv:1711.11586). The results are a " +
    "folder: the model, the losses, the samples, and index.html, a page that shows them. Ctrl-C ends the training after the running step " +
    "with everything kept.",
  options,
  examples: [
    {
      line: "train bicyclegan --data toytown --size 64 --filters 16 --count 200 --epochs 10",
      does: "facades drawn here, in many colours",
    },
    { line: "train bicyclegan --data facades --size 128 --filters 32 --epochs 60 --out runs/varied", does: "real facades" },
    {
      line:
        "train bicyclegan --data facades --size 64 --filters 16 --epochs 25 --norm batch --lambda 100 --latent 2 --kl-weight 0.5",
      does:
        "few numbers of code, dear to use: different pictures, the best of ten nearer to the target than pix2pix's best of ten",
    },
  ],
};

/** Pairs that are measured on. */
const MEASURED = 16;

/** Trains.
 * @returns exit status. */
async function train(values: Values<typeof options>): Promise<number> {
  const { size, filters, norm, layers, latent, lambda, latentWeight, klWeight, seed } = values;
  const data = await trainPairs(values);
  const backend = await useBackend(values.backend);
  const { inputChannels, targetChannels: outputChannels } = data.train;
  const settings = { size, filters, norm, layers, latent, lambda, latentWeight, klWeight, seed, inputChannels, outputChannels };
  const model = usageIfRange(() => bicycleGan(settings), "--size");
  const out = outOf(values, "bicyclegan", data.name);
  const library = { ...libraryOptions(values), augment: !values.noAugment };
  const samples = values.samples > 0 ? await firstPairs(data.test, values.samples) : undefined;
  const used = data.heldBack ? "which are not trained on" : "which are trained on too";
  const stopped = await runTraining({
    title: `BicycleGAN on ${data.name}`,
    subtitle: `Trained on ${data.train.name}, ${data.train.count} pairs`,
    settings: { ...pairSettings(data.train), ...model.settings, ...library },
    ...{ backend, out, epochs: values.epochs, resume: values.resume },
    ...(samples ? { samples: { names: samples.names, note: `The first pairs of ${data.test.name}, ${used}.` } } : {}),
    train: (where) => model.train(data.train, { ...library, ...where, ...(samples ? { samples } : {}) }),
    save: (folder) => model.save(folder),
    ...(data.heldBack && !values.noEvaluation
      ? {
        measure: (when: string) => tellDiversity(when, (input, seed) => model.translate(input, { seed }), data.test, MEASURED),
      }
      : {}),
  });
  tellBad(data.train.bad);
  model.dispose();
  return ended(
    out,
    stopped,
    (model) => `deno task translate --model ${model} --input PICTURE_OR_FOLDER --output FOLDER --variants 4`,
  );
}

/** The member of `deno task train`. */
export const trainBicycleGan = member("makes several different pictures of one input (Zhu et al. 2017)", command, train);
