import os from "node:os";
import { assert, assertEquals } from "@std/assert";
import { clock, othersPercent } from "./others.ts";

Deno.test("othersPercent() is what was worked and was not one's own, of all processors", () => {
  const before = { busy: 1000, all: 10_000 };
  assertEquals(othersPercent(before, { busy: 1800, all: 12_000 }, 500), 15); // 300 of 2000
  assertEquals(othersPercent(before, { busy: 1800, all: 12_000 }, 810), 0);
  assertEquals(othersPercent(before, before, 0), 0); // no clock
});

Deno.test("clock() counts work in milliseconds", () => {
  const before = clock();
  const start = performance.now();
  while (performance.now() - start < 500);
  const after = clock();
  // Others may work too, and a machine that is full gives this process less than all of a processor; ticks are 10 ms.
  assert(after.busy - before.busy > 200, `${after.busy - before.busy} ms`);
  assert(after.all - before.all < 3 * os.cpus().length * (performance.now() - start), `${after.all - before.all} ms`);
});
