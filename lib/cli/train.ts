/** `deno task train`: a model from pairs of pictures.
 * @module */
import { join } from "node:path";
import { useBackend } from "../backend/use_backend.ts";
import { LEARNING_RATE } from "../train/loop.ts";
import { pix2pix } from "../train/pix2pix.ts";
import { PIX2PIX } from "../train/pix2pix_settings.ts";

import { backendOption } from "./backend.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { choice, flag, integer, number, text, type Values } from "./options.ts";
import { fromWhereCalled } from "./paths.ts";
import { trainData } from "./train_data.ts";
import { nextSteps, runTraining } from "./training.ts";
import { usageIfRange } from "./usage.ts";

const options = {
  data: text({
    value: "FOLDER",
    default: undefined,
    help:
      "Where the pairs are: a folder of pictures that hold A on the left and B on the right; with folders train and val (or test) in it, " +
      "train is trained on and the other one held back. Or the word toytown (facades drawn here, no network) or facades (real ones: from the " +
      "folder FORGER_DATA, else fetched, 30 MB). Required.",
  }),
  direction: choice(["AtoB", "BtoA"], {
    default: undefined,
    help:
      "Which half is given and which is to be made: AtoB gives the left one. Without it AtoB, but BtoA for toytown and facades, whose " +
      "labels stand on the right.",
  }),
  size: integer({
    default: PIX2PIX.size,
    min: 32,
    max: 512,
    unit: "pixels",
    help: "Height and width to which each half is resized. A power of two goes deepest; a multiple of 4 is the least.",
  }),
  filters: integer({
    default: PIX2PIX.filters,
    min: 1,
    help: "Filters of the first layer of both networks: half as many are about a quarter of the arithmetic.",
  }),
  epochs: integer({ default: 200, min: 1, help: "Passes through the data." }),
  batch: integer({ default: 1, min: 1, unit: "pairs", help: "Pairs in a step." }),
  lambda: number({
    default: PIX2PIX.lambda,
    min: 0,
    help: "Weight of the L1 distance to the target beside the adversarial loss.",
  }),
  layers: integer({
    default: PIX2PIX.layers,
    min: 0,
    max: 6,
    help: "Stride-2 layers of the discriminator, which decide the patch that it judges: 3 for 70x70.",
  }),
  learningRate: number({ default: LEARNING_RATE, min: 0, help: "Of Adam, for both networks." }),
  seed: integer({
    default: 0,
    min: 0,
    max: 2 ** 31 - 1,
    help: "Seed of the initial weights, the order, the jitter and the dropout.",
  }),
  noAugment: flag({ help: "Without random jitter and mirroring, which else every pair gets anew in each epoch." }),
  count: integer({ default: 400, min: 1, max: 1_000_000, unit: "pairs", help: "How many facades of toytown to train on." }),
  out: text({
    value: "FOLDER",
    default: undefined,
    help: "Where model, losses, samples and page go. Default: runs/ and the name of the data.",
  }),
  samples: integer({
    default: 4,
    min: 0,
    max: 64,
    unit: "pairs",
    help: "Pairs that are translated and shown as the training goes: the first ones, of those held back if there are any.",
  }),
  noEvaluation: flag({ help: "Do not measure L1, PSNR and SSIM on the pairs held back, which is else done before and after." }),
  checkpointEvery: integer({
    default: 1,
    min: 1,
    unit: "epochs",
    help: "How often the state is written from which --resume goes on.",
  }),
  resume: flag({
    help: "Go on where a training in the same folder with the same settings was interrupted, or add epochs to it.",
  }),
  backend: backendOption,
};

const command: Command<typeof options> = {
  name: "train",
  usage: "pix2pix --data FOLDER",
  about:
    "Trains a model on pairs of pictures and shows how it goes. The results are a folder: the model, the losses, the samples, and " +
    "index.html, a page that shows them. Ctrl-C ends the training after the running step with everything kept. The defaults are the " +
    "paper's (arXiv:1611.07004), which want a GPU; on a CPU begin with --size 128 --filters 32 --epochs 25.",
  subject: { name: "model", help: "What to train.", choices: ["pix2pix"] },
  options,
  examples: [
    { line: "train pix2pix --data toytown --size 64 --filters 16 --epochs 5", does: "try it: facades drawn here" },
    { line: "train pix2pix --data my_pairs --direction AtoB --size 128 --filters 32 --epochs 25", does: "pictures of your own" },
    {
      line: "train pix2pix --data facades --size 128 --filters 32 --epochs 25 --seed 1 --out runs/facades",
      does: "real facades, from labels to photos",
    },
  ],
};

/** Trains.
 * @returns exit status: 130 if it was stopped by Ctrl-C, as shells have it. */
export async function train(values: Values<typeof options>): Promise<number> {
  const { size, filters, epochs, batch, lambda, layers, learningRate, seed, resume } = values;
  const data = await trainData(values);
  const backend = await useBackend(values.backend);
  const { inputChannels, targetChannels: outputChannels } = data.train;
  const model = usageIfRange(() => pix2pix({ size, filters, lambda, layers, seed, inputChannels, outputChannels }), "--size");
  const out = values.out === undefined ? join("runs", data.name) : fromWhereCalled(values.out);
  const stopped = await runTraining({
    model,
    data,
    backend,
    out,
    options: { epochs, batch, seed, learningRate, augment: !values.noAugment, checkpointEvery: values.checkpointEvery, resume },
    samples: values.samples,
    evaluate: data.heldBack && !values.noEvaluation,
  });
  model.dispose();
  console.log(nextSteps(out, stopped));
  return stopped ? 130 : 0;
}

if (import.meta.main) await runCommand(command, train);
