import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { asksForHelp, type Command, optionName, parse, subjectOf, UsageError } from "../../lib/cli/command.ts";
import { choice, flag, integer, number, text } from "../../lib/settings.ts";

const options = {
  data: text({ value: "FOLDER", default: undefined, help: "Where the pictures are." }),
  size: integer({ default: 256, unit: "pixels", min: 32, max: 512, help: "Height and width." }),
  learningRate: number({ default: 0.0002, min: 0, help: "Of Adam." }),
  lambda: number({ default: undefined, help: "Weight of L1." }),
  direction: choice(["AtoB", "BtoA"], { default: "AtoB", help: "Which half is given." }),
  resume: flag({ help: "Go on." }),
};
const command: Command<typeof options> = {
  name: "train",
  about: "Trains.",
  subject: { name: "model", help: "What to train.", choices: ["pix2pix"] },
  options,
  examples: [],
};

function usageError(...args: string[]): string {
  const { message } = assertThrows(() => parse(command, args), UsageError);
  assert(!message.includes("\n"), "one line");
  return message;
}

Deno.test("parse() gives the defaults of what is not on the line", () => {
  const defaults = {
    data: undefined,
    size: 256,
    learningRate: 0.0002,
    lambda: undefined,
    direction: "AtoB",
    resume: false,
  } as const;
  assertEquals(parse(command, ["pix2pix"]), defaults);
});

Deno.test("parse() reads values behind a space and behind an equals sign, and negative ones", () => {
  const args = [
    "pix2pix",
    "--size=64",
    "--data",
    "a b=c",
    "--learning-rate",
    "1e-3",
    "--lambda",
    "-2",
    "--direction",
    "BtoA",
    "--resume",
  ];
  assertEquals(parse(command, args), {
    data: "a b=c",
    size: 64,
    learningRate: 0.001,
    lambda: -2,
    direction: "BtoA",
    resume: true,
  });
});

Deno.test("parse() names an unknown option and the nearest one", () => {
  const message = usageError("pix2pix", "--sise", "64");
  assertEquals(message, 'Unknown option --sise of "deno task train"; did you mean --size? --help lists all');
  assert(!usageError("pix2pix", "--colours").includes("did you mean"), "nothing is near");
});

Deno.test("parse() names the option of a bad number, what was wanted and what was got", () => {
  assertEquals(
    usageError("pix2pix", "--size", "big"),
    'Option --size: wanted a whole number, 32 to 512, got "big"; --help tells more',
  );
  for (const bad of ["31", "513", "64.5", "", " ", "NaN", "Infinity", "0x"]) {
    assertStringIncludes(usageError("pix2pix", `--size=${bad}`), "--size");
  }
  assertStringIncludes(usageError("pix2pix", "--learning-rate", "-1"), "wanted a number, 0 or more");
  assertStringIncludes(usageError("pix2pix", "--direction", "btoa"), "wanted AtoB or BtoA");
  assertStringIncludes(usageError("pix2pix", "--data", ""), "wanted a folder");
});

Deno.test("parse() refuses an option without its value, a flag with one, an option given twice, a value without option", () => {
  assertStringIncludes(usageError("pix2pix", "--size"), "write --size N");
  assertStringIncludes(usageError("pix2pix", "--data", "--resume"), "write --data FOLDER");
  assertStringIncludes(usageError("pix2pix", "--resume=yes"), "write --resume alone");
  assertStringIncludes(usageError("pix2pix", "--size", "64", "--size=32"), "given twice");
  assertStringIncludes(usageError("pix2pix", "facades"), 'Unexpected "facades"');
});

Deno.test("parse() wants the subject first, and names the ones that there are", () => {
  assertStringIncludes(usageError(), '"train pix2pix"');
  assertStringIncludes(usageError("--size", "64"), "The model is missing");
  assertStringIncludes(usageError("pix3pix"), 'Unknown model "pix3pix"');
});

Deno.test("subjectOf() is the word on the line, else the default, which parse() then does not miss", () => {
  const optional = { ...command, subject: { ...command.subject!, choices: ["pix2pix", "gan"], default: "gan" } };
  assertEquals(subjectOf(optional, ["pix2pix", "--size", "8"]), "pix2pix");
  assertEquals(subjectOf(optional, []), "gan");
  assertEquals(parse(optional, []).size, parse(optional, ["pix2pix"]).size);
});

Deno.test("parse() names an option that must be given", () => {
  const translate = { name: "translate", about: "", options: { model: text({ value: "FOLDER", help: "" }) }, examples: [] };
  assertEquals(assertThrows(() => parse(translate, []), UsageError).message, "Option --model is missing; write --model FOLDER");
  assertEquals(parse(translate, ["--model", "runs/a"]), { model: "runs/a" });
});

Deno.test("optionName() is kebab-case", () => {
  assertEquals(optionName("checkpointEvery"), "--checkpoint-every");
});

Deno.test("asksForHelp() sees --help anywhere", () => {
  assert(asksForHelp(["pix2pix", "--size", "--help"]));
  assert(asksForHelp(["-h"]));
  assert(!asksForHelp(["pix2pix"]));
});
