import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { median } from "../../../lib/cli/bench/numbers.ts";
import { tableText } from "../../../lib/cli/bench/print.ts";
import { GFLOP_OF_A_STEP } from "../../../lib/cli/bench/rate.ts";
import { middle, ratio, type Row, share } from "../../../lib/cli/bench/table.ts";

const timing = (median_ms: number, peak_rss_mb = 100) => ({ median_ms, peak_rss_mb });

/** The machine slows down by half from round to round: each round's ratios stay what they are. */
const ROW: Row = {
  ...{ size: 256, filters: 64, batch: 1, backend: "tensorflow", version: "2.21.0" },
  rounds: [1, 1.5, 2.25].map((slow) => ({
    Forger: timing(300 * slow, 1600),
    "tf.function": timing(400 * slow),
    PyTorch: timing(600 * slow, 1900),
  })),
  rates: [400, 400 / 1.5, 400 / 2.25],
};

Deno.test("median() is the middle one, or between the two in the middle", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  assertEquals(median([]), NaN);
});

Deno.test("ratio() and share() are of systems in the same round", () => {
  assertAlmostEquals(ratio(ROW, "tf.function"), 0.75);
  assertAlmostEquals(ratio(ROW, "PyTorch"), 0.5);
  assertAlmostEquals(share(ROW), GFLOP_OF_A_STEP / 0.3 / 400);
  const crossed: Row = {
    ...ROW,
    rounds: [[100, 100], [100, 400], [900, 1000]].map(([a, b]) => ({ Forger: timing(a!), PyTorch: timing(b!) })),
  };
  assertAlmostEquals(ratio(crossed, "PyTorch"), 0.9); // of 1, 1/4 and 0.9; the medians' ratio would be 1/4
});

Deno.test("middle() is NaN of a system that was not there", () => {
  assertEquals(middle(ROW, "PyTorch", ({ peak_rss_mb }) => peak_rss_mb), 1900);
  assertEquals(middle(ROW, "JAX", ({ median_ms }) => median_ms), NaN);
});

Deno.test("tableText() as Markdown is a table that can be pasted", () => {
  const [head, rule, row, empty, machine] = tableText([ROW], "markdown").split("\n");
  assertEquals(new Set([head, rule, row].map((line) => line!.split("|").length)).size, 1);
  assertEquals(row!.split("|").map((cell) => cell.trim()).slice(1, 9), [
    ...["tensorflow 2.21.0", "256/64/1", "450.0", "600.0", "900.0", "2.22", "0.75", "0.50"],
  ]);
  assertEquals(empty, "");
  assertStringIncludes(machine!, "at 266.7 GFLOP/s; a step at 256/64/1 reaches 75% of that");
});
