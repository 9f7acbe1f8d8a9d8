/** `deno task train`: trains a model of any registered system. The options of each command, with their help texts and
 * validation, are derived from the settings of the system.
 * @module */
import "../train/hangup.ts"; // first, because it must be loaded early
import { join, resolve } from "node:path";
import { activeCluster } from "../backend/tensorflow/active.ts";
import { type Backend, useBackend } from "../backend/use_backend.ts";
import type { BadFile } from "../data/datasets.ts";
import type { Fields, Values } from "../settings.ts";
import { type SomeSystem, systemOf, systems } from "../systems/registry.ts";
import { asksForHelp, type Command, nearest, parseGiven, UsageError, usageIfRange, withDefaults } from "./command.ts";
import { exampleLabels } from "./class_names.ts";
import { refuseOutAmongData } from "./data/look.ts";
import { folderBeforeSet, isDataSet, sourceOf } from "./data/mod.ts";
import { commandArgs, isCommand } from "./entry.ts";
import { HELP_WIDTH, helpText, table, wrap } from "./help.ts";
import { end, report } from "./main.ts";
import { fromWhereCalled, isThere, shellWord } from "./paths.ts";
import { checkData, resumeCommand, type StartCommand } from "./resume.ts";
import {
  configText,
  modelSettings,
  refuseUnsavedEpochs,
  refuseUnusedSettings,
  runFolder,
  type RunValues,
  trainOptions,
  withConfig,
} from "./train_options.ts";
import { followTraining, printNext, runTraining } from "./train_run.ts";
import { type Started, startWorkers } from "./workers.ts";

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
function trainHelp(): string {
  const rows = systems().map(({ kind, does }): [string, string] => [kind, does]);
  return [
    "Usage: deno task train MODEL [options]",
    wrap(ABOUT, HELP_WIDTH).join("\n"),
    table("models", rows),
    "deno task train MODEL --help lists the options of a model.",
  ].join("\n\n");
}

/** Starts a training run, or resumes one if the arguments begin with `--resume FOLDER`.
 * @returns The exit status. */
export async function train(args: readonly string[]): Promise<number> {
  try {
    const [first, folder, ...more] = [...(args[0]?.split(/(?<=^--resume)=/) ?? []), ...args.slice(1)];
    if (first !== "--resume") return await start({ args: [...args], from: Deno.env.get("INIT_CWD") || Deno.cwd() });
    if (folder === undefined || folder.startsWith("--")) {
      throw new UsageError("Option --resume: expected the folder of a training run; use --resume FOLDER");
    }
    const command = await resumeCommand(fromWhereCalled(folder), more);
    Deno.env.set("INIT_CWD", command.from); // paths in the original command are relative to this folder
    return await start(command);
  } catch (error) {
    return report(error);
  }
}

async function start(command: StartCommand): Promise<number> {
  const [word, ...rest] = command.args;
  if (word === "help" || word === "--help" || word === "-h") {
    console.log(trainHelp());
    return 0;
  }
  const system = systemNamed(word);
  if (asksForHelp(rest)) {
    console.log(helpText(trainCommand(system)));
    return 0;
  }
  return await trainSystem(system, rest, command);
}

function systemNamed(word: string | undefined): SomeSystem {
  const kinds = systems().map(({ kind }) => kind);
  const expected = `expected one of ${kinds.join(", ")}`;
  if (word === undefined || word.startsWith("-")) {
    throw new UsageError(`No model given: ${expected}; run deno task train MODEL [options]`);
  }
  const system = systemOf(word);
  if (system) return system;
  const meant = nearest(word, kinds);
  throw new UsageError(`Unknown model "${word}": ${expected}; ${meant ? `did you mean ${meant}?` : "see --help"}`);
}

async function trainSystem(system: SomeSystem, args: readonly string[], command: StartCommand): Promise<number> {
  const own = trainCommand(system);
  const typed = parseGiven(own, args);
  const { given, config } = await withConfig(system, own, typed, command.config);
  const values = withDefaults(own.options, given) as Values<Fields> & RunValues;
  // A configuration file lists all options, most of them with their defaults.
  const isGiven = (name: string) => Object.hasOwn(typed, name) || values[name] !== own.options[name]!.default;
  const mattering = values.resume ? ["count"] : Object.keys(given); // a resumed run keeps the options it was started with
  values["given"] = new Set(mattering.filter((name) => Object.hasOwn(given, name) && isGiven(name)));
  if (values.printConfig) {
    console.log(configText(own.options, values));
    return 0;
  }
  refuseUnsavedEpochs(values);
  if (values.resume) await checkData(values);
  else {
    refuseUnusedSettings(own, typed, values);
    if (values.acceptData) {
      throw new UsageError("Option --accept-data has no effect without --resume; omit it, or add --resume");
    }
  }
  const say = console.log;
  if (values.log === "-") console.log = console.error; // only the log may write to standard output
  let workers: Started | undefined;
  let failed = true;
  try {
    if (typeof values["data"] === "string") values["data"] = await folderBeforeSet(values["data"]);
    if (values.out !== undefined && !values.resume) await refuseOutAmongData(fromWhereCalled(values.out), values);
    if (values.workers > 1 && !Deno.env.get("TF_CONFIG")) workers = startWorkers(values.workers);
    const status = await trainWith(system, values, { ...command, ...config && { config } });
    failed = false;
    return status;
  } finally {
    await workers?.end(failed);
    console.log = say;
  }
}

/** Trains a model of the given system with option values that have already been parsed.
 * @param out The run folder. Default: the value of --out, or else a folder in runs/ named after the system and the data.
 * @param next The message about how to continue after an interruption. Default: the command that resumes the run.
 * @param backend A backend that is already running. Default: the backend selected by --backend.
 * @param isLocked Whether the caller has locked the run folder. */
export async function trainWith(
  system: SomeSystem,
  values: Values<Fields> & RunValues,
  command?: StartCommand,
  { out, next, backend: running, isLocked = false }: { out?: string; next?: string; backend?: Backend; isLocked?: boolean } = {},
): Promise<number> {
  const settings = modelSettings(system, values);
  const size = values["size"] ?? system.fields["size"]?.default;
  const data = await sourceOf(system).open({ ...values, size }, system);
  const backend = running ?? await useBackend(values.backend, { precision: values.precision, cluster: true });
  const decided = Object.entries(data.settings).filter(([name]) => Object.hasOwn(system.fields, name));
  const model = usageIfRange(() => system.build({ ...settings, ...Object.fromEntries(decided) }));
  if ((activeCluster()?.index ?? 0) > 0) {
    return await followTraining({ system, model, data, values }).finally(() => model.dispose());
  }
  const folder = out ?? runFolder(values, system.kind, data.name);
  const status = await runTraining({ system, model, data, backend, values, out: folder, isLocked, ...command && { command } });
  reportBad(data.train.bad);
  model.dispose();
  const { data: given = "", scale = 1 } = values as { data?: string; scale?: number };
  // A resumed run may have been started in another folder.
  const place = values.resume && !isDataSet(given) ? resolve(fromWhereCalled(given)) : given;
  const use = { data: place, scale, classes: model.settings.classes, classNames: data.train.classNames };
  await printNext(folder, status, (place) => useCommand(system, place, use, values as PairOptions), next);
  return status;
}

/** Options of `train` that specify which part of an image in --data is the input. */
interface PairOptions {
  targets?: string;
  colourise?: boolean;
  direction?: string;
}

/** Returns a command that uses the trained model and that the user can run without changes.
 * @param model The path of the run folder, as the user would type it.
 * @param data The value of --data, valid in the user's current folder.
 * @param scale The factor by which images are resized before they are cropped. The samples are crops of the resized images. */
async function useCommand(
  { uses, data: kindOfData }: SomeSystem,
  model: string,
  { data, scale, classes, classNames }: {
    data: string;
    scale: number;
    classes?: number | undefined;
    classNames?: readonly string[] | undefined;
  },
  { targets, colourise, direction }: PairOptions,
): Promise<string> {
  const within = (name: string) => shellWord(join(model, name));
  if (uses.includes("classify")) return `deno task evaluate --model ${shellWord(model)} --data ${shellWord(data)}`;
  if (uses.includes("translate")) {
    const sample = join("samples", "given", "1-input.png");
    const has = await isThere(join(fromWhereCalled(model), sample));
    const isOwn = kindOfData === "pairs" && data !== "" && !isDataSet(data);
    const half = targets || colourise ? "" : ` --half ${direction === "BtoA" ? "right" : "left"}`;
    const world = has || isOwn ? "" : `deno task world --count 1 --test 0 --out ${within("toytown")} && `;
    const input = has ? within(sample) : isOwn ? `${shellWord(data)}${half}` : `${within(join("toytown", "train"))} --half left`;
    const more = (uses.includes("variants") ? " --variants 4" : "") + (has && scale !== 1 ? " --size model" : ""); // as resized
    return `${world}deno task translate --model ${shellWord(model)} --input ${input} --output ${within("translated")}${more}`;
  }
  const more = uses.includes("labels") && classes !== undefined
    ? ` --labels ${shellWord(exampleLabels(classNames, classes))}`
    : uses.includes("captions")
    ? ' --captions "a red house with two windows"'
    : "";
  return `deno task generate --model ${shellWord(model)} --output ${within("generated")}${more}`;
}

const NAMED = 5;

/** Prints a list of the images that were skipped because of `--skip-bad`. */
function reportBad(bad: readonly BadFile[] = []): void {
  if (bad.length === 0) return;
  const reasons = bad.slice(0, NAMED).map(({ reason }) => `  ${reason}`);
  if (bad.length > NAMED) reasons.push(`  and ${bad.length - NAMED} more`);
  console.log(`Unreadable images that were skipped: ${bad.length}\n${reasons.join("\n")}`);
}

if (isCommand(import.meta)) await end(() => train(commandArgs()));
