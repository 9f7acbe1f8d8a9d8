/** `bench pipeline`: what reading and augmenting pictures costs a training.
 * @module */
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { type BackendName, useBackend } from "../../backend/use_backend.ts";
import { pairsFromFolder } from "../../data/folder.ts";
import { writeImage } from "../../data/image.ts";
import type { PairData } from "../../data/pairs.ts";
import { toytown } from "../../data/toytown/mod.ts";
import { type Pix2Pix, pix2pix } from "../../train/pix2pix.ts";
import { usageIfRange } from "../usage.ts";
import { median, tenths } from "./numbers.ts";
import { randomPairs, WARM_UP_STEPS } from "./step.ts";

/** What to time. */
export interface PipelinePlan {
  size: number;
  filters: number;
  /** Of each block. */
  steps: number;
  rounds: number;
  /** Side-by-side pictures; without it facades are drawn and written as jpg. */
  data?: string | undefined;
  backend?: BackendName | undefined;
}

/** What came out. */
export interface PipelineResult {
  backend: string;
  size: number;
  filters: number;
  /** A step on pictures that are in memory, with nothing to read. */
  memory_ms: number;
  /** A step on pictures read from jpg, with jitter and mirroring. */
  files_ms: number;
  /** How much longer, in per cent: the middle of the rounds'. */
  extra_percent: number;
}

async function drawJpgs(folder: string, size: number, count: number): Promise<void> {
  let n = 0;
  for await (const { input, target } of toytown({ size, count, seed: 1 }).batches({ augment: false })) {
    const both = tf.concat([input, target], 2) as tf.Tensor4D;
    await writeImage(join(folder, `${++n}.jpg`), both);
    tf.dispose([input, target, both]);
  }
}

/** The last steps of an epoch find their pictures read already, and do not count. */
const READ_AHEAD = 8;

/** Milliseconds of a step, the mean of those that count: waiting for pictures would show in few of them. */
async function block(model: Pix2Pix, pairs: PairData, seed: number): Promise<number> {
  const times: number[] = [];
  for await (const event of model.train(pairs, { epochs: 1, seed })) {
    const counts = event.type === "step" && event.step > WARM_UP_STEPS && event.step <= pairs.count - READ_AHEAD;
    if (counts) times.push(event.milliseconds);
  }
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

async function measure(plan: PipelinePlan, folder: string): Promise<PipelineResult> {
  const { size, filters, steps, rounds, backend } = plan;
  const { name } = await useBackend(backend);
  const model = usageIfRange(() => pix2pix({ size, filters }), "--size");
  if (!plan.data) await drawJpgs(folder, size, WARM_UP_STEPS + steps + READ_AHEAD);
  const files = await pairsFromFolder(folder, { size, direction: "BtoA" });
  if (files.count <= WARM_UP_STEPS + READ_AHEAD) {
    throw new Error(
      `Cannot time the reading of ${files.name}: wanted more than ${WARM_UP_STEPS + READ_AHEAD} pairs, got ${files.count}`,
    );
  }
  const memory = randomPairs(size, 1, files.count);
  const [inMemory, fromFiles]: number[][] = [[], []];
  for (let round = 0; round < rounds; round++) {
    inMemory!.push(await block(model, memory, round));
    fromFiles!.push(await block(model, files, round));
  }
  memory.dispose();
  model.dispose();
  const extra = median(fromFiles!.map((time, i) => (time / inMemory![i]! - 1) * 100));
  const result = { backend: name, size, filters, memory_ms: tenths(median(inMemory!)), files_ms: tenths(median(fromFiles!)) };
  return { ...result, extra_percent: tenths(extra) };
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
export function pipelineSentence({ backend, size, filters, memory_ms, files_ms, extra_percent }: PipelineResult): string {
  return `One step at size ${size}, ${filters} filters on ${backend}: ${memory_ms} ms on pictures in memory, ${files_ms} ms on jpg files with ` +
    `jitter: ${extra_percent}% more, the middle of the rounds`;
}
