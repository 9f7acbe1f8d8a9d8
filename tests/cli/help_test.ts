import { assert, assertStringIncludes } from "@std/assert";
import { HELP_WIDTH, helpText } from "../../lib/cli/help.ts";
import { choice, flag, integer, text } from "../../lib/settings.ts";

const help = helpText({
  name: "train",
  usage: "pix2pix --data FOLDER",
  about: "Trains a model on pairs of pictures, and shows how it goes. ".repeat(4),
  subject: { name: "model", help: "What to train.", choices: ["pix2pix"] },
  options: {
    data: text({ value: "FOLDER", default: undefined, help: "Where the pictures are." }),
    size: integer({
      default: 256,
      unit: "pixels",
      min: 32,
      max: 512,
      help: "Height and width of the pictures; what is larger is made smaller.",
    }),
    timeLimit: integer({ default: undefined, unit: "seconds", min: 1, help: "When to stop." }),
    direction: choice(["AtoB", "BtoA"], { default: "AtoB", help: "Which half is given." }),
    resume: flag({ help: "Go on." }),
  },
  examples: [{ line: "train pix2pix --data pictures", does: "train on a folder" }],
});

Deno.test("helpText() tells usage, options with defaults, units and limits, and examples", () => {
  assertStringIncludes(help, "Usage: deno task train pix2pix --data FOLDER [options]\n");
  const words = help.replaceAll(/\s+/g, " ");
  assertStringIncludes(
    words,
    "--size N Height and width of the pictures; what is larger is made smaller. 32 to 512. Default: 256 pixels.",
  );
  assertStringIncludes(words, "--time-limit N When to stop. In seconds. 1 or more.");
  assertStringIncludes(words, "--direction WORD Which half is given. AtoB or BtoA. Default: AtoB.");
  assertStringIncludes(words, "--resume Go on. --help Show this.");
  assertStringIncludes(help, "  # train on a folder\n  deno task train pix2pix --data pictures");
});

Deno.test("helpText() fits its width", () => {
  for (const line of help.split("\n")) assert(line.length <= HELP_WIDTH, `${line.length} columns: ${line}`);
});
