/** Options of `deno task train`. These options are derived from the settings of a system. The values of the options are combined
 * with values from presets and configuration files. Options that have no effect are rejected.
 * @module */
import { join } from "node:path";
import { oneLine } from "../data/errors.ts";
import { choice, type Field, type Fields, flag, integer, list, number, seed, text, type Values } from "../settings.ts";
import type { SomeSystem } from "../systems/registry.ts";
import { readText } from "../train/files.ts";
import { LEARNING_RATE, type TrainOptions } from "../train/options.ts";
import { backendOption, precisionOption } from "./backend.ts";
import { type Command, nearest, optionName, UsageError } from "./command.ts";
import { sourceOf } from "./data/mod.ts";
import { fromWhereCalled } from "./paths.ts";

/** Returns the options that all systems share, with the default values for the given system. */
function runOptions({ training, presets }: SomeSystem, unit: string) {
  return {
    epochs: integer(training.epochs, { min: 1, help: "Number of passes through the training data." }),
    batch: integer(training.batch ?? 1, { min: 1, unit, help: "Batch size." }),
    learningRate: number(training.learningRate ?? LEARNING_RATE, { min: 0, help: "Learning rate of Adam, for all networks." }),
    decayFrom: integer(undefined, {
      min: 0,
      unit: "epochs",
      help: "Number of epochs at the full learning rate, which then falls linearly to zero. Default: all epochs.",
    }),
    seed: seed(),
    out: text({
      value: "FOLDER",
      default: undefined,
      help: "Folder for the model, losses, samples and results page. Default: a folder in runs/ named after the model and the " +
        "data, such as runs/pix2pix-facades.",
    }),
    checkpointEvery: integer(1, { min: 1, unit: "epochs", help: "Interval between the checkpoints used by --resume." }),
    keepEpochs: list<number, readonly number[] | undefined>(undefined, integer(1, { min: 1, help: "" }), {
      of: "integers ≥ 1",
      help:
        "Epochs after which samples are generated and the model is also saved in the subfolder epochs of the run folder, for " +
        "example 1,10,100. Use this option to compare the models of several epochs.",
    }),
    resume: flag(false, {
      help: "Continue the training run in --out with the same settings, after an interruption or for more epochs.",
    }),
    acceptData: flag(false, {
      help: "With --resume, continue even if images have been added, removed or replaced. This option is not needed if the " +
        "same images have been moved or renamed.",
    }),
    onNan: choice("stop", ["stop", "rollback"], {
      help: "What to do when a loss is non-finite: stop and keep the last checkpoint, or roll back to it and skip the batch.",
    }),
    log: text({
      value: "FILE",
      default: undefined,
      help: "Append each event of the training run to this file as a line of JSON, for scripts and experiment trackers. Use - " +
        "for standard output.",
    }),
    config: text({
      value: "FILE",
      default: undefined,
      help: "JSON file with settings and training options, as printed by --print-config. Command-line options take precedence.",
    }),
    ...presets && { preset: choice(undefined, Object.keys(presets), { help: `Predefined settings: ${listed(presets)}.` }) },
    printConfig: flag(false, { help: "Print the settings and training options as JSON, for use with --config, and exit." }),
    workers: integer(1, {
      min: 1,
      max: 64,
      help: "Number of processes on this machine that train together, to try out training on several machines: see Several " +
        "machines in README.md. The processes share each batch, and batch norm uses the images of one process. Has no effect " +
        "if TF_CONFIG is set.",
    }),
    backend: backendOption,
    precision: precisionOption,
  };
}

/** Options that a configuration file must not contain, because they concern a single run or the command itself. */
const NOT_IN_CONFIG = new Set(["out", "resume", "acceptData", "config", "preset", "printConfig", "log", "workers"]);

function listed(presets: NonNullable<SomeSystem["presets"]>): string {
  const written = (values: object) => Object.entries(values).map(([key, value]) => `${optionName(key)} ${value}`).join(" ");
  return Object.entries(presets).map(([name, values]) => `${name} stands for ${written(values)}`).join("; ");
}

/** Returns the settings of the model as options, except those determined by the data. Defaults that depend on other settings
 * are computed by the model. */
function settingOptions({ fields, commandDefaults = {} }: SomeSystem): Fields {
  const own = Object.entries(fields as Fields).filter(([name, field]) => !field.fromData && name !== "seed");
  return Object.fromEntries(own.map(([name, field]): [string, Field<unknown>] => {
    return [name, { ...field, default: field.follows ? undefined : commandDefaults[name] ?? field.default }];
  }));
}

export function trainOptions(system: SomeSystem): Fields {
  const source = sourceOf(system);
  return { ...source.options(system), ...settingOptions(system), ...runOptions(system, source.unit), ...system.options };
}

/** Values of the options for a training run, including the options that are specific to a system. */
export interface RunValues extends Omit<Values<ReturnType<typeof runOptions>>, "preset"> {
  preset?: string;
  [option: string]: unknown;
}

/** Selects the settings of the model from the option values. Settings without a value are omitted. */
export function modelSettings({ fields }: SomeSystem, values: Record<string, unknown>): Record<string, unknown> {
  const own = Object.entries(fields as Fields).filter(([name, field]) => !field.fromData && values[name] !== undefined);
  return Object.fromEntries(own.map(([name]) => [name, values[name]]));
}

/** Selects the options for the model's `train` method from the option values of the command. */
export function libraryOptions(system: SomeSystem, values: RunValues): TrainOptions & Record<string, unknown> {
  const { epochs, batch, seed, learningRate, checkpointEvery, resume, onNan } = values;
  const optional = ["augment", "decayFrom", ...Object.keys(system.options ?? {})].filter((name) => values[name] !== undefined);
  return {
    ...{ epochs, batch, seed, learningRate, checkpointEvery, resume, onNan },
    ...Object.fromEntries(optional.map((name) => [name, values[name]])),
  };
}

/** Returns the path of the run folder.
 * @param name The name of the data, such as "facades". */
export function runFolder({ out }: RunValues, kind: string, name: string): string {
  return out === undefined ? join("runs", `${kind}-${name}`) : fromWhereCalled(out);
}

/** Combines the values from a preset, a configuration file and the command line, in ascending order of precedence.
 * @param given The option values from the command line.
 * @param kept The values from the original preset and configuration file, if a run is resumed.
 * @returns The combined values and, if there is a preset or a file, the values that do not come from the command line.
 * @throws {UsageError} If the file cannot be read, or contains an unknown option or an invalid value. */
export async function withConfig(
  system: SomeSystem,
  command: Command<Fields>,
  given: Record<string, unknown>,
  kept?: Record<string, unknown>,
): Promise<{ given: Record<string, unknown>; config?: Record<string, unknown> }> {
  const { config: file, preset } = given as { config?: string; preset?: "quick" | "paper" };
  if (file === undefined && preset === undefined && kept === undefined) return { given };
  const fromFile = file === undefined ? {} : await readConfig(fromWhereCalled(file), command);
  const fromPreset = preset === undefined ? {} : system.presets![preset];
  const config = { ...kept, ...fromPreset, ...fromFile };
  return { given: { ...config, ...given }, config };
}

async function readConfig(path: string, { options, name: command }: Command<Fields>): Promise<Record<string, unknown>> {
  const refuse = (why: string): never => {
    throw new UsageError(`Option --config: ${path} ${why}`);
  };
  let values: unknown;
  try {
    values = JSON.parse(await readText(path));
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound ? "does not exist" : `cannot be read as JSON (${oneLine(error)})`;
    return refuse(`${why}; create it with deno task ${command} --print-config`);
  }
  if (typeof values !== "object" || values === null || Array.isArray(values)) return refuse("must contain a JSON object");
  const known = Object.keys(options).filter((key) => !NOT_IN_CONFIG.has(key));
  const checked = Object.entries(values).map(([key, value]) => {
    if (NOT_IN_CONFIG.has(key)) return refuse(`contains "${key}", which is allowed only on the command line; remove it`);
    const field = known.includes(key) ? options[key]! : undefined;
    if (!field) {
      const meant = nearest(key, known);
      const cure = meant ? `did you mean "${meant}"?` : `the known settings are ${known.join(", ")}`;
      return refuse(`contains an unknown setting "${key}"; ${cure}`);
    }
    let read = field.value === "WORD" && typeof value === "number" ? String(value) : value; // such as 3 for channels
    if (field.value === "SIZE" && typeof value === "string") read = field.read(value); // such as 512x256
    if (field.fits(read)) return [key, read];
    return refuse(`contains an invalid value for "${key}": expected ${field.accepts}, got ${JSON.stringify(value)}`);
  });
  return Object.fromEntries(checked);
}

/** Formats settings and training options as JSON for --config. Omits options that concern a single run. Settings without a
 * value are also omitted, since their defaults depend on other settings. */
export function configText(options: Fields, values: Record<string, unknown>): string {
  const kept = Object.keys(options).filter((key) => !NOT_IN_CONFIG.has(key) && values[key] !== undefined);
  return JSON.stringify(Object.fromEntries(kept.map((key) => [key, values[key]])), undefined, 2);
}

/** Rejects epochs of --keep-epochs that are not reached or have no checkpoint, since models are saved along with checkpoints.
 * @throws {UsageError} If there is such an epoch. */
export function refuseUnsavedEpochs({ keepEpochs = [], checkpointEvery, epochs }: RunValues): void {
  const late = keepEpochs.find((epoch) => epoch > epochs);
  if (late !== undefined) {
    throw new UsageError(`Option --keep-epochs: epoch ${late} is after the last epoch, ${epochs}; omit it, or increase --epochs`);
  }
  const unsaved = keepEpochs.find((epoch) => epoch % checkpointEvery !== 0 && epoch !== epochs);
  if (unsaved === undefined) return;
  throw new UsageError(
    `Option --keep-epochs: epoch ${unsaved} has no checkpoint with --checkpoint-every ${checkpointEvery}; choose a multiple of ` +
      `${checkpointEvery}, or omit --checkpoint-every`,
  );
}

interface Dependence {
  /** Settings that have an effect only if the condition holds. */
  settings: readonly string[];
  of: string;
  holds: (value: unknown) => boolean;
}

/** Dependencies between the settings of all systems. A dependency applies to a system that has both settings. */
const DEPENDENCES: readonly Dependence[] = [
  {
    settings: ["hidden", "discriminatorHidden", "dropout", "labelUnits", "discriminatorLabelUnits"],
    of: "networks",
    holds: (value) => value === "mlp",
  },
  { settings: ["filters"], of: "networks", holds: (value) => value === "dcgan" },
  { settings: ["penaltyWeight"], of: "loss", holds: (value) => value === "wasserstein" },
  { settings: ["depth"], of: "generator", holds: (value) => value !== "resnet" },
  { settings: ["blocks"], of: "generator", holds: (value) => value === "resnet" },
  { settings: ["lambda"], of: "reconstruction", holds: (value) => value !== "none" },
  { settings: ["cycles"], of: "lambda", holds: (value) => value !== 0 },
  { settings: ["layers", "conditional", "updates"], of: "adversarial", holds: (value) => value === true },
];

/** Rejects command-line options that have no effect.
 * @param typed The values of the options on the command line.
 * @param settings The values of all settings of the model.
 * @throws {UsageError} If an option has no effect. */
export function refuseUnusedSettings(
  { options }: Command<Fields>,
  typed: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
): void {
  for (const { settings: names, of, holds } of DEPENDENCES) {
    const name = names.find((name) => Object.hasOwn(typed, name) && Object.hasOwn(settings, name));
    if (name === undefined || !Object.hasOwn(settings, of) || holds(settings[of])) continue;
    const reason = typeof settings[of] === "boolean" ? optionName(of, options[of]) : `${optionName(of)} ${settings[of]}`;
    throw new UsageError(`Option ${optionName(name, options[name])} has no effect with ${reason}; omit one of them`);
  }
}
