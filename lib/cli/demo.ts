/** `deno task demo`: trains pix2pix on generated facades within a few minutes, and writes a results page.
 * @module */
import { useBackend } from "../backend/use_backend.ts";
import { integer, type Values } from "../settings.ts";
import { PIX2PIX_SYSTEM } from "../systems/pix2pix.ts";
import type { SomeSystem } from "../systems/registry.ts";
import { backendOption } from "./backend.ts";
import { type Command, withDefaults } from "./command.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { trainWith } from "./train.ts";
import { type RunValues, trainOptions } from "./train_options.ts";

/** Options for fast and for slow backends, chosen so that training takes a few minutes on two cores. */
const DEMO = {
  fast: { size: 64, filters: 32, count: 400, epochs: 12 },
  slow: { size: 32, filters: 16, count: 200, epochs: 6 },
};

/** Output folder of the demo. Each run of the demo first deletes the results of the previous one. */
const DEMO_FOLDER = "runs/demo";

const options = {
  seed: integer(1, { min: 0, max: 2 ** 31 - 1, help: "Seed for the facades and for the training run." }),
  backend: backendOption,
};

const command: Command<typeof options> = {
  name: "demo",
  about:
    "Trains pix2pix to generate photos of facades from label maps. The training data is generated as well: after setup, the " +
    `demo needs neither a data set nor a network connection. Writes the model to ${DEMO_FOLDER}, along with index.html, a page ` +
    "that shows the losses and translations of held-out facades. Replaces the results of an earlier run of the demo.",
  options,
  examples: [{ line: "demo", does: "watch pix2pix train" }],
};

/** Runs the demo.
 * @returns the exit status. */
export async function demo({ seed, ...values }: Values<typeof options>): Promise<number> {
  const backend = await useBackend(values.backend);
  await Deno.remove(DEMO_FOLDER, { recursive: true }).catch(() => {});
  const system = PIX2PIX_SYSTEM as unknown as SomeSystem;
  const fast = backend.name === "tensorflow" || backend.name === "webgpu";
  const given = { ...DEMO[fast ? "fast" : "slow"], data: "toytown", seed };
  const all = withDefaults(trainOptions(system), given) as RunValues;
  return await trainWith(system, all, undefined, { out: DEMO_FOLDER, next: "running the demo again starts over", backend });
}

if (isCommand(import.meta)) await runCommand(command, demo);
