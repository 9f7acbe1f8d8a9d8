import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { tableText } from "./print.ts";
import { summary } from "./summary.ts";
import type { Measured, Table } from "./table.ts";
import { MEASURED, timing } from "./_measured.ts";

const machine = {
  ...{ date: "2026-11-23", os: "linux x86_64", cpu: "AMD EPYC", cores: 2, deno: "2.9.6" },
  systems: { Forger: "tensorflow 2.21.0 on CPU, 2 threads", PyTorch: "torch 2.15.0" },
};
const tableOf = (...measured: Measured[]): Table => ({
  machine,
  steps: 10,
  rows: measured.map((one) => ({ ...one, shown: summary(one) })),
});

Deno.test("tableText() as Markdown is a table that can be pasted, with the machine", () => {
  const [head, rule, row, empty, rate, , where] = tableText(tableOf(MEASURED), "markdown").split("\n");
  assertEquals(new Set([head, rule, row].map((line) => line!.split("|").length)).size, 1);
  assertEquals(row!.split("|").map((cell) => cell.trim()).slice(1, -1), [
    ...["tensorflow 2.21.0", "256", "64", "1", "450.0", "2.22", "1600"],
    ...["600.0", "100", "0.75", "900.0", "1900", "0.50"],
  ]);
  assertEquals(empty, "");
  assertStringIncludes(rate!, "at 266.7 GFLOP/s, and a step at 256/64/1 reaches 75% of that, counted as 89.6 GFLOP");
  assertEquals(
    where,
    "Measured on 2026-11-23: linux x86_64, 2 cores of AMD EPYC; Forger on Deno 2.9.6 with tensorflow 2.21.0 on CPU, 2 threads; beside it " +
      "torch 2.15.0. The middle of 3 rounds of 10 steps.",
  );
});

Deno.test("tableText() has dashes for a peer that was not there, and marks what was disturbed", () => {
  const rounds = [{ Forger: timing(20, 500, 40), PyTorch: timing(40) }];
  const text = tableText(tableOf({ ...MEASURED, rounds, matmul: [] }));
  const [head, row] = text.split("\n").map((line) => line.split(/ {2,}/));
  const cell = (name: string) => row![head!.indexOf(name)];
  assertEquals(["tf.function ms", "tf.function MiB", "to tf.function"].map(cell), ["-", "-", "-"]);
  assertEquals(["ms a step", "PyTorch ms", "to PyTorch"].map(cell), ["20.0*", "40.0", "0.50"]);
  assertStringIncludes(
    text,
    "\n* Disturbed: others used more than 10% of the processors during 256/64/1 Forger in round 1 (40%).",
  );
  assert(!text.includes("GFLOP"), "no rate where none was measured");
  assertStringIncludes(tableText(tableOf({ ...MEASURED, rounds, matmul: [] }), "markdown"), "\n\\* Disturbed: ");
});
