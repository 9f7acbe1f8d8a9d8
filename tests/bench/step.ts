/** `bench step` and `bench matmul`: the duration of one whole pix2pix training step, and the rate of matrix products for
 * comparison.
 *
 * Steps are timed as a user experiences them: in `train`, including the transfer of the losses from the backend after each step.
 * @module */
import process from "node:process";
import type { Field } from "../../lib/settings.ts";
import { usageIfRange } from "../../lib/cli/command.ts";
import { type BackendName, pix2pix, tf, useBackend } from "../../mod.ts";
import { randomPairs } from "./data.ts";
import { median, tenths } from "./measure.ts";

/** Size of the networks and of a batch. */
export interface Configuration {
  /** Height and width of the images, in pixels. */
  size: number;
  /** Number of filters in the first layer of each network. */
  filters: number;
  /** Number of images in a batch. */
  batch: number;
}

/** Default configurations of the table. */
export const CONFIGURATIONS: readonly Configuration[] = [
  { size: 64, filters: 32, batch: 1 },
  { size: 128, filters: 32, batch: 1 },
  { size: 256, filters: 64, batch: 1 },
  { size: 128, filters: 32, batch: 4 },
  { size: 128, filters: 32, batch: 16 },
];

/** Formats a configuration as size/filters/batch: "256/64/1". */
export function nameOf({ size, filters, batch }: Configuration): string {
  return `${size}/${filters}/${batch}`;
}

/** Option that takes a list of names as {@linkcode nameOf} writes them. */
export const only: Field<readonly Configuration[] | undefined> = {
  help: `For table: list of configurations, each as size/filters/batch. Default: ${CONFIGURATIONS.map(nameOf).join(",")}.`,
  value: "LIST",
  default: undefined,
  accepts: 'a list such as "64/32/1,256/64/1"',
  fits: (value) =>
    (value as Configuration[]).every((found) => Object.values(found).every((n) => Number.isSafeInteger(n) && n > 0)),
  read: (text) =>
    text.split(",").map((item) => {
      const [size = NaN, filters = NaN, batch = NaN, ...more] = item.trim().split("/").map(Number);
      return { size: more.length > 0 ? NaN : size, filters, batch };
    }),
};

/** Untimed steps at the start: the first builds the graph, the second still allocates memory that later steps reuse. */
export const WARM_UP_STEPS = 2;

/** Options of {@linkcode benchStep}. */
export interface StepPlan extends Configuration {
  /** Number of timed steps. */
  steps: number;
  backend?: BackendName | undefined;
}

/** Result of {@linkcode benchStep}, as printed in JSON. */
export interface StepResult extends Configuration {
  backend: string;
  version: string;
  steps: number;
  min_ms: number;
  median_ms: number;
  /** Peak resident memory of the process, in MiB. */
  peak_rss_mb: number;
}

/** Times training steps on random images.
 * @throws {UsageError} if pix2pix does not support the size. */
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
  if (times.length < steps) {
    throw new Error(`Cannot finish the benchmark: stopped after ${times.length} of ${steps} steps; run it again`);
  }
  const result = { backend: name, version, size, filters, batch, steps };
  // getrusage's "maximum resident set size" in KiB: equal to VmHWM on Linux, and readable without --allow-all.
  const peak_rss_mb = Math.round(process.resourceUsage().maxRSS / 1024);
  return { ...result, min_ms: tenths(Math.min(...times)), median_ms: tenths(median(times)), peak_rss_mb };
}

/** Describes the result of {@linkcode benchStep} in a sentence. */
export function stepSentence(
  { backend, version, size, filters, batch, steps, min_ms, median_ms, peak_rss_mb }: StepResult,
): string {
  return `One step at size ${size}, ${filters} filters, batch ${batch} on ${backend} ${version}: median ` +
    `${median_ms} ms of ${steps} steps, minimum ${min_ms} ms; peak memory ${peak_rss_mb} MiB`;
}

/** The paper's configuration. For this configuration, the table reports the fraction of the machine's matrix-product rate that
 * a step reaches. */
export const PAPER: Configuration = { size: 256, filters: 64, batch: 1 };

/** Number of floating-point operations in a step of {@linkcode PAPER}, in units of 10^9. Convolutions are counted as direct ones,
 * with two operations for each weight and output position. A pass is forward, backward to the inputs, or backward to the weights.
 * - G has 3 passes of 12.10 each: 1 forward, 1 to the inputs and 1 to the weights.
 * - D has 8 passes of 6.66 each: 3 forward (real, generated, and generated after the update), 3 to the inputs, 2 to the weights.
 *
 * This count, which assumes that the last two layers of D have 32x32 positions ("same" padding), is used for all systems.
 * Forger's step needs only 86.9: these layers have 31x31 and 30x30 positions, and gradients with respect to the data set's
 * images are not computed. */
export const GFLOP_OF_A_STEP = 89.6;

/** Height and width of the matrices. */
export const SIDE = 4096;

/** Result of {@linkcode benchMatmul}, as printed in JSON. */
export interface MatmulResult {
  backend: string;
  version: string;
  /** Height and width of the matrices. */
  side: number;
  /** Median over the products, in float32. */
  gflop_per_second: number;
}

/** Times products of two square matrices.
 * @param side height and width of the matrices.
 * @param products number of timed products, after an untimed one. */
export async function benchMatmul(backend?: BackendName, side: number = SIDE, products = 7): Promise<MatmulResult> {
  const { name, version } = await useBackend(backend);
  const [a, b] = [1, 2].map((seed) => tf.randomUniform([side, side], -1, 1, "float32", seed) as tf.Tensor2D);
  const rates: number[] = [];
  for (let i = -1; i < products; i++) {
    const start = performance.now();
    const product = tf.matMul(a!, b!);
    const corner = tf.slice(product, [0, 0], [1, 1]);
    await corner.data(); // backends may compute lazily
    if (i >= 0) rates.push(2 * side ** 3 / 1e6 / (performance.now() - start));
    tf.dispose([product, corner]);
  }
  tf.dispose([a!, b!]);
  return { backend: name, version, side, gflop_per_second: tenths(median(rates)) };
}

/** Describes the result of {@linkcode benchMatmul} in a sentence. */
export function matmulSentence({ backend, version, side, gflop_per_second }: MatmulResult): string {
  return `Products of ${side}x${side} matrices on ${backend} ${version}: ${gflop_per_second} GFLOP/s`;
}
