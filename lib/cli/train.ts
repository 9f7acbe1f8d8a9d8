/** `deno task train`: trains a model of any registered system. The options of each command, with their help texts and
 * validation, are derived from the settings of the system.
 * @module */
import "../train/hangup.ts"; // first, because it must be loaded early
import { resolve } from "node:path";
import { activeCluster } from "../backend/tensorflow/active_cluster.ts";
import { type Backend, threadsPerOp, useBackend } from "../backend/use_backend.ts";
import type { BadFile } from "../data/datasets.ts";
import type { Fields, Values } from "../settings.ts";
import { checkShares } from "../train/together.ts";
import { type SomeSystem, systemOf, systems } from "../systems/registry.ts";
import { asksForHelp, nearest, parseGiven, UsageError, usageIfRange, withDefaults } from "./command.ts";
import { refuseOutAmongData } from "./data/look.ts";
import { folderBeforeSet, isDataSet, sourceOf } from "./data/mod.ts";
import { commandArgs, isCommand } from "./entry.ts";
import { helpText } from "./help.ts";
import { end, report } from "./main.ts";
import { fromWhereCalled } from "./paths.ts";
import { checkData, resumeCommand, type StartCommand } from "./resume.ts";
import {
  configText,
  modelSettings,
  refuseUnsavedEpochs,
  refuseUnusedSettings,
  runFolder,
  type RunValues,
  withConfig,
} from "./train_options.ts";
import { trainCommand, trainHelp } from "./train_command.ts";
import { followTraining, printNext, runTraining } from "./train_run.ts";
import { type PairOptions, useCommand } from "./use_command.ts";
import { endWithStarter, type Started, startWorkers } from "./workers.ts";

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
    endWithStarter();
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
  const threads = threadsFor(settings, data.settings, values.batch);
  const { precision } = values;
  const backend = running ?? await useBackend(values.backend, { precision, cluster: true, threadsPerOp: threads });
  activeCluster()?.watch([]);
  const decided = Object.entries(data.settings).filter(([name]) => Object.hasOwn(system.fields, name));
  const model = usageIfRange(() => system.build({ ...settings, ...Object.fromEntries(decided) }));
  checkShares(values.batch);
  if ((activeCluster()?.index ?? 0) > 0) {
    const status = await followTraining({ system, model, data, values }).finally(() => model.dispose());
    return await activeCluster()!.leave(status);
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
  return await activeCluster()?.leave(status) ?? status;
}

/** Returns the number of threads per op for a training run.
 * @param decided The settings that the data determines, such as the size of the images of a GAN. */
export function threadsFor(settings: object, decided: object, batch: number): number {
  return threadsPerOp({ ...settings, ...decided, batch });
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
