/** A training run started from the command line: its progress display, its run folder, and its measurements.
 * @module */
import { join } from "node:path";
import { activeCluster } from "../backend/tensorflow/active_cluster.ts";
import type { Backend } from "../backend/use_backend.ts";
import type { TrainEvent } from "../events.ts";
import type { SomeModel, SomeSystem } from "../systems/registry.ts";
import { MODEL_FILE } from "../train/model_folder.ts";
import { provenanceOf } from "../train/provenance.ts";
import { RunRecord } from "../train/run_record.ts";
import { positionIn } from "../train/state.ts";
import { EXIT_STATUS, type Stop, stopSignal } from "../train/stop.ts";
import { counted } from "./data/describe.ts";
import type { OpenedData } from "./data/mod.ts";
import { type EventLog, openLog } from "./event_log.ts";
import { lockOutputs } from "./outputs.ts";
import { isThere, shellWord, toWhereCalled } from "./paths.ts";
import { trainProgress } from "./progress.ts";
import { keepCommand, type StartCommand } from "./resume.ts";
import { checkFolder, isComplete, KEPT } from "./run_folder.ts";
import { libraryOptions, type RunValues, trainOptions } from "./train_options.ts";

export interface TrainPlan {
  system: SomeSystem;
  model: SomeModel;
  data: OpenedData;
  backend: Backend;
  values: RunValues;
  out: string;
  /** Command that started the run; it is stored in the run folder. Absent for the demo. */
  command?: StartCommand;
  /** Whether the caller has locked the run folder with {@linkcode lockOutputs}. */
  isLocked?: boolean;
}

const MOST_SAMPLES = 8;
/** Carries out a training run.
 * @returns The exit status: 0 if the run is complete, otherwise the status for the signal that stopped the run.
 * @throws {Error} If the folder contains files that must not be overwritten, or if another command is writing to it; the folder
 * is left unchanged. */
export async function runTraining(plan: TrainPlan): Promise<number> {
  const { out, isLocked, model, values: { resume, epochs, keepEpochs } } = plan;
  await checkFolder(out, resume, epochs, Object.keys(model.networks ?? {}), keepEpochs);
  const lock = isLocked ? undefined : await lockOutputs(out, "choose another folder with --out");
  return await run(plan).finally(() => lock?.release());
}

/** Takes part in the training run of worker 0. The only output is the log, to whose name the index of this worker is added.
 * @returns The exit status: see {@linkcode runTraining}. */
export async function followTraining({ system, model, data, values }: Omit<TrainPlan, "backend" | "out">): Promise<number> {
  const { epochs, resume, acceptData, log: file } = values;
  console.log = () => {};
  const log = await openLog(file === "-" ? file : file?.replace(/(\.\w+)?$/, `-${activeCluster()!.index}$1`));
  const stop = stopSignal();
  try {
    const samples = await data.samples();
    if (!resume) await data.measure?.(model, "before training"); // draws the same random numbers as worker 0
    const options = { ...libraryOptions(system, values), sampleEpochs: sampledEpochs(values), signal: stop.signal, acceptData };
    let isMidway: boolean | undefined;
    for await (
      const event of model.train(data.train, { ...options, checkpoint: ".", ...samples && { samples: samples.value } })
    ) {
      if (event.type === "step" || event.type === "epoch") isMidway = event.type === "step" || event.epoch < epochs;
      await log?.write(event);
    }
    return isMidway ?? stop.signal.aborted ? stop.exitStatus ?? EXIT_STATUS.SIGINT : 0;
  } finally {
    stop.done();
    await log?.close();
  }
}

async function run(plan: TrainPlan): Promise<number> {
  const { model, data, out, values: { resume, epochs } } = plan;
  const log = await openLog(plan.values.log);
  let stop: Stop | undefined;
  try {
    if (activeCluster()) stop = stopSignal(); // which stops the other workers too
    const samples = await data.samples();
    const before = resume ? {} : await data.measure?.(model, "before training");
    const record = recordOf(plan, samples);
    stop ??= stopSignal(); // until everything is written
    const { steps, complete } = await watch(plan, record, samples?.value, log, stop.signal);
    // An interrupted run should end quickly, without the evaluation.
    const stopped = !complete || (stop.signal.aborted && data.measure !== undefined);
    // A run without any steps leaves everything unchanged, unless it adds the missing final results of an earlier run.
    if (steps === 0 && stopped) return stop.exitStatus ?? EXIT_STATUS.SIGINT;
    if (steps === 0 && await isComplete(out, data.measure !== undefined)) {
      console.log(`Nothing to do: already trained for ${epochs} epochs; to train longer, increase --epochs`);
      return 0;
    }
    await model.save(out);
    if (stopped) return stop.exitStatus ?? EXIT_STATUS.SIGINT;
    stop.done(); // the results can be added by resuming the run
    const after = await data.measure?.(model, "after training");
    const tests = await data.tests?.(model) ?? [];
    await record.finish({ tests, ...(after ? { measures: { ...before, ...after } } : {}) });
    return 0;
  } finally {
    stop?.done();
    await log?.close();
  }
}

/** Saves the model after each epoch of --keep-epochs, when the checkpoint of that epoch has been written. */
async function keepModel({ model, data, out, values: { keepEpochs } }: TrainPlan, event: TrainEvent): Promise<void> {
  if (event.type !== "checkpoint" || !keepEpochs?.includes(event.epoch)) return;
  const position = await positionIn(out);
  if (position) model.provenance = provenanceOf<unknown>(data.train, position);
  await model.save(join(out, KEPT, String(event.epoch)));
}

/** Yields the events. Stores the command when the run begins, after all checks and before anything else is written. */
async function* keepingCommand({ out, command }: TrainPlan, events: AsyncIterable<TrainEvent>): AsyncGenerator<TrainEvent> {
  let kept = command === undefined;
  for await (const event of events) {
    if (!kept && event.type !== "warning") await keepCommand(out, command!);
    kept ||= event.type !== "warning";
    yield event;
  }
}

/** Trains the model while displaying, recording and logging the events.
 * @returns The number of steps, and whether the run reached the end of its last epoch. */
async function watch(
  plan: TrainPlan,
  record: RunRecord,
  samples: unknown,
  log: EventLog | undefined,
  signal: AbortSignal,
): Promise<{ steps: number; complete: boolean }> {
  const { system, model, data, out, values } = plan;
  const { epochs, acceptData } = values;
  const progress = trainProgress();
  const options = { ...libraryOptions(system, values), checkpoint: out, sampleEpochs: sampledEpochs(values), signal, acceptData };
  const events = model.train(data.train, { ...options, ...samples !== undefined && { samples } });
  let [steps, logged] = [0, log !== undefined];
  try {
    for await (const event of record.follow(keepingCommand(plan, events))) {
      progress.show(event);
      await keepModel(plan, event);
      if (event.type === "step") steps++;
      if (!logged || (logged = await log!.write(event))) continue;
      const message = `The reader of the standard output is gone: the log ends before step ${event.step}, and training continues`;
      const warning = { type: "warning", epoch: event.epoch, step: event.step, message } as const;
      await record.add(warning);
      progress.show(warning);
    }
  } finally {
    progress.end();
  }
  const { epoch = 0 } = await positionIn(out) ?? {};
  return { steps, complete: epoch >= epochs };
}

function recordOf(
  { system, model, data, backend, values, out }: TrainPlan,
  samples?: { names?: string[]; note?: string },
): RunRecord {
  const { name, version, device, threads, precision } = backend;
  const workers = activeCluster()?.workers.length;
  return new RunRecord({
    folder: out,
    title: `${system.title} on ${data.name}`,
    subtitle: `Trained on ${data.train.name}, ${data.counted}`,
    settings: { ...data.about, ...model.settings as object, ...libraryOptions(system, values), precision },
    meanings: { ...trainOptions(system), ...system.fields },
    backend: `${name} ${version} on ${device}, ${counted(threads, "thread")}${workers ? `, ${workers} workers` : ""}`,
    ...(samples?.names ? { sampleNames: samples.names } : {}),
    ...(samples?.note ? { sampleNote: samples.note } : {}),
  });
}

/** Returns the epochs after which samples are generated, from 0 (before training) to the last epoch. The intervals between
 * these epochs increase, since samples change most in early epochs. */
export function sampleEpochs(epochs: number): number[] {
  const at = Array.from({ length: MOST_SAMPLES }, (_, i) => Math.ceil(epochs * (i / (MOST_SAMPLES - 1)) ** 2));
  return [...new Set(at)];
}

/** Returns the epochs with samples, which include those of --keep-epochs. */
function sampledEpochs({ epochs, keepEpochs = [] }: RunValues): number[] {
  return [...new Set([...sampleEpochs(epochs), ...keepEpochs])];
}

/** Prints where the results of a training run are, and what to do next.
 * @param status The exit status of the run; if the status is not 0, the run was stopped.
 * @param use A function that returns a command for using the model in the given folder.
 * @param next The message about how to continue after an interruption. Default: the command that resumes the run. */
export async function printNext(
  out: string,
  status: number,
  use: (model: string) => Promise<string>,
  next?: string,
): Promise<void> {
  if (status !== 0 && !await isThere(join(out, "index.html"))) {
    return console.log("Stopped before the first step; nothing has been written");
  }
  const place = toWhereCalled(out);
  const lines = [`Results: ${join(place, "index.html")}`];
  if (status !== 0) lines.push(`Stopped before the end: ${next ?? `continue with deno task train --resume ${shellWord(place)}`}`);
  if (await isThere(join(out, MODEL_FILE))) lines.push(`Use the model: ${await use(place)}`);
  console.log(lines.join("\n"));
}
