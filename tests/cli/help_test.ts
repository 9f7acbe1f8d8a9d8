import { assert, assertStringIncludes } from "@std/assert";
import { HELP_WIDTH, helpText } from "../../lib/cli/help.ts";
import { choice, flag, integer, list, text } from "../../lib/settings.ts";

const help = helpText({
  name: "train",
  usage: "pix2pix --data FOLDER",
  about: "Trains a model on pairs of images, and shows its progress. ".repeat(4),
  subject: { name: "model", help: "What to train.", choices: ["pix2pix"] },
  options: {
    data: text({ value: "FOLDER", default: undefined, help: "Folder of the images." }),
    model: text({ value: "FOLDER", help: "The model." }),
    size: integer(256, { unit: "pixels", min: 32, max: 512, help: "Height and width of the images; larger ones are resized." }),
    batch: integer(1, { unit: "images of each domain", min: 1, help: "Size of a batch." }),
    wait: integer(undefined, { unit: "epochs", min: 1, help: "Epochs to wait." }),
    every: integer(1, { unit: "epochs", min: 1, help: "Interval." }),
    timeLimit: integer(undefined, { unit: "seconds", min: 1, help: "Time after which to stop." }),
    direction: choice("AtoB", ["AtoB", "BtoA"], { help: "Which half is the input." }),
    norm: choice(undefined, ["batch", "instance", "none"], { help: "Normalization." }),
    words: choice("one", ["one", "two"], { help: "A word." }),
    hidden: list<number, number[]>([], integer(1, { min: 1, help: "" }), { of: "integers from 1", help: "Hidden layers." }),
    resume: flag(false, { help: "Continue." }),
    augment: flag(true, { help: "Augment.", off: { help: "Do not augment." } }),
  },
  examples: [{ line: "train pix2pix --data images", does: "train on a folder" }],
});
const words = help.replaceAll(/\s+/g, " ");

Deno.test("helpText() shows usage, subject and examples", () => {
  assertStringIncludes(help, "Usage: deno task train pix2pix --data FOLDER [options]\n");
  assertStringIncludes(help, "Model:\n  pix2pix  What to train.");
  assertStringIncludes(help, "  # train on a folder\n  deno task train pix2pix --data images");
});

Deno.test("helpText() shows options with their limits, units and defaults", () => {
  assertStringIncludes(
    words,
    "--size N Height and width of the images; larger ones are resized. Integer from 32 to 512. Default: 256 pixels.",
  );
  assertStringIncludes(words, "--every N Interval. Integer ≥ 1. Default: 1 epoch.");
  assertStringIncludes(words, "--batch N Size of a batch. Integer ≥ 1. Default: 1 image of each domain.");
  assertStringIncludes(words, "--wait N Epochs to wait. Integer ≥ 1. --");
  assertStringIncludes(words, "--time-limit N Time after which to stop. Integer ≥ 1, in seconds. --");
  assertStringIncludes(words, "--hidden LIST Hidden layers. Comma-separated list of integers from 1. --");
  assertStringIncludes(words, "--model FOLDER The model. Required.");
});

Deno.test("helpText() shows the words of a choice as they are typed", () => {
  assertStringIncludes(words, "--direction WORD Which half is the input. Either AtoB or BtoA. Default: AtoB.");
  assertStringIncludes(words, "--norm WORD Normalization. One of batch, instance, none. --");
  assertStringIncludes(words, "--words WORD A word. Either one or two. Default: one.");
});

Deno.test("helpText() shows a flag under the name that changes its default", () => {
  assertStringIncludes(words, "--resume Continue. --no-augment Do not augment. --help Show this help.");
});

Deno.test("helpText() wraps its lines", () => {
  for (const line of help.split("\n")) assert(line.length <= HELP_WIDTH, `${line.length} columns: ${line}`);
});
