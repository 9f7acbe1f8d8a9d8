/** `bench soak`: whether a long training keeps to its memory and its files.
 *
 * pix2pix trains on jpg files as a person's training does: jitter, samples, a checkpoint after each epoch, the page of results. Every
 * few seconds is noted what the process holds; the first minutes, in which memory finds its size, do not count.
 * @module */
import { join } from "node:path";
import * as tf from "../../lib/tf.ts";
import { type Backend, useBackend } from "../../lib/backend/use_backend.ts";
import { pairsFromFolder } from "../../lib/data/paired_folders.ts";
import type { TrainEvent } from "../../lib/events.ts";
import { type Pix2Pix, pix2pix } from "../../lib/systems/pix2pix.ts";
import { RunRecord } from "../../lib/train/run_record.ts";
import { firstPairs } from "../../lib/cli/data/pairs.ts";
import { usageIfRange } from "../../lib/cli/command.ts";
import { drawJpgs } from "./draw_jpgs.ts";
import { median, tenths } from "./numbers.ts";
import type { StepPlan } from "./step.ts";

/** How long, and of what size. */
export interface SoakPlan extends Omit<StepPlan, "batch" | "steps"> {
  minutes: number;
}

/** What the process holds at one moment. */
export interface Held {
  minute: number;
  step: number;
  tensors: number;
  /** Resident memory, MiB, and how much of it JavaScript's objects and its buffers outside of them take. */
  rss_mib: number;
  heap_mib: number;
  external_mib: number;
  /** Open files; null where the system does not tell. */
  handles: number | null;
}

/** What is printed as JSON. */
export interface SoakResult {
  backend: string;
  version: string;
  size: number;
  filters: number;
  minutes: number;
  steps: number;
  checkpoints: number;
  median_ms: number;
  /** Least and most after the first minutes. */
  tensors: [least: number, most: number];
  handles: [least: number, most: number] | null;
  rss_mib: [least: number, most: number];
  /** Of the straight line through the resident memory after the first minutes, MiB an hour. */
  slope_mib_per_hour: number;
  held: Held[];
}

/** Drawn pairs to train on. */
const PAIRS = 100;
/** Of them shown again and again. */
const SAMPLES = 4;
/** Between two looks. */
const SECONDS = 10;
/** Epochs between two rows of samples: a page with a row for each of hundreds of epochs shows nobody anything. */
const SAMPLE_EVERY = 20;
/** Part of the time, and minutes at most, in which memory finds its size. */
const [SETTLING, SETTLING_MINUTES] = [0.25, 5];

async function openFiles(): Promise<number | null> {
  if (Deno.build.os !== "linux") return null;
  const { success, stdout } = await new Deno.Command("ls", { args: [`/proc/${Deno.pid}/fd`] }).output();
  return success ? new TextDecoder().decode(stdout).trimEnd().split("\n").length : null;
}

function memory(): Pick<Held, "rss_mib" | "heap_mib" | "external_mib"> {
  const { rss, heapUsed, external } = Deno.memoryUsage();
  const mib = (bytes: number) => tenths(bytes / 2 ** 20);
  return { rss_mib: mib(rss), heap_mib: mib(heapUsed), external_mib: mib(external) };
}

/** Of the straight line through the points with the least squares of distances in y; 0 through fewer than two. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const sum = (of: (x: number, y: number) => number) => points.reduce((total, [x, y]) => total + of(x - meanX, y - meanY), 0);
  return points.length < 2 ? 0 : sum((x, y) => x * y) / sum((x) => x * x);
}

function range(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Sums up what was held.
 * @param held in the order of time, at least one after the first minutes. */
export function summed(
  held: readonly Held[],
  minutes: number,
): Pick<SoakResult, "tensors" | "handles" | "rss_mib" | "slope_mib_per_hour"> {
  const settled = Math.min(SETTLING_MINUTES, minutes * SETTLING);
  const later = held.filter(({ minute }) => minute >= settled);
  const handles = later.flatMap((at) => at.handles ?? []);
  return {
    tensors: range(later.map(({ tensors }) => tensors)),
    handles: handles.length > 0 ? range(handles) : null,
    rss_mib: range(later.map(({ rss_mib }) => rss_mib)),
    slope_mib_per_hour: tenths(slope(later.map(({ minute, rss_mib }) => [minute / 60, rss_mib] as const))),
  };
}

async function* trained(model: Pix2Pix, folder: string, backend: Backend): AsyncGenerator<TrainEvent> {
  const { size, filters } = model.settings;
  const pairs = await pairsFromFolder(join(folder, "pairs"), { size, direction: "BtoA" });
  const out = join(folder, "run");
  const record = new RunRecord({ folder: out, title: "Soak", settings: { size, filters }, backend: backend.name });
  const samples = await firstPairs(pairs, SAMPLES);
  const epochs = 1_000_000; // time ends it
  const sampleEpochs = Array.from({ length: 1000 }, (_, i) => i * SAMPLE_EVERY);
  yield* record.follow(model.train(pairs, { epochs, checkpoint: out, samples, sampleEpochs }));
  tf.dispose([samples.input, samples.target]);
}

async function watch(
  events: AsyncIterable<TrainEvent>,
  minutes: number,
): Promise<Pick<SoakResult, "steps" | "checkpoints" | "median_ms" | "held">> {
  const [start, held, times] = [performance.now(), [] as Held[], [] as number[]];
  let [steps, checkpoints, next] = [0, 0, 0];
  for await (const event of events) {
    if (event.type === "checkpoint") checkpoints++;
    if (event.type !== "step") continue;
    steps = event.step;
    times.push(event.milliseconds);
    const seconds = (performance.now() - start) / 1000;
    if (seconds >= next) {
      held.push({ minute: seconds / 60, step: steps, tensors: tf.memory().numTensors, ...memory(), handles: await openFiles() });
      next += SECONDS;
    }
    if (seconds >= minutes * 60) break;
  }
  return { steps, checkpoints, median_ms: tenths(median(times)), held };
}

/** Trains for so long.
 * @throws {UsageError} if the size is not possible. */
export async function benchSoak({ size, filters, minutes, backend }: SoakPlan): Promise<SoakResult> {
  const using = await useBackend(backend);
  const model = usageIfRange(() => pix2pix({ size, filters }), "--size");
  const folder = await Deno.makeTempDir({ prefix: "forger-" });
  try {
    await Deno.mkdir(join(folder, "pairs"));
    await drawJpgs(join(folder, "pairs"), size, PAIRS);
    const seen = await watch(trained(model, folder, using), minutes);
    const { name, version } = using;
    return { backend: name, version, size, filters, minutes, ...seen, ...summed(seen.held, minutes) };
  } finally {
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The result for a person. */
export function soakSentence(result: SoakResult): string {
  const { size, filters, minutes, steps, checkpoints, tensors, handles, rss_mib, slope_mib_per_hour } = result;
  const fromTo = ([least, most]: [number, number]) => least === most ? `${least}` : `${least} to ${most}`;
  return `${minutes} minutes of training at size ${size}, ${filters} filters: ${steps} steps, ${checkpoints} checkpoints; after the first minutes ` +
    `${fromTo(tensors)} tensors, ${handles ? `${fromTo(handles)} open files, ` : ""}${fromTo(rss_mib)} MiB resident, ` +
    `${slope_mib_per_hour} MiB more an hour`;
}
