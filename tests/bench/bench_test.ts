import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { lastLine, task, withFolder } from "../cli/_task.ts";

const SMALL = ["--size", "32", "--filters", "4", "--steps", "2"];

Deno.test("bench step --json prints exactly one line of JSON on stdout", async () => {
  const { status, stdout, stderr } = await task("bench", ["step", "--system", "cyclegan", ...SMALL, "--json"]);
  assertEquals(status, 0, stderr);
  assertEquals(stdout.trimEnd().split("\n").length, 1);
  const { backend, size, filters, batch, steps, ...result } = JSON.parse(stdout);
  assertEquals({ backend, size, filters, batch, steps }, { backend: "wasm", size: 32, filters: 4, batch: 1, steps: 2 });
  assert(result.min_ms > 0 && result.min_ms <= result.median_ms, stdout);
  assert(result.gflop_per_second > 0.001 && Math.abs(result.first_at - Date.now()) < 600_000, stdout);
  // Plausible limits: Deno with tfjs needs more than 50 MiB.
  assert(result.peak_rss_mb > 50 && result.peak_rss_mb < 20_000, stdout);
  const { xToY, yToX, discriminatorX } = result.weights;
  assert(xToY === yToX && xToY > discriminatorX && discriminatorX > 1000, stdout);
});

Deno.test("bench step prints a sentence without --json", async () => {
  const { stdout } = await task("bench", ["step", ...SMALL, "--batch", "2"]);
  assertMatch(stdout, /^One step at size 32, 4 filters, batch 2 on wasm [\d.]+: median [\d.]+ ms of 2, .* GFLOP\/s\n$/);
});

Deno.test("bench step in bfloat16 needs no permissions but those of the task", async () => {
  const { status, stderr } = await task("bench", ["step", ...SMALL, "--backend", "tensorflow", "--precision", "bfloat16"]);
  assert(status === 0 || /no instructions for it|Cannot use the backend "tensorflow"/.test(stderr), stderr);
});

Deno.test("bench step rejects an unsupported size with exit status 2", async () => {
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

const TINY = ["--only", "pix2pix:32/4/1", "--steps", "2"];
const RESULT = { version: "torch 0", min_ms: 1000, median_ms: 1000, first_at: 0, peak_rss_mb: 77, weights: {} };
/** Environment variables that select no peers. */
const ALONE = { FORGER_TENSORFLOW_PYTHON: "", FORGER_TORCH_PYTHON: "" };

Deno.test("bench prints a table with the ratios to stock and tuned peers", async () => {
  await withFolder(async (folder) => {
    // A stock process prints 1000 ms, a tuned one, which has the variables for malloc, 500 ms.
    const tuned = JSON.stringify({ ...RESULT, median_ms: 500 });
    const python = await fakePython(
      folder,
      `[ -n "$MALLOC_TOP_PAD_" ] && echo '${tuned}' || echo '${JSON.stringify(RESULT)}'`,
    );
    const args = [...TINY, "--rounds", "2", "--tuned", "--markdown"];
    const { status, stdout, stderr } = await task("bench", args, { ...ALONE, FORGER_TORCH_PYTHON: python });
    assertEquals(status, 0, stderr);
    const [head, , row] = stdout.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
    assertEquals([row![1], row![head!.indexOf("stock peer")], row![head!.indexOf("best peer")]], [
      ...["pix2pix:32/4/1", "PyTorch", "PyTorch, tuned"],
    ]);
    const ms = Number(row![2]!.replace("*", "")); // the mark of a disturbed time
    const ratios = row!.filter((_, i) => head![i] === "ratio").map(Number);
    assert(ms > 0 && ratios.every((ratio, i) => Math.abs(ratio - ms / [1000, 500][i]!) < 0.006), stdout);
    assertMatch(stdout, /\nMeasured on .*with wasm .*; for comparison torch 0\. Medians of 2 rounds\.\n$/);
    assertStringIncludes(stderr, "pix2pix:32/4/1, round 2 of 2: PyTorch, tuned, contiguous\n");
    assertMatch(stderr, /\npix2pix:32\/4\/1: [\d.]+ ms; PyTorch 1000 ms \([\d.]+\); PyTorch, tuned 500 ms/);
    assertStringIncludes(stderr, "--tensorflow PYTHON");
  });
});

Deno.test("bench --quick --json times Forger alone, and includes every round and the summary", async () => {
  const args = ["table", "--only", "pix2pix:32/4/1,use:32/4/1", "--quick", "--json"];
  const { stdout, stderr } = await task("bench", args, { ...ALONE, FORGER_TORCH_PYTHON: "/nothing" });
  const { machine, rows } = JSON.parse(stdout);
  assert(machine.cores > 0, stdout);
  assertEquals(rows.map((row: Record<string, unknown>) => [row["what"], row["steps"]]), [["pix2pix", 3], ["use", 3]]);
  for (const { rounds, shown: { milliseconds, gflop } } of rows) {
    assertEquals(rounds.length, 1);
    assert(milliseconds > 0 && gflop > 0 && rounds[0].Forger.others_percent >= 0, stdout);
  }
  assert(!stderr.includes("--torch"), "no hint with --quick");
});

Deno.test("bench quotes the last line of a peer that failed, and shows the form of a row", async () => {
  await withFolder(async (folder) => {
    const python = await fakePython(folder, "echo No module named torch >&2; exit 1");
    const failed = await task("bench", [...TINY, "--torch", python], ALONE);
    assertEquals(failed.status, 1);
    assertMatch(lastLine(failed), /^Cannot time pix2pix:32\/4\/1 with PyTorch: .*python ended with "No module named torch"$/);
    const missing = await task("bench", [...TINY, "--torch", `${folder}/nothing`], ALONE);
    assertMatch(lastLine(missing), /^Cannot time pix2pix:32\/4\/1 with PyTorch: .*nothing does not start$/);
  });
  const wrong = await task("bench", ["--only", "32/4/1"]);
  assertEquals(wrong.status, 2);
  assertStringIncludes(lastLine(wrong), 'Option --only: expected a list such as "cyclegan,pix2pix:256/64/1", got "32/4/1"');
});

Deno.test("bench use times translation with running statistics, and as in the paper", async () => {
  const { status, stdout, stderr } = await task("bench", ["use", ...SMALL, "--batch", "2", "--json"]);
  assertEquals(status, 0, stderr);
  const { batch, median_ms, others, weights } = JSON.parse(stdout);
  assert(batch === 2 && median_ms > 0 && others["as in the paper"] > 0 && weights.generator > 1000, stdout);
});

Deno.test("bench translate times the task on files", async () => {
  const { status, stdout, stderr } = await task("bench", ["translate", ...SMALL, "--backend", "wasm"]);
  assertEquals(status, 0, stderr);
  assertMatch(
    stdout,
    /^One file of deno task translate at size 32, 4 filters, batch 1 on wasm [\d.]+: median [\d.]+ ms of 2, minimum [\d.]+ ms; /,
  );
});

Deno.test("bench pipeline times images from files and in memory", async () => {
  const { status, stdout, stderr } = await task("bench", ["pipeline", ...SMALL, "--rounds", "2", "--json"]);
  assertEquals(status, 0, stderr);
  const { backend, size, filters, steps, median_ms, others } = JSON.parse(stdout);
  assertEquals([backend, size, filters, steps], ["wasm", 32, 4, 2]);
  assert(median_ms > 0 && others["in memory"] > 0, stdout);
});

Deno.test("bench pipeline reads a given folder, repeatedly if it is small, and prints a sentence", async () => {
  await withFolder(async (folder) => {
    const world = ["--count", "2", "--test", "0", "--size", "32", "--out", folder];
    assertEquals((await task("world", world)).status, 0);
    const { status, stdout, stderr } = await task("bench", ["pipeline", ...SMALL, "--rounds", "1", "--data", `${folder}/train`]);
    assertEquals(status, 0, stderr);
    assertMatch(stdout, /^One step on jpg files with jitter at size 32, 4 filters, batch 1 on wasm .*; in memory: [\d.]+ ms; /);
    const wrong = await task("bench", ["pipeline", ...SMALL, "--data", folder]);
    assertEquals(wrong.status, 1);
    assertStringIncludes(lastLine(wrong), "choose one of its subfolders: train");
  });
});

Deno.test("bench --help lists the rows", async () => {
  const { stdout } = await task("bench", ["--help"]);
  const words = stdout.replaceAll(/\s+/g, " ");
  assertStringIncludes(words, "Default: pix2pix:64/32/1, pix2pix:128/32/1, pix2pix:256/64/1, ");
  assert(!words.includes("[object"), words);
});
