import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { type Held, slope, soakSentence, summarize } from "./soak.ts";
import { task } from "../cli/_task.ts";

Deno.test("slope() returns the slope of the regression line", () => {
  assertAlmostEquals(slope([[0, 5], [1, 7], [3, 11]]), 2, 1e-12);
  assertAlmostEquals(slope([[0, 0], [1, 3], [2, 0]]), 0, 1e-12);
  assertEquals(slope([[1, 1]]), 0);
});

/** Measurements in which memory grows by 90 MiB in the first 5 minutes and then by 2 MiB per hour. */
const HELD: Held[] = Array.from({ length: 61 }, (_, minute) => ({
  minute,
  step: minute * 1000,
  tensors: minute < 5 ? 200 : 178,
  rss_mib: minute < 5 ? 500 + 18 * minute : 600 + minute / 30,
  heap_mib: 40,
  external_mib: 20,
  handles: minute % 2 ? 30 : 28,
}));

Deno.test("summarize() ignores the first minutes", () => {
  const { tensors, handles, rss_mib, slope_mib_per_hour } = summarize(HELD, 60);
  assertEquals({ tensors, handles, slope_mib_per_hour }, { tensors: [178, 178], handles: [28, 30], slope_mib_per_hour: 2 });
  assertEquals(rss_mib, [600 + 5 / 30, 602]);
  assertEquals(summarize(HELD.map((held) => ({ ...held, handles: null })), 60).handles, null);
});

Deno.test("bench soak trains for the given time and leaks no tensors", async () => {
  const args = ["soak", "--size", "32", "--filters", "2", "--minutes", "0.2", "--json"];
  const { status, stdout, stderr } = await task("bench", args);
  assertEquals(status, 0, stderr);
  const result = JSON.parse(stdout);
  assert(result.steps > 0 && result.held.length > 0, stdout);
  assertEquals(result.tensors[0], result.tensors[1]);
  assertMatch(
    soakSentence(result),
    /^0.2 minutes of training at size 32, 2 filters: \d+ steps, \d+ checkpoints?; after .* MiB an hour$/,
  );
});
