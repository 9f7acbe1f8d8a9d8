/** A training with all that a person gets of it: progress in the terminal, the folder of results, measures before and after.
 * @module */
import { join } from "node:path";
import type { Backend } from "../../backend/use_backend.ts";
import type { TestImages } from "../../plot/page_tables.ts";
import type { TrainEvent } from "../../events.ts";
import { RunRecord } from "../../train/record.ts";
import { MODEL_FILE } from "../../train/model_folder.ts";
import { positionIn } from "../../train/state.ts";
import { isThere, shellWord, toWhereCalled } from "../paths.ts";
import { trainProgress } from "../progress.ts";
import { keepCommand } from "./again.ts";
import { checkFolder, isComplete } from "./folder.ts";

/** What to do. */
export interface TrainingPlan {
  /** Of the page: "pix2pix on facades". */
  title: string;
  /** Under it: what it is trained on. */
  subtitle: string;
  /** All that the training was started with. */
  settings: Record<string, unknown>;
  backend: Backend;
  /** Folder of the results. */
  out: string;
  epochs: number;
  resume: boolean;
  /** What the samples are made of, if of something. */
  samples?: { names: string[]; note: string };
  /** Begins the training, with its state in the folder given. */
  train(where: { checkpoint: string; sampleEpochs: number[] }): AsyncIterable<TrainEvent>;
  /** Writes the model. */
  save(folder: string): Promise<void>;
  /** Numbers by name, before the training and after it.
   * @param when "before training", say. */
  measure?(when: string): Promise<Record<string, unknown>>;
  /** What the trained model makes of pictures that it never saw. */
  tests?(): Promise<TestImages[]>;
}

/** Times that the samples are shown, at most. */
const MOST_SAMPLES = 8;

/** Trains.
 * @returns whether it was stopped by hand before its end.
 * @throws {Error} if the folder holds what is not to be replaced; it is left as it was. */
export async function runTraining(plan: TrainingPlan): Promise<boolean> {
  const { out, resume, epochs } = plan;
  await checkFolder(plan);
  const before = resume ? {} : await plan.measure?.("before training");
  const record = recordOf(plan);
  const { steps, stopped } = await watch(plan, record);
  // Where nothing was learnt, what is there stays as it is; unless the end was only cut short.
  if (stopped && steps === 0) return true;
  if (steps === 0 && await isComplete(out, plan.measure !== undefined)) {
    console.log(`Nothing to do: trained for ${epochs} epochs already; add some with --epochs`);
    return false;
  }
  await plan.save(out);
  // Who stops a training wants the terminal back.
  if (stopped) return true;
  const after = await plan.measure?.("after training");
  const tests = await plan.tests?.() ?? [];
  await record.finish({ tests, ...(after ? { measures: { ...before, ...after } } : {}) });
  return false;
}

/** The events, with the command kept as soon as the training is accepted and begins, before anything else is written. */
async function* keepingCommand(out: string, events: AsyncIterable<TrainEvent>): AsyncGenerator<TrainEvent> {
  let kept = false;
  for await (const event of events) {
    if (!kept && event.type !== "warning") await keepCommand(out);
    kept ||= event.type !== "warning";
    yield event;
  }
}

/** Trains, showing and recording what happens.
 * @returns how many steps it took, and whether it ended before its last one. */
async function watch({ train, out, epochs }: TrainingPlan, record: RunRecord): Promise<{ steps: number; stopped: boolean }> {
  const progress = trainProgress();
  let taken = 0;
  const events = keepingCommand(out, train({ checkpoint: out, sampleEpochs: sampleEpochs(epochs) }));
  try {
    for await (const event of record.follow(events)) {
      progress.show(event);
      if (event.type === "step") taken++;
    }
  } finally {
    progress.end();
  }
  const { epoch = 0 } = await positionIn(out) ?? {};
  return { steps: taken, stopped: epoch < epochs };
}

function recordOf({ title, subtitle, settings, backend, out, samples }: TrainingPlan): RunRecord {
  const { name, version, device, threads } = backend;
  return new RunRecord({
    ...{ folder: out, title, subtitle, settings },
    backend: `${name} ${version} on ${device}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    ...(samples ? { sampleNames: samples.names, sampleNote: samples.note } : {}),
  });
}

/** The epochs after which samples are shown: before the training, often while it changes most, rarely later, and at the end. */
export function sampleEpochs(epochs: number): number[] {
  const at = Array.from({ length: MOST_SAMPLES }, (_, i) => Math.ceil(epochs * (i / (MOST_SAMPLES - 1)) ** 2));
  return [...new Set(at)];
}

/** Exit status of a training that was stopped by Ctrl-C, as shells have it. */
export const STOPPED = 130;

/** Tells what a person can do next, with the results in a folder.
 * @param use a task that uses the model in a folder.
 * @param next what follows on a stop.
 * @returns exit status. */
export async function ended(
  out: string,
  stopped: boolean,
  use: (model: string) => string,
  next = "the same command with --resume goes on",
): Promise<number> {
  const place = toWhereCalled(out);
  const lines = [`Results: ${join(place, "index.html")}`];
  if (stopped) lines.push(`Stopped before the end: ${next}`);
  if (await isThere(join(out, MODEL_FILE))) lines.push(`Use it: ${use(shellWord(place))}`);
  console.log(lines.join("\n"));
  return stopped ? STOPPED : 0;
}
