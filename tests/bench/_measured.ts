/** A measurement as the table has it, made up.
 * @module */
import type { Measured } from "./table.ts";

/** What a system said, on a machine where others used as much as told. */
export const timing = (median_ms: number, peak_rss_mb = 100, others_percent = 0) => ({
  median_ms,
  peak_rss_mb,
  others_percent,
});

/** The machine slows down by half from round to round: each round's ratios stay what they are. */
export const MEASURED: Measured = {
  ...{ size: 256, filters: 64, batch: 1, backend: "tensorflow", version: "2.21.0" },
  rounds: [1, 1.5, 2.25].map((slow) => ({
    Forger: timing(300 * slow, 1600),
    "tf.function": timing(400 * slow),
    PyTorch: timing(600 * slow, 1900),
  })),
  matmul: [400, 400 / 1.5, 400 / 2.25].map((gflop_per_second) => ({
    ...{ backend: "tensorflow", version: "2.21.0", side: 4096, gflop_per_second, others_percent: 0 },
  })),
};
