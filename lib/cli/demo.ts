/** `deno task demo`: trains pix2pix on generated facades within a few minutes, and writes a results page.
 * @module */
import { join } from "node:path";
import { threadsPerOp, useBackend } from "../backend/use_backend.ts";
import { integer, type Values } from "../settings.ts";
import { PIX2PIX_SYSTEM } from "../systems/pix2pix.ts";
import type { SomeSystem } from "../systems/registry.ts";
import { readJsonFile } from "../train/files.ts";
import { backendOption } from "./backend.ts";
import { type Command, withDefaults } from "./command.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { lockOutputs } from "./outputs.ts";
import { isThere } from "./paths.ts";
import { COMMAND_FILE, hasCommand } from "./resume.ts";
import { trainWith } from "./train.ts";
import { type RunValues, trainOptions } from "./train_options.ts";
import { removeRun, runFiles } from "./run_folder.ts";

/** Options for fast and for slow backends, chosen so that training takes a few minutes on two cores. */
const DEMO = {
  fast: { size: 64, filters: 32, count: 400, epochs: 12 },
  slow: { size: 32, filters: 16, count: 200, epochs: 6 },
};

const DEMO_FOLDER = "runs/demo";
const DATA = "toytown";

const options = {
  seed: integer(1, { min: 0, max: 2 ** 31 - 1, help: "Seed for the facades and for the training run." }),
  backend: backendOption,
};

const command: Command<typeof options> = {
  name: "demo",
  about:
    "Trains pix2pix to generate photos of facades from label maps. The training data is generated as well, so the demo needs " +
    "neither a data set nor, after setup, a network connection. " +
    `Writes the model to ${DEMO_FOLDER}, along with index.html, a page ` +
    "that shows the losses and translations of held-out facades. Replaces the results of an earlier run of the demo, and " +
    "nothing else.",
  options,
  examples: [{ line: "demo", does: "watch pix2pix train" }],
};

/** Removes the results of an earlier run of the demo. Files that the demo did not write are kept.
 * @throws {Error} If the folder contains files of another training run, or files that the demo would overwrite. */
export async function removeDemo(folder: string): Promise<void> {
  const networks = ["generator", "discriminator"];
  const names = [...runFiles(networks), COMMAND_FILE];
  const found = (await Promise.all(names.map(async (name) => await isThere(join(folder, name)) ? [name] : []))).flat();
  if (found.length === 0) return;
  if (!await isDemo(folder)) {
    const cure = "move or rename the folder";
    throw new Error(`Cannot run the demo: ${folder} contains files that the demo did not write, such as ${found[0]}; ${cure}`);
  }
  await removeRun(folder, networks);
}

/** Returns whether the training run in a folder is a run of the demo, according to the run's record. */
async function isDemo(folder: string): Promise<boolean> {
  if (await hasCommand(folder)) return false; // it was started by deno task train
  const { title, settings } = await readJsonFile<Partial<Record<"title" | "settings", unknown>>>(join(folder, "run.json"), {})
    .catch((): { title?: unknown; settings?: unknown } => ({}));
  const { size, filters } = (settings ?? {}) as Record<string, unknown>;
  return title === `${PIX2PIX_SYSTEM.title} on ${DATA}` &&
    Object.values(DEMO).some((demo) => demo.size === size && demo.filters === filters);
}

/** Runs the demo.
 * @returns The exit status. */
export async function demo({ seed, ...values }: Values<typeof options>): Promise<number> {
  const lock = await lockOutputs(DEMO_FOLDER, "stop it");
  try {
    await removeDemo(DEMO_FOLDER);
    const backend = await useBackend(values.backend, { threadsPerOp: threadsPerOp(DEMO.fast) });
    const system = PIX2PIX_SYSTEM as unknown as SomeSystem;
    const fast = backend.name === "tensorflow" || backend.name === "webgpu";
    const given = { ...DEMO[fast ? "fast" : "slow"], data: DATA, seed };
    const all = { ...withDefaults(trainOptions(system), given) as RunValues, given: new Set(Object.keys(given)) };
    const next = "running the demo again starts over";
    return await trainWith(system, all, undefined, { out: DEMO_FOLDER, next, backend, isLocked: true });
  } finally {
    await lock.release();
  }
}

if (isCommand(import.meta)) await runCommand(command, demo);
