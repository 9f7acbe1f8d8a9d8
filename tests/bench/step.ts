/** `bench step`: what one whole pix2pix training step takes here.
 *
 * It is timed as a person meets it: through `train`, with the losses brought back from the backend after each step.
 * @module */
import process from "node:process";
import { type BackendName, useBackend } from "../../lib/backend/use_backend.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { usageIfRange } from "../../lib/cli/command.ts";
import type { Configuration } from "./configurations.ts";
import { randomPairs } from "./in_memory.ts";
import { median, tenths } from "./numbers.ts";

/** Steps before those that count: the first builds the graph, the second still finds memory that the later ones use again. */
export const WARM_UP_STEPS = 2;

/** How to time it. */
export interface StepPlan extends Configuration {
  /** Steps that count. */
  steps: number;
  backend?: BackendName | undefined;
}

/** What is printed as JSON. */
export interface StepResult extends Configuration {
  backend: string;
  version: string;
  steps: number;
  min_ms: number;
  median_ms: number;
  /** Of the whole process, MiB. */
  peak_rss_mb: number;
}

/** Times steps.
 * @throws {UsageError} if the size is not possible. */
export async function benchStep({ size, filters, batch, steps, backend }: StepPlan): Promise<StepResult> {
  const { name, version } = await useBackend(backend);
  const model = usageIfRange(() => pix2pix({ size, filters }), "--size");
  const pairs = randomPairs(size, batch, WARM_UP_STEPS + steps);
  const times: number[] = [];
  for await (const event of model.train(pairs, { epochs: 1, batch, augment: false })) {
    if (event.type === "step" && event.step > WARM_UP_STEPS) times.push(event.milliseconds);
  }
  pairs.dispose();
  model.dispose();
  if (times.length < steps) throw new Error(`The benchmark was stopped after ${times.length} of ${steps} steps; run it again`);
  const result = { backend: name, version, size, filters, batch, steps };
  // getrusage's "maximum resident set size", KiB: on Linux the same as VmHWM, and readable without all permissions.
  const peak_rss_mb = Math.round(process.resourceUsage().maxRSS / 1024);
  return { ...result, min_ms: tenths(Math.min(...times)), median_ms: tenths(median(times)), peak_rss_mb };
}

/** The result for a person. */
export function stepSentence(
  { backend, version, size, filters, batch, steps, min_ms, median_ms, peak_rss_mb }: StepResult,
): string {
  return `One step at size ${size}, ${filters} filters, batch ${batch} on ${backend} ${version}: ${median_ms} ms in the middle of ${steps} steps, ` +
    `${min_ms} ms at best; ${peak_rss_mb} MiB at the peak`;
}
