import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { lastLine, task, withFolder } from "../cli/_task.ts";

Deno.test("bench --json prints exactly one line of JSON on stdout", async () => {
  const { status, stdout, stderr } = await task("bench", ["step", "--size", "32", "--filters", "4", "--steps", "3", "--json"]);
  assertEquals(status, 0, stderr);
  assertEquals(stdout.trimEnd().split("\n").length, 1);
  const result = JSON.parse(stdout);
  const fields = ["backend", "version", "size", "filters", "batch", "steps", "min_ms", "median_ms", "peak_rss_mb"];
  assertEquals(Object.keys(result), fields);
  const { backend, size, filters, batch, steps } = result;
  assertEquals({ backend, size, filters, batch, steps }, { backend: "wasm", size: 32, filters: 4, batch: 1, steps: 3 });
  assert(result.min_ms > 0 && result.min_ms <= result.median_ms, stdout);
  // Plausible limits: Deno with tfjs needs more than 50 MiB.
  assert(result.peak_rss_mb > 50 && result.peak_rss_mb < 20_000, stdout);
});

Deno.test("bench prints a sentence without --json", async () => {
  const { stdout } = await task("bench", ["step", "--size", "32", "--filters", "4", "--steps", "2", "--batch", "2"]);
  assertMatch(
    stdout,
    /^One step at size 32, 4 filters, batch 2 on wasm [\d.]+: median [\d.]+ ms of 2 steps, .* MiB\n$/,
  );
});

Deno.test("bench rejects an unsupported size with exit status 2", async () => {
  const ended = await task("bench", ["step", "--size", "50"]);
  assertEquals(ended.status, 2);
  assertStringIncludes(lastLine(ended), "Option --size: ");
});

/** Creates a stand-in for a Python interpreter with a peer's package: a shell script that ignores its arguments. */
async function fakePython(folder: string, commands: string): Promise<string> {
  const path = `${folder}/python`;
  await Deno.writeTextFile(path, `#!/bin/sh\n${commands}\n`);
  await Deno.chmod(path, 0o755);
  return path;
}

const TINY = ["--only", "32/4/1", "--rounds", "2", "--steps", "2"];
/** Environment variables that select no peers. */
const ALONE = { FORGER_TENSORFLOW_PYTHON: "", FORGER_TORCH_PYTHON: "" };

Deno.test("bench prints a table with the ratio to a peer, and dashes for a missing one", async () => {
  await withFolder(async (folder) => {
    const python = await fakePython(folder, `echo '{"median_ms": 1000, "peak_rss_mb": 77, "peer": "torch 0"}'`);
    const { status, stdout, stderr } = await task("bench", TINY, { ...ALONE, FORGER_TORCH_PYTHON: python });
    assertEquals(status, 0, stderr);
    const [head, row] = stdout.split("\n").map((line) => line.split(/ {2,}/));
    const cell = (name: string) => row![head!.indexOf(name)]!.replace("*", ""); // the mark of a disturbed time
    assertEquals(["size", "filters", "batch"].map(cell), ["32", "4", "1"]);
    assertEquals(["tf.function ms", "tf.function MiB", "to tf.function"].map(cell), ["-", "-", "-"]);
    assertEquals(["PyTorch ms", "PyTorch MiB"].map(cell), ["1000.0", "77"]);
    const milliseconds = Number(cell("ms a step"));
    assert(milliseconds > 0 && Number(cell("peak MiB")) > 50, stdout);
    assert(Math.abs(Number(cell("to PyTorch")) - milliseconds / 1000) < 0.006, stdout);
    assert(Math.abs(Number(cell("images/s")) * milliseconds / 1000 - 1) < 0.05, stdout);
    assertMatch(stdout, /\nMeasured on .*with wasm .*; for comparison torch 0\. Medians of 2 rounds of 2 steps\.\n$/);
    assertStringIncludes(stderr, "--tensorflow PYTHON");
  });
});

Deno.test("bench --json includes every round and the summary", async () => {
  const { stdout, stderr } = await task("bench", ["table", ...TINY, "--json"], ALONE);
  const { machine, steps, rows: [row] } = JSON.parse(stdout);
  assert(machine.cores > 0 && machine.systems.Forger.startsWith("wasm "), stdout);
  assertEquals([steps, row.size, row.filters, row.batch, row.backend, row.rounds.length], [2, 32, 4, 1, "wasm", 2]);
  for (const { Forger } of row.rounds) assert(Forger.median_ms > 0 && Forger.others_percent >= 0, stdout);
  assertEquals([row.shown.peers, row.matmul], [{}, []]);
  assert(!stderr.includes("--torch"), "no hint with --json");
});

Deno.test("bench quotes the last line of a peer that failed, and shows the form of a configuration", async () => {
  await withFolder(async (folder) => {
    const python = await fakePython(folder, "echo No module named torch >&2; exit 1");
    const failed = await task("bench", [...TINY, "--torch", python], ALONE);
    assertEquals(failed.status, 1);
    assertMatch(lastLine(failed), /^Cannot time PyTorch: .*python ended with "No module named torch"$/);
    const missing = await task("bench", [...TINY, "--torch", `${folder}/nothing`], ALONE);
    assertMatch(lastLine(missing), /^Cannot time PyTorch: .*nothing does not start$/);
  });
  const wrong = await task("bench", ["--only", "32/4"]);
  assertEquals(wrong.status, 2);
  assertStringIncludes(lastLine(wrong), 'Option --only: expected a list such as "64/32/1,256/64/1", got "32/4"');
});

Deno.test("bench pipeline times images in memory and from files", async () => {
  const sizes = ["--size", "32", "--filters", "4", "--steps", "3", "--rounds", "2"];
  const { status, stdout, stderr } = await task("bench", ["pipeline", ...sizes, "--json"]);
  assertEquals(status, 0, stderr);
  const { backend, size, filters, steps, rounds, ...medians } = JSON.parse(stdout);
  assertEquals([backend, size, filters, steps, rounds.length], ["wasm", 32, 4, 3, 2]);
  for (const { memory_ms, files_ms, extra_percent } of [medians, ...rounds]) {
    assert(memory_ms > 0 && files_ms > 0 && Number.isFinite(extra_percent), stdout);
  }
});

Deno.test("bench pipeline reads a given folder, repeatedly if it is small, and prints a sentence", async () => {
  await withFolder(async (folder) => {
    const world = ["--count", "2", "--test", "0", "--size", "32", "--out", folder];
    assertEquals((await task("world", world)).status, 0);
    const sizes = ["--size", "32", "--filters", "4", "--steps", "3", "--rounds", "1"];
    const { status, stdout, stderr } = await task("bench", ["pipeline", ...sizes, "--data", `${folder}/train`]);
    assertEquals(status, 0, stderr);
    assertMatch(stdout, /^One step at size 32, 4 filters on wasm .*: .* ms on jpg files with jitter: -?[\d.]+% more, .*\n$/);
    const wrong = await task("bench", ["pipeline", ...sizes, "--data", folder]);
    assertEquals(wrong.status, 1);
    assertStringIncludes(lastLine(wrong), "choose one of its subfolders: train");
  });
});

Deno.test("bench --help shows the default configurations", async () => {
  const { stdout } = await task("bench", ["--help"]);
  const words = stdout.replaceAll(/\s+/g, " ");
  assertStringIncludes(words, "Default: 64/32/1,128/32/1,256/64/1,128/32/4,128/32/16.");
  assert(!words.includes("[object"), words);
});
