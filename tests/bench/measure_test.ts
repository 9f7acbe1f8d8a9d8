import { assert, assertEquals } from "@std/assert";
import os from "node:os";
import { clock, median, othersPercent, timedRun } from "./measure.ts";

Deno.test("median() returns the middle value, or the mean of the middle two", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  assertEquals(median([]), NaN);
});

Deno.test("othersPercent() returns the load without the timed work, in percent of all processors", () => {
  const before = { busy: 1000, all: 10_000 };
  assertEquals(othersPercent(before, { busy: 1800, all: 12_000 }, 500), 15); // 300 of 2000
  assertEquals(othersPercent(before, { busy: 1800, all: 12_000 }, 810), 0);
  assertEquals(othersPercent(before, before, 0), 0); // the clock does not advance
});

Deno.test("clock() counts busy time in milliseconds", () => {
  const before = clock();
  const start = performance.now();
  while (performance.now() - start < 500);
  const after = clock();
  // Other processes add to the busy time, and on a loaded machine this process gets only part of a processor.
  assert(after.busy - before.busy > 200, `${after.busy - before.busy} ms`);
  assert(after.all - before.all < 3 * os.cpus().length * (performance.now() - start), `${after.all - before.all} ms`);
});

Deno.test("timedRun() returns the exit status, the output, and the processor time including child processes", async () => {
  const loop = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
  const ended = await timedRun("sh", ["-c", `echo "a  b"; sh -c '${loop}'; exit 3`]);
  assertEquals([ended?.success, ended?.lines], [false, ["a  b"]]);
  assert(ended!.cpu > 20 && ended!.cpu < 60_000, `${ended!.cpu} ms`);
  const asleep = await timedRun("sleep", ["0.3"]);
  assertEquals(asleep?.success, true);
  assert(asleep!.cpu < 100, `${asleep!.cpu} ms`);
});

Deno.test("timedRun() passes arguments unchanged, and returns undefined if the program does not exist", async () => {
  assertEquals((await timedRun("echo", ["$HOME", "it's", '"two words"']))?.lines, [`$HOME it's "two words"`]);
  assertEquals(await timedRun("./no such program", []), undefined);
});
