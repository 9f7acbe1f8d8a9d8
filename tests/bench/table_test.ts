import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { only, type Row } from "./rows.ts";
import type { Timing } from "./systems.ts";
import { type Measured, type Round, summary, type Table, tableText } from "./table.ts";

/** Returns a system's result. */
function timing(median_ms: number, more: Partial<Timing> = {}): Timing {
  const times = { min_ms: median_ms, median_ms, first_at: 0, start_ms: 10 * median_ms };
  return { version: "Forger 1", kind: "own", ...times, peak_rss_mb: 100, weights: {}, others_percent: 0, ...more };
}
const stock = (ms: number, more: Partial<Timing> = {}) => timing(ms, { kind: "stock", version: "torch 2.15.0", ...more });
const tuned = (ms: number, more: Partial<Timing> = {}) => timing(ms, { kind: "tuned", version: "torch 2.15.0", ...more });

const rowOf = (name: string): Row => only.read(name)![0]!;
const measured = (name: string, ...rounds: Round[]): Measured => ({ ...rowOf(name), rounds });

/** Measurements on a machine whose speed halves from round to round, which does not change the ratios. */
const MEASURED = measured(
  "pix2pix:256/64/1",
  ...[1, 1.5, 2.25].map((slow) => ({
    Forger: timing(300 * slow, { peak_rss_mb: 1600, gflop_per_second: 400 / slow, computes: "tensorflow 2.21.0 on CPU" }),
    PyTorch: stock(600 * slow, { peak_rss_mb: 1900 }),
    "tf.function": stock(700 * slow, { version: "tensorflow 2.21.0" }),
    "PyTorch, tuned": tuned(400 * slow, { peak_rss_mb: 1800 }),
    "PyTorch, tuned, contiguous": tuned(500 * slow),
  })),
);

Deno.test("summary() returns medians over the rounds, ratios within a round, and the fastest peers", () => {
  const { milliseconds, peak_rss_mb, images_per_second, gflop, stock, best, others, disturbed } = summary(MEASURED);
  assertEquals([milliseconds, peak_rss_mb, images_per_second], [450, 1600, 2.22]);
  assertEquals(gflop, 120); // 0.3 s at 400 GFLOP/s
  assertEquals(stock, { name: "PyTorch", milliseconds: 900, peak_rss_mb: 1900, ratio: 0.5 });
  assertEquals(best, { name: "PyTorch, tuned", milliseconds: 600, peak_rss_mb: 1800, ratio: 0.75 });
  assertEquals(others.map(({ ratio }) => ratio), [0.5, 0.429, 0.75, 0.6]);
  assertEquals(disturbed, []);
});

Deno.test("summary() takes the median of the ratios, not the ratio of the medians", () => {
  const rounds = [[100, 100], [100, 400], [900, 1000]].map(([a, b]) => ({ Forger: timing(a!), PyTorch: stock(b!) }));
  assertEquals(summary(measured("cyclegan", ...rounds)).stock!.ratio, 0.9); // of 1, 1/4 and 0.9
});

Deno.test("summary() takes a stock peer as the best if it is faster than the tuned ones, and none without tuned ones", () => {
  const round = { Forger: timing(50), OpenVINO: stock(40), "PyTorch, tuned": tuned(45) };
  assertEquals(summary(measured("use:256/64/1", round)).best!.name, "OpenVINO");
  const { best, stock: fastest } = summary(measured("use:256/64/1", { Forger: timing(50), PyTorch: stock(40) }));
  assertEquals([best, fastest!.name], [undefined, "PyTorch"]);
});

Deno.test("summary() of the start compares the times to the end of the first step", () => {
  const { milliseconds, stock: peer } = summary(measured("start", { Forger: timing(200), PyTorch: stock(400) }));
  assertEquals([milliseconds, peer!.milliseconds], [2000, 4000]);
});

Deno.test("summary() lists disturbed times and includes them in the medians", () => {
  const { milliseconds, disturbed } = summary(measured(
    "cyclegan",
    { Forger: timing(20, { others_percent: 10 }), PyTorch: stock(40, { others_percent: 35 }) },
    { Forger: timing(30, { others_percent: 10.1 }), PyTorch: stock(40) },
  ));
  assertEquals(milliseconds, 25);
  assertEquals(disturbed, [
    { system: "PyTorch", round: 1, others_percent: 35 },
    { system: "Forger", round: 2, others_percent: 10.1 },
  ]);
});

const machine = { date: "2026-11-23", os: "linux x86_64", cpu: "AMD EPYC", cores: 2, deno: "2.9.6" };
const tableOf = (...measured: Measured[]): Table => ({
  machine,
  rows: measured.map((one) => ({ ...one, shown: summary(one) })),
});
const cellsOf = (line: string) => line.split("|").map((cell) => cell.trim()).slice(1, -1);

Deno.test("tableText() in Markdown returns an aligned table and describes the machine", () => {
  const [head, rule, row, , rate, , where] = tableText(tableOf(MEASURED), "markdown").split("\n");
  assertEquals(new Set([head, rule, row].map((line) => line!.length)).size, 1);
  assertEquals(cellsOf(head!), [
    ...["row", "ms", "images/s", "MiB", "GFLOP"],
    ...["stock peer", "ms", "MiB", "ratio", "best peer", "ms", "MiB", "ratio", "bar"],
  ]);
  assertEquals(cellsOf(row!), [
    ...["pix2pix:256/64/1", "450.0", "2.22", "1600", "120.0"],
    ...["PyTorch", "900.0", "1900", "0.50", "PyTorch, tuned", "600.0", "1800", "0.75", "0.67"],
  ]);
  assertStringIncludes(rate!, "A step at pix2pix:256/64/1 has 89.6 GFLOP, counted with direct convolutions: 75% of that rate.");
  assertEquals(
    where,
    "Measured on 2026-11-23: linux x86_64, 2 cores of AMD EPYC; Forger on Deno 2.9.6 with tensorflow 2.21.0 on CPU; " +
      "for comparison torch 2.15.0, tensorflow 2.21.0. Medians of 3 rounds.",
  );
});

Deno.test("tableText() omits the columns of peers that no row has, and prints dashes for a row without them", () => {
  const alone = measured("pix2pix:64/32/1:wasm", { Forger: timing(180) });
  const [head, row] = tableText(tableOf(alone), "markdown").split("\n").filter((_, i) => i !== 1).map(cellsOf);
  assertEquals(head, ["row", "ms", "images/s", "MiB", "GFLOP", "bar"]);
  assertEquals(row, ["pix2pix:64/32/1:wasm", "180.0", "5.56", "100", "-", "110 ms"]);
  const both = tableText(tableOf(MEASURED, alone), "markdown").split("\n");
  assertEquals(cellsOf(both[3]!).slice(5), [...Array<string>(8).fill("-"), "110 ms"]);
});

Deno.test("tableText() compares Forger with other ways to use it, and marks disturbed times", () => {
  const round = { Forger: timing(180, { others_percent: 40 }), "Forger, float32": timing(300) };
  const text = tableText(tableOf(measured("pix2pix:256/64/1:bfloat16", round)));
  assertStringIncludes(text, "180.0*");
  assertStringIncludes(text, "\npix2pix:256/64/1:bfloat16 takes 0.60 of the time of Forger, float32 (300 ms; bar 0.60).\n");
  const disturbed = "Disturbed: other processes used more than 10% of the processors during rounds of " +
    "pix2pix:256/64/1:bfloat16 Forger in 1 of 1 (up to 40%).";
  assertStringIncludes(text, `\n* ${disturbed}`);
  assertStringIncludes(tableText(tableOf(measured("pix2pix:256/64/1:bfloat16", round)), "markdown"), `\n\\* ${disturbed}`);
  assert(!text.includes("GFLOP:"), "no rate was measured");
});
