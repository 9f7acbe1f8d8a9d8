import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { lastLine, task } from "./_task.ts";

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
