import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { GFLOP_OF_A_STEP } from "./step.ts";
import { type Measured, summary, type Table, tableText } from "./table.ts";

/** Returns a system's result, with a given load of other processes. */
const timing = (median_ms: number, peak_rss_mb = 100, others_percent = 0) => ({
  median_ms,
  peak_rss_mb,
  others_percent,
});

/** Measurements on a machine whose speed halves from round to round, which does not change the ratios. */
const MEASURED: Measured = {
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

Deno.test("summary() returns medians over the rounds, and ratios within a round", () => {
  const { median_ms, peak_rss_mb, images_per_second, peers, matmul, disturbed } = summary(MEASURED);
  assertEquals([median_ms, peak_rss_mb, images_per_second], [450, 1600, 2.22]);
  assertEquals(peers["tf.function"], { median_ms: 600, peak_rss_mb: 100, ratio: 0.75 });
  assertEquals(peers.PyTorch, { median_ms: 900, peak_rss_mb: 1900, ratio: 0.5 });
  assertEquals(matmul, { gflop_per_second: 266.7, share_percent: Math.round(GFLOP_OF_A_STEP / 0.3 / 400 * 1000) / 10 });
  assertEquals(disturbed, []);
});

Deno.test("summary() takes the median of the ratios, not the ratio of the medians", () => {
  const rounds = [[100, 100], [100, 400], [900, 1000]].map(([a, b]) => ({ Forger: timing(a!), PyTorch: timing(b!) }));
  assertEquals(summary({ ...MEASURED, rounds, matmul: [] }).peers.PyTorch!.ratio, 0.9); // of 1, 1/4 and 0.9
});

Deno.test("summary() omits systems and matrix products that were not measured", () => {
  const { peers, matmul } = summary({ ...MEASURED, rounds: [{ Forger: timing(20) }], matmul: [] });
  assertEquals({ peers, matmul }, { peers: {}, matmul: undefined });
});

Deno.test("summary() lists disturbed times and includes them in the medians", () => {
  const rounds = [
    { Forger: timing(20, 100, 10), PyTorch: timing(40, 100, 35) },
    { Forger: timing(30, 100, 10.1), PyTorch: timing(40) },
  ];
  const matmul = MEASURED.matmul.slice(0, 2).map((rate, i) => ({ ...rate, others_percent: i * 50 }));
  const { median_ms, disturbed } = summary({ ...MEASURED, rounds, matmul });
  assertEquals(median_ms, 25);
  assertEquals(disturbed, [
    { system: "PyTorch", round: 1, others_percent: 35 },
    { system: "Forger", round: 2, others_percent: 10.1 },
    { system: "matmul", round: 2, others_percent: 50 },
  ]);
});

const machine = {
  ...{ date: "2026-11-23", os: "linux x86_64", cpu: "AMD EPYC", cores: 2, deno: "2.9.6" },
  systems: { Forger: "tensorflow 2.21.0 on CPU, 2 threads", PyTorch: "torch 2.15.0" },
};
const tableOf = (...measured: Measured[]): Table => ({
  machine,
  steps: 10,
  rows: measured.map((one) => ({ ...one, shown: summary(one) })),
});

Deno.test("tableText() in Markdown returns an aligned table and describes the machine", () => {
  const [head, rule, row, empty, rate, , where] = tableText(tableOf(MEASURED), "markdown").split("\n");
  assertEquals(new Set([head, rule, row].map((line) => line!.split("|").length)).size, 1);
  assertEquals(row!.split("|").map((cell) => cell.trim()).slice(1, -1), [
    ...["tensorflow 2.21.0", "256", "64", "1", "450.0", "2.22", "1600"],
    ...["600.0", "100", "0.75", "900.0", "1900", "0.50"],
  ]);
  assertEquals(empty, "");
  assertStringIncludes(rate!, "at 266.7 GFLOP/s on this machine. A step at 256/64/1 reaches 75% of that, counted as 89.6 GFLOP");
  assertEquals(
    where,
    "Measured on 2026-11-23: linux x86_64, 2 cores of AMD EPYC; Forger on Deno 2.9.6 with tensorflow 2.21.0 on CPU, 2 threads; " +
      "for comparison torch 2.15.0. Medians of 3 rounds of 10 steps.",
  );
});

Deno.test("tableText() prints dashes for a missing peer and marks disturbed times", () => {
  const rounds = [{ Forger: timing(20, 500, 40), PyTorch: timing(40) }];
  const text = tableText(tableOf({ ...MEASURED, rounds, matmul: [] }));
  const [head, row] = text.split("\n").map((line) => line.split(/ {2,}/));
  const cell = (name: string) => row![head!.indexOf(name)];
  assertEquals(["tf.function ms", "tf.function MiB", "to tf.function"].map(cell), ["-", "-", "-"]);
  assertEquals(["ms a step", "PyTorch ms", "to PyTorch"].map(cell), ["20.0*", "40.0", "0.50"]);
  assertStringIncludes(
    text,
    "\n* Disturbed: other processes used more than 10% of the processors during 256/64/1 Forger in round 1 (40%).",
  );
  assert(!text.includes("GFLOP"), "no matrix products were measured");
  assertStringIncludes(tableText(tableOf({ ...MEASURED, rounds, matmul: [] }), "markdown"), "\n\\* Disturbed: ");
});
