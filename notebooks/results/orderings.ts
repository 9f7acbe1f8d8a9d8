/** Trains what the tables of the papers compare, several seeds each, and compares the order of the rows with that of the papers.
 *
 *     deno run -A notebooks/results/orderings.ts
 *
 * Ctrl-C stops the command at any time; the same command continues it. A training that is complete is not repeated.
 * @module */
import "../../lib/train/hangup.ts"; // first, because it must be loaded early
import { join } from "node:path";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { fromWhereCalled, isThere } from "../../lib/cli/paths.ts";
import { ROOT } from "../../lib/cli/process.ts";
import { COMMAND_FILE } from "../../lib/cli/resume.ts";
import { writeImage } from "../../lib/data/image.ts";
import { choice, integer, text, type Values } from "../../lib/settings.ts";
import { loadModel, type TranslatingModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { writeJsonFile } from "../../lib/train/files.ts";
import { factsOf } from "./history.ts";
import { measuresOf, type Plan, SCORES, sizeOf, TEST_SEED, writeResults } from "./order_results.ts";
import { VARIANTS } from "./variants.ts";

const options = {
  runs: text({
    value: "FOLDER",
    default: join(ROOT, "runs", "orderings"),
    help: "Folder for the runs.",
  }),
  out: text({
    value: "FILE",
    default: join(ROOT, "notebooks", "results", "orderings.json"),
    help: "File for the results, which is written after each run.",
  }),
  seeds: integer(5, { min: 1, help: "Number of seeds: each training is repeated with the seeds 1, 2, ..." }),
  only: choice("all", ["all", "pix2pix", "cyclegan", "nothing"], {
    help: "Systems to train. With nothing, only the results of the runs that are there are written.",
  }),
};

const command: Command<typeof options> = {
  name: "orderings.ts",
  about: "Trains what the tables of the pix2pix and the CycleGAN paper compare, several seeds each, and compares the order of " +
    "the rows with that of the papers. Ctrl-C stops the command at any time; the same command continues it.",
  options,
  examples: [],
};

/** Number of test scenes of which the outputs are kept. */
const SHOWN = 3;
/** Runs the command.
 * @returns The exit status: 0 if all runs are complete. */
export async function orderings(
  { runs, out, seeds, only }: Values<typeof options>,
  plan: Plan = { variants: VARIANTS, tests: 64 },
): Promise<number> {
  const folder = fromWhereCalled(runs);
  const wanted = Object.entries(plan.variants).filter(([, args]) => only === "all" || args.startsWith(`${only} `));
  for (let seed = 1; seed <= seeds; seed++) {
    for (const [name, args] of wanted) {
      const run = join(folder, `${name}-seed${seed}`);
      if (await isThere(join(run, SCORES))) continue;
      const status = await trained(run, [...args.split(" "), "--seed", `${seed}`]);
      if (status !== 0) return status;
      await score(run, args, plan.tests);
      await writeResults(folder, fromWhereCalled(out), seeds, plan);
    }
  }
  await writeResults(folder, fromWhereCalled(out), seeds, plan);
  return 0;
}

/** Trains a model in a process of its own, or continues its training.
 * @returns The exit status. */
async function trained(run: string, args: string[]): Promise<number> {
  const { status } = await factsOf(run).catch(() => ({ status: undefined }));
  if (status === "finished") return 0;
  const isBegun = await isThere(join(run, COMMAND_FILE));
  const without = ["--samples", "0", ...args[0] === "pix2pix" ? ["--no-evaluation"] : []];
  const words = isBegun ? ["--resume", run] : [...args, ...without, "--out", run];
  console.log(`${run}: ${words.join(" ")}`);
  const all = ["run", "--allow-all", join(ROOT, "cli.ts"), "train", ...words];
  const child = new Deno.Command(Deno.execPath(), { args: all, stdin: "null", stdout: "inherit", stderr: "inherit" }).spawn();
  Deno.addSignalListener("SIGINT", ignore); // the training stops after its step, and then this command
  return (await child.status.finally(() => Deno.removeSignalListener("SIGINT", ignore))).code;
}

function ignore(): void {}

/** Measures a model, keeps its outputs for the first test scenes, and removes the checkpoint, which is large. */
async function score(run: string, args: string, tests: number): Promise<void> {
  await useBackend(undefined, { quiet: true });
  const size = sizeOf(args);
  const model = await loadModel(run) as TranslatingModel;
  try {
    const measures = await measuresOf(args, model, tests);
    const { seconds, cpuSeconds } = await factsOf(run);
    await writeShown(run, model, size);
    await writeJsonFile(join(run, SCORES), { seconds, cpuSeconds, measures });
    console.log(`${run}: ${measures.map(({ key, value }) => `${key} ${value!.toPrecision(3)}`).join(", ")}`);
  } finally {
    model.dispose();
  }
  await Deno.remove(join(run, "checkpoint.safetensors")).catch(() => {});
}

async function writeShown(run: string, model: TranslatingModel, size: number): Promise<void> {
  const renderings = model.kind === "cyclegan" ? { input: "brick", target: "plaster" } as const : {};
  const scenes = toytown({ size, count: SHOWN, seed: TEST_SEED, split: "test", ...renderings });
  let number = 0;
  for await (const { input, target } of scenes.batches({ shuffle: false, augment: false })) {
    const output = await model.translate(input);
    await Deno.mkdir(join(run, "shown"), { recursive: true });
    await writeImage(join(run, "shown", `${++number}.png`), output);
    tf.dispose([input, target, output]);
  }
}

if (import.meta.main) await runCommand(command, (values) => orderings(values));
