/** `bench pipeline`: the cost of reading and augmenting images during training.
 *
 * The same model trains on pairs read from jpg files, with jitter and mirroring, and on some of these pairs held in memory. Each
 * round times a block of steps of each kind. Every second round reverses the order, so that a gradual change in the machine's
 * speed favours neither. Reading runs ahead of training. A block therefore ends while there are still pairs to read: otherwise
 * its timed steps would use pairs that had already been read during the untimed steps.
 * @module */
import process from "node:process";
import { usageIfRange } from "../../lib/cli/command.ts";
import { READ_AHEAD } from "../../lib/data/stream.ts";
import { data, type Pix2Pix, pix2pix, useBackend } from "../../mod.ts";
import { drawJpgs, inMemory, type KeptPairs } from "./data.ts";
import { clock, DISTURBED_PERCENT, median, othersPercent, tenths } from "./measure.ts";
import { type Configuration, type StepPlan, WARM_UP_STEPS } from "./step.ts";

/** Options of {@linkcode benchPipeline}; each round has `steps` steps of each kind. */
export interface PipelinePlan extends Omit<StepPlan, "batch"> {
  rounds: number;
  /** Folder of side-by-side images. Default: generated facades, written as jpg. */
  data?: string | undefined;
}

/** Times of one round. */
export interface PipelineRound {
  /** Mean duration of a step on images in memory. */
  memory_ms: number;
  /** Mean duration of a step on images from files. A median would hide the few steps that wait for images. */
  files_ms: number;
  /** Additional time for files, in percent. */
  extra_percent: number;
  /** Load of other processes, in percent of all processors. */
  others_percent: number;
}

/** Result of {@linkcode benchPipeline}, as printed in JSON: medians over the rounds, and the rounds. */
export interface PipelineResult extends Omit<Configuration, "batch">, Omit<PipelineRound, "others_percent"> {
  backend: string;
  version: string;
  /** Timed steps in each block. */
  steps: number;
  rounds: PipelineRound[];
}

/** Maximum number of pairs in memory. */
const KEPT = 8;

/** Returns the mean duration of the steps after the warm-up, in milliseconds. */
async function block(model: Pix2Pix, pairs: data.PairData, steps: number, seed: number): Promise<number> {
  const wanted = WARM_UP_STEPS + steps;
  const epochs = Math.ceil((wanted + READ_AHEAD) / pairs.count);
  let sum = 0;
  for await (const event of model.train(pairs, { epochs, seed })) {
    if (event.type !== "step" || event.step <= WARM_UP_STEPS) continue;
    sum += event.milliseconds;
    if (event.step === wanted) return sum / steps;
  }
  throw new Error(`Cannot finish the benchmark: stopped before ${steps} steps were done; run it again`);
}

async function measureRound(
  model: Pix2Pix,
  memory: data.PairData,
  files: data.PairData,
  steps: number,
  round: number,
): Promise<PipelineRound> {
  const [before, own] = [clock(), process.cpuUsage()];
  const times = new Map<data.PairData, number>();
  for (const pairs of round % 2 === 0 ? [memory, files] : [files, memory]) {
    times.set(pairs, await block(model, pairs, steps, round));
  }
  const { user, system } = process.cpuUsage(own);
  const [memory_ms, files_ms] = [times.get(memory)!, times.get(files)!];
  return {
    ...{ memory_ms: tenths(memory_ms), files_ms: tenths(files_ms), extra_percent: tenths((files_ms / memory_ms - 1) * 100) },
    others_percent: othersPercent(before, clock(), (user + system) / 1000),
  };
}

/** Loads some of the pairs into memory, without jitter. */
async function keep(files: data.PairData, steps: number): Promise<KeptPairs> {
  const kept = [];
  for await (const batch of files.batches({ augment: false })) {
    if (kept.push(batch) === KEPT) break;
  }
  return inMemory(`${files.name} in memory`, kept, steps);
}

async function measure(plan: PipelinePlan, folder: string): Promise<PipelineResult> {
  const { size, filters, steps, backend } = plan;
  const { name, version } = await useBackend(backend);
  const model = usageIfRange(() => pix2pix({ size, filters }), "--size");
  const count = WARM_UP_STEPS + steps + READ_AHEAD;
  if (!plan.data) await drawJpgs(folder, size, count);
  const files = await data.pairsFromFolder(folder, { size, direction: "BtoA" });
  const memory = await keep(files, count);
  const rounds: PipelineRound[] = [];
  for (let round = 0; round < plan.rounds; round++) rounds.push(await measureRound(model, memory, files, steps, round));
  memory.dispose();
  model.dispose();
  const middle = (key: keyof PipelineRound) => tenths(median(rounds.map((round) => round[key])));
  const medians = { memory_ms: middle("memory_ms"), files_ms: middle("files_ms"), extra_percent: middle("extra_percent") };
  return { backend: name, version, size, filters, steps, ...medians, rounds };
}

/** Times steps on images in memory and from files.
 * @throws {UsageError} if pix2pix does not support the size.
 * @throws {Error} if the folder has no pairs. */
export async function benchPipeline(plan: PipelinePlan): Promise<PipelineResult> {
  if (plan.data) return await measure(plan, plan.data);
  const folder = await Deno.makeTempDir({ prefix: "forger-" });
  return await measure(plan, folder).finally(() => Deno.remove(folder, { recursive: true }));
}

/** Describes the result in a sentence. */
export function pipelineSentence(result: PipelineResult): string {
  const { backend, version, size, filters, memory_ms, files_ms, extra_percent, rounds } = result;
  const isDisturbed = (round: PipelineRound) => round.others_percent > DISTURBED_PERCENT;
  const each = rounds.map((round) => `${round.extra_percent}%${isDisturbed(round) ? "*" : ""}`).join(", ");
  return `One step at size ${size}, ${filters} filters on ${backend} ${version}: ${memory_ms} ms on images in memory, ` +
    `${files_ms} ms on jpg files with jitter: ${extra_percent}% more, the median of ${each}` +
    (rounds.some(isDisturbed) ? ` (*disturbed: other processes used more than ${DISTURBED_PERCENT}% of the processors)` : "");
}
