/** `deno task bench step`: what one whole pix2pix training step takes here.
 *
 * It is timed as a person meets it: through `train`, with the losses brought back from the backend after each step.
 * @module */
import * as tf from "@tensorflow/tfjs";
import process from "node:process";
import { useBackend } from "../backend/use_backend.ts";
import type { BatchOptions, PairBatch, PairData } from "../data/pairs.ts";
import { pix2pix } from "../train/pix2pix.ts";
import { backendOption } from "./backend.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { flag, integer, type Values } from "./options.ts";
import { usageIfRange } from "./usage.ts";

/** Steps before those that count: the first builds the graph, the second still finds memory that the later ones use again. */
export const WARM_UP_STEPS = 2;

const options = {
  size: integer({ default: 256, min: 4, unit: "pixels", help: "Height and width of the pictures." }),
  filters: integer({ default: 64, min: 1, help: "Filters of the first layer of both networks." }),
  batch: integer({ default: 1, min: 1, unit: "pictures", help: "Pictures in a step." }),
  steps: integer({ default: 10, min: 1, help: `Steps that count, after ${WARM_UP_STEPS} to warm up.` }),
  backend: backendOption,
  json: flag({ help: "Print one line of JSON instead of a sentence." }),
};

const command: Command<typeof options> = {
  name: "bench",
  usage: "step",
  about:
    "Times whole pix2pix training steps on random pictures: the discriminator's step, then the generator's, each with its update. " +
    "Prints the shortest and the middle time, and the most memory that the process held.",
  subject: { name: "benchmark", help: "What to time: a training step.", choices: ["step"] },
  options,
  examples: [
    { line: "bench step --size 256 --filters 64 --batch 1 --steps 10 --json", does: "the paper's size, as JSON" },
    { line: "bench step --size 64 --filters 32 --backend wasm", does: "on WebAssembly" },
  ],
};

/** What is printed as JSON. */
export interface BenchResult {
  backend: string;
  version: string;
  size: number;
  filters: number;
  batch: number;
  steps: number;
  min_ms: number;
  median_ms: number;
  /** Of the whole process, MiB. */
  peak_rss_mb: number;
}

/** The same random pictures each time, kept in memory: what is timed is the step, and no disk.
 * @param steps batches in an epoch. */
export function randomPairs(size: number, batch: number, steps: number): PairData & { dispose(): void } {
  const [input, target] = [1, 2].map((seed) => tf.randomUniform([batch, size, size, 3], -1, 1, "float32", seed) as tf.Tensor4D);
  return {
    name: "random pictures",
    count: batch * steps,
    ...{ height: size, width: size, inputChannels: 3, targetChannels: 3 },
    async *batches({ skip = 0 }: BatchOptions = {}): AsyncGenerator<PairBatch> {
      for (let i = skip; i < steps; i++) yield { input: tf.clone(input!), target: tf.clone(target!), names: ["random"] };
    },
    dispose: () => tf.dispose([input!, target!]),
  };
}

/** Times steps.
 * @throws {UsageError} if the size is not possible. */
export async function bench(values: Values<typeof options>): Promise<BenchResult> {
  const { size, filters, batch, steps } = values;
  const { name, version } = await useBackend(values.backend);
  const model = usageIfRange(() => pix2pix({ size, filters }), "--size");
  const pairs = randomPairs(size, batch, WARM_UP_STEPS + steps);
  const times: number[] = [];
  for await (const event of model.train(pairs, { epochs: 1, batch, augment: false })) {
    if (event.type === "step" && event.step > WARM_UP_STEPS) times.push(event.milliseconds);
  }
  pairs.dispose();
  model.dispose();
  if (times.length < steps) throw new Error(`The benchmark was stopped after ${times.length} of ${steps} steps; run it again`);
  times.sort((a, b) => a - b);
  const round = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
  // The middle one, or the mean of the two in the middle.
  const median = (times[(steps - 1) >> 1]! + times[steps >> 1]!) / 2;
  const result = { backend: name, version, size, filters, batch, steps, min_ms: round(times[0]!), median_ms: round(median) };
  // getrusage's "maximum resident set size", KiB: on Linux the same as VmHWM, and readable without all permissions.
  return { ...result, peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024) };
}

/** The result for a person. */
function sentence({ backend, version, size, filters, batch, steps, min_ms, median_ms, peak_rss_mb }: BenchResult): string {
  return `One step at size ${size}, ${filters} filters, batch ${batch} on ${backend} ${version}: ${median_ms} ms in the middle of ${steps} steps, ` +
    `${min_ms} ms at best; ${peak_rss_mb} MiB at the peak`;
}

if (import.meta.main) {
  await runCommand(command, async (values) => {
    const result = await bench(values);
    console.log(values.json ? JSON.stringify(result) : sentence(result));
  });
}
