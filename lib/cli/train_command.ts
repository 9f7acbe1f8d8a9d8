/** The command `deno task train` of each system: its options, examples and help texts.
 * @module */
import { type SomeSystem, systems } from "../systems/registry.ts";
import type { Fields } from "../settings.ts";
import type { Command } from "./command.ts";
import { sourceOf } from "./data/mod.ts";
import { HELP_WIDTH, table, wrap } from "./help.ts";
import { trainOptions } from "./train_options.ts";

const ABOUT = "Trains a model and shows its progress. Writes a folder with the model, its losses, samples and a results page. " +
  "deno task train --resume FOLDER continues an interrupted training run; options that follow replace the original ones.";

/** Returns the command that trains a model of the given system. */
export function trainCommand(system: SomeSystem): Command<Fields> {
  const { kind, does, presets } = system;
  const { usage } = sourceOf(system);
  return {
    name: `train ${kind}`,
    ...(usage === undefined ? {} : { usage }),
    about:
      `Trains a model that ${does}. Writes a folder with the model, its losses, samples, and index.html, a page that shows ` +
      "all of them. Ctrl-C stops the run after the current step and saves a checkpoint." +
      (presets ? " The default settings are meant for a GPU; on a CPU, start with --preset quick." : ""),
    options: trainOptions(system),
    examples: EXAMPLES[kind] ?? [],
  };
}

const EXAMPLES: Record<string, { line: string; does: string }[]> = {
  gan: [
    { line: "train gan --data digits --filters 16 --epochs 5", does: "generated digits" },
    { line: "train gan --data mnist --filters 32 --epochs 10 --out runs/mnist", does: "handwritten digits" },
    {
      line: "train gan --data flowers --size 32 --batch 32 --epochs 200",
      does: "your own images, with a subfolder for each class",
    },
  ],
  "conditional-gan": [
    { line: "train conditional-gan --data digits --filters 16 --epochs 5", does: "generated digits" },
    { line: "train conditional-gan --data mnist --filters 32 --epochs 10 --out runs/mnist", does: "handwritten digits" },
  ],
  pix2pix: [
    { line: "train pix2pix --data toytown --size 64 --filters 16 --epochs 5", does: "a first experiment with generated facades" },
    {
      line: "train pix2pix --data my_pairs --direction AtoB --size 128 --filters 32 --epochs 25",
      does: "your own side-by-side images",
    },
    {
      line: "train pix2pix --data facades --size 128 --filters 32 --epochs 25 --seed 1 --out runs/facades",
      does: "real facades, from label maps to photos",
    },
    {
      line: "train pix2pix --data photographs --colourise --unconditional --size 128 --filters 32 --epochs 50",
      does: "photographs, from greyscale to colour",
    },
    {
      line:
        "train pix2pix --data photographs --colourise --unconditional --size 512x256 --crop --scale 0.5 --filters 32 --epochs 50",
      does: "crops of large photographs, at half their resolution",
    },
  ],
  bicyclegan: [
    {
      line: "train bicyclegan --data toytown --size 64 --filters 16 --count 200 --epochs 10",
      does: "generated facades in many colours",
    },
    { line: "train bicyclegan --data facades --size 128 --filters 32 --epochs 60 --out runs/varied", does: "real facades" },
    {
      line:
        "train bicyclegan --data facades --size 64 --filters 16 --epochs 25 --norm batch --lambda 100 --latent 2 --kl-weight 0.5",
      does:
        "small latent code and large loss weights, so that the best of ten outputs is closer to the target than pix2pix's output",
    },
  ],
  cyclegan: [
    {
      line: "train cyclegan --data toytown --size 64 --filters 16 --count 100 --epochs 20",
      does: "generated houses, from brick to plaster",
    },
    { line: "train cyclegan --data horse2zebra --size 64 --filters 32 --epochs 30", does: "horses to zebras" },
    {
      line: "train cyclegan --data summer --others winter --size 64 --filters 32 --epochs 30",
      does: "your own images, in two folders",
    },
  ],
  stackgan: [
    { line: "train stackgan --size 32 --filters 16 --count 600 --epochs 20", does: "a first experiment" },
    { line: "train stackgan --size 64 --filters 32 --epochs 60 --out runs/houses", does: "the whole data set" },
  ],
  classifier: [
    { line: "train classifier --data mnist --out runs/mnist-classifier", does: "a classifier for evaluating generated digits" },
    { line: "train classifier --data digits --count 5000 --epochs 2", does: "generated digits, which need no download" },
  ],
};

/** Returns the help text of `deno task train`, including a list of all systems. */
export function trainHelp(): string {
  const rows = systems().map(({ kind, does }): [string, string] => [kind, does]);
  return [
    "Usage: deno task train MODEL [options]",
    wrap(ABOUT, HELP_WIDTH).join("\n"),
    table("models", rows),
    "deno task train MODEL --help lists the options of a model.",
  ].join("\n\n");
}
