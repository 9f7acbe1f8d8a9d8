/** A training with all that a person gets of it: progress in the terminal, the folder of results, measures before and after.
 * @module */
import { join } from "node:path";
import type { Backend } from "../../backend/use_backend.ts";
import type { TestPictures } from "../../plot/picture_table.ts";
import type { TrainEvent } from "../../train/events.ts";
import { RunRecord } from "../../train/record.ts";
import { hasState } from "../../train/state.ts";
import { toWhereCalled } from "../paths.ts";
import { trainProgress } from "../progress.ts";
import { keepCommand } from "./again.ts";

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
  tests?(): Promise<TestPictures[]>;
}

/** Times that the samples are shown, at most. */
const MOST_SAMPLES = 8;

/** Trains.
 * @returns whether it was stopped by hand before its end.
 * @throws {Error} if the folder holds a training that is not to be resumed; it is left as it was. */
export async function runTraining(plan: TrainingPlan): Promise<boolean> {
  const { out, resume } = plan;
  if (!resume && await hasState(out)) {
    throw new Error(
      `Cannot train into ${out}: it holds an earlier training; go on with it by --resume, or choose another folder by --out`,
    );
  }
  const before = resume ? {} : await plan.measure?.("before training");
  const record = recordOf(plan);
  const stopped = await watch(plan, record);
  await plan.save(out);
  // Who stops a training wants the terminal back.
  if (stopped) return true;
  const after = await plan.measure?.("after training");
  const tests = await plan.tests?.() ?? [];
  await record.finish({ tests, ...(after ? { measures: { ...before, ...after } } : {}) });
  return false;
}

/** Trains, showing and recording what happens.
 * @returns whether it ended before its last step. */
async function watch({ train, out, epochs }: TrainingPlan, record: RunRecord): Promise<boolean> {
  const progress = trainProgress();
  let [step, steps, begun] = [0, 0, false];
  const keeps = Deno.args.length > 0 && !Deno.args[0]!.startsWith("--resume");
  try {
    for await (const event of record.follow(train({ checkpoint: out, sampleEpochs: sampleEpochs(epochs) }))) {
      if (!begun && keeps) await keepCommand(out, Deno.args); // not before the training is accepted
      begun = true;
      progress.show(event);
      if (event.type === "step") ({ step, steps } = event);
    }
  } finally {
    progress.end();
  }
  // Without a step it was stopped at once, or resumed at its end.
  return steps === 0 ? !await hasState(out) : step < steps;
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
export function ended(
  out: string,
  stopped: boolean,
  use: (model: string) => string,
  next = "the same command with --resume goes on",
): number {
  const place = toWhereCalled(out);
  const lines = [`Results: ${join(place, "index.html")}`];
  if (stopped) lines.push(`Stopped before the end: ${next}`);
  lines.push(`Use it: ${use(place)}`);
  console.log(lines.join("\n"));
  return stopped ? STOPPED : 0;
}
