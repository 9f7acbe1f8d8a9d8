import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type Command, optionName, parseGiven, withDefaults } from "../../lib/cli/command.ts";
import { sourceOf } from "../../lib/cli/data/mod.ts";
import { threadsFor, train } from "../../lib/cli/train.ts";
import { trainCommand } from "../../lib/cli/train_command.ts";
import { libraryOptions, modelSettings, type RunValues, withConfig } from "../../lib/cli/train_options.ts";
import { completeSettings, type Fields } from "../../lib/settings.ts";
import { type SomeSystem, systemOf, systems } from "../../lib/systems/registry.ts";
import { lastLine, task, withFolder } from "./_task.ts";

/** A flag of version 0.1.0: off by default. */
const FLAG = ["flag"] as const;
/** The default of an option, and values that it accepts: its limits, or its choices. */
type Old = readonly [standard: unknown, ...accepted: unknown[]];

/** Options of every training run in version 0.1.0. */
const EVERY: Record<string, Old> = {
  "--seed": [0, 0, 2 ** 31 - 1],
  "--out": [undefined, "runs/a"],
  "--checkpoint-every": [1, 1],
  "--resume": FLAG,
  "--on-nan": ["stop", "stop", "rollback"],
  "--backend": [undefined, "tensorflow", "webgpu", "wasm", "cpu"],
};
const IMAGES: Record<string, Old> = { "--data": [undefined, "a"], "--skip-bad": FLAG };
const LABELLED: Record<string, Old> = {
  ...EVERY,
  ...IMAGES,
  "--size": [64, 8, 512],
  "--channels": ["3", "1", "3"],
  "--count": [10_000, 10, 1_000_000],
  "--filters": [64, 1],
  "--batch": [100, 1],
};
const PAIRED: Record<string, Old> = {
  ...EVERY,
  ...IMAGES,
  "--targets": [undefined, "b"],
  "--colourise": FLAG,
  "--direction": [undefined, "AtoB", "BtoA"],
  "--count": [400, 1, 1_000_000],
  "--size": [256, 32, 512],
  "--filters": [64, 1],
  "--layers": [3, 0, 6],
  "--no-augment": FLAG,
  "--samples": [4, 0, 64],
  "--no-evaluation": FLAG,
  "--batch": [1, 1],
  "--learning-rate": [0.0002, 0],
};
const GAN: Record<string, Old> = {
  ...LABELLED,
  "--networks": ["dcgan", "mlp", "dcgan"],
  "--loss": ["nonSaturating", "minimax", "nonSaturating", "leastSquares", "hinge", "wasserstein"],
  "--discriminator-steps": [undefined, 1, 5],
  "--label-smoothing": [0, 0, 0.5],
  "--average-decay": [0, 0, 0.99999],
  "--diff-augment": [[], ["color", "translation", "cutout"], ["cutout"]],
  "--clip-norm": [0, 0, 1],
  "--samples": [8, 0, 32],
  "--epochs": [20, 1],
  "--learning-rate": [0.0002, 0],
};
/** Options of version 0.1.0. */
const OLD: Record<string, Record<string, Old>> = {
  gan: GAN,
  "conditional-gan": GAN,
  pix2pix: {
    ...PAIRED,
    "--generator": ["unet", "unet", "encoderDecoder", "resnet"],
    "--norm": ["batch", "batch", "instance"],
    "--lambda": [100, 0],
    "--reconstruction": ["l1", "l1", "l2", "none"],
    "--no-adversarial": FLAG,
    "--unconditional": FLAG,
    "--updates": ["alternating", "alternating", "simultaneous"],
    "--epochs": [200, 1],
  },
  bicyclegan: {
    ...PAIRED,
    "--norm": ["instance", "batch", "instance"],
    "--latent": [8, 1, 256],
    "--lambda": [10, 0],
    "--latent-weight": [0.5, 0],
    "--kl-weight": [0.01, 0],
    "--epochs": [60, 1],
  },
  cyclegan: {
    ...EVERY,
    ...IMAGES,
    "--others": [undefined, "b"],
    "--count": [400, 1, 500_000],
    "--size": [256, 32, 512],
    "--filters": [64, 1],
    "--generator": ["resnet", "unet", "encoderDecoder", "resnet"],
    "--blocks": [undefined, 1, 20],
    "--layers": [3, 0, 6],
    "--lambda": [10, 0],
    "--identity": [0.5, 0],
    "--pool": [50, 0],
    "--no-augment": FLAG,
    "--samples": [4, 0, 64],
    "--epochs": [200, 1],
    "--batch": [1, 1],
    "--learning-rate": [0.0002, 0],
  },
  stackgan: {
    ...EVERY,
    "--data": ["houses", "houses"],
    "--size": [64, 32, 256],
    "--filters": [64, 1],
    "--blocks": [2, 0],
    "--kl-weight": [1, 0],
    "--count": [2400, 24, 1_000_000],
    "--sketch-epochs": [undefined, 0],
    "--samples": [8, 0, 24],
    "--epochs": [60, 1],
    "--batch": [64, 1],
    "--learning-rate": [0.0002, 0],
  },
  classifier: { ...LABELLED, "--epochs": [5, 1], "--learning-rate": [0.001, 0] },
};

/** A short training run. */
const QUICK = ["gan", "--data", "digits", "--count", "20", "--batch", "10", "--samples", "0"];

/** Runs `train` in this process, for command lines that end before any training. */
async function run(...args: string[]): Promise<{ status: number; out: string; error: string }> {
  const { log, error } = console;
  const printed = { out: "", error: "" };
  console.log = (text) => void (printed.out += `${text}\n`);
  console.error = (text) => void (printed.error += `${text}\n`);
  try {
    return { status: await train(args), ...printed };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** Returns the values of the options on a command line. */
async function valuesOf(system: SomeSystem, args: string[]): Promise<RunValues> {
  const command: Command<Fields> = trainCommand(system);
  const { given } = await withConfig(system, command, parseGiven(command, args));
  return withDefaults(command.options, given) as RunValues;
}

/** Returns the settings of the model and the options of `train` that result from a command line. */
async function resultOf(system: SomeSystem, args: string[]): Promise<unknown> {
  const values = await valuesOf(system, args);
  return [completeSettings(system.kind, system.fields, modelSettings(system, values)), libraryOptions(system, values)];
}

/** Writes a configuration file. */
async function config(folder: string, values: unknown): Promise<string> {
  const path = join(folder, "config.json");
  await Deno.writeTextFile(path, typeof values === "string" ? values : JSON.stringify(values));
  return path;
}

/** Runs a command that must fail with a one-line error and status 2. */
async function usageError(...args: string[]): Promise<string> {
  const { status, out, error } = await run(...args);
  assertEquals([status, out], [2, ""], error);
  assertMatch(error, /^[^\n]+\n$/);
  return error;
}

Deno.test("train has an option for each setting that the data does not determine", () => {
  for (const system of systems()) {
    const { options } = trainCommand(system);
    for (const [name, field] of Object.entries(system.fields as Fields)) {
      if (field.fromData) continue;
      assert(options[name], `${system.kind}: ${name}`);
      if (name !== "seed") assertEquals(options[name].help, field.help, `${system.kind}: ${name}`);
    }
  }
});

Deno.test("train has the options of version 0.1.0, with their defaults and the values that they accepted", () => {
  for (const [kind, old] of Object.entries(OLD)) {
    const options = Object.entries(trainCommand(systemOf(kind)!).options);
    for (const [name, [standard, ...accepted]] of Object.entries(old)) {
      const field = options.find(([key, field]) => optionName(key, field) === name)?.[1];
      assert(field, `${kind} ${name}`);
      assertEquals(field.value === undefined, old[name] === FLAG, `${kind} ${name} is a flag`);
      if (old[name] !== FLAG) assertEquals(field.default, standard, `${kind} ${name}`);
      for (const value of accepted) assert(field.fits(value), `${kind} ${name} ${value}`);
    }
  }
});

Deno.test("train passes the options of version 0.1.0 on to the settings they have always stood for", async () => {
  const cases: [kind: string, args: string[], expected: Record<string, unknown>][] = [
    ["pix2pix", ["--unconditional"], { conditional: false }],
    ["pix2pix", ["--no-adversarial"], { adversarial: false }],
    ["pix2pix", ["--no-augment"], { augment: false }],
    ["pix2pix", ["--no-evaluation"], { evaluation: false }],
    ["pix2pix", [], { conditional: true, adversarial: true, augment: true, evaluation: true, colourise: false, resume: false }],
    ["cyclegan", ["--no-augment", "--blocks", "3"], { augment: false, blocks: 3 }],
    ["gan", ["--diff-augment", "color, cutout", "--channels", "1"], { diffAugment: ["color", "cutout"], channels: "1" }],
    ["stackgan", ["--sketch-epochs", "0"], { sketchEpochs: 0 }],
  ];
  for (const [kind, args, expected] of cases) {
    const values = await valuesOf(systemOf(kind)!, args);
    for (const [name, value] of Object.entries(expected)) assertEquals(values[name], value, `${kind} ${args} ${name}`);
  }
  const pix2pix = systemOf("pix2pix")!;
  const values = await valuesOf(pix2pix, ["--unconditional", "--no-augment", "--epochs", "3"]);
  assertEquals(modelSettings(pix2pix, values).conditional, false);
  assertEquals(libraryOptions(pix2pix, values), {
    ...{ epochs: 3, batch: 1, seed: 0, learningRate: 0.0002, checkpointEvery: 1, resume: false, onNan: "stop", augment: false },
  });
});

Deno.test("train leaves settings that depend on others to the model", async () => {
  const settings = async (kind: string, ...args: string[]) => {
    const system = systemOf(kind)!;
    return completeSettings(system.kind, system.fields, modelSettings(system, await valuesOf(system, args)));
  };
  assertEquals((await settings("gan")).discriminatorSteps, 1);
  assertEquals((await settings("gan", "--loss", "wasserstein")).discriminatorSteps, 5);
  assertEquals((await settings("gan", "--loss", "wasserstein", "--discriminator-steps", "2")).discriminatorSteps, 2);
  assertEquals((await settings("cyclegan")).blocks, 9);
  assertEquals((await settings("cyclegan", "--size", "128")).blocks, 6);
});

for (const { kind, presets } of systems()) {
  Deno.test(`train ${kind} --print-config prints JSON that --config accepts, with the same result`, () =>
    withFolder(async (folder) => {
      const system = systemOf(kind)!;
      const cases = [[], ["--seed", "3", "--epochs", "7", "--filters", "5", "--decay-from", "2", "--on-nan", "rollback"]];
      if (presets) cases.push(["--preset", "quick"], ["--preset", "paper", "--filters", "3"]);
      for (const args of cases) {
        const { status, out, error } = await run(kind, ...args, "--print-config");
        assertEquals([status, error], [0, ""]);
        const path = await config(folder, out);
        assertEquals(await run(kind, "--config", path, "--print-config"), { status, out, error });
        assertEquals(await resultOf(system, ["--config", path]), await resultOf(system, args));
      }
    }));
}

Deno.test("train --print-config prints the given options, with flags and lists, but none that concern a single run", async () => {
  const printed = async (...args: string[]) => JSON.parse((await run(...args, "--print-config")).out);
  const { data, conditional, augment, direction, ...rest } = await printed(
    ...["pix2pix", "--data", "facades", "--unconditional", "--no-augment", "--direction", "BtoA"],
    ...["--out", "runs/a", "--log", "-", "--preset", "quick", "--resume"],
  );
  assertEquals([data, conditional, augment, direction], ["facades", false, false, "BtoA"]);
  for (const name of ["out", "log", "preset", "resume", "config", "printConfig"]) assert(!(name in rest), name);
  assertEquals((await printed("gan", "--hidden", "3,4")).hidden, [3, 4]);
});

Deno.test("train prefers the command line to --config, and --config to --preset", () =>
  withFolder(async (folder) => {
    const path = await config(folder, { filters: 3, epochs: 4, augment: false });
    const values = await valuesOf(systemOf("pix2pix")!, ["--preset", "quick", "--config", path, "--epochs", "5"]);
    const { size, filters, epochs, augment, lambda } = values;
    assertEquals({ size, filters, epochs, augment, lambda }, { size: 128, filters: 3, epochs: 5, augment: false, lambda: 100 });
    const zero = await config(folder, { identity: 2 });
    assertEquals((await valuesOf(systemOf("cyclegan")!, ["--identity", "0", "--config", zero])).identity, 0);
  }));

Deno.test("train --preset replaces defaults, and is rejected for a system without presets", async () => {
  for (const system of systems()) {
    for (const [preset, expected] of Object.entries(system.presets ?? {})) {
      const values = await valuesOf(system, ["--preset", preset]);
      for (const [name, value] of Object.entries(expected)) assertEquals(values[name], value, `${system.kind} ${preset} ${name}`);
    }
  }
  assertStringIncludes(await usageError("pix2pix", "--preset", "fast"), "quick or paper");
  assertStringIncludes(await usageError("classifier", "--preset", "quick"), "Unknown option --preset");
});

Deno.test("train --config names what is wrong with the file, on one line, with status 2", () =>
  withFolder(async (folder) => {
    const cases: [values: unknown, words: string[]][] = [
      [{ filter: 3 }, ['unknown setting "filter"', 'did you mean "filters"?']],
      [{ momentum: 3 }, ['unknown setting "momentum"', "filters"]],
      [{ inputChannels: 3 }, ['unknown setting "inputChannels"']], // the data determines it
      [{ "checkpoint-every": 3 }, ['did you mean "checkpointEvery"?']],
      [{ filters: 0 }, ['"filters"', "expected an integer", "got 0"]],
      [{ filters: "64" }, ['"filters"', 'got "64"']],
      [{ conditional: "no" }, ['"conditional"', "true or false", 'got "no"']],
      [{ direction: null }, ['"direction"', "AtoB or BtoA", "got null"]],
      [{ out: "runs/a" }, ['"out"', "command line"]],
      [{ constructor: 1 }, ['unknown setting "constructor"']],
      [[], ["must contain a JSON object"]],
      ["null", ["must contain a JSON object"]],
      ["3", ["must contain a JSON object"]],
      ["{ filters: 3 }", ["cannot be read as JSON", "--print-config"]],
      ["", ["cannot be read as JSON"]],
    ];
    for (const [values, words] of cases) {
      const path = await config(folder, values);
      const error = await usageError("pix2pix", "--data", "toytown", "--config", path);
      for (const word of ["Option --config", path, ...words]) assertStringIncludes(error, word);
    }
    const gone = join(folder, "gone.json");
    const missing = await usageError("pix2pix", "--data", "toytown", "--config", gone);
    for (const word of ["Option --config", gone, "does not exist"]) assertStringIncludes(missing, word);
    assertStringIncludes(await usageError("pix2pix", "--config", folder), "Option --config");
    assertStringIncludes(await usageError("pix2pix", "--config"), "use --config FILE");
  }));

Deno.test("train --config accepts a number for a choice of numbers", () =>
  withFolder(async (folder) => {
    const path = await config(folder, { channels: 1 });
    assertEquals((await valuesOf(systemOf("gan")!, ["--config", path])).channels, "1");
    await config(folder, { channels: 2 });
    assertStringIncludes(await usageError("gan", "--config", path), "1 or 3, got 2");
  }));

Deno.test("train resumes a run that was started with --config from its folder alone, whatever has happened to the file", () =>
  withFolder(async (folder) => {
    const out = join(folder, "run");
    const resumed = async (...more: string[]) => {
      const { status, stderr } = await task("train", ["--resume", out, ...more]);
      assertEquals(status, 0, stderr);
    };
    const epochs = async () => (await Deno.readTextFile(join(out, "losses.csv"))).trimEnd().split("\n").at(-1)!.split(",")[0];
    const path = await config(folder, { filters: 2, epochs: 1, data: "digits", count: 20, batch: 10, samples: 0 });
    const first = await task("train", ["gan", "--config", "config.json", "--out", "run"], { INIT_CWD: folder });
    assertEquals(first.status, 0, first.stderr);
    assertEquals(await epochs(), "1");
    await config(folder, { filters: 9, unheard: true });
    await resumed("--epochs", "2");
    assertEquals(await epochs(), "2");
    await Deno.remove(path);
    await resumed("--epochs", "3");
    await resumed();
    assertEquals(await epochs(), "3");
    const other = await task("train", ["--resume", out, "--epochs", "4", "--filters", "3"]);
    assertEquals(other.status, 1);
    assertStringIncludes(lastLine(other), "filters");
    await config(folder, { epochs: 4 });
    const again = await task("train", ["--resume", "run", "--config", "config.json", "--epochs", "4"], { INIT_CWD: folder });
    assertEquals(again.status, 0, again.stderr);
    assertEquals(await epochs(), "4");
  }));

Deno.test("train resumes a run that was started with an empty --config", () =>
  withFolder(async (folder) => {
    const out = join(folder, "run");
    const path = await config(folder, {});
    const first = await task("train", [...QUICK, "--filters", "2", "--epochs", "1", "--config", path, "--out", out]);
    assertEquals(first.status, 0, first.stderr);
    await Deno.remove(path);
    const { status, stderr } = await task("train", ["--resume", out, "--epochs", "2"]);
    assertEquals(status, 0, stderr);
  }));

Deno.test("train resumes a run whose command.json has no config, as version 0.1.0 wrote it", () =>
  withFolder(async (folder) => {
    const out = join(folder, "run");
    const args = [...QUICK, "--filters", "2", "--epochs", "1", "--out", out];
    assertEquals((await task("train", args)).status, 0);
    const kept = JSON.parse(await Deno.readTextFile(join(out, "command.json")));
    assertEquals(Object.keys(kept), ["args", "from", "countLimits"]);
    assertEquals(kept.args, args);
    await Deno.writeTextFile(join(out, "command.json"), JSON.stringify({ args, from: kept.from }));
    const { status, stderr } = await task("train", ["--resume", out, "--epochs", "2"]);
    assertEquals(status, 0, stderr);
    assertMatch(await Deno.readTextFile(join(out, "losses.csv")), /\n2,4,[^\n]+\n$/);
  }));

/** Reads the events in a log. */
function eventsIn(text: string): { type: string; time: string; [field: string]: unknown }[] {
  assert(text.endsWith("\n"));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("train --log - prints one line of JSON per event on stdout, and nothing else", () =>
  withFolder(async (folder) => {
    const args = ["pix2pix", "--data", "toytown", "--count", "2", "--size", "32", "--filters", "1", "--layers", "1"];
    const out = join(folder, "run");
    const { status, stdout, stderr } = await task("train", [
      ...args,
      "--epochs",
      "2",
      "--samples",
      "1",
      "--log",
      "-",
      "--out",
      out,
    ]);
    assertEquals(status, 0, stderr);
    const events = eventsIn(stdout);
    const counts = Object.groupBy(events, ({ type }) => type);
    assertEquals([counts.step!.length, counts.epoch!.length, counts.checkpoint!.length], [4, 2, 2]);
    for (const { time, epoch, step } of events) {
      assertMatch(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert(Number.isInteger(epoch) && Number.isInteger(step));
    }
    const { losses, learningRate, milliseconds } = counts.step![0] as unknown as Record<string, number & Record<string, number>>;
    assert(Object.values(losses!).every(Number.isFinite) && Object.keys(losses!).length > 0);
    assertEquals([learningRate, milliseconds! > 0], [0.0002, true]);
    assertEquals(counts.sample![0]!.rows, [["input", "generated", "target"]], "without the pixels");
    assertStringIncludes(stderr, "mean L1");
    assertStringIncludes(stderr, "Results: ");
  }));

Deno.test("train --log FILE appends to the file, also when the run resumes", () =>
  withFolder(async (folder) => {
    const out = join(folder, "run");
    const args = [...QUICK, "--filters", "2", "--epochs", "1", "--out", "run", "--log", "logs/run.jsonl"];
    const first = await task("train", args, { INIT_CWD: folder });
    assertEquals(first.status, 0, first.stderr);
    const log = join(folder, "logs", "run.jsonl");
    const steps = async () =>
      eventsIn(await Deno.readTextFile(log)).filter(({ type }) => type === "step").map(({ step }) => step);
    assertEquals(await steps(), [1, 2]);
    assertNotEquals(first.stdout, "");
    assertEquals((await task("train", ["--resume", out, "--epochs", "2"])).status, 0);
    assertEquals(await steps(), [1, 2, 3, 4]);
    const refused = await task("train", ["--resume", out, "--epochs", "3", "--log", folder]);
    assertEquals(refused.status, 1);
    assertStringIncludes(lastLine(refused), "choose another file with --log");
    assertEquals(await steps(), [1, 2, 3, 4]);
  }));

Deno.test("the number of threads per op depends on the size of a GAN's images, which the data determines", async () => {
  const system = systemOf("gan")!;
  const values = { data: "digits", seed: 0, count: 20, size: 28, channels: "1", crop: false, asGiven: false, skipBad: false };
  const { settings } = await sourceOf(system).open(values, system);
  const [all, half] = [navigator.hardwareConcurrency, Math.ceil(navigator.hardwareConcurrency / 2)];
  assertEquals(threadsFor({ filters: 64 }, settings, 100), all);
  assertEquals(threadsFor({ filters: 4 }, settings, 100), half);
});
