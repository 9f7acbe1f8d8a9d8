/** `bench step`: the duration of training steps of a system, and the rate of matrix products for comparison.
 *
 * Steps are timed as a user experiences them: in `train`, including the transfer of the losses from the backend after each step.
 * @module */
import { usageIfRange } from "../../lib/cli/command.ts";
import type { Precision } from "../../lib/backend/tensorflow/precision.ts";
import { type BackendName, tf, threadsPerOp, useBackend } from "../../mod.ts";
import { traineeOf } from "./data.ts";
import { median, peakMemory, type Result, tenths, timesOf } from "./measure.ts";
import type { Configuration, SystemName } from "./rows.ts";

/** Untimed steps at the start: the first builds the graph, the next still allocate memory that later steps reuse. */
export const WARM_UP_STEPS = 3;

/** What to time, and how often. */
export interface Plan extends Configuration {
  /** Number of timed steps. */
  steps: number;
  precision: Precision;
  backend?: BackendName | undefined;
}

/** Result of a benchmark of Forger alone, as printed in JSON. */
export interface OwnResult extends Result, Configuration {
  steps: number;
  backend: string;
}

/** Times training steps on random images.
 * @throws {UsageError} if the system does not support the size. */
export async function benchStep({ system, backend, precision, ...plan }: Plan & { system: SystemName }): Promise<OwnResult> {
  const { name, version } = await useBackend(backend, { precision, threadsPerOp: threadsPerOp(plan) });
  const { batch, steps } = plan;
  const { model, data, options } = usageIfRange(() => traineeOf(system, plan, WARM_UP_STEPS + steps), "--size");
  const times: number[] = [];
  let first_at = 0;
  for await (const event of model.train(data, { epochs: 1, batch, augment: false, ...options })) {
    if (event.type !== "step") continue;
    first_at ||= Date.now();
    if (event.step > WARM_UP_STEPS) times.push(event.milliseconds);
  }
  const weights = Object.entries(model.networks).map(([name, network]) => [name, trained(network)]);
  data.dispose();
  model.dispose();
  if (times.length < steps) {
    throw new Error(`Cannot finish the benchmark: stopped after ${times.length} of ${steps} steps; run it again`);
  }
  const peak_rss_mb = peakMemory(); // before the products
  return {
    ...plan,
    ...{ backend: name, version: `${name} ${version}` },
    ...timesOf(times),
    ...{ first_at, peak_rss_mb, gflop_per_second: await rateOfProducts(), weights: Object.fromEntries(weights) },
  };
}

/** Returns the number of weights that are trained. */
export function trained({ trainableWeights }: tf.LayersModel): number {
  return trainableWeights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0);
}

/** Describes a result in a sentence. */
export function sentence(what: string, { version, size, filters, batch, steps, ...result }: OwnResult): string {
  const { min_ms, median_ms, others = {}, peak_rss_mb, gflop_per_second } = result;
  return [
    `${what} at size ${size}, ${filters} filters, batch ${batch} on ${version}: median ${median_ms} ms of ${steps}, minimum ` +
    `${min_ms} ms`,
    ...Object.entries(others).map(([name, ms]) => `${name}: ${ms} ms`),
    ...peak_rss_mb === undefined ? [] : [`peak memory ${peak_rss_mb} MiB`],
    ...gflop_per_second === undefined ? [] : [`products of matrices at ${gflop_per_second} GFLOP/s`],
  ].join("; ");
}

/** Height and width of the matrices. */
export const SIDE = 1024;
/** Milliseconds for which products are timed. */
const DURATION = 500;

/** Returns the median rate of products of two square float32 matrices on the active backend, in 10^9 operations per second.
 * @param side height and width of the matrices. */
export async function rateOfProducts(side: number = SIDE): Promise<number> {
  const [a, b] = [1, 2].map((seed) => tf.randomUniform([side, side], -1, 1, "float32", seed) as tf.Tensor2D);
  const rates: number[] = [];
  const begin = performance.now();
  for (let i = 0; i <= 3 || performance.now() - begin < DURATION; i++) {
    const start = performance.now();
    const product = tf.matMul(a!, b!);
    const corner = tf.slice(product, [0, 0], [1, 1]);
    await corner.data(); // backends may compute lazily
    if (i > 0) rates.push(2 * side ** 3 / 1e6 / (performance.now() - start));
    tf.dispose([product, corner]);
  }
  tf.dispose([a!, b!]);
  return tenths(median(rates));
}
