/** `deno task train pix2pix`: a translator from pairs of pictures.
 * @module */
import { type Backend, useBackend } from "../../backend/use_backend.ts";
import type { PairBatch, PairData } from "../../data/pairs.ts";
import { toImages } from "../../data/picture.ts";
import { type GeneratorName, GENERATORS } from "../../models/generator.ts";
import { NORMS } from "../../models/blocks.ts";
import type { TestImages } from "../../plot/picture_table.ts";
import type { TrainOptions } from "../../train/options.ts";
import { type Pix2Pix, pix2pix } from "../../train/pix2pix.ts";
import { PIX2PIX } from "../../train/pix2pix_settings.ts";
import type { Command } from "../command.ts";
import { member } from "../family.ts";
import { choice, flag, integer, number, type Values } from "../options.ts";
import { tellScores } from "../scores.ts";
import { tellBad } from "../skipped.ts";
import { usageIfRange } from "../usage.ts";
import { libraryOptions, outOf, samplesOption, trainingOptions } from "./options.ts";
import { pairOptions, pairSettings, type TrainPairs, trainPairs } from "./pairs.ts";
import { ended, runTraining, type TrainingPlan } from "./training.ts";

const options = {
  ...pairOptions,
  size: integer({
    default: PIX2PIX.size,
    min: 32,
    max: 512,
    unit: "pixels",
    help: "Height and width to which pictures are resized. A power of two goes deepest; a multiple of 4 is the least.",
  }),
  filters: integer({
    default: PIX2PIX.filters,
    min: 1,
    help: "Filters of the first layer of both networks: half as many are about a quarter of the arithmetic.",
  }),
  generator: choice(GENERATORS as readonly GeneratorName[], { default: PIX2PIX.generator, help: "Its architecture." }),
  norm: choice(NORMS, { default: PIX2PIX.norm, help: "How both networks are normalised." }),
  layers: integer({
    default: PIX2PIX.layers,
    min: 0,
    max: 6,
    help:
      "Stride-2 layers of the discriminator, which decide the patch that it judges: 0 to 6 give 1, 16, 34, 70, 142, 286, 574.",
  }),
  lambda: number({ default: PIX2PIX.lambda, min: 0, help: "Weight of the distance to the target beside the adversarial loss." }),
  reconstruction: choice(["l1", "l2", "none"], { default: PIX2PIX.reconstruction, help: "Which distance." }),
  noAdversarial: flag({ help: "Without a discriminator: the distance alone." }),
  unconditional: flag({ help: "The discriminator does not see the input: GAN, not cGAN." }),
  updates: choice(["alternating", "simultaneous"], {
    default: PIX2PIX.updates,
    help:
      "Whether the generator's step is judged by the updated discriminator, as in the paper, or by the one before, which is faster.",
  }),
  noAugment: flag({ help: "Without random jitter and mirroring, which else every pair gets anew in each epoch." }),
  samples: samplesOption,
  noEvaluation: flag({ help: "Do not measure L1, PSNR and SSIM on the pairs held back, which is else done before and after." }),
  ...trainingOptions({ epochs: 200, batch: 1, unit: "pairs" }),
};

const command: Command<typeof options> = {
  name: "train pix2pix",
  usage: "--data FOLDER",
  about:
    "Trains a translator on pairs of pictures and shows how it goes. The results are a folder: the model, the losses, the samples, and " +
    "index.html, a page that shows them. Ctrl-C ends the training after the running step with everything kept. The defaults are the " +
    "paper's (arXiv:1611.07004), which want a GPU; on a CPU begin with --size 128 --filters 32 --epochs 25.",
  options,
  examples: [
    { line: "train pix2pix --data toytown --size 64 --filters 16 --epochs 5", does: "try it: facades drawn here" },
    { line: "train pix2pix --data my_pairs --direction AtoB --size 128 --filters 32 --epochs 25", does: "pictures of your own" },
    {
      line: "train pix2pix --data facades --size 128 --filters 32 --epochs 25 --seed 1 --out runs/facades",
      does: "real facades, from labels to photos",
    },
    {
      line: "train pix2pix --data photographs --colourise --unconditional --size 128 --filters 32 --epochs 50",
      does: "from grey to colour",
    },
  ],
};

/** What {@linkcode pix2pixPlan} plans with. */
export interface Pix2PixJob {
  model: Pix2Pix;
  data: TrainPairs;
  backend: Backend;
  /** Folder of the results. */
  out: string;
  /** For the library. */
  options: Omit<TrainOptions, "sampleEpochs" | "checkpoint">;
  /** Pairs that are shown as the training goes. */
  samples: PairBatch | undefined;
  /** Whether to measure on the pairs that are held back. */
  evaluate: boolean;
}

/** A training of pix2pix with its samples and scores. */
export function pix2pixPlan({ model, data, backend, out, options, samples, evaluate }: Pix2PixJob): TrainingPlan {
  const { train, test, heldBack } = data;
  const used = heldBack ? "which are not trained on" : "which are trained on too";
  return {
    title: `pix2pix on ${data.name}`,
    subtitle: `Trained on ${train.name}, ${train.count} pairs`,
    settings: { ...pairSettings(train), ...model.settings, ...options },
    ...{ backend, out, epochs: options.epochs, resume: options.resume ?? false },
    ...(samples ? { samples: { names: samples.names, note: `The first pairs of ${test.name}, ${used}.` } } : {}),
    train: ({ checkpoint, sampleEpochs }) =>
      model.train(train, { ...options, checkpoint, ...(samples ? { samples, sampleEpochs } : {}) }),
    save: (folder) => model.save(folder),
    ...(evaluate ? { measure: (when: string) => tellScores(when, (input) => model.translate(input), test) } : {}),
    ...(heldBack ? { tests: () => testPictures(model, test, samples?.names.length ?? 0) } : {}),
  };
}

/** Trains.
 * @returns exit status. */
async function train(values: Values<typeof options>): Promise<number> {
  const { size, filters, generator, norm, layers, lambda, reconstruction, updates, seed } = values;
  const data = await trainPairs(values);
  const backend = await useBackend(values.backend);
  const { inputChannels, targetChannels: outputChannels } = data.train;
  const settings = {
    size,
    filters,
    generator,
    norm,
    layers,
    lambda,
    reconstruction,
    updates,
    seed,
    inputChannels,
    outputChannels,
  };
  const [adversarial, conditional] = [!values.noAdversarial, !values.unconditional];
  const model = usageIfRange(() => pix2pix({ ...settings, adversarial, conditional }), "--size");
  const out = outOf(values, "pix2pix", data.name);
  const samples = values.samples > 0 ? await firstPairs(data.test, values.samples) : undefined;
  const stopped = await runTraining(pix2pixPlan({
    ...{ model, data, backend, out, samples },
    options: { ...libraryOptions(values), augment: !values.noAugment },
    evaluate: data.heldBack && !values.noEvaluation,
  }));
  tellBad(data.train.bad);
  model.dispose();
  return ended(out, stopped, (model) => `deno task translate --model ${model} --input PICTURE_OR_FOLDER --output FOLDER`);
}

/** The first pairs of a set, always the same ones. */
export async function firstPairs(pairs: PairData, count: number): Promise<PairBatch> {
  for await (const batch of pairs.batches({ batch: count, shuffle: false, augment: false })) return batch;
  throw new RangeError(`Cannot show samples of ${pairs.name}: it has no pairs`);
}

/** Pairs that are held back and shown at the end. */
const TEST_PICTURES = 8;

/** What the model makes of the pairs behind those of the samples. */
async function testPictures(model: Pix2Pix, pairs: PairData, skip: number): Promise<TestImages[]> {
  const tests: TestImages[] = [];
  for await (const { input, target, names } of pairs.batches({ skip, shuffle: false, augment: false })) {
    const generated = await model.translate(input);
    const [given, made, wanted] = [input, generated, target].map((tensor) => toImages(tensor)[0]!);
    for (const tensor of [input, generated, target]) tensor.dispose();
    tests.push({ name: names[0]!, pictures: { input: given!, generated: made!, target: wanted! } });
    if (tests.length === TEST_PICTURES) break;
  }
  return tests;
}

/** The member of `deno task train`. */
export const trainPix2Pix = member("translates pictures, learnt from pairs (Isola et al. 2017)", command, train);
