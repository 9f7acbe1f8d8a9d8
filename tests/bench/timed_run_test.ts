import { assert, assertEquals } from "@std/assert";
import { timedRun } from "./timed_run.ts";

Deno.test("timedRun() tells how a program ended, what it said and its processor time, with that of what it started", async () => {
  const loop = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
  const ended = await timedRun("sh", ["-c", `echo "a  b"; sh -c '${loop}'; exit 3`]);
  assertEquals([ended?.success, ended?.lines], [false, ["a  b"]]);
  assert(ended!.cpu > 20 && ended!.cpu < 60_000, `${ended!.cpu} ms`);
  const asleep = await timedRun("sleep", ["0.3"]);
  assertEquals(asleep?.success, true);
  assert(asleep!.cpu < 100, `${asleep!.cpu} ms`);
});

Deno.test("timedRun() gives a program its arguments as they are, and undefined for one that is not there", async () => {
  assertEquals((await timedRun("echo", ["$HOME", "it's", '"two words"']))?.lines, [`$HOME it's "two words"`]);
  assertEquals(await timedRun("./no such program", []), undefined);
});
