import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { LossHistory, lossNames, meanPoint } from "../../lib/plot/history.ts";

const step = (n: number, loss: number) => ({ epoch: 1, step: n, losses: { loss } });

Deno.test("LossHistory keeps every step below its capacity", () => {
  const history = new LossHistory(10);
  for (let n = 1; n <= 9; n++) history.add(step(n, n));
  assertEquals([...history].map((point) => [point.step, point.losses.loss]), Array.from({ length: 9 }, (_, i) => [i + 1, i + 1]));
  assertEquals(history.stepsPerPoint, 1);
});

Deno.test("LossHistory averages neighbouring points at its capacity", () => {
  const history = new LossHistory(8);
  for (let n = 1; n <= 100; n++) {
    history.add(step(n, n));
    assert(history.length <= 8, `${history.length} points after ${n} steps`);
  }
  // Full at 8 steps (then 2 steps per point), at 16 (then 4), at 32 (then 8) and at 64 (then 16).
  assertEquals(history.stepsPerPoint, 16);
  const kept = [...history];
  assertEquals(kept.map((point) => point.step), [16, 32, 48, 64, 80, 96, 100]);
  assertEquals(kept.map((point) => point.losses.loss), [8.5, 24.5, 40.5, 56.5, 72.5, 88.5, 98.5]);
});

Deno.test("LossHistory throws on a capacity below two points", () => {
  assertThrows(() => new LossHistory(1), RangeError, "got 1");
});

Deno.test("meanPoint() averages the losses of each name and keeps NaN", () => {
  const mean = meanPoint([
    { epoch: 1, step: 1, losses: { a: 1, b: NaN } },
    { epoch: 2, step: 2, losses: { a: 2, b: 1, c: 5 } },
  ]);
  assertEquals([mean.epoch, mean.step], [2, 2]);
  assertAlmostEquals(mean.losses.a!, 1.5);
  assert(Number.isNaN(mean.losses.b));
  assertEquals(mean.losses.c, 5);
  assertEquals(lossNames([mean, { epoch: 1, step: 1, losses: { z: 1, a: 1 } }]), ["a", "b", "c", "z"]);
});

Deno.test("LossHistory describes itself in Deno.inspect()", () => {
  const history = new LossHistory(2);
  for (let n = 1; n <= 3; n++) history.add(step(n, n));
  assertEquals(Deno.inspect(history), "LossHistory of 2 points, 2 steps each");
});
