/** `bench pipeline`: the cost of reading and augmenting images during training.
 *
 * The same model trains on pairs read from jpg files, with jitter and mirroring, and on some of these pairs held in memory. Each
 * round times a block of steps of each kind. Every second round reverses the order, so that a gradual change in the machine's
 * speed favours neither. Reading runs ahead of training. A block therefore ends while there are still pairs to read: otherwise
 * its timed steps would use pairs that had already been read during the untimed steps.
 * @module */
import { usageIfRange } from "../../lib/cli/command.ts";
import { READ_AHEAD } from "../../lib/data/stream.ts";
import { data, type Pix2Pix, pix2pix, useBackend } from "../../mod.ts";
import { drawJpgs, inMemory } from "./data.ts";
import { hundredths, median, peakMemory, timesOf } from "./measure.ts";
import { type OwnResult, type Plan, rateOfProducts, WARM_UP_STEPS } from "./step.ts";

/** Options of {@linkcode benchPipeline}; each round has `steps` steps of each kind. */
export interface PipelinePlan extends Plan {
  rounds: number;
  /** Folder of side-by-side images. Default: generated facades, written as jpg. */
  data?: string | undefined;
}

/** Maximum number of batches in memory. */
const KEPT = 8;

type Kind = "files" | "memory";

/** Returns the mean duration of the steps after the warm-up, in milliseconds. A median would hide the few steps that wait for
 * images. */
async function block(model: Pix2Pix, pairs: data.PairData, { steps, batch }: Plan, seed: number): Promise<number> {
  const wanted = WARM_UP_STEPS + steps;
  const epochs = Math.ceil((wanted + READ_AHEAD) * batch / pairs.count);
  let sum = 0;
  for await (const event of model.train(pairs, { epochs, batch, seed })) {
    if (event.type !== "step" || event.step <= WARM_UP_STEPS) continue;
    sum += event.milliseconds;
    if (event.step === wanted) return sum / steps;
  }
  throw new Error(`Cannot finish the benchmark: stopped before ${steps} steps were done; run it again`);
}

/** Returns the same pairs in memory, without jitter. */
async function inMemoryOf(files: data.PairData, batch: number, steps: number) {
  const kept: data.PairBatch[] = [];
  for await (const pairs of files.batches({ augment: false, batch })) {
    if (kept.push(pairs) === KEPT) break;
  }
  return inMemory({ ...files, name: `${files.name} in memory` }, kept, steps);
}

async function measure({ rounds, data: given, backend, ...plan }: PipelinePlan, folder: string): Promise<OwnResult> {
  const { name, version } = await useBackend(backend, plan);
  const { size, filters, steps, batch } = plan;
  const model = usageIfRange(() => pix2pix({ size, filters }), "--size");
  const count = WARM_UP_STEPS + steps + READ_AHEAD;
  if (!given) await drawJpgs(folder, size, count * batch);
  const files = await data.pairsFromFolder(folder, { size, direction: "BtoA" });
  const memory = await inMemoryOf(files, batch, count);
  const times: Record<Kind, number[]> = { files: [], memory: [] };
  for (let round = 0; round < rounds; round++) {
    const order: Kind[] = round % 2 === 0 ? ["memory", "files"] : ["files", "memory"];
    for (const kind of order) times[kind].push(await block(model, { files, memory }[kind], { ...plan, steps }, round));
  }
  memory.dispose();
  model.dispose();
  const peak_rss_mb = peakMemory();
  return {
    ...plan,
    ...{ backend: name, version: `${name} ${version}`, first_at: 0, peak_rss_mb, weights: {} },
    ...timesOf(times.files),
    ...{ others: { "in memory": hundredths(median(times.memory)) }, gflop_per_second: await rateOfProducts() },
  };
}

/** Times steps on images in memory and from files.
 * @throws {UsageError} if pix2pix does not support the size.
 * @throws {Error} if the folder has no pairs. */
export async function benchPipeline(plan: PipelinePlan): Promise<OwnResult> {
  if (plan.data) return await measure(plan, plan.data);
  const folder = await Deno.makeTempDir({ prefix: "forger-" });
  return await measure(plan, folder).finally(() => Deno.remove(folder, { recursive: true }));
}
