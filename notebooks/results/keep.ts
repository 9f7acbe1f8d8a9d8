/** Keeps what a training run has taught: its record, its metrics after several epochs, and what the model made of its samples.
 * The images of the data set are not kept, since they may be somebody else's. Usage:
 *
 *     deno run -A notebooks/results/keep.ts --run runs/facades-128-seed1 --evaluate="--data facades"
 *
 * results.ts makes tables from the files.
 * @module */
import { basename, join } from "node:path";
import { commandOf } from "../../lib/cli/export/card.ts";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { fromWhereCalled } from "../../lib/cli/paths.ts";
import { ROOT, run as runProgram } from "../../lib/cli/process.ts";
import { text, type Values } from "../../lib/settings.ts";
import { readJsonFile, writeFile, writeJsonFile } from "../../lib/train/files.ts";
import { readDescription } from "../../lib/train/model_folder.ts";
import type { HistoryPoint } from "../../lib/train/pretrained.ts";
import { finishedRun, keptEpochs } from "./history.ts";
import { machineOf, type RunTimes } from "./machine.ts";
import { epochsPicture } from "./pictures.ts";

/** A kept run. */
export interface KeptRun extends RunTimes {
  format: 1;
  name: string;
  kind: string;
  size: unknown;
  /** Command that trained the model, and the one that evaluated it. */
  command: string;
  evaluation: string;
  data: { name: string; count: number };
  epochs: number;
  steps: number;
  backend: string;
  /** The metrics after several epochs, as `deno task evaluate` names them. */
  history: HistoryPoint[];
}

/** Folder of the kept runs. */
export const KEPT: string = join(ROOT, "notebooks", "results", "runs");

const options = {
  run: text({ value: "FOLDER", help: "Folder of the finished training run, whose name the run keeps." }),
  evaluate: text({
    value: "OPTIONS",
    default: "",
    help: 'Options of deno task evaluate, without the model, such as "--data facades". Required, except for StackGAN.',
  }),
  out: text({ value: "FOLDER", default: KEPT, help: "Folder for the files." }),
};

const command: Command<typeof options> = {
  name: "keep.ts",
  about: "Keeps the record of a training run, its metrics after several epochs, and what the model made of its samples.",
  options,
  examples: [],
};

/** Keeps a run.
 * @throws {Error} If the run is not complete, or an evaluation fails. */
export async function keep({ run, evaluate, out }: Values<typeof options>): Promise<void> {
  const [folder, to] = [fromWhereCalled(run), fromWhereCalled(out)];
  const name = basename(folder);
  const { seconds, cpuSeconds, settings: { epochs }, backend } = await finishedRun(folder);
  const { kind, settings, training } = await readDescription(folder);
  const { data, count, steps } = training!;
  const path = join(to, `${name}.json`);
  const { history: known = [] } = await readJsonFile<Partial<KeptRun>>(path, {});
  const kept: KeptRun = {
    ...{ format: 1, name, kind, size: settings["size"], command: (await commandOf(folder))! },
    evaluation: evaluationOf(name, evaluate),
    ...{ data: { name: data, count }, epochs, steps, seconds },
    ...cpuSeconds !== undefined && { cpuSeconds },
    ...{ machine: machineOf(), backend, history: [] },
  };
  for (const epoch of [...await keptEpochs(folder, epochs), epochs]) {
    const step = steps * epoch / epochs;
    const model = epoch === epochs ? folder : join(folder, "epochs", `${epoch}`);
    const same = known.find((moment) => moment.epoch === epoch && moment.step === step);
    const values = same?.values ?? await evaluated(model, evaluate);
    kept.history.push({ epoch, step, seconds: seconds * epoch / epochs, values });
    await Deno.mkdir(to, { recursive: true });
    await writeJsonFile(path, kept);
    console.log(`After epoch ${epoch} of ${epochs}: ${JSON.stringify(values)}`);
  }
  const picture = await epochsPicture(folder, [{ epoch: 0 }, ...kept.history], { given: false });
  if (picture) await writeFile(join(to, `${name}.png`), [picture.png]);
}

/** Returns the command that evaluates a run. Of a path, only the last part is kept, as in the command of the training.
 * @param options Options of `deno task evaluate`, without the model. */
export function evaluationOf(name: string, options: string): string {
  return `deno task evaluate --model runs/${name} ${options.replaceAll(/[^\s=]*\//g, "")}`.trim();
}

/** Runs `deno task evaluate`.
 * @returns The values, keyed by their names in JSON. */
async function evaluated(model: string, options: string): Promise<Record<string, number>> {
  const args = ["run", "--allow-all", join(ROOT, "cli.ts"), "evaluate", "--model", model, ...options.split(" "), "--json"];
  const ended = await runProgram(Deno.execPath(), args.filter((word) => word !== ""));
  const line = ended?.lines.find((line) => line.startsWith("{"));
  if (!ended?.success || line === undefined) {
    throw new Error(
      `Cannot evaluate ${model}: ${ended?.lines.at(-1) ?? "Deno cannot be started"}; correct --evaluate="${options}"`,
    );
  }
  return Object.fromEntries(Object.entries(JSON.parse(line)).filter(([, value]) => typeof value === "number")) as Record<
    string,
    number
  >;
}

if (import.meta.main) await runCommand(command, keep);
