/** A training with all that a person gets of it: progress in the terminal, the folder of results, scores before and after.
 * @module */
import { join } from "node:path";
import type { Backend } from "../backend/use_backend.ts";
import type { PairBatch, PairData } from "../data/pairs.ts";
import { toPictures } from "../data/picture.ts";
import type { TestPictures } from "../plot/picture_table.ts";
import type { TrainOptions } from "../train/options.ts";
import type { Pix2Pix } from "../train/pix2pix.ts";
import { RunRecord } from "../train/record.ts";
import { hasState } from "../train/state.ts";
import { trainProgress } from "./progress.ts";
import { tellScores } from "./scores.ts";
import type { TrainData } from "./train_data.ts";

/** What to do. */
export interface TrainingPlan {
  model: Pix2Pix;
  data: TrainData;
  backend: Backend;
  /** Folder of the results. */
  out: string;
  /** Without the samples, which are made here. */
  options: Omit<TrainOptions, "samples" | "sampleEpochs" | "checkpoint">;
  /** Pairs that are shown as the training goes; 0 for none. */
  samples: number;
  /** Whether to measure on the pairs that are held back. */
  evaluate: boolean;
}

/** Times that the samples are shown, at most. */
const MOST_SAMPLES = 8;
/** Pairs that are held back and shown at the end. */
const TEST_PICTURES = 8;

/** Trains.
 * @returns whether it was stopped by hand before its end.
 * @throws {Error} if the folder holds a training that is not to be resumed; it is left as it was. */
export async function runTraining(plan: TrainingPlan): Promise<boolean> {
  const { model, data, out, options, evaluate } = plan;
  if (!options.resume && await hasState(out)) {
    throw new Error(
      `Cannot train into ${out}: it holds an earlier training; go on with it by --resume, or choose another folder by --out`,
    );
  }
  const samples = plan.samples > 0 ? await firstPairs(data.test, plan.samples) : undefined;
  const before = evaluate && !options.resume ? await tellScores("before training", model, data.test) : {};
  const record = recordOf(plan, samples?.names ?? []);
  const stopped = await watch(plan, samples, record).finally(() => {
    samples?.input.dispose();
    samples?.target.dispose();
  });
  await model.save(out);
  // Who stops a training wants the terminal back.
  if (stopped) return true;
  const after = evaluate ? await tellScores("after training", model, data.test) : {};
  const tests = data.heldBack ? await testPictures(model, data.test, plan.samples) : [];
  await record.finish({ tests, ...(evaluate ? { measures: { ...before, ...after } } : {}) });
  return false;
}

/** Trains, showing and recording what happens.
 * @returns whether it ended before its last step. */
async function watch(
  { model, data, out, options }: TrainingPlan,
  samples: PairBatch | undefined,
  record: RunRecord,
): Promise<boolean> {
  const progress = trainProgress();
  let [step, steps] = [0, 0];
  try {
    const sampled = samples ? { samples, sampleEpochs: sampleEpochs(options.epochs) } : {};
    for await (const event of record.follow(model.train(data.train, { ...options, ...sampled, checkpoint: out }))) {
      progress.show(event);
      if (event.type === "step") ({ step, steps } = event);
    }
  } finally {
    progress.end();
  }
  return step < steps;
}

function recordOf({ model, data, backend, out, options }: TrainingPlan, sampleNames: string[]): RunRecord {
  const { name, version, device, threads } = backend;
  return new RunRecord({
    folder: out,
    title: `pix2pix on ${data.name}`,
    subtitle: `Trained on ${data.train.name}, ${data.train.count} pairs`,
    settings: { data: data.train.name, pairs: data.train.count, ...model.settings, ...options },
    backend: `${name} ${version} on ${device}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    sampleNames,
    sampleNote: `The first pairs of ${data.test.name}, ${
      data.heldBack ? "which are not trained on" : "which are trained on too"
    }.`,
  });
}

/** The first pairs of a set, always the same ones. */
async function firstPairs(pairs: PairData, count: number): Promise<PairBatch> {
  for await (const batch of pairs.batches({ batch: count, shuffle: false, augment: false })) return batch;
  throw new RangeError(`Cannot show samples of ${pairs.name}: it has no pairs`);
}

/** What the model makes of the pairs behind those of the samples. */
async function testPictures(model: Pix2Pix, pairs: PairData, skip: number): Promise<TestPictures[]> {
  const tests: TestPictures[] = [];
  for await (const { input, target, names } of pairs.batches({ skip, shuffle: false, augment: false })) {
    const generated = await model.translate(input);
    const [given, made, wanted] = [input, generated, target].map((tensor) => toPictures(tensor)[0]!);
    for (const tensor of [input, generated, target]) tensor.dispose();
    tests.push({ name: names[0]!, pictures: { input: given!, generated: made!, target: wanted! } });
    if (tests.length === TEST_PICTURES) break;
  }
  return tests;
}

/** The epochs after which samples are shown: before the training, often while it changes most, rarely later, and at the end. */
export function sampleEpochs(epochs: number): number[] {
  const at = Array.from({ length: MOST_SAMPLES }, (_, i) => Math.ceil(epochs * (i / (MOST_SAMPLES - 1)) ** 2));
  return [...new Set(at)];
}

/** What a person can do next, with the results in a folder. */
export function nextSteps(out: string, stopped: boolean): string {
  const lines = [`Results: ${join(out, "index.html")}`];
  if (stopped) lines.push("Stopped before the end: the same command with --resume goes on");
  lines.push(`Use it: deno task translate --model ${out} --input PICTURE_OR_FOLDER --output FOLDER`);
  return lines.join("\n");
}
