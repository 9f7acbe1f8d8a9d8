/** `deno task demo`: pix2pix, trained before one's eyes on generated facades, with a page of results.
 * @module */
import { type BackendName, useBackend } from "../backend/use_backend.ts";
import { pix2pix } from "../train/pix2pix.ts";
import { backendOption } from "./backend.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { integer, type Values } from "./options.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { firstPairs, pix2pixPlan } from "./train/pix2pix.ts";
import { ended, runTraining } from "./train/training.ts";

/** How much is trained: as much as a person waits for on two cores. */
export interface DemoSize {
  /** Pixels. */
  size: number;
  filters: number;
  /** Pairs to train on. */
  count: number;
  epochs: number;
}

/** With a fast backend, and without one. */
export const DEMO: Record<"fast" | "slow", DemoSize> = {
  fast: { size: 64, filters: 32, count: 400, epochs: 12 },
  slow: { size: 32, filters: 16, count: 200, epochs: 6 },
};

/** Pairs that are held back. */
const DEMO_TEST = 32;
/** Of these, as many are shown as the training goes. */
const DEMO_SAMPLES = 4;
/** The demo's own folder: each demo begins with removing the one before. */
export const DEMO_FOLDER = "runs/demo";

const options = {
  seed: integer({ default: 1, min: 0, max: 2 ** 31 - 1, help: "Another seed is another town and another beginning." }),
  backend: backendOption,
};

const command: Command<typeof options> = {
  name: "demo",
  about:
    "Trains pix2pix to make photos of facades from maps of their labels. The facades are drawn here: it needs no data and, once set " +
    `up, no network. Writes ${DEMO_FOLDER}: index.html, a page with the losses and with what the model makes of facades that it never saw, ` +
    "and the model. What an earlier demo left there is removed.",
  options,
  examples: [{ line: "demo", does: "see it" }],
};

/** The demo's size on a backend. */
export function demoSize(backend: BackendName): DemoSize {
  return DEMO[backend === "tensorflow" || backend === "webgpu" ? "fast" : "slow"];
}

/** Trains.
 * @returns exit status. */
export async function demo({ seed, ...values }: Values<typeof options>): Promise<number> {
  const backend = await useBackend(values.backend);
  const { size, filters, count, epochs } = demoSize(backend.name);
  await Deno.remove(DEMO_FOLDER, { recursive: true }).catch(() => {});
  const test = toytown({ size, seed, count: DEMO_TEST, split: "test" });
  const data = { name: "toytown", train: toytown({ size, seed, count }), test, heldBack: true };
  const model = pix2pix({ size, filters, seed });
  const samples = await firstPairs(test, DEMO_SAMPLES);
  const job = { model, data, backend, out: DEMO_FOLDER, options: { epochs, seed }, samples, evaluate: true };
  const stopped = await runTraining(pix2pixPlan(job));
  model.dispose();
  const use = (model: string) => `deno task translate --model ${model} --input PICTURE_OR_FOLDER --output FOLDER`;
  return ended(DEMO_FOLDER, stopped, use, "the next demo begins anew");
}

if (import.meta.main) await runCommand(command, demo);
