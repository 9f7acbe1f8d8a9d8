import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  asksForHelp,
  type Command,
  editDistance,
  nearest,
  optionName,
  parse,
  parseGiven,
  subjectOf,
  UsageError,
  usageIfRange,
  withDefaults,
} from "../../lib/cli/command.ts";
import { choice, flag, integer, list, number, text } from "../../lib/settings.ts";

const options = {
  data: text({ value: "FOLDER", default: undefined, help: "Folder of the images." }),
  size: integer(256, { unit: "pixels", min: 32, max: 512, help: "Height and width." }),
  learningRate: number(0.0002, { min: 0, help: "Learning rate of Adam." }),
  lambda: number(undefined, { help: "Weight of L1." }),
  direction: choice("AtoB", ["AtoB", "BtoA"], { help: "Which half is the input." }),
  hidden: list<number, number[]>([12, 12], integer(1, { min: 1, help: "Units." }), {
    of: "integers from 1",
    help: "Hidden layers.",
  }),
  resume: flag(false, { help: "Continue." }),
  augment: flag(true, { help: "Augment.", off: { help: "Do not augment." } }),
  conditional: flag(true, { help: "Condition D.", off: { name: "unconditional", help: "Do not condition D." } }),
};
const command: Command<typeof options> = {
  name: "train",
  about: "Trains.",
  subject: { name: "model", help: "What to train.", choices: ["pix2pix"] },
  options,
  examples: [],
};
const DEFAULTS = {
  ...{ data: undefined, size: 256, learningRate: 0.0002, lambda: undefined, direction: "AtoB", hidden: [12, 12] },
  ...{ resume: false, augment: true, conditional: true },
} as const;

function usageError(...args: string[]): string {
  const { message } = assertThrows(() => parse(command, args), UsageError);
  assert(!message.includes("\n"), "one line");
  return message;
}

Deno.test("parse() returns the defaults of options that are not given", () => {
  assertEquals<unknown>(parse(command, ["pix2pix"]), DEFAULTS);
});

Deno.test("parseGiven() returns the given options only, and withDefaults() adds the others", () => {
  const given = parseGiven(command, ["pix2pix", "--size", "64"]);
  assertEquals(given, { size: 64 });
  assertEquals<unknown>(withDefaults(options, given), { ...DEFAULTS, size: 64 });
});

Deno.test("parse() reads values after a space or an equals sign, negative numbers, and lists", () => {
  const args = [
    ...["pix2pix", "--size=64", "--data", "a b=c", "--learning-rate", "1e-3", "--lambda", "-2", "--direction", "BtoA"],
    ...["--hidden", "3, 4,5", "--resume"],
  ];
  assertEquals<unknown>(parse(command, args), {
    ...DEFAULTS,
    ...{ data: "a b=c", size: 64, learningRate: 0.001, lambda: -2, direction: "BtoA", hidden: [3, 4, 5], resume: true },
  });
});

Deno.test("parse() turns a flag off with --no-NAME, or with the flag's own name for that", () => {
  const { augment, conditional } = parse(command, ["pix2pix", "--no-augment", "--unconditional"]);
  assertEquals([augment, conditional], [false, false]);
});

Deno.test("parse() turns a flag on with --NAME, which overrides a configuration file", () => {
  assertEquals(parseGiven(command, ["pix2pix", "--augment"]), { augment: true });
});

Deno.test("parse() names an unknown option and the nearest known one", () => {
  const message = usageError("pix2pix", "--sise", "64");
  assertEquals(message, 'Unknown option --sise for "deno task train"; did you mean --size?');
  assert(!usageError("pix2pix", "--colours").includes("did you mean"), "none is near");
});

Deno.test("parse() names the option with an invalid value, the accepted values, and the given value", () => {
  assertEquals(
    usageError("pix2pix", "--size", "big"),
    'Option --size: expected an integer from 32 to 512, got "big"; see --help',
  );
  for (const wrong of ["31", "513", "64.5", "", " ", "NaN", "Infinity", "0x"]) {
    assertStringIncludes(usageError("pix2pix", `--size=${wrong}`), "--size");
  }
  assertStringIncludes(usageError("pix2pix", "--learning-rate", "-1"), "expected a number ≥ 0");
  assertStringIncludes(usageError("pix2pix", "--direction", "btoa"), "AtoB or BtoA");
  assertStringIncludes(usageError("pix2pix", "--data", ""), "expected a folder");
  for (const wrong of ["", "3,", "3,0", "3;4", "a"]) {
    assertStringIncludes(usageError("pix2pix", `--hidden=${wrong}`), "list of integers from 1");
  }
});

Deno.test("parse() rejects a missing or superfluous value, a repeated option, and a value without an option", () => {
  assertStringIncludes(usageError("pix2pix", "--size"), "use --size N");
  assertStringIncludes(usageError("pix2pix", "--data", "--resume"), "use --data FOLDER");
  assertStringIncludes(usageError("pix2pix", "--resume=yes"), "use --resume alone");
  assertStringIncludes(usageError("pix2pix", "--size", "64", "--size=32"), "given twice");
  assertStringIncludes(usageError("pix2pix", "facades"), 'Unexpected "facades"');
});

Deno.test("parse() expects the subject first, and lists the choices", () => {
  assertStringIncludes(usageError(), '"train pix2pix"');
  assertStringIncludes(usageError("--size", "64"), "No model given");
  assertStringIncludes(usageError("pix3pix"), 'Unknown model "pix3pix"');
});

Deno.test("subjectOf() returns the given word or the default; without a default, parse() requires a word", () => {
  const optional = { ...command, subject: { ...command.subject!, choices: ["pix2pix", "gan"], default: "gan" } };
  assertEquals(subjectOf(optional, ["pix2pix", "--size", "8"]), "pix2pix");
  assertEquals(subjectOf(optional, []), "gan");
  assertEquals(parse(optional, []).size, parse(optional, ["pix2pix"]).size);
});

Deno.test("parse() names a required option that is missing", () => {
  const translate = { name: "translate", about: "", options: { model: text({ value: "FOLDER", help: "" }) }, examples: [] };
  assertEquals(assertThrows(() => parse(translate, []), UsageError).message, "Option --model is missing; use --model FOLDER");
  assertEquals(parse(translate, ["--model", "runs/a"]), { model: "runs/a" });
});

Deno.test("optionName() returns kebab-case", () => {
  assertEquals(optionName("checkpointEvery"), "--checkpoint-every");
  assertEquals(optionName("augment", options.augment), "--no-augment");
  assertEquals(optionName("conditional", options.conditional), "--unconditional");
});

Deno.test("asksForHelp() finds --help anywhere", () => {
  assert(asksForHelp(["pix2pix", "--size", "--help"]));
  assert(asksForHelp(["-h"]));
  assert(!asksForHelp(["pix2pix"]));
});

Deno.test("editDistance() counts inserted, removed, changed and swapped letters", () => {
  assertEquals(editDistance("size", "size"), 0);
  assertEquals(editDistance("sze", "size"), 1);
  assertEquals(editDistance("sizes", "size"), 1);
  assertEquals(editDistance("sise", "size"), 1);
  assertEquals(editDistance("szie", "size"), 1);
  assertEquals(editDistance("", "size"), 4);
  assertEquals(editDistance("kitten", "sitting"), 3);
});

Deno.test("nearest() returns undefined if no word is close", () => {
  assertEquals(nearest("--epoch", ["--epochs", "--seed"]), "--epochs");
  assertEquals(nearest("--colours", ["--epochs", "--seed"]), undefined);
  assertEquals(nearest("--x", []), undefined);
});

const failing = (message: string) => () => {
  throw new RangeError(message);
};

Deno.test("usageIfRange() converts a library error to a usage error that names the option", () => {
  const refused = failing("Cannot build the U-Net: size must be a multiple of 4, got 50; use 48 or 52");
  assertThrows(() => usageIfRange(refused, "--size"), UsageError, "Option --size: Cannot build the U-Net");
  const { message } = assertThrows(() => usageIfRange(refused), UsageError);
  assert(message.startsWith("Cannot build the U-Net"), message);
  assertEquals(usageIfRange(() => 7, "--size"), 7);
});

Deno.test("usageIfRange() passes other errors on, such as exhausted memory", () => {
  const error = assertThrows(() => usageIfRange(failing("Array buffer allocation failed"), "--size"), RangeError);
  assertEquals(error.message, "Array buffer allocation failed");
});
