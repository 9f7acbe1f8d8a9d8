import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { lastLine, task, withFolder } from "../cli/_task.ts";

Deno.test("bench prints one line of JSON, and nothing else on stdout", async () => {
  const { status, stdout, stderr } = await task("bench", ["step", "--size", "32", "--filters", "4", "--steps", "3", "--json"]);
  assertEquals(status, 0, stderr);
  assertEquals(stdout.trimEnd().split("\n").length, 1);
  const result = JSON.parse(stdout);
  const fields = ["backend", "version", "size", "filters", "batch", "steps", "min_ms", "median_ms", "peak_rss_mb"];
  assertEquals(Object.keys(result), fields);
  const { backend, size, filters, batch, steps } = result;
  assertEquals({ backend, size, filters, batch, steps }, { backend: "wasm", size: 32, filters: 4, batch: 1, steps: 3 });
  assert(result.min_ms > 0 && result.min_ms <= result.median_ms, stdout);
  // A Deno with tfjs in it is never smaller, and this one never as large as a graphics card's memory.
  assert(result.peak_rss_mb > 50 && result.peak_rss_mb < 20_000, stdout);
});

Deno.test("bench says it in a sentence without --json", async () => {
  const { stdout } = await task("bench", ["step", "--size", "32", "--filters", "4", "--steps", "2", "--batch", "2"]);
  assertMatch(
    stdout,
    /^One step at size 32, 4 filters, batch 2 on wasm [\d.]+: [\d.]+ ms in the middle of 2 steps, .* MiB at the peak\n$/,
  );
});

Deno.test("bench names a size that is not possible, with status 2", async () => {
  const ended = await task("bench", ["step", "--size", "50"]);
  assertEquals(ended.status, 2);
  assertStringIncludes(lastLine(ended), "Option --size: ");
});

/** A stand-in for a Python with a package: a script that says what it is told to, whatever it is asked. */
async function fakePython(folder: string, says: string): Promise<string> {
  const path = `${folder}/python`;
  await Deno.writeTextFile(path, `#!/bin/sh\n${says}\n`);
  await Deno.chmod(path, 0o755);
  return path;
}

const TINY = ["--only", "32/4/1", "--rounds", "2", "--steps", "2"];
/** No peers but those that a test names. */
const ALONE = { FORGER_TENSORFLOW_PYTHON: "", FORGER_TORCH_PYTHON: "" };

Deno.test("bench prints a table, with the ratio to a peer where there is one and a dash where there is none", async () => {
  await withFolder(async (folder) => {
    const python = await fakePython(folder, `echo '{"median_ms": 1000, "peak_rss_mb": 77, "peer": "torch 0"}'`);
    const { status, stdout, stderr } = await task("bench", TINY, { ...ALONE, FORGER_TORCH_PYTHON: python });
    assertEquals(status, 0, stderr);
    const [head, row] = stdout.split("\n").map((line) => line.split(/ {2,}/));
    const cell = (name: string) => row![head!.indexOf(name)]!.replace("*", ""); // this machine may be disturbed
    assertEquals(["size", "filters", "batch"].map(cell), ["32", "4", "1"]);
    assertEquals(["tf.function ms", "tf.function MiB", "to tf.function"].map(cell), ["-", "-", "-"]);
    assertEquals(["PyTorch ms", "PyTorch MiB"].map(cell), ["1000.0", "77"]);
    const milliseconds = Number(cell("ms a step"));
    assert(milliseconds > 0 && Number(cell("peak MiB")) > 50, stdout);
    assert(Math.abs(Number(cell("to PyTorch")) - milliseconds / 1000) < 0.006, stdout);
    assert(Math.abs(Number(cell("images/s")) * milliseconds / 1000 - 1) < 0.05, stdout);
    assertMatch(stdout, /\nMeasured on .*with wasm .*; beside it torch 0\. The middle of 2 rounds of 2 steps\.\n$/);
    assertStringIncludes(stderr, "--tensorflow PYTHON");
  });
});

Deno.test("bench gives every round as JSON, and what is shown of them", async () => {
  const { stdout, stderr } = await task("bench", ["table", ...TINY, "--json"], ALONE);
  const { machine, steps, rows: [row] } = JSON.parse(stdout);
  assert(machine.cores > 0 && machine.systems.Forger.startsWith("wasm "), stdout);
  assertEquals([steps, row.size, row.filters, row.batch, row.backend, row.rounds.length], [2, 32, 4, 1, "wasm", 2]);
  for (const { Forger } of row.rounds) assert(Forger.median_ms > 0 && Forger.others_percent >= 0, stdout);
  assertEquals([row.shown.peers, row.matmul], [{}, []]);
  assert(!stderr.includes("--torch"), "what reads JSON knows");
});

Deno.test("bench says in one line what a peer said last when it failed, and what configurations look like", async () => {
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
  assertStringIncludes(lastLine(wrong), 'Option --only: wanted for example "64/32/1,256/64/1", got "32/4"');
});

Deno.test("bench pipeline times pictures in memory and from files in turn", async () => {
  const sizes = ["--size", "32", "--filters", "4", "--steps", "3", "--rounds", "2"];
  const { status, stdout, stderr } = await task("bench", ["pipeline", ...sizes, "--json"]);
  assertEquals(status, 0, stderr);
  const { backend, size, filters, steps, rounds, ...middle } = JSON.parse(stdout);
  assertEquals([backend, size, filters, steps, rounds.length], ["wasm", 32, 4, 3, 2]);
  for (const { memory_ms, files_ms, extra_percent } of [middle, ...rounds]) {
    assert(memory_ms > 0 && files_ms > 0 && Number.isFinite(extra_percent), stdout);
  }
});

Deno.test("bench pipeline reads a folder that is given, over and over if it is small, and says it in a sentence", async () => {
  await withFolder(async (folder) => {
    const world = ["--count", "2", "--test", "0", "--size", "32", "--out", folder];
    assertEquals((await task("world", world)).status, 0);
    const sizes = ["--size", "32", "--filters", "4", "--steps", "3", "--rounds", "1"];
    const { status, stdout, stderr } = await task("bench", ["pipeline", ...sizes, "--data", `${folder}/train`]);
    assertEquals(status, 0, stderr);
    assertMatch(stdout, /^One step at size 32, 4 filters on wasm .*: .* ms on jpg files with jitter: -?[\d.]+% more, .*\n$/);
    const wrong = await task("bench", ["pipeline", ...sizes, "--data", folder]);
    assertEquals(wrong.status, 1);
    assertStringIncludes(lastLine(wrong), "choose one of its folders: train");
  });
});

Deno.test("bench tells its defaults in the help", async () => {
  const { stdout } = await task("bench", ["--help"]);
  const words = stdout.replaceAll(/\s+/g, " ");
  assertStringIncludes(words, "Default: 64/32/1,128/32/1,256/64/1,128/32/4,128/32/16.");
  assert(!words.includes("[object"), words);
});
