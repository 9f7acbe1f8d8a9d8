/** `bench pipeline`: what reading and augmenting pictures costs a training.
 *
 * The same model takes steps on pairs that are read from jpg files, with jitter and mirroring, and on some of these pairs that lie in memory; in turn, and
 * in every second round the other way round, so that a machine that becomes faster or slower favours neither. Reading runs ahead of the steps, so a block
 * ends while more is still to be read: else the steps that are timed would owe some of their pictures to the ones before, which are not.
 * @module */
import process from "node:process";
import { useBackend } from "../../lib/backend/use_backend.ts";
import type { PairData } from "../../lib/data/datasets.ts";
import { pairsFromFolder } from "../../lib/data/paired_folders.ts";
import { READ_AHEAD } from "../../lib/data/stream.ts";
import { type Pix2Pix, pix2pix } from "../../lib/systems/pix2pix.ts";
import { usageIfRange } from "../../lib/cli/command.ts";
import type { Configuration } from "./configurations.ts";
import { drawJpgs } from "./draw_jpgs.ts";
import { inMemory, type KeptPairs } from "./in_memory.ts";
import { median, tenths } from "./numbers.ts";
import { clock, DISTURBED_PERCENT, othersPercent } from "./others.ts";
import { type StepPlan, WARM_UP_STEPS } from "./step.ts";

/** What to time: in each round `steps` steps of each kind. */
export interface PipelinePlan extends Omit<StepPlan, "batch"> {
  rounds: number;
  /** Side-by-side pictures; without it facades are drawn and written as jpg. */
  data?: string | undefined;
}

/** One turn of both. */
export interface PipelineRound {
  /** A step on pictures that are in memory, the mean. */
  memory_ms: number;
  /** A step on pictures that are read from files, with jitter and mirroring, the mean: waiting for pictures would show in few of them. */
  files_ms: number;
  /** How much longer, in per cent. */
  extra_percent: number;
  /** What other processes used meanwhile, in per cent of all processors. */
  others_percent: number;
}

/** What came out; the middle of the rounds'. */
export interface PipelineResult extends Omit<Configuration, "batch">, Omit<PipelineRound, "others_percent"> {
  backend: string;
  version: string;
  /** In each block. */
  steps: number;
  rounds: PipelineRound[];
}

/** Pairs in memory at most. */
const KEPT = 8;

/** Milliseconds of a step, the mean of some after a few to warm up. */
async function block(model: Pix2Pix, pairs: PairData, steps: number, seed: number): Promise<number> {
  const wanted = WARM_UP_STEPS + steps;
  const epochs = Math.ceil((wanted + READ_AHEAD) / pairs.count);
  let sum = 0;
  for await (const event of model.train(pairs, { epochs, seed })) {
    if (event.type !== "step" || event.step <= WARM_UP_STEPS) continue;
    sum += event.milliseconds;
    if (event.step === wanted) return sum / steps;
  }
  throw new Error(`The benchmark was stopped before its ${steps} steps were done; run it again`);
}

async function turn(model: Pix2Pix, memory: PairData, files: PairData, steps: number, round: number): Promise<PipelineRound> {
  const [before, own] = [clock(), process.cpuUsage()];
  const kinds = round % 2 === 0 ? [memory, files] : [files, memory];
  const times = new Map<PairData, number>();
  for (const kind of kinds) times.set(kind, await block(model, kind, steps, round));
  const { user, system } = process.cpuUsage(own);
  const [memory_ms, files_ms] = [times.get(memory)!, times.get(files)!];
  return {
    ...{ memory_ms: tenths(memory_ms), files_ms: tenths(files_ms), extra_percent: tenths((files_ms / memory_ms - 1) * 100) },
    others_percent: othersPercent(before, clock(), (user + system) / 1000),
  };
}

/** Some of the pairs as they are, without jitter. */
async function keep(files: PairData, steps: number): Promise<KeptPairs> {
  const kept = [];
  for await (const batch of files.batches({ augment: false })) {
    if (kept.push(batch) === KEPT) break;
  }
  return inMemory(`${files.name} in memory`, kept, steps);
}

async function measure(plan: PipelinePlan, folder: string): Promise<PipelineResult> {
  const { size, filters, steps, rounds: turns, backend } = plan;
  const { name, version } = await useBackend(backend);
  const model = usageIfRange(() => pix2pix({ size, filters }), "--size");
  const count = WARM_UP_STEPS + steps + READ_AHEAD;
  if (!plan.data) await drawJpgs(folder, size, count);
  const files = await pairsFromFolder(folder, { size, direction: "BtoA" });
  const memory = await keep(files, count);
  const rounds: PipelineRound[] = [];
  for (let round = 0; round < turns; round++) rounds.push(await turn(model, memory, files, steps, round));
  memory.dispose();
  model.dispose();
  const middle = (key: keyof PipelineRound) => tenths(median(rounds.map((round) => round[key])));
  const middles = { memory_ms: middle("memory_ms"), files_ms: middle("files_ms"), extra_percent: middle("extra_percent") };
  return { backend: name, version, size, filters, steps, ...middles, rounds };
}

/** Times both, in turn.
 * @throws {UsageError} if the size is not possible.
 * @throws {Error} if the folder has no pairs. */
export async function benchPipeline(plan: PipelinePlan): Promise<PipelineResult> {
  if (plan.data) return await measure(plan, plan.data);
  const folder = await Deno.makeTempDir({ prefix: "forger-" });
  return await measure(plan, folder).finally(() => Deno.remove(folder, { recursive: true }));
}

/** The result for a person. */
export function pipelineSentence(result: PipelineResult): string {
  const { backend, version, size, filters, memory_ms, files_ms, extra_percent, rounds } = result;
  const each = rounds.map((round) => `${round.extra_percent}%${round.others_percent > DISTURBED_PERCENT ? "*" : ""}`).join(", ");
  const isDisturbed = rounds.some((round) => round.others_percent > DISTURBED_PERCENT);
  return `One step at size ${size}, ${filters} filters on ${backend} ${version}: ${memory_ms} ms on pictures in memory, ${files_ms} ms on jpg ` +
    `files with jitter: ${extra_percent}% more, the middle of ${each}` +
    (isDisturbed ? ` (*disturbed: others used more than ${DISTURBED_PERCENT}% of the processors)` : "");
}
