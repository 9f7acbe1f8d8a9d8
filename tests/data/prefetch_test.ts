import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { prefetch } from "../../lib/data/prefetch.ts";

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Jobs that take longer the earlier they are, and say when they run. */
function watched(count: number, fails?: number) {
  const seen = { started: 0, running: 0, most: 0, finished: 0 };
  const jobs = Array.from({ length: count }, (_, number) => async () => {
    seen.started++;
    seen.most = Math.max(seen.most, ++seen.running);
    await pause(number % 2 === 0 ? 8 : 1);
    seen.running--;
    seen.finished++;
    if (number === fails) throw new Error(`job ${number} failed`);
    return number;
  });
  return { jobs, seen };
}

Deno.test("prefetch() keeps the order and runs several jobs at once, but not more than asked", async () => {
  const { jobs, seen } = watched(12);
  const results = [];
  for await (const result of prefetch(jobs, 4)) results.push(result);
  assertEquals(results, Array.from({ length: 12 }, (_, i) => i));
  assertEquals(seen.most, 4);
});

Deno.test("prefetch() works on while the reader is busy, and no further than asked", async () => {
  const { jobs, seen } = watched(20);
  const reader = prefetch(jobs, 5);
  assertEquals(seen.started, 0);
  await reader.next();
  await pause(40);
  assertEquals(seen.finished, 5); // the one taken and four that wait
  await reader.return();
});

Deno.test("prefetch() starts nothing after a break and leaves nothing running", async () => {
  const { jobs, seen } = watched(20);
  for await (const result of prefetch(jobs, 4)) if (result === 2) break;
  assertEquals(seen.running, 0);
  const started = seen.started;
  assertLessOrEqual(started, 7);
  await pause(20);
  assertEquals(seen.started, started);
});

Deno.test("prefetch() throws a failure where its result would have come", async () => {
  const { jobs, seen } = watched(20, 3);
  const results: number[] = [];
  await assertRejects(
    async () => {
      for await (const result of prefetch(jobs, 6)) results.push(result);
    },
    Error,
    "job 3 failed",
  );
  assertEquals(results, [0, 1, 2]);
  assertEquals(seen.running, 0);
  assert(seen.started < 20);
});

Deno.test("prefetch() throws on a number ahead that is not possible", async () => {
  await assertRejects(() => prefetch([], 0).next(), RangeError, "got 0");
});
