/** `bench soak`: memory and open files during a long training run.
 *
 * pix2pix trains on jpg files as in normal use: with jitter, samples, a checkpoint after each epoch, and the results page. Every
 * few seconds the benchmark records the resources of the process. It ignores the first minutes, until memory use settles.
 * @module */
import { join } from "node:path";
import { usageIfRange } from "../../lib/cli/command.ts";
import { type Backend, data, type Pix2Pix, pix2pix, RunRecord, tf, type TrainEvent, useBackend } from "../../mod.ts";
import { drawJpgs } from "./data.ts";
import { median, tenths } from "./measure.ts";
import type { Plan } from "./step.ts";

/** Options of {@linkcode benchSoak}. */
export interface SoakPlan extends Pick<Plan, "size" | "filters" | "backend"> {
  minutes: number;
}

/** Resources that the process holds at one moment. */
export interface Held {
  minute: number;
  step: number;
  tensors: number;
  /** Resident memory, and the parts of it that JavaScript objects and their external buffers use, in MiB. */
  rss_mib: number;
  heap_mib: number;
  external_mib: number;
  /** Number of open files; null if the operating system does not report it. */
  handles: number | null;
}

/** Result of {@linkcode benchSoak}, as printed in JSON. */
export interface SoakResult {
  backend: string;
  version: string;
  size: number;
  filters: number;
  minutes: number;
  steps: number;
  checkpoints: number;
  median_ms: number;
  /** Minimum and maximum after the first minutes. */
  tensors: [least: number, most: number];
  handles: [least: number, most: number] | null;
  rss_mib: [least: number, most: number];
  /** Slope of the regression line through the resident memory after the first minutes, in MiB per hour. */
  slope_mib_per_hour: number;
  held: Held[];
}

/** Number of generated training pairs. */
const PAIRS = 100;
/** Number of pairs that the samples show. */
const SAMPLES = 4;
/** Seconds between two measurements. */
const SECONDS = 10;
/** Epochs between two rows of samples, which limits the size of the page. */
const SAMPLE_EVERY = 20;
/** Initial period in which memory use settles: a fraction of the run, but at most this number of minutes. */
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

/** Returns the slope of the least-squares line through the points; 0 for fewer than two points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const sum = (of: (x: number, y: number) => number) => points.reduce((total, [x, y]) => total + of(x - meanX, y - meanY), 0);
  return points.length < 2 ? 0 : sum((x, y) => x * y) / sum((x) => x * x);
}

function range(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Summarizes the measurements.
 * @param held measurements in chronological order, at least one of them after the first minutes. */
export function summarize(
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

async function* train(model: Pix2Pix, folder: string, backend: Backend): AsyncGenerator<TrainEvent> {
  const { size, filters } = model.settings;
  const pairs = await data.pairsFromFolder(join(folder, "pairs"), { size, direction: "BtoA" });
  const out = join(folder, "run");
  const record = new RunRecord({ folder: out, title: "Soak", settings: { size, filters }, backend: backend.name });
  const first = await pairs.batches({ batch: SAMPLES, shuffle: false, augment: false })[Symbol.asyncIterator]().next();
  const samples = first.value as data.PairBatch;
  const epochs = 1_000_000; // the time limit ends the run
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

/** Trains for the given time and records the resources of the process.
 * @throws {UsageError} if pix2pix does not support the size. */
export async function benchSoak({ size, filters, minutes, backend }: SoakPlan): Promise<SoakResult> {
  const using = await useBackend(backend);
  const model = usageIfRange(() => pix2pix({ size, filters }), "--size");
  const folder = await Deno.makeTempDir({ prefix: "forger-" });
  try {
    await Deno.mkdir(join(folder, "pairs"));
    await drawJpgs(join(folder, "pairs"), size, PAIRS);
    const seen = await watch(train(model, folder, using), minutes);
    const { name, version } = using;
    return { backend: name, version, size, filters, minutes, ...seen, ...summarize(seen.held, minutes) };
  } finally {
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Describes the result in a sentence. */
export function soakSentence(result: SoakResult): string {
  const { size, filters, minutes, steps, checkpoints, tensors, handles, rss_mib, slope_mib_per_hour } = result;
  const fromTo = ([least, most]: [number, number]) => least === most ? `${least}` : `${least} to ${most}`;
  return `${minutes} minutes of training at size ${size}, ${filters} filters: ${steps} steps, ${checkpoints} checkpoints; ` +
    `after the first minutes ${fromTo(tensors)} tensors, ${handles ? `${fromTo(handles)} open files, ` : ""}${
      fromTo(rss_mib)
    } MiB resident memory, ` +
    `growing by ${slope_mib_per_hour} MiB an hour`;
}
